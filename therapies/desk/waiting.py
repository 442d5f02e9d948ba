"""What the dashboard tells FDA data editors of this room."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from portal.publishing import moments
from portal.publishing.permissions import allowed
from portal.publishing.rooms import Panel
from portal.publishing.work import WorkLine, WorkList

from ..models import ApprovalEvent, Batch
from ..watch.goals import expected
from ..watch.standing import Standing, standings
from . import synchronised


def work(request: HttpRequest) -> Iterator[WorkList]:
    """What FDA means to decide, and its sources that nobody looked at lately, for those who answer its files."""
    if not allowed(request, "change", Batch):
        return
    address = reverse("desk:watch")
    goals = [
        WorkLine(f"{address}#goal-{one.goal.pk}", one.goal.use, one.goal.drug, one.note) for one in expected(soon=True)
    ]
    yield WorkList("FDA’s goal dates", goals, see_all=address)
    late = [source for source in standings(synchronised.batches()) if source.is_late]
    never = [source.name for source in late if not (source.looked_on or source.faults)]
    lines = [
        WorkLine(address, "", source.name, _lateness(source)) for source in late if source.looked_on or source.faults
    ]
    if never:
        lines.append(WorkLine(address, "", "Never checked here", "; ".join(never)))
    yield WorkList("FDA’s sources not checked lately", lines, see_all=address)


def _lateness(source: Standing) -> str:
    on = source.looked_on
    never = "Not yet checked in full." if source.is_seen_in_part else "Never checked here."
    since = f"Not checked since {moments.day(on)}." if on else never
    return f"{since} {source.faults[0].trouble}" if source.faults else since


def last_compared(request: HttpRequest) -> Panel | None:
    """Which of FDA's files were compared with our data, for those who enter its decisions."""
    if not allowed(request, "add", ApprovalEvent):
        return None
    return Panel("desk/_last_compared.html", {"files": [file for file in synchronised.last() if file.read_on]})
