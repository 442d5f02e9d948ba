"""The first page of FDA's data at the desk: what waits, what came last, and where to begin."""

from collections.abc import Iterator
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.publishing import doubts
from portal.publishing.admin import queue
from portal.publishing.admin.entrance import page, staff_who_may
from portal.publishing.models import Change, SentenceInDoubt
from portal.publishing.permissions import allowed

from ..models import ApprovalEvent, Batch, BatchRow, TherapyFact
from . import gaps, synchronised

SHOWN = 6


class Work(NamedTuple):
    """Something that waits: how much, in what words, and the address where it is done."""

    number: int
    words: str
    none: str  # the words when nothing waits
    address: str


@staff_who_may("view", ApprovalEvent, TherapyFact)
def index(request: HttpRequest) -> HttpResponse:
    batches = synchronised.batches()
    proposed = Change.objects.leading().filter(proposed_by__isnull=False).select_related("proposed_by")
    return page(
        request,
        "index.html",
        "FDA data",
        work=list(_work(request, batches)),
        newest=proposed.order_by("-proposed_at", "-pk")[:SHOWN],
        synchronised=synchronised.last(batches, waiting=allowed(request, "view", Batch)),
        may_record=allowed(request, "add", ApprovalEvent),
        may_confirm=allowed(request, "confirm", ApprovalEvent),
    )


def _work(request: HttpRequest, batches: list[Batch]) -> Iterator[Work]:
    """In the order of the work."""
    mine = Change.objects.leading().filter(proposed_by=request.user.pk)
    inbox = reverse("desk:inbox")
    if allowed(request, "confirm", ApprovalEvent):
        pending = Change.objects.pending().leading().only("model", "proposed_by").prefetch_related("members")
        others = sum(queue.may_answer(request, one) for one in pending)
        yield Work(others, "to confirm, proposed by others", "Nothing is waiting for you to confirm.", inbox)
    if allowed(request, "add", ApprovalEvent):
        number = mine.pending().count()
        yield Work(number, "yours, waiting for a second person", "Nothing of yours waits.", inbox)
        number = mine.rejected().filter(replaced_by=None).count()
        words = "of yours rejected: read why"
        yield Work(number, words, "Nothing of yours was rejected.", f"{inbox}?show=rejected")
    if allowed(request, "view", Batch):
        rows = BatchRow.objects.unanswered().filter(batch__undone_at__isnull=True)
        number = rows.order_by().values("batch").distinct().count()
        words = f"of FDA’s files {'has' if number == 1 else 'have'} open rows"
        yield Work(number, words, "No row of FDA’s files is open.", reverse("desk:batches"))
    if batches:
        number = sum(therapy.has_gap for therapy in gaps.report_gaps(batches).therapies)
        words = f"therap{'y has' if number == 1 else 'ies have'} gaps"
        yield Work(number, words, "No therapy has gaps.", reverse("desk:gaps"))
    if allowed(request, "view", SentenceInDoubt):
        number = len(doubts.open_tasks())
        words = f"sentence{'' if number == 1 else 's'} in doubt after a change"
        yield Work(number, words, "No sentence is in doubt.", reverse("desk:sentences"))
