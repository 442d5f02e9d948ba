"""The first page of the desk for FDA's decisions: what is pending, what came last, and where to begin."""

from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from portal.publishing import contradictions
from portal.publishing.models import Contradiction
from portal.publishing.permissions import allowed

from ..models import ApprovalEvent, Batch, BatchRow, TherapyFact
from . import gaps, synchronised
from .entrance import page, staff_who_may

SHOWN = 6
KINDS = (ApprovalEvent, TherapyFact)


class PendingWork(NamedTuple):
    """Something to do: how much, in what words, and the address where it is done."""

    number: int
    words: str
    none: str  # the words when there is nothing to do
    address: str  # empty while that room of the desk is not built


@staff_who_may("view", ApprovalEvent, TherapyFact)
def index(request: HttpRequest) -> HttpResponse:
    batches = synchronised.batches()
    last = synchronised.last(batches)
    if allowed(request, "view", Batch):
        last = synchronised.with_waiting(last)
    return page(
        request,
        "index.html",
        "FDA data",
        work=[*_facts(request), *_files(request, batches), *_sentences(request)],
        newest=newest(),
        synchronised=last,
        may_record=allowed(request, "add", ApprovalEvent),
        may_confirm=allowed(request, "confirm", ApprovalEvent),
    )


def where(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _facts(request: HttpRequest) -> list[PendingWork]:
    """One query a kind of fact."""
    open_ = Q(confirmed_at__isnull=True, rejected_at__isnull=True)
    mine = Q(recorded_by=request.user)
    to_confirm, pending, to_fix = 0, 0, 0
    for model in KINDS:
        found = model._default_manager.aggregate(
            to_confirm=Count("pk", filter=open_ & (Q(recorded_by__isnull=True) | ~mine)),
            pending=Count("pk", filter=open_ & mine),
            to_fix=Count("pk", filter=mine & Q(rejected_at__isnull=False)),
        )
        to_confirm += found["to_confirm"]
        pending += found["pending"]
        to_fix += found["to_fix"]
    inbox = where("desk:inbox")
    work = []
    if allowed(request, "confirm", ApprovalEvent):
        work.append(PendingWork(to_confirm, "to confirm, entered by others", "Nothing for you to confirm.", inbox))
    if allowed(request, "add", ApprovalEvent):
        work.append(PendingWork(pending, "entered by you, pending", "Nothing you entered is pending.", inbox))
        work.append(PendingWork(to_fix, "rejected, for you to fix", "Nothing you entered was rejected.", inbox))
    return work


def _files(request: HttpRequest, batches: list[Batch]) -> list[PendingWork]:
    work = []
    if allowed(request, "view", Batch):
        rows = BatchRow.objects.unanswered().filter(batch__undone_at__isnull=True)
        number = rows.order_by().values("batch").distinct().count()
        words = f"FDA file{'' if number == 1 else 's'} with open rows"
        work.append(PendingWork(number, words, "No FDA file has open rows.", where("desk:batches")))
    if batches:
        number = sum(therapy.has_gap for therapy in gaps.report_gaps(batches).therapies)
        words = f"therap{'y' if number == 1 else 'ies'} with gaps"
        work.append(PendingWork(number, words, "No therapy has gaps.", where("desk:gaps")))
    return work


def _sentences(request: HttpRequest) -> list[PendingWork]:
    if not allowed(request, "view", Contradiction):
        return []
    number = len(contradictions.open_tasks())
    words = f"sentence{'' if number == 1 else 's'} to check after a change"
    return [PendingWork(number, words, "No sentences to check.", where("desk:sentences"))]


def newest() -> list[Any]:
    """What people entered last. What came with the software was entered by nobody. Two queries."""
    events = ApprovalEvent.objects.select_related("indication__therapy", "indication__cancer", "recorded_by")
    facts = TherapyFact.objects.select_related("therapy", "recorded_by")
    rows: list[Any] = []
    for several in (events, facts):
        rows += several.filter(recorded_by__isnull=False).order_by("-recorded_at", "-pk")[:SHOWN]
    return sorted(rows, key=lambda fact: fact.recorded_at, reverse=True)[:SHOWN]
