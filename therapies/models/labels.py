"""FDA's labels as people read them: each use that one names, and each use of ours that it leaves out, with the reason.

Of all this readers see one number, on the page about freshness, and in the public data which labels it counts. What a
reading shows beside our data is never stored. It follows from these rows and ours: ``compare/label_uses.py``.
"""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from portal.publishing import moments
from portal.publishing.models import Fact, Governed

from ..fda.reactions import CommonReactions
from .approvals import Indication
from .kinds import Biomarker, Cancer

SEPARATED = "Separate with semicolons."


def validate_lists(text: str) -> None:
    """Each list has side effects, and a threshold that can be held against another version's."""
    for told in filter(str.strip, text.split(";")):
        one = CommonReactions.of(told.strip())
        if not one.items or "%" in one.about or ":" in "".join(one.items):
            raise ValidationError(
                f"“{told.strip()[:60]}” can’t be read. Write, for example, “20% or more, alone: rash, fever”."
            )


class Counted:
    """No row of a reading is for readers themselves. They see which labels are accounted for."""

    is_for_readers = False

    def addresses(self) -> list[str]:
        return [reverse("freshness")]


class DrugLabelQuerySet(models.QuerySet["DrugLabel"]):
    def current(self) -> Self:
        """The newest version of each label that a person read."""
        newest = DrugLabel.objects.filter(set_id=OuterRef("set_id")).order_by("-effective", "-pk").values("pk")[:1]
        return self.filter(pk=Subquery(newest))


class DrugLabel(Counted, Fact):
    """One version of a label, by openFDA's set id and the day from which it holds."""

    is_for_readers = True  # among the data: which label it is, and whether it is accounted for

    READERS_SEE = (
        *("therapy", "application", "brand", "set_id", "effective", "scope"),
        *("boxed_warning", "common_reactions", "route", "accepted", "source", "note"),
    )

    class Scope(models.TextChoices):
        """Whose label it is: forms and biosimilars may lack uses of the drug."""

        WHOLE = "whole", "The drug itself"
        FORM = "form", "Another form or brand of it"
        BIOSIMILAR = "biosimilar", "A biosimilar"

    therapy = models.ForeignKey("therapies.Therapy", models.PROTECT, related_name="labels")
    application = models.CharField(
        max_length=12, blank=True, help_text="For example BLA125514; empty where the label names none."
    )
    brand = models.CharField(max_length=80)
    set_id = models.CharField("FDA’s set id", max_length=100, help_text="The same in every version of a label.")
    effective = models.DateField("version of", help_text="The day from which the version holds.")
    scope = models.CharField("label of", max_length=10, choices=Scope, default=Scope.WHOLE)
    boxed_warning = models.TextField(blank=True, help_text=f"What its box names; empty without a box. {SEPARATED}")
    common_reactions = models.TextField(
        blank=True,
        validators=[validate_lists],
        help_text="Most common side effects. Separate lists with semicolons: “20% or more, alone: rash, fever”.",
    )
    route = models.CharField(max_length=200, blank=True, help_text=SEPARATED)
    accepted = models.CharField(
        "accepted differences", max_length=100, blank=True, help_text="Fields, for example: boxed warning."
    )

    objects = DrugLabelQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ["therapy", "brand", "-effective"]
        verbose_name = "FDA label"
        constraints = [models.UniqueConstraint(fields=["set_id", "effective"], name="label_once")]

    def __str__(self) -> str:
        return f"{self.brand} ({self.application}), label of {moments.day(self.effective)}"

    def get_absolute_url(self) -> str:
        return reverse("desk:label", args=[self.pk])


class LabelledUse(Counted, Governed):
    """One use that a label names: a disease at one point of treatment, with one regimen."""

    READERS_SEE = (
        *("label", "uses", "outside", "cancer", "setting", "stage", "biomarkers", "partners", "children"),
        *("accelerated", "accepted", "note"),
    )
    AT_ONCE = ("position",)
    NEW_IS_SEEN = True

    class Outside(models.TextChoices):
        """Why a use on a label is none of ours."""

        NOT_CANCER = "not-cancer", "It treats another disease than cancer"
        SUPPORTIVE = "supportive", "It eases what cancer or its treatment does"

    label = models.ForeignKey(DrugLabel, models.CASCADE, related_name="uses")
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    uses = models.ManyToManyField(
        Indication, blank=True, related_name="labelled", verbose_name="uses of ours", help_text="What it is to us."
    )
    outside = models.CharField("outside our scope", max_length=12, choices=Outside, blank=True)
    cancer = models.ForeignKey(Cancer, models.PROTECT, null=True, blank=True, related_name="+")
    setting = models.CharField(max_length=250)
    stage = models.CharField(max_length=10, choices=Indication.Stage, default=Indication.Stage.ANY)
    biomarkers = models.ManyToManyField(Biomarker, blank=True, related_name="+")
    partners = models.CharField("given together with", max_length=250, blank=True, help_text=SEPARATED)
    children = models.BooleanField(default=False, help_text="The label names children or teenagers.")
    accelerated = models.BooleanField("accelerated approval", default=False, help_text="The label says so.")
    accepted = models.CharField(
        "accepted differences", max_length=100, blank=True, help_text="Fields, for example: stage, partners."
    )
    note = models.CharField(max_length=400, blank=True)

    class Meta(Governed.Meta):
        ordering = ["label", "position", "pk"]
        verbose_name, verbose_name_plural = "use on a label", "uses on a label"

    def __str__(self) -> str:
        return f"{self.label.brand}: {self.setting}"


class UnlabelledUse(Counted, Governed):
    """A use of ours that a label does not name, and why that is right."""

    READERS_SEE = ("label", "use", "reason", "note")
    NEW_IS_SEEN = True

    class Reason(models.TextChoices):
        OLD_TEXT = "old-text", "The label at hand carries an older text"
        OTHER_LABEL = "other-label", "It’s on a label that we don’t have"
        NOT_ON_LABEL = "not-on-label", "FDA approved it, and this label doesn’t show it"

    label = models.ForeignKey(DrugLabel, models.CASCADE, related_name="silences")
    use = models.ForeignKey(Indication, models.PROTECT, related_name="+", verbose_name="use of ours")
    reason = models.CharField(max_length=12, choices=Reason)
    note = models.CharField(max_length=400, blank=True)

    class Meta(Governed.Meta):
        ordering = ["label", "pk"]
        verbose_name = "use that a label leaves out"
        verbose_name_plural = "uses that a label leaves out"
        constraints = [models.UniqueConstraint(fields=["label", "use"], name="unlabelleduse_once")]

    def __str__(self) -> str:
        return f"{self.label.brand} leaves out {self.use}"
