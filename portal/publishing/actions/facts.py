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
    fact.save()
    audit.note("recorded" if new else "corrected", fact, by=by, detail=detail)
    return fact


def _what_changes(fact: Fact) -> str:
    """“date: 2024-01-01 → 2024-02-01”. A fact keeps no older version, so only the audit trail tells."""
    stamps = ("recorded_by", "recorded_at", "confirmed_by", "confirmed_at")
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
    manager = type(fact)._default_manager
    changed = manager.filter(Q(recorded_by__isnull=True) | ~Q(recorded_by=by), pk=fact.pk, confirmed_at=None).update(
        confirmed_at=timezone.now(), confirmed_by=by
    )
    fact.refresh_from_db()
    if not changed:
        raise Refused("Somebody has confirmed this fact already. Nothing was changed.")
    audit.note("confirmed", fact, by=by)
    return fact
