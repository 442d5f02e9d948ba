"""Who and when: the two things that everything here remembers of what people did."""

from typing import Any

from django.conf import settings
from django.db import models


def who(**kwargs: Any) -> models.ForeignKey:
    """A member of staff who did something. Never deleted with the account: deactivate accounts instead."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+", **kwargs
    )


def moment(**kwargs: Any) -> models.DateTimeField:
    return models.DateTimeField(null=True, blank=True, editable=False, **kwargs)
