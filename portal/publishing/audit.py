"""The audit trail: who did what to what, and when. Rows are only added; the database refuses anything else."""

import datetime
from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone

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


def who_set_up_whom(
    second: AbstractBaseUser, authors: Iterable[int | None], *, until: datetime.datetime | None = None
) -> str:
    """A warning that the second person and an author may be one and the same: “Ada set up Bob’s account, …”. Empty if
    neither account was set up by the other.

    The rule of two can tell accounts apart, not people. So where one of two such accounts checks the other's work, the
    screens say so and the trail keeps it.
    """
    first = {key for key in authors if key and key != second.pk}
    entries = AuditEntry.objects.filter(kind=second._meta.label_lower, verb__in=("added", "password link made"))
    makers: dict[int, dict[int, str]] = {}
    for entry in entries.filter(at__lte=until or timezone.now()).exclude(by=None):
        said = f"{entry.name} set up {entry.about}’s account"
        makers.setdefault(int(entry.row), {}).setdefault(entry.by_id or 0, said)
    pairs = [pair for key in sorted(first) for pair in ((second.pk, key), (key, second.pk))]
    told = dict.fromkeys(said for account, maker in pairs for said in _set_up_by(maker, account, makers))
    return f"{', and '.join(told)}, and one of them checks the other’s work here." if told else ""


def _set_up_by(maker: int, account: int, makers: dict[int, dict[int, str]]) -> list[str]:
    """How an account goes back to its maker, through accounts in between that somebody may hold as well. The nearest
    comes first; nothing where it does not go back to them.
    """
    ways: dict[int, list[str]] = {account: []}
    waiting = [account]
    for one in waiting:
        for by, said in makers.get(one, {}).items():
            if by not in ways:
                ways[by] = [*ways[one], said]
                waiting.append(by)
    return ways.get(maker, [])
