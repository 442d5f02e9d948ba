"""On how many sources a decision rests: those beside the first, and those that tell another day."""

from django.core.exceptions import ValidationError
from django.db import models

from portal.publishing.models import Governed, Source

from .approvals import ApprovalEvent


class FurtherSource(Governed):
    """Another source of a decision. Readers see how many agree, and of one that does not, why ours stands."""

    READERS_SEE = ("event", "source", "date", "why")
    NEW_IS_SEEN = True

    event = models.ForeignKey(
        ApprovalEvent, models.CASCADE, related_name="further_sources", verbose_name="FDA decision"
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    date = models.DateField("another day", null=True, blank=True, help_text="Only if it names another day than ours.")
    why = models.CharField(
        "why we keep ours",
        max_length=300,
        blank=True,
        help_text="For readers, where the days differ. One sentence.",
    )

    class Meta(Governed.Meta):
        ordering = ["event", "pk"]
        verbose_name = "further source"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "source"],
                name="furthersource_once",
                violation_error_message="This source is already listed with the decision.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} beside {self.event}"

    def clean(self) -> None:
        """Refuse a conflict without a word on it, and the first source once more. Raises ValidationError."""
        if self.date and not self.why.strip():
            raise ValidationError({"why": "Say in one sentence why we keep our day, so that readers can judge."})
        if self.event_id and self.source_id == self.event.source_id:
            raise ValidationError({"source": "The decision rests on this source already. Choose an independent one."})

    def addresses(self) -> list[str]:
        return self.event.addresses()
