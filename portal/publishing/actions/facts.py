"""Verbs of facts: what one person records, a second one confirms."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .. import audit
from ..models import Fact
from .texts import Refused


@transaction.atomic
def record(fact: Fact, *, by: User) -> Fact:
    """Save a fact as recorded by ``by``. Readers see it only after somebody else confirms it."""
    new = fact.pk is None
    detail = "" if new else _what_changes(fact)
    fact.recorded_by, fact.recorded_at = by, timezone.now()
    fact.confirmed_by = fact.confirmed_at = None
    fact.rejected_by, fact.rejected_at, fact.rejected_because = None, None, ""
    fact.save()
    audit.note("recorded" if new else "corrected", fact, by=by, detail=detail)
    return fact


def _what_changes(fact: Fact) -> str:
    """“date: 2024-01-01 → 2024-02-01”. A fact keeps no older version, so only the audit trail tells."""
    stamps = {"recorded_by", "recorded_at", "confirmed_by", "confirmed_at"}
    stamps |= {"rejected_by", "rejected_at", "rejected_because"}
    before = type(fact)._default_manager.get(pk=fact.pk)
    changed = [
        field
        for field in fact._meta.concrete_fields
        if field.name not in stamps and getattr(before, field.attname) != field.to_python(getattr(fact, field.attname))
    ]
    told = [(field, getattr(before, field.name), getattr(fact, field.name)) for field in changed]
    return "; ".join(f"{field.verbose_name}: {_told(old)} → {_told(new)}" for field, old, new in told)


def _told(value: object) -> str:
    return "nothing" if value in (None, "") else str(value)


@transaction.atomic
def confirm(fact: Fact, *, by: User) -> Fact:
    """Let readers see a fact. Raises Refused for its own recorder, or when it has no source."""
    if fact.recorded_by_id == by.pk:
        raise Refused("You recorded this fact, so another person must confirm it.")
    if fact.source_id is None:
        raise Refused("This fact has no source. Add where it was read, then it can be confirmed.")
    waiting = type(fact)._default_manager.filter(pk=fact.pk, confirmed_at=None, rejected_at=None)
    changed = waiting.filter(Q(recorded_by__isnull=True) | ~Q(recorded_by=by)).update(
        confirmed_at=timezone.now(), confirmed_by=by
    )
    fact.refresh_from_db()
    if not changed and fact.is_rejected:
        raise Refused(f"{fact.rejected_by} rejected this fact: {fact.rejected_because} Correct it first.")
    if not changed:
        raise Refused("Somebody has confirmed this fact already. Nothing was changed.")
    audit.note("confirmed", fact, by=by)
    return fact


@transaction.atomic
def reject(fact: Fact, *, by: User, because: str) -> Fact:
    """Turn a fact down, with a reason for its recorder. One person may: it only hides. Correcting opens it again.

    Raises Refused without a reason, or when the fact is rejected already.
    """
    because = " ".join(because.split())
    if not because:
        raise Refused("Say why, so that whoever recorded the fact knows what to mend.")
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
    return fact
