"""Who and when: the two things that everything here remembers of what people did."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q


def who(**kwargs: Any) -> models.ForeignKey:
    """A member of staff who did something. Never deleted with the account: deactivate accounts instead."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+", **kwargs
    )


def moment(**kwargs: Any) -> models.DateTimeField:
    return models.DateTimeField(null=True, blank=True, editable=False, **kwargs)


def together(name: str, *fields: str) -> models.CheckConstraint:
    """When something was done, by whom and why are known together, or nothing of it is."""
    none, every = (Q(**{f"{field}__isnull": value for field in fields}) for value in (True, False))
    return models.CheckConstraint(condition=none | every, name=name)


def told_whole(name: str, when: str, by: str, because: str) -> models.CheckConstraint:
    """The same for something that nobody does without a reason."""
    return models.CheckConstraint(
        condition=Q(**{f"{when}__isnull": True, f"{by}__isnull": True, because: ""})
        | Q(**{f"{when}__isnull": False, f"{by}__isnull": False}) & ~Q(**{because: ""}),
        name=name,
    )
