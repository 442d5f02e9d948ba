"""Verbs of texts: from a draft to what readers see, and away again."""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import audit, coach, destinations
from ..models import OPEN, Dossier, Edition, MedicalCredential, Page, Source, Status

log = logging.getLogger(__name__)


class Refused(Exception):  # noqa: N818 - it is an answer, not an error
    """The verb does not apply. ``str()`` is a sentence that says why and what to do."""


def _hold(edition: Edition) -> None:
    """Let nobody else move this edition until the transaction ends, and read how it stands."""
    type(edition)._default_manager.select_for_update(of=("self",)).get(pk=edition.pk)
    edition.refresh_from_db()


def _move(edition: Edition, *, allowed: Iterable[str], **values: Any) -> None:
    """Change ``edition`` if its status is still one of ``allowed``; refresh it either way."""
    changed = type(edition)._default_manager.filter(pk=edition.pk, status__in=allowed).update(**values)
    edition.refresh_from_db()
    if not changed:
        raise Refused(
            f"This text is now “{edition.get_status_display().lower()}”: somebody was faster. Nothing was changed; "
            "open the page again to see where it stands."
        )


# Writing -------------------------------------------------------------------------------


@transaction.atomic
def start_draft(page: Page, *, by: User) -> Edition:
    """A draft that begins with the words readers see now. Raises Refused when one is open already."""
    return _start(page, page.last_edition(), by=by)


@transaction.atomic
def restore(edition: Edition, *, by: User) -> Edition:
    """A draft that begins with the words and sources of an older edition. Raises Refused when one is open already."""
    draft = _start(edition.page, edition, by=by)
    day = timezone.localtime(edition.published_at or edition.created_at)
    draft.change_note = f"Goes back to the text of {day:%B} {day.day}, {day.year}."
    draft.save(update_fields=["change_note"])
    audit.note("restored", draft, by=by, detail=draft.change_note)
    return draft


def _start(page: Page, model: Edition | None, *, by: User) -> Edition:
    words = model.words() if model else {}
    papers = Dossier.objects.create(kind=page.editions.model._meta.label_lower)
    papers.writers.add(by)
    draft = page.editions.model(page=page, created_by=by, dossier=papers, **words)
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        raise Refused("Somebody has a draft of this page open. Open the page again to continue in it.") from None
    if model:
        draft.sources.set(model.sources.all())
    _coach(draft)
    audit.note("drafted", draft, by=by)
    return draft


@transaction.atomic
def save_draft(
    edition: Edition, *, by: User, sources: Iterable[Source] | None = None, change_note: str | None = None, **text: str
) -> Edition:
    """Write words into an open edition. Raises Refused when it is scheduled, or has been published."""
    if unknown := set(text) - set(edition.TEXT):
        raise TypeError(f"{type(edition).__name__} has no text called {', '.join(sorted(unknown))}")
    values = text if change_note is None else {**text, "change_note": change_note}
    _move(edition, allowed=[Status.DRAFT, Status.IN_REVIEW], edited_at=timezone.now(), edited_by=by, **values)
    if sources is not None:
        edition.sources.set(sources)
    if edition.dossier:  # only shipped text has none, and it is never open
        edition.dossier.writers.add(by)
    _coach(edition)
    audit.note("edited", edition, by=by)
    return edition


def _coach(edition: Edition) -> None:
    """Keep what the coach says of the words with the papers. Should it fail, the words are saved all the same."""
    if not edition.dossier:
        return
    try:
        with transaction.atomic():
            reading = coach.look_at(edition, edition.words(), sourced=edition.sources.exists())._asdict()
    except Exception:  # it advises and must not stand in the way, whatever its fault
        log.exception("The coach could not read %r.", edition)
        reading = None
    edition.dossier.findings = reading or []
    edition.dossier.save(update_fields=["findings"])


# Review --------------------------------------------------------------------------------


@transaction.atomic
def submit(edition: Edition, *, by: User) -> Edition:
    """Hand a draft to a second person.

    Raises Refused when readers know the page and no note says what changed, or when they could not follow a link.
    """
    _require_note(edition)
    _require_open_links(edition)
    _move(
        edition,
        allowed=[Status.DRAFT],
        status=Status.IN_REVIEW,
        submitted_at=timezone.now(),
        submitted_by=by,
        sent_back_at=None,
        sent_back_by=None,
        sent_back_because="",
    )
    audit.note("submitted", edition, by=by, detail=edition.change_note)
    return edition


@transaction.atomic
def send_back(edition: Edition, *, by: User, because: str) -> Edition:
    """Return a submitted text to its author with a reason."""
    because = _require_reason(because, "Say in a sentence what the author should change; they will read it.")
    _move(
        edition,
        allowed=[Status.IN_REVIEW],
        status=Status.DRAFT,
        submitted_at=None,
        submitted_by=None,
        sent_back_at=timezone.now(),
        sent_back_by=by,
        sent_back_because=because,
    )
    audit.note("sent back", edition, by=by, detail=because)
    return edition


