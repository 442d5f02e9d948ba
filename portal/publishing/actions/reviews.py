"""Verbs of review: what people say of an open text, and the guests who read it without an account.

A guest speaks through an invitation, which stands as ``by`` where a member of staff would. What a guest says
moves nothing by itself: staff decide.
"""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .. import audit, moments
from ..models import Comment, Edition, Invitation, Judgement
from .moving import hold
from .refusal import Refused, reason

LONGEST = datetime.timedelta(days=90)
#: The same words from the same person within this time are one click too many, not something new.
TWICE = datetime.timedelta(minutes=2)
#: Pages hold a term and its button together with this invisible mark; who selects words copies it.
JOINER = "\u2060"


def _hold_open(edition: Edition) -> None:
    hold(edition)
    if not edition.is_open:
        raise Refused("This text is no longer under review, so nothing was changed.")


# Guests --------------------------------------------------------------------------------


@transaction.atomic
def invite(
    edition: Edition, *, by: User, name: str, until: datetime.datetime, professional: bool = False
) -> Invitation:
    """Make a link with which one person reads and judges this text. Raises Refused when ``by`` wrote in it.

    An author who held the link could approve their own words as somebody else.
    """
    _hold_open(edition)
    if by.pk in edition.authors() and not settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES:
        raise Refused(
            "You helped write this text, so another person must invite reviewers from outside. Ask a reviewer."
        )
    if not timezone.now() < until <= timezone.now() + LONGEST:
        raise Refused(f"A link can stay open for {LONGEST.days} days at most.")
    name = reason(name, "Enter the reviewer’s name. Only staff see it.", 500)[:120]
    said = {"edition": edition, "name": name, "professional": professional, "created_by": by}
    twice = Invitation.objects.filter(created_at__gt=timezone.now() - TWICE, revoked_at=None, **said).first()
    if twice:
        return twice
    invitation = Invitation.objects.create(expires_at=until, **said)
    role = ", a medical professional" if professional else ""
    audit.note("invited a reviewer", edition, by=by, detail=f"{name}{role}, until {moments.day(until)}")
    return invitation


@transaction.atomic
def revoke(invitation: Invitation, *, by: User) -> Invitation:
    """Take a link back: it opens nothing from now on, and what was approved through it no longer counts."""
    changed = Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=by
    )
    invitation.refresh_from_db()
    if not changed:
        raise Refused("Someone else already revoked this link. Nothing changed.")
    audit.note("revoked a link", invitation.edition, by=by, detail=invitation.name)
    return invitation


@transaction.atomic
def note_opening(invitation: Invitation) -> None:
    """Remember that the guest came, once a minute at most. The first time stands in the audit trail."""
    now = timezone.now()
    stale = Q(opened_at=None) | Q(opened_at__lt=now - datetime.timedelta(minutes=1))
    first = invitation.opened_at is None
    if Invitation.objects.filter(stale, pk=invitation.pk).update(opened_at=now) and first:
        audit.note("opened a link", invitation.edition, by=None, name=invitation.name)


@transaction.atomic
def approve(edition: Edition, *, by: Invitation, seen: str, shown_as: str = "") -> Judgement:
    """A guest finds this text right. ``seen`` is the digest of the words that the guest has read.

    ``shown_as`` is how readers see the guest, if a medical professional; empty when they shall not.
    """
    return _judge(edition, by, seen, approves=True, shown_as=shown_as.strip()[:200])


@transaction.atomic
def ask_for_changes(edition: Edition, *, by: Invitation, seen: str, because: str) -> Judgement:
    """A guest finds that something should change. The text stays where it is: its author and reviewer decide."""
    if not because.strip():
        raise Refused("Say what should change. The author and the reviewer will read it.")
    return _judge(edition, by, seen, approves=False, because=because.strip()[:4000])


def _judge(edition: Edition, guest: Invitation, seen: str, **said: Any) -> Judgement:
    speaker = _speaker(edition, guest)
    digest = edition.digest()
    if seen != digest:
        raise Refused(
            "The text changed while you were reading, so your answer was not sent. What you wrote is still here. "
            "Please read the text above once more, then send your answer again."
        )
    last = guest.judgements.last()
    if last and {"digest": digest, **said}.items() <= vars(last).items():
        return last  # a second click
    judgement = Judgement.objects.create(edition=edition, digest=digest, **speaker, **said)
    verb = "approved" if judgement.approves else "asked for changes"
    audit.note(verb, edition, by=None, name=guest.name, detail=judgement.shown_as or judgement.because)
    return judgement


# Comments -------------------------------------------------------------------------------


@transaction.atomic
def comment(edition: Edition, *, by: User | Invitation, text: str, part: str = "", quote: str = "") -> Comment:
    """Say something of an open text, of one part or passage of it. ``by`` is a member of staff or a guest."""
    speaker = _speaker(edition, by)
    if not text.strip():
        raise Refused("The comment was empty. Write what you want to say.")
    if part and part not in {known.name for known in edition.parts}:
        raise Refused("This text has no such part. Choose one from the list.")
    passage = " ".join(quote.replace(JOINER, "").split())[:500]
    said = {"text": text.strip()[:4000], "part": part, "quote": passage, **speaker}
    twice = Comment.objects.filter(edition=edition, at__gt=timezone.now() - TWICE, **said).first()
    if twice:
        return twice
    name = by.name if isinstance(by, Invitation) else by.get_full_name() or by.get_username()
    made = Comment.objects.create(edition=edition, name=name, **said)
    audit.note("commented", edition, by=speaker.get("by"), name=name if "invitation" in speaker else "", detail=text)
    return made


def _speaker(edition: Edition, by: User | Invitation) -> dict[str, Any]:
    """Who says something of an open text, as the columns that hold it. Raises Refused when they may not now."""
    _hold_open(edition)
    if not isinstance(by, Invitation):
        return {"by": by}
    by.refresh_from_db()
    if not by.is_open or by.edition_id != edition.pk:
        raise Refused("This link no longer opens the text. Ask the person who sent it for a new one.")
    return {"invitation": by}


@transaction.atomic
def resolve(said: Comment, *, by: User) -> Comment:
    """Say that a comment has been dealt with."""
    return _resolve(said, by, open_now=True, resolved_at=timezone.now(), resolved_by=by)


@transaction.atomic
def reopen(said: Comment, *, by: User) -> Comment:
    """Say that a resolved comment still waits for an answer."""
    return _resolve(said, by, open_now=False, resolved_at=None, resolved_by=None)


def _resolve(said: Comment, by: User, *, open_now: bool, **values: Any) -> Comment:
    edition = said.edition
    _hold_open(edition)
    changed = Comment.objects.filter(pk=said.pk, resolved_at__isnull=open_now).update(**values)
    said.refresh_from_db()
    if not changed:
        raise Refused("Someone else already did this. Nothing changed.")
    audit.note("resolved a comment" if open_now else "reopened a comment", edition, by=by, detail=str(said))
    return said
