"""The terms of a use: for whom FDA allows it, with which tests and partners. A decision can change them."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from portal.publishing.models import ChangeQuerySet, Governed

from .kinds import Biomarker

#: The columns and lists that say who may have a use, and with what.
TERMS = ("setting", "plainly", "stage", "biomarkers", "combination", "children")


class UseTerms(models.Model):
    """What a use has as its terms now, and what it had before a decision changed them."""

    class Stage(models.TextChoices):
        """When in the course of a treatment. Names and order are those of the headings that readers see."""

        FIRST = "first", "As the first treatment"
        ANY = "any", "When FDA sets no order of treatment"
        SURGERY = "surgery", "Before or after surgery"
        LATER = "later", "After other treatment"
        # No treatment of the cancer by itself: a phase of chemotherapy, part of a transplant, protection of the bones.
        SUPPORT = "support", "As part of other treatment, or to support it"
        EARLY = "early", "For early disease"
        PREVENTION = "prevention", "To prevent cancer"

    setting = models.CharField(max_length=250, help_text="Who it is for and when, in at most 20 words.")
    plainly = models.CharField(
        "in plain words",
        max_length=200,
        blank=True,
        help_text="The same in a patient’s words, for example “For melanoma that has spread”. "
        "Leave out partner drugs; readers see them beside it.",
    )
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.ANY)
    combination = models.CharField(
        "given together with", max_length=200, blank=True, help_text="Partner drugs. Separate with semicolons."
    )
    children = models.BooleanField(default=False, help_text="FDA names children or teenagers.")

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse two uses in one. Raises ValidationError."""
        if any(re.match(r"(?i)alone\b", partner) for partner in self.partners):
            told = "Alone and with a partner are two uses. Enter each of them by itself."
            raise ValidationError({"combination": told})

    @property
    def headline(self) -> str:
        """Who it is for, in a patient’s words where somebody wrote them."""
        return self.plainly or self.setting

    @property
    def partners(self) -> list[str]:
        return [name.strip() for name in self.combination.split(";") if name.strip()]


class EarlierTerms(Governed, UseTerms):
    """The terms of a use until one decision changed them. Those of today stand with the use itself.

    So all that asks about today asks the use alone, and a past day is asked of the first decision after it.
    """

    NEW_IS_SEEN = True
    READERS_SEE = ("event", *TERMS)

    event: Any = models.OneToOneField(
        "therapies.ApprovalEvent",
        models.CASCADE,
        related_name="earlier_terms",
        verbose_name="FDA decision",
        help_text="The decision that changed them.",
    )
    biomarkers = models.ManyToManyField(Biomarker, blank=True, related_name="earlier_terms")

    class Meta(Governed.Meta):
        verbose_name = verbose_name_plural = "earlier terms of a use"

    def __str__(self) -> str:
        return f"Until then, {self.setting}: {self.event}"

    def addresses(self) -> list[str]:
        return self.event.addresses()

    def check_against(self, pending: ChangeQuerySet | None) -> None:
        """Refuse terms from before a use began. Raises ValidationError."""
        decisions = self.event.indication.events.all() if self.event.indication.pk else ()
        if not any(decision.date < self.event.date for decision in decisions):
            raise ValidationError({"event": "The use began with this decision, so it had no terms before."})
