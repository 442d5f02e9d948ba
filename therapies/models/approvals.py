"""Approved uses and the dated events that make and end them."""

import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format

from portal.publishing.models import Fact, FactQuerySet, Status

from .kinds import Biomarker, Cancer


class Indication(models.Model):
    """One use of a therapy: a cancer in a setting, with the tests and partner drugs that FDA names."""

    class Stage(models.TextChoices):
        """When in the course of a treatment; the order is the reader's."""

        PREVENTION = "prevention", "To prevent cancer"
        EARLY = "early", "Early disease"
        SURGERY = "surgery", "Before or after surgery"
        FIRST = "first", "As the first treatment"
        LATER = "later", "After other treatment"
        ANY = "any", "In other settings"

    therapy = models.ForeignKey("therapies.Therapy", models.PROTECT, related_name="indications")
    code = models.SlugField(max_length=150, help_text="Short name of the use, unique within the therapy.")
    cancer = models.ForeignKey(Cancer, models.PROTECT, related_name="indications")
    also_cancers = models.ManyToManyField(Cancer, blank=True, related_name="shared_indications")
    setting = models.CharField(max_length=250, help_text="Who it is for and when, in at most 20 words.")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.ANY)
    biomarkers = models.ManyToManyField(
        Biomarker, blank=True, related_name="indications", help_text="Test results that the use requires."
    )
    combination = models.CharField(
        "given together with", max_length=200, blank=True, help_text="Partner drugs, parted by semicolons."
    )
    children = models.BooleanField(default=False, help_text="FDA names children or teenagers.")
    partner_label = models.BooleanField(default=False, help_text="FDA put this use on the partner drug's label only.")
    on_reference_page = models.BooleanField("on the 2019 page", default=False)
    note = models.TextField("note for staff", blank=True)

    class IndicationQuerySet(models.QuerySet):
        def in_force(self, on: datetime.date | None = None) -> Self:
            """Uses that were allowed on a day (default: today): the last confirmed event up to it is not a withdrawal.

            An event known only by its month counts from the last day of that month, when it is certain.
            """
            last = (
                ApprovalEvent.objects.confirmed()
                .filter(indication=OuterRef("pk"), date__lte=on or timezone.localdate())
                .order_by("-date", "-pk")
            )
            return self.annotate(last_event=Subquery(last.values("kind")[:1])).filter(
                last_event__in=[
                    ApprovalEvent.Kind.ACCELERATED,
                    ApprovalEvent.Kind.APPROVAL,
                    ApprovalEvent.Kind.CONVERTED,
                ]
            )

    objects = IndicationQuerySet.as_manager()

    class Meta:
        ordering = ["therapy", "pk"]
        verbose_name = "approved use"
        constraints = [models.UniqueConstraint(fields=["therapy", "code"], name="indication_once")]

    def __str__(self) -> str:
        return f"{self.therapy} for {self.cancer}: {self.setting}"


class ApprovalEventQuerySet(FactQuerySet):
    def public(self) -> Self:
        """The gate for readers: confirmed events of therapies, for cancers, that have a published page."""
        return self.confirmed().filter(
            indication__therapy__editions__status=Status.PUBLISHED,
            indication__cancer__editions__status=Status.PUBLISHED,
        )


class ApprovalEvent(Fact):
    class Kind(models.TextChoices):
        ACCELERATED = "accelerated-approval", "Accelerated approval"  # on early results; a further study is required
        APPROVAL = "approval", "Approval"  # regular; a second one widens the use
        CONVERTED = "converted", "Converted to regular approval"  # the further study confirmed the benefit
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Precision(models.TextChoices):
        DAY = "day", "Day"
        MONTH = "month", "Month only"

    GRANTS = (Kind.ACCELERATED, Kind.APPROVAL)
    #: What must be confirmed first: readers learn of an end or a conversion only after what it ends or converts.
    STANDS_ON = {Kind.WITHDRAWN: GRANTS, Kind.CONVERTED: (Kind.ACCELERATED,)}
    #: For so long after FDA's day a decision is marked as new, whenever it was recorded here.
    NEW_FOR = datetime.timedelta(days=90)

    indication = models.ForeignKey(Indication, models.PROTECT, related_name="events", verbose_name="approved use")
    kind = models.CharField(max_length=20, choices=Kind)
    date = models.DateField(help_text="Where only the month is known, its last day: from then on the event is certain.")
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)

    objects = ApprovalEventQuerySet.as_manager()  # type: ignore[misc]
    checked_at = "desk:event"

    class Meta(Fact.Meta):
        ordering = ["date", "pk"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["indication", "kind", "date"],
                name="approvalevent_once",
                violation_error_message="This event is recorded already, with this kind and date. "
                "Open the recorded one and add to its note instead.",
            ),
        ]

    def __str__(self) -> str:
        known = "F Y" if self.precision == self.Precision.MONTH else "F j, Y"
        return f"{self.get_kind_display()}, {date_format(self.date, known)}: {self.indication}"

    @property
    def is_new(self) -> bool:
        return self.date >= timezone.localdate() - self.NEW_FOR

    @property
    def affects_patients(self) -> bool:
        return self.kind == self.Kind.WITHDRAWN

    @property
    def waits_for(self) -> str:
        earlier = self.STANDS_ON.get(self.Kind(self.kind))
        if not earlier or self.indication.events.confirmed().filter(kind__in=earlier, date__lte=self.date).exists():
            return ""
        return "The approval that this speaks of is not confirmed. Confirm that one first."

    def clean(self) -> None:
        """Refuse what cannot have happened. Raises ValidationError with what to do."""
        if not (self.indication_id and self.date and self.kind):
            return
        if self.source_id is None:
            raise ValidationError(
                {"source": "Every event needs a source. Choose the FDA notice, letter or list where you read it."}
            )
        if self.date > timezone.localdate() and self.precision == self.Precision.DAY:
            raise ValidationError({"date": "This day has not come yet. Record an event once FDA has acted."})
        if self.precision == self.Precision.MONTH:
            self.date = last_of_month(self.date)
        others = [e for e in self.indication.events.all() if e.pk != self.pk and not e.is_rejected]
        self._clean_order(others)
        self.clean_reason()

    def _clean_order(self, others: list["ApprovalEvent"]) -> None:
        grants = [e.date for e in others if e.kind in self.GRANTS]
        ends = [e.date for e in others if e.kind == self.Kind.WITHDRAWN]
        if self.kind == self.Kind.WITHDRAWN:
            if not grants:
                raise ValidationError({"kind": "This use has no approval to withdraw. Record its approval first."})
            if self.date < min(grants):
                raise ValidationError(
                    {
                        "date": f"The use was first approved on {min(grants):%B %-d, %Y}; "
                        "it cannot be withdrawn before. Check the date."
                    }
                )
        if self.kind == self.Kind.CONVERTED:
            early = [e.date for e in others if e.kind == self.Kind.ACCELERATED]
            if not early or self.date < min(early):
                raise ValidationError(
                    {
                        "kind": "Only an accelerated approval can be converted, and after it was granted. "
                        "Record that one first, or choose Approval."
                    }
                )
        if self.kind != self.Kind.WITHDRAWN and ends and self.date >= min(ends):
            raise ValidationError(
                {
                    "date": "This use was withdrawn before that day. "
                    "If FDA allowed it again, record a new use with its own setting."
                }
            )


def last_of_month(date: datetime.date) -> datetime.date:
    return (date.replace(day=1) + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
