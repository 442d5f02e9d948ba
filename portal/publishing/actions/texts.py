"""Verbs of texts: from a draft to what readers see, and away again."""

import datetime
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from .. import audit, destinations, pictures
from ..models import OPEN, Edition, MedicalCredential, Page, Source, Status
from ..parts import missing, refuse
from ..search import indexing
from .drafts import wording
from .moving import hold, moved, noted
from .refusal import Refused, in_words, reason

# Review --------------------------------------------------------------------------------


@transaction.atomic
def submit(edition: Edition, *, by: User) -> Edition:
    """Hand a draft to a second person.

    Raises Refused when it is not complete, when nobody said what changed, or when readers could not follow a link.
    """
    require_complete(edition)
    if wrong := destinations.dead_ends(edition):
        number = "a link" if len(wrong) == 1 else f"{len(wrong)} links"
        raise Refused(f"Your draft is saved but not submitted, because readers cannot open {number}. {' '.join(wrong)}")
    moved(
        edition,
        allowed=[Status.DRAFT],
        status=Status.IN_REVIEW,
        submitted_at=timezone.now(),
        submitted_by=by,
        returned_at=None,
        returned_by=None,
        returned_because="",
    )
    return noted("submitted", edition, by=by, detail=edition.change_note)


@transaction.atomic
def return_for_changes(edition: Edition, *, by: User, because: str) -> Edition:
    """Return a submitted text to its author with a reason."""
    because = reason(because, "Say in a sentence what the author should change. The author will read it.", 500)
    moved(
        edition,
        allowed=[Status.IN_REVIEW],
        status=Status.DRAFT,
        submitted_at=None,
        submitted_by=None,
        returned_at=timezone.now(),
        returned_by=by,
        returned_because=because,
    )
    return noted("returned for changes", edition, by=by, detail=because)


@transaction.atomic
def review_unchanged(edition: Edition, *, by: User) -> Edition:
    """Say of the text that readers see: read again on this day, and still right. Starts its review clock anew."""
    if by.pk in edition.authors():
        raise Refused("You helped write this text, so another person must review it.")
    credential = MedicalCredential.objects.filter(user=by.pk).first()
    # A guest's or colleague's earlier review is not taken away by one without a medical title.
    shown = {"reviewed_as": credential.shown_as} if credential else {}
    moved(edition, allowed=[Status.PUBLISHED], reviewed_at=timezone.now(), reviewed_by=by, **shown)
    return noted("reviewed, no change", edition, by=by)


# Publication ---------------------------------------------------------------------------


@transaction.atomic
def publish(edition: Edition, *, by: User) -> Edition:
    """Put a submitted text before readers; the one that they saw until now is replaced in the same moment.

    Raises Refused when ``by`` wrote in it, unless the settings allow publishing without a
    second pair of eyes; the edition then says so.
    """
    alone, allowed = approved(edition, by)
    note = audit.who_set_up_whom(by, edition.authors())
    switch(edition, allowed=allowed, by=by, alone=alone)
    return noted("published", edition, by=by, detail=f"{edition.change_note} {note}".strip())


@transaction.atomic
def unpublish(edition: Edition, *, by: User, because: str, words: str = "") -> Edition:
    """Take the text that readers see from them; its address tells them the reason. One person may: it only hides.

    ``because`` is one of ``WHY_UNPUBLISHED``; ``words`` are for the trail alone.
    """
    check_unpublishing(edition, because)
    take_away(edition, by, because)
    return noted("unpublished", edition, by=by, detail=f"{because} {words}".strip())


