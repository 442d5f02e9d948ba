"""Verbs of facts: what one person records, a second one confirms."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .. import audit
from ..models import Fact
from .contradictions import raise_contradictions
from .texts import Refused


@transaction.atomic
def record(fact: Fact, *, by: User) -> Fact:
    """Save a fact as recorded by ``by``. Readers see it only after somebody else confirms it."""
    before = type(fact)._default_manager.get(pk=fact.pk) if fact.pk else None
    fact.recorded_by, fact.recorded_at = by, timezone.now()
    fact.confirmed_by = fact.confirmed_at = None
    fact.rejected_by, fact.rejected_at, fact.rejected_because = None, None, ""
    fact.save()
    audit.note("corrected" if before else "recorded", fact, by=by, detail=_what_changes(before, fact) if before else "")
    if before and before.is_confirmed:
        _taken_away(before, by)
    return fact


def _what_changes(before: Fact, fact: Fact) -> str:
    """“date: 2024-01-01 → 2024-02-01”. A fact keeps no older version, so only the audit trail tells."""
    told = [(field, getattr(before, field.name), getattr(fact, field.name)) for field in fact.changes(before)]
    return "; ".join(f"{field.verbose_name}: {_told(old)} → {_told(new)}" for field, old, new in told)


def _taken_away(fact: Fact, by: User) -> None:
    """Texts may still say what readers no longer find among the facts."""
    raise_contradictions(fact, by=by, about=f"Not confirmed any more: {fact}")


def _told(value: object) -> str:
    return "nothing" if value in (None, "") else str(value)


@transaction.atomic
def confirm(fact: Fact, *, by: User) -> Fact:
    """Let readers see a fact. What texts say against it becomes a task for those who write them.

    Raises Refused for its own recorder, without a source, without the reason that a change for patients needs, before
    what it stands on is confirmed, or when somebody has changed the fact since ``fact`` was read.
    """
    if fact.recorded_by_id == by.pk:
        raise Refused("You recorded this fact, so another person must confirm it.")
    if fact.source_id is None:
        raise Refused("This fact has no source. Add where it was read, then it can be confirmed.")
    if fact.lacks_reason:
        raise Refused("Patients are affected by this, and nobody has said why it changes. Add the reason first.")
    if fact.waits and fact.waits_for:
        raise Refused(fact.waits_for)
    waiting = type(fact)._default_manager.filter(pk=fact.pk, confirmed_at=None, rejected_at=None)
    waiting = waiting.filter(recorded_at=fact.recorded_at)  # so that nobody confirms a correction unseen
    changed = waiting.filter(Q(recorded_by__isnull=True) | ~Q(recorded_by=by)).update(
        confirmed_at=timezone.now(), confirmed_by=by
    )
    fact.refresh_from_db()
    if not changed and fact.is_rejected:
        raise Refused(f"{fact.rejected_by} rejected this fact: {fact.rejected_because} Correct it first.")
    if not changed and not fact.is_confirmed:
        raise Refused("Somebody has changed this fact since you opened it. Look at it again, then confirm it.")
    if not changed:
        raise Refused("Somebody has confirmed this fact already. Nothing was changed.")
    audit.note("confirmed", fact, by=by)
    raise_contradictions(fact, by=by)
    return fact


@transaction.atomic
def reject(fact: Fact, *, by: User, because: str) -> Fact:
    """Turn a fact down, with a reason for its recorder. One person may: it only hides. Correcting opens it again.

    Raises Refused without a reason, or when the fact is rejected already.
    """
    because = " ".join(because.replace("\x00", " ").split())
    if not because:
        raise Refused("Say why, so that whoever recorded the fact knows what to mend.")
    before = type(fact)._default_manager.get(pk=fact.pk)
    changed = (
        type(fact)
        ._default_manager.filter(pk=fact.pk, rejected_at=None)
        .update(
            confirmed_at=None,
            confirmed_by=None,
            rejected_at=timezone.now(),
            rejected_by=by,
            rejected_because=because[: fact._meta.get_field("rejected_because").max_length],
        )
    )
    fact.refresh_from_db()
    if not changed:
        raise Refused("Somebody has rejected this fact already. Nothing was changed.")
    audit.note("rejected", fact, by=by, detail=because)
    if before.is_confirmed:
        _taken_away(before, by)
    return fact
