"""The audit trail: who did what to what, and when. Rows are only added; the database refuses anything else."""

import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone

from .models import AuditEntry


def note(
    verb: str, row: models.Model | None = None, *, by: AbstractBaseUser | None, detail: str = "", name: str = ""
) -> AuditEntry:
    """Add one entry. Call it inside the transaction of what it tells of, so that neither stands alone.

    ``verb`` is a past participle ("published"). ``name`` is for somebody who has no account.
    """
    return AuditEntry.objects.create(
        by=by,
        name=(name or (by.get_username() if by else ""))[:150],
        verb=verb,
        kind=row._meta.label_lower if row is not None else "",
        row=str(row.pk) if row is not None else "",
        about=str(row)[:300] if row is not None else "",
        detail=detail,
    )


def of(*rows: models.Model) -> models.QuerySet[AuditEntry]:
    """What was done to these rows, newest first."""
    keys: dict[str, list[str]] = {}
    for row in rows:
        keys.setdefault(row._meta.label_lower, []).append(str(row.pk))
    theirs = [models.Q(kind=kind, row__in=found) for kind, found in keys.items()]
    return AuditEntry.objects.filter(models.Q(*theirs, _connector=models.Q.OR))


def last(row: models.Model) -> AuditEntry | None:
    """The last thing that was done to a row."""
    return of(row).first()


def just_done(verb: str, row: models.Model | None, *, by: AbstractBaseUser) -> bool:
    """Whether the last thing that was done to a row was this, by this person, a moment ago: a second click asks so."""
    entry = last(row) if row is not None else None
    if entry is None or entry.verb != verb or entry.by_id != by.pk:
        return False
    return timezone.now() - entry.at < datetime.timedelta(minutes=1)
