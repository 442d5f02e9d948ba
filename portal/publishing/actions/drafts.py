"""Verbs of drafts: words that readers do not see yet."""

import logging
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import audit, coach, moments, pictures
from ..models import SEEN, Edition, Page, SavedDraft, Source, Status
from ..parts import cleaned, folded
from .moving import moved, noted
from .refusal import Refused

log = logging.getLogger(__name__)


@transaction.atomic
def start_draft(page: Page, *, by: User, like: Edition | None = None) -> Edition:
    """A draft that begins with the words and sources of ``like``, or with those readers see now.

    Raises Refused when one is open already.
    """
    model = like or page.last_edition()
    draft = Edition(page=page, created_by=by, **wording(page, model.words if model else {}))
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        raise Refused("This page already has an open draft. Open the page again to continue in it.") from None
    draft.writers.add(by)
    if model:
        draft.sources.set(model.sources.all())
        if model.status not in SEEN:  # nobody else has read those words yet
            draft.writers.add(*model.writers.all())
    _keep_papers(draft, by)
    audit.note("drafted", draft, by=by)
    return draft


@transaction.atomic
def restore(edition: Edition, *, by: User) -> Edition:
    """A draft that begins with the words and sources of an older edition. Raises Refused when one is open already."""
    draft = start_draft(edition.page, by=by, like=edition)
    draft.change_note = f"Restores the text from {moments.day(edition.published_at or edition.created_at)}."
    draft.save(update_fields=["change_note"])
    audit.note("restored", draft, by=by, detail=draft.change_note)
    return draft


def wording(page: Page, words: Any) -> dict[str, Any]:
    """The columns that hold words, cleaned by today's rules. A part that no longer exists is left behind."""
    known = {part.name for part in page.parts}
    texts = cleaned(page.parts, {name: text for name, text in words.items() if name in known})
    return {"words": texts, "folded": folded(page.parts, texts)}


@transaction.atomic
def save_draft(
    edition: Edition, *, by: User, sources: Iterable[Source] | None = None, change_note: str | None = None, **text: str
) -> Edition:
    """Write words into an open edition. Raises Refused when it is scheduled, or has been published."""
    cleaned(edition.parts, text)  # refuses what is no part
    values = wording(edition.page, {**edition.words, **text}) if text else {}
    if change_note is not None:
        values["change_note"] = change_note
    moved(edition, allowed=[Status.DRAFT, Status.IN_REVIEW], edited_at=timezone.now(), edited_by=by, **values)
    if sources is not None:
        edition.sources.set(sources)
    edition.writers.add(by)
    _keep_papers(edition, by)
    return noted("edited", edition, by=by)


def _keep_papers(edition: Edition, by: User) -> None:
    """What goes with a save: a copy of its words, the pictures that it shows, and what the coach says."""
    SavedDraft.objects.create(edition=edition, words=edition.words, by=by)
    edition.pictures.set(pictures.named_in(edition.words.values()))
    try:
        with transaction.atomic():
            reading = coach.look_at(edition.parts, edition.words, sourced=edition.sources.exists())._asdict()
    except Exception:  # it advises and must not stand in the way, whatever its fault
        log.exception("The coach could not read %r.", edition)
        reading = None
    edition.findings = reading
    edition.save(update_fields=["findings"])


@transaction.atomic
def bring_back(save: SavedDraft, *, by: User) -> Edition:
    """Give the draft the words of an earlier save. Of a version that has ended, a new draft begins with them.

    Raises Refused when that version is scheduled, or when it has ended and another draft is open.
    """
    edition = save.edition
    draft = edition if edition.is_open else start_draft(edition.page, by=by, like=edition)
    # Nobody else may have read these words, whatever became of that version. Whoever saved them did not write them all.
    draft.writers.add(*edition.writers.all())
    known = {part.name for part in draft.parts}
    save_draft(draft, by=by, **{name: text for name, text in save.words.items() if name in known})
    told = f"the words that {save.by or 'the software'} saved on {moments.minute(save.at)}"
    audit.note("brought back", draft, by=by, detail=told)
    return draft


@transaction.atomic
def discard(edition: Edition, *, by: User) -> Edition:
    """Throw an open draft away. Its words stay in the history, where they can be brought back from."""
    moved(edition, allowed=[Status.DRAFT, Status.IN_REVIEW], status=Status.DISCARDED)
    return noted("discarded", edition, by=by)


@transaction.atomic
def remove_page(page: Page, *, by: User) -> None:
    """Delete a page that readers never saw, with its drafts. Raises Refused when they did, or when rows point to it."""
    if page.was_published():
        raise Refused("Readers have seen this page, so it can be unpublished but not deleted.")
    if page.is_seen():
        raise Refused("Other pages or facts refer to this page. Change those first.")
    audit.note("deleted", page, by=by)
    for edition in page.editions.all():
        edition.comments.all().delete()
        edition.judgements_given.all().delete()
        edition.invitations.all().delete()
        edition.delete()
    page.delete()
