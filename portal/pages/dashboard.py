"""What waits for each member of staff, over all rooms."""

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.publishing import doubts, moments, presence, rooms
from portal.publishing.models import (
    Change,
    Comment,
    Edition,
    Judgement,
    SentenceInDoubt,
    ShippedRow,
    Status,
    with_pages,
)
from portal.publishing.permissions import allowed, staff_of
from portal.publishing.work import WorkLine, WorkList

from . import freshness
from .models import TakePartLink


def work(request: HttpRequest) -> list[WorkList]:
    in_rooms = [one for told in rooms.declarations() if told.work for one in told.work(request)]
    lists = (*_texts(request), *in_rooms, *_sentences(request), *_links(request), *_changes(request))
    return [one for one in lists if one.lines or one.empty]


def _texts(request: HttpRequest) -> list[WorkList]:
    if not allowed(request, "view", Edition):
        return []
    editions = with_pages(Edition.objects.open().select_related("page").prefetch_related("writers"))
    mine = {edition.pk for edition in editions if request.user in edition.writers.all()}
    here = presence.others([edition.page for edition in editions], than=staff_of(request))

    def found(status: Status, *, own: bool) -> list[WorkLine]:
        rows = [e for e in editions if e.status == status and (e.pk in mine) == own]
        rows.sort(key=lambda e: e.edited_at or e.created_at, reverse=True)
        return [line(edition, here) for edition in rows]

    lists = [_comments(request, editions, mine)]
    if allowed(request, "publish", Edition):
        waiting = found(Status.IN_REVIEW, own=False)
        lists.append(WorkList("To review and publish", waiting, "Nothing is waiting for your review."))
        again = [line(edition) for edition in freshness.overdue()]
        lists.append(WorkList("To read again", again, see_all=reverse("freshness")))
        lists.append(WorkList("No longer in the portal’s own content", _dropped()))
    if allowed(request, "add", Edition):
        lists.append(WorkList("Your drafts", found(Status.DRAFT, own=True), "You have no open draft."))
    lists.append(WorkList("Waiting for a reviewer", found(Status.IN_REVIEW, own=True)))
    scheduled = sorted((e for e in editions if e.status == Status.SCHEDULED), key=lambda e: e.publish_at)
    lists.append(WorkList("Scheduled", [line(e, here) for e in scheduled], see_all=reverse("admin:schedule")))
    return lists


def _dropped() -> list[WorkLine]:
    """Texts that a release lacks, and that readers still see: until somebody read, replaced or unpublished them."""
    rows = ShippedRow.objects.filter(key__startswith="text:", values__has_key=ShippedRow.DROPPED).values("row")
    texts = with_pages(Edition.objects.live().filter(pk__in=rows, reviewed_at=None).select_related("page"))
    note = "An update of the software left it out. Unpublish the page, or press “Reviewed, no change” to keep it."
    return [line(text)._replace(note=note) for text in texts]


def _comments(request: HttpRequest, editions: list[Edition], mine: set[int]) -> WorkList:
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
            rows.append(line(edition)._replace(note=". ".join(said)))
    rows.sort(key=lambda row: row.text)
    return WorkList("Comments to answer", rows)


def _sentences(request: HttpRequest) -> list[WorkList]:
    """Sentences that a change may have made untrue, for those who may write the text."""
    may = allowed(request, "view", SentenceInDoubt) and allowed(request, "change", Edition)
    tasks = doubts.open_tasks() if may else []
    address = reverse("desk:sentences")
    rows = [WorkLine(address, task.page.called, task.row.sentence, task.row.about) for task in tasks]
    return [WorkList("Sentences that may no longer be true", rows, see_all=address)]


def _links(request: HttpRequest) -> list[WorkList]:
    """Pages of others that did not answer a program, for those who may change where our links lead."""
    if not allowed(request, "change", TakePartLink):
        return []
    broken = {link.address: link.trouble for link in freshness.links()["broken"]}
    ours = TakePartLink.objects.filter(address__in=broken) if broken else []
    places = {link.address: reverse("admin:pages_takepartlink_change", args=[link.pk]) for link in ours}
    every = reverse("admin:pages_takepartlink_changelist")
    rows = [WorkLine(places.get(one, every), "link", one, trouble) for one, trouble in broken.items()]
    return [WorkList("Links that do not answer", rows, see_all=every)]


def _changes(request: HttpRequest) -> list[WorkList]:
    """Changes that this person may confirm, and their own that still wait."""
    if not allowed(request, "view", Change):
        return []
    pending = Change.objects.pending().leading().in_order().select_related("proposed_by")
    mine = [_changed(c) for c in pending if c.proposed_by_id == request.user.pk]
    others = [c for c in pending if c.proposed_by_id != request.user.pk and allowed(request, "confirm", c.governed)]
    inbox = reverse("desk:inbox")
    return [
        WorkList("Changes to confirm", [_changed(c) for c in others], see_all=inbox),
        WorkList("Your changes, waiting for a second person", mine, see_all=inbox),
    ]


def _changed(change: Change) -> WorkLine:
    kind = str(change.governed._meta.verbose_name)
    return WorkLine(change.get_absolute_url(), kind, str(change), change.doubt or change.because)


def line(edition: Any, here: dict[int, list[str]] | None = None) -> WorkLine:
    opts = edition.page._meta
    note = f"Returned: {edition.returned_because}" if edition.returned_because else edition.change_note
    if edition.status == Status.SCHEDULED:
        note = f"Public from {moments.when(edition.publish_at)}"
    if edition.status == Status.PUBLISHED:
        note = f"Due by {moments.day(edition.review_due)}"
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[edition.page_id])
    return WorkLine(address, opts.verbose_name, edition.title, note, (here or {}).get(edition.page_id, []))