@transaction.atomic
def ship(
    page: Page, *, text: Mapping[str, str], sources: Iterable[Source], written_on: datetime.date | None = None
) -> Edition | None:
    """Publish text that came with the software, unless somebody here has touched this page: then None.

    Releases ship hundreds at once, so the index of the search is left to the caller, who rebuilds it at the end.
    Raises ValidationError where a text is not in the form of its part.
    """
    touched = page.editions.exclude(created_by=None, unpublished_by=None, unpublish_planned_by=None, reviewed_by=None)
    if touched.exists():
        return None
    now, columns = timezone.now(), wording(page, text)
    refuse(page.parts, columns["words"])
    edition = Edition(page=page, status=Status.PUBLISHED, published_at=now, written_on=written_on, **columns)
    page.editions.live().update(status=Status.REPLACED, replaced_at=now)
    edition.save()
    edition.sources.add(*sources)
    edition.pictures.add(*pictures.named_in(edition.words.values()))
    return edition


# What plans share with them -------------------------------------------------------------


def approved(edition: Edition, by: User) -> tuple[bool, list[Status]]:
    """Hold an edition that ``by`` may approve: whether these are their own words, and from which states it may go on.

    Raises Refused where it is not complete, and where the settings do not let anybody approve their own words.
    """
    hold(edition)
    alone = by.pk in edition.authors()
    if alone and not settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES:
        raise Refused("You helped write this text, so another person must publish it. Ask a reviewer to read it.")
    if by.pk == edition.submitted_by_id and not settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES:
        raise Refused("You submitted this text for its author, so another person must publish it.")
    require_complete(edition)
    return alone, OPEN if alone else [Status.IN_REVIEW, Status.SCHEDULED]


def require_complete(edition: Edition) -> None:
    """No part is empty, each is in its form, and whoever read the page before is told what changed: only its first text
    needs no note.
    """
    if empty := missing(edition.parts, edition.words):
        names = ", ".join(f"“{part.title}”" for part in empty)
        raise Refused(f"This text isn’t complete yet. Still empty: {names}.")
    try:
        refuse(edition.parts, edition.words)
    except ValidationError as error:
        raise Refused(in_words(error)) from None
    if not edition.change_note.strip() and edition.page.was_published():
        raise Refused(
            "Say in a sentence under “What changed and why” what is new, because readers will see it. "
            "Your draft is saved."
            if edition.status == Status.DRAFT
            else "Nobody has said what changed and why, and readers will want to know. Return the text to its author, "
            "who can add that."
        )


def switch(edition: Edition, *, allowed: Iterable[str], by: User, alone: bool) -> None:
    """The moment of publication: the new text is public and the old one is not, or nothing has changed."""
    now = timezone.now()
    credential = None if alone else MedicalCredential.objects.filter(user=by.pk).first()
    others = edition.page.editions.live().filter(language=edition.language)
    others.exclude(pk=edition.pk).update(status=Status.REPLACED, replaced_at=now)
    moved(
        edition,
        allowed=allowed,
        status=Status.PUBLISHED,
        published_at=now,
        published_by=by,
        published_alone=alone,
        reviewed_at=None if alone else now,
        reviewed_by=None if alone else by,
        reviewed_as=edition.reviewers(by.pk) or (credential.shown_as if credential else ""),
    )
    indexing.refresh([edition.page])


#: Readers are told at once, on one person's word, so it is one of these and no words of that person's own.
WHY_UNPUBLISHED = (
    "It said something that was wrong.",
    "It was out of date.",
    "We can no longer back it up with a source.",
    "It was published too early.",
    "Another page of ours says this now.",
    "We are rewriting it.",
)


def check_unpublishing(edition: Edition, because: str) -> None:
    """Raises Refused without a reason that readers may be told, and where other pages need the text."""
    try:
        edition.page.specific.check_unpublishing()
    except ValidationError as error:
        raise Refused(in_words(error)) from error
    if because not in WHY_UNPUBLISHED:
        raise Refused("Choose a reason. Anyone who opens the page’s link will see it.")


def take_away(edition: Edition, by: User | None, because: str) -> None:
    moved(
        edition,
        allowed=[Status.PUBLISHED],
        status=Status.UNPUBLISHED,
        unpublished_at=timezone.now(),
        unpublished_by=by,
        unpublished_because=because,
    )
    indexing.refresh([edition.page])
