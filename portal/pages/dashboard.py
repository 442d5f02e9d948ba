"""What waits for each member of staff, as lists with a title, rows, their number and where to see them all."""

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format

from portal.publishing import doubts, moments, presence
from portal.publishing.models import OPEN, Change, Comment, Edition, Judgement, SentenceInDoubt, Status, specific
from portal.publishing.permissions import allowed

from . import freshness

SHOWN = 8

type Work = dict[str, Any]


def work(request: HttpRequest) -> list[Work]:
    """Everything that waits for this person."""
    return [*_texts(request), *_sentences(request), *_changes(request)]


def _texts(request: HttpRequest) -> list[Work]:
    if not allowed(request, "view", Edition):
        return []
    editions = list(Edition.objects.filter(status__in=OPEN).select_related("page").prefetch_related("writers"))
    with_pages(editions)
    mine = {edition.pk for edition in editions if request.user in edition.writers.all()}

    def found(status: Status, *, own: bool) -> list[Edition]:
        rows = [e for e in editions if e.status == status and (e.pk in mine) == own]
        return sorted(rows, key=lambda e: e.edited_at or e.created_at, reverse=True)

    here = presence.others([edition.page for edition in editions], than=request.user)  # type: ignore[arg-type]
    lists = _comments(request, editions, mine)
    if allowed(request, "publish", Edition):
        waiting = found(Status.IN_REVIEW, own=False)
        lists.append(_listed("To review and publish", waiting, "Nothing is waiting for your review.", here=here))
        if again := freshness.overdue():
            lists.append(_listed("To read again", again, address=reverse("freshness")))
    if allowed(request, "add", Edition):
        lists.append(_listed("Your drafts", found(Status.DRAFT, own=True), "You have no open draft.", here=here))
    if submitted := found(Status.IN_REVIEW, own=True):
        lists.append(_listed("Waiting for a reviewer", submitted, here=here))
    if scheduled := [e for e in editions if e.status == Status.SCHEDULED]:
        scheduled.sort(key=lambda e: e.publish_at)
        lists.append(_listed("Scheduled", scheduled, address=reverse("admin:schedule"), here=here))
    return lists


def with_pages(editions: list[Any]) -> None:
    """Give editions their pages as the desk calls them. One query a kind of page."""
    pages = specific(edition.page for edition in editions)
    for edition in editions:
        edition.page = pages[edition.page_id]
        edition.called = edition.title


def _comments(request: HttpRequest, editions: list[Edition], mine: set[int]) -> list[Work]:
    """Open texts that somebody has commented on, or wants changed, for their authors and reviewers."""
    by_key = {edition.pk: edition for edition in editions}
    open_comments = Counter(Comment.objects.open().filter(edition__in=by_key).values_list("edition", flat=True))
    judged = set(Judgement.objects.filter(edition__in=by_key, approves=False).values_list("edition", flat=True))
    rows = []
    for key in {*open_comments, *judged}:
        edition = by_key[key]
        if not allowed(request, "publish", Edition) and key not in mine:
            continue
        wanted = [judgement for judgement in edition.judgements() if not judgement.approves and not judgement.void]
        said = [f"{judgement.invitation} asks for changes" for judgement in wanted]
        if number := open_comments[key]:
            said.append(f"{number} open comment{'s' if number > 1 else ''}")
        if said:
            rows.append(line(edition) | {"note": ". ".join(said)})
    rows.sort(key=lambda row: row["text"])
    return [{"title": "Comments to answer", "rows": rows, "number": len(rows)}] if rows else []


def _sentences(request: HttpRequest) -> list[Work]:
    """Sentences that a change may have made untrue, for those who may write the text."""
    may = allowed(request, "view", SentenceInDoubt) and allowed(request, "change", Edition)
    tasks = doubts.open_tasks() if may else []
    if not tasks:
        return []
    address = reverse("desk:sentences")
    rows = [
        {"address": address, "kind": task.page.called, "text": task.row.sentence, "note": task.row.about}
        for task in tasks[:SHOWN]
    ]
    return [{"title": "Sentences that may be untrue now", "rows": rows, "number": len(tasks), "all": address}]


def _changes(request: HttpRequest) -> list[Work]:
    """Changes that this person may confirm, and their own that were rejected or still wait."""
    if not allowed(request, "view", Change):
        return []
    pending = Change.objects.pending().leading().select_related("proposed_by")
    pending = pending.order_by("-affects_patients", "proposed_at", "pk")  # as the queue has them
    others = [c for c in pending if c.proposed_by_id != request.user.pk and allowed(request, "confirm", c.governed)]
    mine = [c for c in pending if c.proposed_by_id == request.user.pk]
    lists = []
    if others:
        lists.append(_changed("Changes to confirm", others))
    if mine:
        lists.append(_changed("Your changes, waiting for a second person", mine))
    return lists


def _changed(title: str, changes: list[Change]) -> Work:
    rows = [
        {
            "address": change.get_absolute_url(),
            "kind": change.governed._meta.verbose_name,
            "text": str(change),
            "note": change.doubt or change.because,
        }
        for change in changes[:SHOWN]
    ]
    return {"title": title, "rows": rows, "number": len(changes), "all": reverse("desk:inbox")}


def _listed(
    title: str, rows: list[Any], empty: str = "", address: str = "", here: dict[int, list[str]] | None = None
) -> Work:
    lines = [line(row, here) for row in (rows[:SHOWN] if address else rows)]
    return {"title": title, "rows": lines, "number": len(rows), "empty": empty, "all": address}


def line(edition: Any, here: dict[int, list[str]] | None = None) -> dict[str, Any]:
    opts = edition.page._meta
    note = f"Returned: {edition.returned_because}" if edition.returned_because else edition.change_note
    if edition.status == Status.SCHEDULED:
        note = f"Public from {moments.when(edition.publish_at)}"
    if edition.status == Status.PUBLISHED:
        note = f"Due by {date_format(edition.review_due, 'F j, Y')}"
    return {
        "address": reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[edition.page_id]),
        "kind": opts.verbose_name,
        "text": edition.called,
        "note": note,
        "here": (here or {}).get(edition.page_id, []),
    }