@transaction.atomic
def review_unchanged(edition: Edition, *, by: User) -> Edition:
    """Say of the text that readers see: read again on this day, and still right. Starts its review clock anew."""
    if by.pk in edition.authors():
        raise Refused("You wrote in this text, so another person must review it.")
    credential = MedicalCredential.objects.filter(user=by.pk).first()
    # A guest's or colleague's earlier review is not taken away by one without a medical title.
    shown = {"reviewed_as": credential.shown_as} if credential else {}
    _move(edition, allowed=[Status.PUBLISHED], reviewed_at=timezone.now(), reviewed_by=by, **shown)
    audit.note("reviewed, no change", edition, by=by)
    return edition


# Publication ---------------------------------------------------------------------------


@transaction.atomic
def publish(edition: Edition, *, by: User) -> Edition:
    """Put a submitted text before readers; the one that they saw until now is superseded in the same moment.

    Raises Refused when ``by`` wrote in it, unless the settings allow publishing without a
    second pair of eyes; the edition then says so.
    """
    _hold(edition)
    alone = _second_person(edition, by)
    _require_whole(edition)
    _require_note(edition)
    _switch(edition, allowed=OPEN if alone else [Status.IN_REVIEW, Status.SCHEDULED], by=by, alone=alone)
    audit.note("published", edition, by=by, detail=edition.change_note)
    return edition


@transaction.atomic
def withdraw(edition: Edition, *, by: User, because: str) -> Edition:
    """Take the text that readers see from them; its address tells them the reason. One person may: it only hides."""
    because = _require_reason(because, "Say in a sentence why the page goes; readers will see it at its address.")
    _move(
        edition,
        allowed=[Status.PUBLISHED],
        status=Status.WITHDRAWN,
        withdrawn_at=timezone.now(),
        withdrawn_by=by,
        withdrawn_because=because,
    )
    audit.note("withdrawn", edition, by=by, detail=because)
    return edition


@transaction.atomic
def ship(page: Page, *, text: dict[str, str], sources: Iterable[Source]) -> Edition | None:
    """Publish text that came with the software, unless somebody here has touched this page: then None."""
    touched = page.editions.exclude(created_by=None, withdrawn_by=None, withdraw_planned_by=None, reviewed_by=None)
    if touched.exists():
        return None
    now = timezone.now()
    edition = page.editions.model(page=page, status=Status.PUBLISHED, published_at=now, **text)
    live = page.editions.filter(status=Status.PUBLISHED).first()
    if live:
        page.editions.filter(pk=live.pk).update(status=Status.SUPERSEDED, superseded_at=now)
    edition.save()
    edition.sources.set(sources)
    return edition


def _require_reason(because: str, sentence: str) -> str:
    if not because.strip():
        raise Refused(sentence)
    return because.strip()[:500]


def _second_person(edition: Edition, by: User) -> bool:
    """Whether ``by`` would publish their own words. Raises Refused where the settings do not allow it."""
    alone = by.pk in edition.authors()
    if alone and not settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES:
        raise Refused("You wrote in this text, so another person must publish it. Ask a reviewer to read it.")
    return alone


def _require_whole(edition: Edition) -> None:
    if edition.missing():
        raise Refused("A part of this text is still empty. Fill it in, or send the text back to its author.")


def _require_note(edition: Edition) -> None:
    """Whoever read the page before is told what changed. Only the first text of a page needs no note."""
    if not edition.change_note.strip() and edition.page.editions.filter(published_at__isnull=False).exists():
        raise Refused(
            "Say in a sentence under “What changed and why” what is new: readers of this page will see it. "
            "The draft is kept as it is."
            if edition.status == Status.DRAFT
            else "Nobody has said what changed and why, and readers of this page will want to know. Send the text "
            "back to its author, who can add it."
        )


def _require_open_links(edition: Edition) -> None:
    if wrong := destinations.dead_ends(edition):
        number = "a link" if len(wrong) == 1 else f"{len(wrong)} links"
        raise Refused(f"Your draft is saved but not submitted, because readers cannot open {number}. {' '.join(wrong)}")


def _switch(edition: Edition, *, allowed: Iterable[str], by: User, alone: bool) -> None:
    """The moment of publication: the new text is public and the old one is not, or nothing has changed."""
    now = timezone.now()
    credential = None if alone else MedicalCredential.objects.filter(user=by.pk).first()
    others = edition.page.editions.filter(status=Status.PUBLISHED)
    others.exclude(pk=edition.pk).update(status=Status.SUPERSEDED, superseded_at=now)
    _move(
        edition,
        allowed=allowed,
        status=Status.PUBLISHED,
        published_at=now,
        published_by=by,
        published_alone=alone,
        reviewed_at=None if alone else now,
        reviewed_by=None if alone else by,
        reviewed_as=edition.reviewers() or (credential.shown_as if credential else ""),
    )
