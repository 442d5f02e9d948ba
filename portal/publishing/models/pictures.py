"""Pictures that texts show."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .. import moments
from .base import who


def picture_key() -> str:
    return secrets.token_hex(16)


class Picture(models.Model):
    """A picture that texts show as ``[[picture: key]]``.

    The key cannot be guessed, so that a picture of a draft is not found before its text is
    published. Only renditions of our own making are kept, never the file that was uploaded.
    """

    key = models.CharField(max_length=32, unique=True, editable=False, default=picture_key)
    alt = models.CharField(
        "description",
        max_length=300,
        blank=True,
        help_text="What the picture shows, for readers who can’t see it. Don’t begin with “picture of.”",
    )
    decorative = models.BooleanField(
        default=False, help_text="Check this box if the picture adds nothing to what the text says."
    )
    caption = models.CharField(max_length=300, blank=True, help_text="One sentence below the picture.")
    credit = models.CharField(
        "credit and license",
        max_length=200,
        help_text="Who made it and what allows us to show it, for example “National Cancer Institute, public domain.”",
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    widths = models.JSONField(editable=False, help_text="Widths of its renditions, rising.")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    uploaded_by = who()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decorative=True, alt="") | (Q(decorative=False) & ~Q(alt="")),
                name="picture_described_or_decorative",
                violation_error_message="Describe what the picture shows, or mark it as decorative, but not both.",
            )
        ]

    def __str__(self) -> str:
        return self.alt or self.caption or f"Decorative picture of {moments.day(self.uploaded_at)}"

    @property
    def token(self) -> str:
        return f"[[picture: {self.key}]]"
