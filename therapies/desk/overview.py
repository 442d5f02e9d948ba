"""The first page of FDA's data at the desk: what waits, what came last, and where to begin."""

from django.http import HttpRequest, HttpResponse

from portal.publishing import doubts
from portal.publishing.admin.entrance import page, staff_who_may
from portal.publishing.admin.inbox import may_answer
from portal.publishing.models import Change, SentenceInDoubt
from portal.publishing.permissions import allowed

from ..compare.label_records import label_accounts
from ..models import ApprovalEvent, Batch, BatchRow, DrugLabel, TherapyFact
from . import gaps, synchronised

SHOWN = 6


@staff_who_may("view", ApprovalEvent, TherapyFact)
def index(request: HttpRequest) -> HttpResponse:
    batches = synchronised.batches()
    proposed = Change.objects.leading().filter(proposed_by__isnull=False).select_related("proposed_by")
    return page(
        request,
        "index.html",
        "FDA data",
        waiting=_waiting(request, batches),
        newest=proposed.order_by("-proposed_at", "-pk")[:SHOWN],
        synchronised=synchronised.last(batches, waiting=allowed(request, "view", Batch)),
        may_record=allowed(request, "add", ApprovalEvent),
        may_confirm=allowed(request, "confirm", ApprovalEvent),
    )


def _waiting(request: HttpRequest, batches: list[Batch]) -> dict[str, int]:
    """How much waits, of each thing that this person may see."""
    waiting = {}
    if allowed(request, "confirm", ApprovalEvent):
        pending = Change.objects.pending().leading().only("model", "proposed_by").prefetch_related("members")
        others = [one for one in pending if may_answer(request, one)]
        waiting["others"], waiting["shipped"] = len(others), sum(one.is_shipped for one in others)
    if allowed(request, "add", ApprovalEvent):
        mine = Change.objects.leading().filter(proposed_by=request.user.pk)
        waiting["mine"] = mine.pending().count()
        waiting["rejected"] = mine.rejected().filter(replaced_by=None).count()
    if allowed(request, "view", Batch):
        rows = BatchRow.objects.unanswered().asked_last().filter(batch__undone_at__isnull=True)
        waiting["files"] = rows.order_by().values("batch").distinct().count()
    if batches:
        waiting["gaps"] = sum(therapy.has_gap for therapy in gaps.report_gaps(batches).therapies)
    if allowed(request, "view", DrugLabel):
        waiting["labels"] = sum(not label.is_complete for label in label_accounts())
    if allowed(request, "view", SentenceInDoubt):
        waiting["sentences"] = len(doubts.open_tasks())
    return waiting
