"""The audit trail: who did what to what, and when. Rows are only added; the database refuses anything else."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

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
