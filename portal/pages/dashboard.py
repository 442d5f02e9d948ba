"""What waits for each member of staff, as lists with a title, rows, their number and where to see them all."""

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.publishing import doubts, moments, presence
from portal.publishing.models import Change, Comment, Edition, Judgement, SentenceInDoubt, Status, with_pages
from portal.publishing.permissions import allowed
from therapies.desk import synchronised
from therapies.models import Batch
from therapies.watch.goals import expected
from therapies.watch.standing import Standing, standings

from . import freshness

SHOWN = 8

type Work = dict[str, Any]


def work(request: HttpRequest) -> list[Work]:
    """Everything that waits for this person."""
    return [*_texts(request), *_watch(request), *_sentences(request), *_changes(request)]


def _texts(request: HttpRequest) -> list[Work]:
    if not allowed(request, "view", Edition):
        return []
    editions = with_pages(Edition.objects.open().select_related("page").prefetch_related("writers"))
    mine = {edition.pk for edition in editions if request.user in edition.writers.all()}
    here = presence.others([edition.page for edition in editions], than=request.user)  # type: ignore[arg-type]

    def found(status: Status, *, own: bool) -> list[dict[str, Any]]:
        rows = [e for e in editions if e.status == status and (e.pk in mine) == own]
        rows.sort(key=lambda e: e.edited_at or e.created_at, reverse=True)
        return [line(edition, here) for edition in rows]

    lists = _comments(request, editions, mine)
    if allowed(request, "publish", Edition):
        waiting = found(Status.IN_REVIEW, own=False)
        lists += _listed("To review and publish", waiting, "Nothing is waiting for your review.")
        again = [line(edition) for edition in freshness.overdue()]
        lists += _listed("To read again", again, see_all=reverse("freshness"))
    if allowed(request, "add", Edition):
        lists += _listed("Your drafts", found(Status.DRAFT, own=True), "You have no open draft.")
    lists += _listed("Waiting for a reviewer", found(Status.IN_REVIEW, own=True))
    scheduled = sorted((e for e in editions if e.status == Status.SCHEDULED), key=lambda e: e.publish_at)
    return lists + _listed("Scheduled", [line(e, here) for e in scheduled], see_all=reverse("admin:schedule"))


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
    return _listed("Comments to answer", rows)


def _sentences(request: HttpRequest) -> list[Work]:
    """Sentences that a change may have made untrue, for those who may write the text."""
    may = allowed(request, "view", SentenceInDoubt) and allowed(request, "change", Edition)
    tasks = doubts.open_tasks() if may else []
    address = reverse("desk:sentences")
    rows = [
        {"address": address, "kind": task.page.called, "text": task.row.sentence, "note": task.row.about}
        for task in tasks
    ]
    return _listed("Sentences that may no longer be true", rows, see_all=address)


def _changes(request: HttpRequest) -> list[Work]:
    """Changes that this person may confirm, and their own that still wait."""
    if not allowed(request, "view", Change):
        return []
    pending = Change.objects.pending().leading().in_order().select_related("proposed_by")
    mine = [_changed(c) for c in pending if c.proposed_by_id == request.user.pk]
    others = [c for c in pending if c.proposed_by_id != request.user.pk and allowed(request, "confirm", c.governed)]
    lists = _listed("Changes to confirm", [_changed(c) for c in others], see_all=reverse("desk:inbox"))
    return lists + _listed("Your changes, waiting for a second person", mine, see_all=reverse("desk:inbox"))


def _watch(request: HttpRequest) -> list[Work]:
    """What FDA means to decide, and its sources that nobody looked at lately, for those who answer its files."""
    if not allowed(request, "change", Batch):
        return []
    address = reverse("desk:watch")
    goals = [
        {"address": f"{address}#goal-{one.goal.pk}", "kind": one.goal.use, "text": one.goal.drug, "note": one.note}
        for one in expected(soon=True)
    ]
    late = [source for source in standings(synchronised.batches()) if source.is_late]
    rows = [
        {"address": address, "kind": "", "text": source.name, "note": _lateness(source)}
        for source in late
        if source.looked_on or source.faults
    ]
    if never := [source.name for source in late if not (source.looked_on or source.faults)]:
        rows.append({"address": address, "kind": "", "text": "Never checked here", "note": "; ".join(never)})
    lists = _listed("FDA’s goal dates", goals, see_all=address)
    return lists + _listed("FDA’s sources not checked lately", rows, see_all=address)


def _lateness(source: Standing) -> str:
    on = source.looked_on
    since = f"Not checked since {moments.day(on)}." if on else "Never checked here."
    return f"{since} {source.faults[0].trouble}" if source.faults else since


def _changed(change: Change) -> dict[str, Any]:
    return {
        "address": change.get_absolute_url(),
        "kind": change.governed._meta.verbose_name,
        "text": str(change),
        "note": change.doubt or change.because,
    }


def _listed(title: str, rows: list[dict[str, Any]], empty: str = "", see_all: str = "") -> list[Work]:
    """A list of lines: all of them, or the first where there is an address at which to ``see_all``.

    None where there is no line, nor words for when it is ``empty``.
    """
    shown = rows[:SHOWN] if see_all else rows
    told = {"title": title, "rows": shown, "number": len(rows), "empty": empty, "all": see_all}
    return [told] if rows or empty else []


def line(edition: Any, here: dict[int, list[str]] | None = None) -> dict[str, Any]:
    opts = edition.page._meta
    note = f"Returned: {edition.returned_because}" if edition.returned_because else edition.change_note
    if edition.status == Status.SCHEDULED:
        note = f"Public from {moments.when(edition.publish_at)}"
    if edition.status == Status.PUBLISHED:
        note = f"Due by {moments.day(edition.review_due)}"
    return {
        "address": reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[edition.page_id]),
        "kind": opts.verbose_name,
        "text": edition.title,
        "note": note,
        "here": (here or {}).get(edition.page_id, []),
    }
