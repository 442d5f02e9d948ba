"""The verbs of publishing: the only place that writes a status or a confirmation.

Every verb is atomic, takes the person as ``by``, and moves a row with one conditional
UPDATE, so that of two clicks at once only one can win. A verb that does not apply raises
``Refused`` with a sentence for the person who asked.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from .models import OPEN, Edition, Fact, MedicalCredential, Page, Source, Status


class Refused(Exception):  # noqa: N818 - it is an answer, not an error
    """The verb does not apply. ``str()`` is a sentence that says why and what to do."""


def _move(edition: Edition, *, allowed: Iterable[str], **values: Any) -> None:
    """Change ``edition`` if its status is still one of ``allowed``; refresh it either way."""
    changed = type(edition)._default_manager.filter(pk=edition.pk, status__in=allowed).update(**values)
    edition.refresh_from_db()
    if not changed:
        raise Refused(
            f"This text is now “{edition.get_status_display().lower()}”: somebody was faster. Nothing was changed; "
            "open the page again to see where it stands."
        )


@transaction.atomic
def start_draft(page: Page, *, by: User) -> Edition:
    """A draft that begins with the words readers see now. Raises Refused when one is open already."""
    live = page.editions.filter(status=Status.PUBLISHED).first()
    draft = page.editions.model(page=page, created_by=by, **(live.words() if live else {}))
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        raise Refused("Somebody has a draft of this page open. Open the page again to continue in it.") from None
    if live:
        draft.sources.set(live.sources.all())
    return draft


@transaction.atomic
def save_draft(
    edition: Edition, *, by: User, sources: Iterable[Source] | None = None, change_note: str | None = None, **text: str
) -> Edition:
    """Write words into an open edition. Raises Refused when it has been published or superseded."""
    if unknown := set(text) - set(edition.TEXT):
        raise TypeError(f"{type(edition).__name__} has no text called {', '.join(sorted(unknown))}")
    values = {name: edition.cleaned(name, value) for name, value in text.items()}
    if change_note is not None:
        values["change_note"] = change_note
    _move(edition, allowed=OPEN, edited_at=timezone.now(), edited_by=by, **values)
    if sources is not None:
        edition.sources.set(sources)
    return edition


@transaction.atomic
def submit(edition: Edition, *, by: User) -> Edition:
    """Hand a draft to a second person."""
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
    return edition


@transaction.atomic
def send_back(edition: Edition, *, by: User, because: str) -> Edition:
    """Return a submitted text to its author with a reason."""
    if not because.strip():
        raise Refused("Say in a sentence what the author should change; they will read it.")
    _move(
        edition,
        allowed=[Status.IN_REVIEW],
        status=Status.DRAFT,
        submitted_at=None,
        submitted_by=None,
        sent_back_at=timezone.now(),
        sent_back_by=by,
        sent_back_because=because.strip()[:500],
    )
    return edition


@transaction.atomic
def publish(edition: Edition, *, by: User) -> Edition:
    """Put a submitted text before readers; the one that they saw until now is superseded in the same moment.

    Raises Refused when ``by`` wrote in it, unless the settings allow publishing without a
    second pair of eyes; the edition then says so.
    """
    alone = by.pk in edition.authors()
    if alone and not settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES:
        raise Refused("You wrote in this text, so another person must publish it. Ask a reviewer to read it.")
    if edition.missing():
        raise Refused("A part of this text is still empty. Fill it in, or send the text back to its author.")
    now = timezone.now()
    credential = MedicalCredential.objects.filter(user=by.pk).first()
    others = edition.page.editions.filter(status=Status.PUBLISHED)
    others.exclude(pk=edition.pk).update(status=Status.SUPERSEDED, superseded_at=now)
    _move(
        edition,
        allowed=[Status.DRAFT, Status.IN_REVIEW] if alone else [Status.IN_REVIEW],
        status=Status.PUBLISHED,
        published_at=now,
        published_by=by,
        published_alone=alone,
        reviewed_as=credential.shown_as if credential and not alone else "",
    )
    return edition


@transaction.atomic
def ship(page: Page, *, text: dict[str, str], sources: Iterable[Source]) -> Edition | None:
    """Publish text that came with the software, unless somebody here has written on this page: then None."""
    if page.editions.filter(created_by__isnull=False).exists():
        return None
    now = timezone.now()
    edition = page.editions.model(page=page, status=Status.PUBLISHED, published_at=now, **text)
    live = page.editions.filter(status=Status.PUBLISHED).first()
    if live:
        page.editions.filter(pk=live.pk).update(status=Status.SUPERSEDED, superseded_at=now)
    edition.save()
    edition.sources.set(sources)
    return edition


# Facts -------------------------------------------------------------------------------


def record(fact: Fact, *, by: User) -> Fact:
    """Save a fact as recorded by ``by``. Readers see it only after somebody else confirms it."""
    fact.recorded_by, fact.recorded_at = by, timezone.now()
    fact.confirmed_by = fact.confirmed_at = None
    fact.save()
    return fact


@transaction.atomic
def confirm(fact: Fact, *, by: User) -> Fact:
    """Let readers see a fact. Raises Refused for its own recorder, or when it has no source."""
    if fact.recorded_by_id == by.pk:
        raise Refused("You recorded this fact, so another person must confirm it.")
    if fact.source_id is None:
        raise Refused("This fact has no source. Add where it was read, then it can be confirmed.")
    manager = type(fact)._default_manager
    changed = manager.filter(Q(recorded_by__isnull=True) | ~Q(recorded_by=by), pk=fact.pk, confirmed_at=None).update(
        confirmed_at=timezone.now(), confirmed_by=by
    )
    fact.refresh_from_db()
    if not changed:
        raise Refused("Somebody has confirmed this fact already. Nothing was changed.")
    return fact
