"""The gap radar: what FDA's files tell that we do not explain today.

The rows of batches say what FDA has; whether we explain it is asked of the facts as they are now, not as they were
when the file was read. What a file does not hold says nothing.
"""

import datetime
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count
from django.http import HttpRequest, HttpResponse

from portal.publishing.admin.entrance import page, staff_who_may

from ..fda import openfda
from ..models import ApprovalEvent, Batch, BatchRow, Indication, TherapyFact
from . import ours, synchronised
from .ours import Known

#: How the comparison writes an efficacy supplement: "BLA125514 supplement 8, 9 of 2015-10-02".
SUPPLEMENTS = re.compile(r" supplement (.+) of \d{4}-\d\d-\d\d$")


class Told(NamedTuple):
    """A day that FDA tells, with the row that proposes it."""

    row: int
    date: datetime.date
    what: str
    why: str
    file: str


@dataclass(slots=True)
class Counted:
    """Efficacy supplements of one application in one file, and those on whose day we record something."""

    application: str
    file: str
    supplements: int = 0
    explained: int = 0


@dataclass(slots=True)
class Seen:
    """One therapy in FDA's files and in ours."""

    known: Known
    uses: int = 0
    counted: dict[tuple[str, str], Counted] = field(default_factory=dict)
    days: dict[datetime.date, Told] = field(default_factory=dict)
    labels: list[Told] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    @property
    def has_gap(self) -> bool:
        return bool(self.days or self.labels)

    @property
    def events(self) -> int:
        return len(self.known.events)

    @property
    def dates(self) -> list[Told]:
        return sorted(self.days.values(), key=lambda told: told.date)


class Radar(NamedTuple):
    therapies: list[Seen]
    uncovered: list[Known]


@staff_who_may("view", ApprovalEvent, TherapyFact)
def show(request: HttpRequest) -> HttpResponse:
    batches = synchronised.batches()
    everything = request.GET.get("show") == "all"
    found = radar(batches) if batches else None
    therapies = found.therapies if found else []
    context: dict[str, Any] = {
        "everything": everything,
        "synchronised": synchronised.last(batches),
        "radar": found,
        "therapies": [seen for seen in therapies if everything or seen.has_gap],
        "with_gaps": sum(seen.has_gap for seen in therapies),
        "days": sum(len(seen.days) for seen in therapies),
        "labels": sum(len(seen.labels) for seen in therapies),
    }
    return page(request, "gaps.html", "Gaps between FDA’s files and ours", **context)


def radar(batches: list[Batch]) -> Radar:
    """Each therapy that a file holds. ``batches`` come the newest first. A fixed number of queries."""
    mine = ours.read()
    uses = dict(Indication.objects.order_by().values_list("therapy__slug").annotate(Count("pk")))
    left = set(
        BatchRow.objects.filter(answer=BatchRow.Answer.LEFT, batch__undone_at__isnull=True).values_list(
            "key", flat=True
        )
    )
    seen: dict[str, Seen] = {}
    for batch, row in _rows(batches):
        for slug in row["therapies"]:
            if slug in mine.therapies:
                therapy = seen.setdefault(slug, Seen(mine.therapies[slug], uses.get(slug, 0)))
                _take(therapy, batch, row, settled=row["key"] in left)
    uncovered = [known for slug, known in sorted(mine.therapies.items()) if slug not in seen]
    return Radar([seen[slug] for slug in sorted(seen)], uncovered)


def _rows(batches: list[Batch]) -> list[tuple[Batch, Any]]:
    """Of each kind of file, the newest that holds an application: openFDA gives one answer for each. Two queries."""
    by_pk = {batch.pk: batch for batch in batches}
    rows = BatchRow.objects.filter(batch__in=by_pk).exclude(therapies=[])
    holds = set(rows.order_by().values_list("batch", "application").distinct())
    newest: dict[tuple[str, str], int] = {}
    for batch in batches:
        for application in {application for pk, application in holds if pk == batch.pk}:
            newest.setdefault((batch.kind, application), batch.pk)
    wanted = rows.filter(batch__in=set(newest.values())).order_by("date", "pk")
    found = []
    for row in wanted.values("pk", "batch", "therapies", "application", "date", "what", "why", "key"):
        batch = by_pk[row["batch"]]
        if newest[batch.kind, row["application"]] == batch.pk:
            found.append((batch, row))
    return found


def _take(seen: Seen, batch: Batch, row: Any, *, settled: bool) -> None:
    name = synchronised.NAMES[batch.kind]
    file = f"{name}, {synchronised.in_words(batch.edition)}" if batch.edition else name
    seen.files.add(file)
    date = row["date"]
    if date is None:
        return
    told = Told(row["pk"], date, row["what"], row["why"], file)
    if batch.kind == openfda.LABEL:
        if not settled and seen.known.has_newer_label(date):
            seen.labels.append(told)
        return
    explained = seen.known.has_date(date)
    if supplements := SUPPLEMENTS.search(row["what"]):
        key = (row["application"], file)
        counted = seen.counted.setdefault(key, Counted(row["application"], file))
        number = len(supplements[1].split(","))
        counted.supplements += number
        counted.explained += number if explained else 0
    if not explained and not settled:
        seen.days.setdefault(date, told)
