"""The first page of the registrars' desk: what waits, what came last, and where to begin."""

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


class Work(NamedTuple):
    """Something that waits: how much, in what words, and the address where it is done."""

    number: int
    words: str
    none: str  # the words when nothing waits
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
        "Registrars’ desk",
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


def _facts(request: HttpRequest) -> list[Work]:
    """One query a kind of fact."""
    open_ = Q(confirmed_at__isnull=True, rejected_at__isnull=True)
    mine = Q(recorded_by=request.user)
    to_confirm, waits, to_mend = 0, 0, 0
    for model in KINDS:
        found = model._default_manager.aggregate(
            to_confirm=Count("pk", filter=open_ & (Q(recorded_by__isnull=True) | ~mine)),
            waits=Count("pk", filter=open_ & mine),
            to_mend=Count("pk", filter=mine & Q(rejected_at__isnull=False)),
        )
        to_confirm += found["to_confirm"]
        waits += found["waits"]
        to_mend += found["to_mend"]
    inbox = where("desk:inbox")
    work = []
    if allowed(request, "confirm", ApprovalEvent):
        work.append(Work(to_confirm, "to confirm, recorded by others", "Nothing waits for you to confirm.", inbox))
    if allowed(request, "add", ApprovalEvent):
        work.append(Work(waits, "recorded by you, for a second person", "Nothing of yours waits.", inbox))
        work.append(Work(to_mend, "rejected: yours to mend", "Nothing of yours was rejected.", inbox))
    return work


def _files(request: HttpRequest, batches: list[Batch]) -> list[Work]:
    work = []
    if allowed(request, "view", Batch):
        rows = BatchRow.objects.unanswered().filter(batch__undone_at__isnull=True)
        number = rows.order_by().values("batch").distinct().count()
        words = f"of FDA’s files {'has' if number == 1 else 'have'} open rows"
        work.append(Work(number, words, "No row of FDA’s files is open.", where("desk:batches")))
    if batches:
        number = sum(therapy.has_gap for therapy in gaps.radar(batches).therapies)
        words = f"therap{'y has' if number == 1 else 'ies have'} gaps"
        work.append(Work(number, words, "No therapy has gaps.", where("desk:gaps")))
    return work


def _sentences(request: HttpRequest) -> list[Work]:
    if not allowed(request, "view", Contradiction):
        return []
    number = len(contradictions.open_tasks())
    words = f"sentence{'' if number == 1 else 's'} in doubt after a change"
    return [Work(number, words, "No sentence is in doubt.", where("desk:sentences"))]


def newest() -> list[Any]:
    """What people recorded last. What came with the software was recorded by nobody. Two queries."""
    events = ApprovalEvent.objects.select_related("indication__therapy", "indication__cancer", "recorded_by")
    facts = TherapyFact.objects.select_related("therapy", "recorded_by")
    rows: list[Any] = []
    for several in (events, facts):
        rows += several.filter(recorded_by__isnull=False).order_by("-recorded_at", "-pk")[:SHOWN]
    return sorted(rows, key=lambda fact: fact.recorded_at, reverse=True)[:SHOWN]
