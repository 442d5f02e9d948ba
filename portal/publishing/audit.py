"""The audit trail: who did what to what, and when. Rows are only added; the database refuses anything else."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from .models import AuditEntry, Change


def note(
    verb: str,
    row: models.Model | None = None,
    *,
    by: AbstractBaseUser | None,
    detail: str = "",
    name: str = "",
    about: str = "",
) -> AuditEntry:
    """Add one entry. Call it inside the transaction of what it tells of, so that neither stands alone.

    ``verb`` is a past participle ("published"). ``name`` is for somebody who has no account, ``about`` for a row that
    cannot say its own name any more.
    """
    return AuditEntry.objects.create(
        by=by,
        name=(name or (by.get_username() if by else ""))[:150],
        verb=verb,
        kind=row._meta.label_lower if row is not None else "",
        row=str(row.pk) if row is not None else "",
        about=(about or (str(row) if row is not None else ""))[:300],
        detail=detail,
    )


def of(*rows: models.Model) -> models.QuerySet[AuditEntry]:
    """What was done to these rows, newest first."""
    keys: dict[str, list[str]] = {}
    for row in rows:
        keys.setdefault(row._meta.label_lower, []).append(str(row.pk))
    theirs = [models.Q(kind=kind, row__in=found) for kind, found in keys.items()]
    return AuditEntry.objects.filter(models.Q(*theirs, _connector=models.Q.OR))


def life_of(row: models.Model) -> models.QuerySet[AuditEntry]:
    """What was done to a row and to the changes of it, newest first: it was proposed before it was there."""
    return of(row, *Change.objects.of(row))


def last(row: models.Model) -> AuditEntry | None:
    """The last thing that was done to a row."""
    return of(row).first()


#: Verbs that store what a form shows. All others only decide what becomes of it.
SAVES = ("added", "changed", "confirmed", "moved", "described", "drafted", "edited", "brought back", "restored")


def last_save(row: models.Model) -> AuditEntry | None:
    """Who saved what a row says now, whoever returned, scheduled or published it since."""
    return of(row).filter(verb__in=SAVES).first()
