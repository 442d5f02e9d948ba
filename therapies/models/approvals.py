"""Approved uses and the dated events that make and end them."""

import datetime
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal.publishing import moments, values
from portal.publishing.models import ChangeQuerySet, Edition, Fact, Governed
from portal.publishing.short_ids import ShortId

from .kinds import Biomarker, Cancer
from .terms import TERMS, EarlierTerms, UseTerms


class Indication(Governed, UseTerms):
    """One use of a therapy: a cancer in a setting, with the tests and partner drugs that FDA names."""

    READERS_SEE = ("therapy", "code", "cancer", "also_cancers", *TERMS, "partner_label", "on_reference_page")

    short_id = ShortId()
    therapy = models.ForeignKey("therapies.Therapy", models.PROTECT, related_name="indications")
    code = models.SlugField(max_length=150, help_text="Short name of the use, unique within the therapy.")
    cancer = models.ForeignKey(Cancer, models.PROTECT, related_name="indications")
    also_cancers = models.ManyToManyField(Cancer, blank=True, related_name="shared_indications")
    biomarkers = models.ManyToManyField(
        Biomarker, blank=True, related_name="indications", help_text="Test results that the use requires."
    )
    partner_label = models.BooleanField(default=False, help_text="FDA put this use on the partner drug's label only.")
    on_reference_page = models.BooleanField("on the 2019 page", default=False)
    note = models.TextField("note for staff", blank=True)

    class IndicationQuerySet(models.QuerySet):
        def in_force(self, on: datetime.date | None = None) -> Self:
            """Uses that were allowed on a day (default: today): the last confirmed event up to it is no end.

            An event known only by its month counts from the last day of that month, when it is certain.
            """
            last = ApprovalEvent.objects.filter(indication=OuterRef("pk")).up_to(on).order_by("-date", "-pk")
            latest = self.annotate(last_event=Subquery(last.values("kind")[:1]))
            return latest.filter(last_event__isnull=False).exclude(last_event__in=ApprovalEvent.ENDS)

    objects = IndicationQuerySet.as_manager()

    class Meta(Governed.Meta):
        ordering = ["therapy", "pk"]
        verbose_name = "approved use"
        constraints = [models.UniqueConstraint(fields=["therapy", "code"], name="indication_once")]

    def __str__(self) -> str:
        return f"{self.therapy} for {self.cancer}: {self.setting}"

    def first_said(self) -> str:
        return f"use:{self.therapy.shipped_as or self.therapy.slug}:{self.code}"

    def is_seen(self) -> bool:
        """Readers see nothing of a use of which no FDA decision is confirmed."""
        return self.events.exists()

    @property
    def affects_patients(self) -> bool:
        return self.pk is not None and self.is_seen()

    def check_removal(self, pending: ChangeQuerySet | None) -> None:
        """Refuse that a use goes from under decisions that stay. Raises ValidationError."""
        if self.events.exclude(pk__in=_leaving(ApprovalEvent, pending)).exists():
            raise ValidationError("FDA decisions rest on this use. Remove or move those first.")

    def addresses(self) -> list[str]:
        """The pages of its therapy, its cancers and its tests."""
        pages = [self.therapy, self.cancer]
        if self.pk:
            pages += [*self.also_cancers.named(), *self.biomarkers.named()]
        return list(dict.fromkeys(address for page in pages if page.pk for address in page.addresses()))


def _leaving(model: type[Governed], pending: ChangeQuerySet | None) -> set[int]:
    """Keys of the rows that somebody proposed to remove. None are left out when a change is applied."""
    removals = pending.to(model).filter(verb="remove") if pending is not None else []
    return {change.row for change in removals if change.row}


class ApprovalEventQuerySet(models.QuerySet):
    def public(self) -> Self:
        """The gate for readers: events of therapies, for cancers, that have a published page."""
        live = Edition.objects.live().order_by()
        return self.filter(
            Exists(live.filter(page=OuterRef("indication__therapy"))),
            Exists(live.filter(page=OuterRef("indication__cancer"))),
        )

    def up_to(self, on: datetime.date | None) -> Self:
        """Decisions that had come by a day; without one, by today."""
        return self.filter(date__lte=on or timezone.localdate())


class ApprovalEvent(Fact):
    """A decision of FDA on one use, on one day."""

    class Kind(models.TextChoices):
        ACCELERATED = "accelerated-approval", "Accelerated approval"  # on early results; a further study is required
        APPROVAL = "approval", "Approval"  # regular; a second one expands the use
        CONVERTED = "converted", "Converted to regular approval"  # the further study confirmed the benefit
        WITHDRAWN = "withdrawn", "Withdrawn"
        REVOKED = "revoked", "License revoked"  # the drug's license, and with it every use
        NARROWED = "narrowed", "Narrowed"  # allowed for fewer people from then on

    class Precision(models.TextChoices):
        DAY = "day", "Day"
        MONTH = "month", "Month only"
        BY = "by", "By the end of this month"  # a list of that month is the first that tells of it

    READERS_SEE = ("indication", "kind", "date", "precision", "source", "note")

    GRANTS = (Kind.ACCELERATED, Kind.APPROVAL)
    #: After one of these the use is no longer approved.
    ENDS = (Kind.WITHDRAWN, Kind.REVOKED)
    #: What takes back something that FDA had allowed: what it does to an approval, and what becomes of the use.
    TAKES_BACK: ClassVar = {
        Kind.WITHDRAWN: ("withdraw", "be withdrawn"),
        Kind.REVOKED: ("end", "end"),
        Kind.NARROWED: ("narrow", "be narrowed"),
    }
    #: For so long after FDA's day a decision is marked as new, whenever it was entered here.
    NEW_FOR = datetime.timedelta(days=90)

    short_id = ShortId()
    indication = models.ForeignKey(Indication, models.PROTECT, related_name="events", verbose_name="approved use")
    kind = models.CharField(max_length=20, choices=Kind)
    date = models.DateField(
        help_text="Where no day is known, the last one of the month: from then on the event is certain."
    )
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)

    objects = ApprovalEventQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ["date", "pk"]
        verbose_name = "FDA decision"
        constraints = [
            models.UniqueConstraint(
                fields=["indication", "kind", "date"],
                name="approvalevent_once",
                violation_error_message="We have this decision already, with this kind and date. "
                "Open it and add to its note instead.",
            ),
        ]

    def __str__(self) -> str:
        known = moments.day(self.date) if self.precision == self.Precision.DAY else date_format(self.date, "F Y")
        by = "by " if self.precision == self.Precision.BY else ""
        return f"{self.get_kind_display()}, {by}{known}: {self.indication}"

    def first_said(self) -> str:
        return f"event:{self.indication.short_id}:{self.kind}:{self.date}"

    def fits(self, date: datetime.date) -> bool:
        """Whether it may be of that day: an event known by its month fits every day of it."""
        by_month = self.precision != self.Precision.DAY
        return self.date == date or (by_month and last_of_month(self.date) == last_of_month(date))

    def is_new_on(self, today: datetime.date) -> bool:
        return self.date >= today - self.NEW_FOR

    @property
    def is_end(self) -> bool:
        return self.kind in self.ENDS

    @property
    def takes_back(self) -> bool:
        return self.kind in self.TAKES_BACK

    @property
    def affects_patients(self) -> bool:
        return self.takes_back

    @property
    def changed_terms(self) -> EarlierTerms | None:
        """The terms that the use had until this decision changed them."""
        return getattr(self, "earlier_terms", None)

    def addresses(self) -> list[str]:
        return [*self.indication.addresses(), reverse("therapies:approvals")]

    def clean(self) -> None:
        """Refuse a day that has not come. Raises ValidationError with what to do."""
        if self.date > timezone.localdate() and self.precision == self.Precision.DAY:
            raise ValidationError({"date": "This day has not come yet. Enter a decision once FDA has made it."})
        if self.precision != self.Precision.DAY:
            self.date = last_of_month(self.date)

    def check_against(self, pending: ChangeQuerySet | None) -> None:
        """Refuse what cannot have happened beside the other decisions on the use. Raises ValidationError."""
        others, waiting = self._others(), []
        if pending is not None and self.indication.pk is not None:
            additions = pending.to(ApprovalEvent).filter(verb="add", after__indication=self.indication.pk)
            waiting = [values.imagined(change) for change in additions]
        if wrong := self._wrong_beside([*others, *waiting]):
            raise ValidationError(wrong)
        for one in others:
            one.check_still_holds([self, *(other for other in others if other is not one)])

    def check_removal(self, pending: ChangeQuerySet | None) -> None:
        """Refuse that an approval goes from under decisions that stay. Raises ValidationError."""
        if EarlierTerms.objects.filter(event=self.pk).exclude(pk__in=_leaving(EarlierTerms, pending)).exists():
            raise ValidationError("The earlier terms of the use rest on this decision. Remove those first.")
        leaving = _leaving(ApprovalEvent, pending)
        others = [one for one in self._others() if one.pk not in leaving]
        for one in others:
            one.check_still_holds([other for other in others if other is not one])

    def check_still_holds(self, others: list["ApprovalEvent"]) -> None:
        """Refuse that the other decisions on the use become these. Raises ValidationError."""
        if self._wrong_beside(others):
            told = f"{self.get_kind_display()}, {moments.day(self.date)}"
            raise ValidationError(f"“{told}” rests on this decision. Correct or remove that one first.")

    def _others(self) -> list["ApprovalEvent"]:
        return [] if self.indication.pk is None else list(self.indication.events.exclude(pk=self.pk))

    def _wrong_beside(self, others: list["ApprovalEvent"]) -> dict[str, str]:
        """What is wrong with a field of this decision, if those are the others on the use."""

        def first(*kinds: str) -> datetime.date | None:
            return min((other.date for other in others if other.kind in kinds), default=None)

        granted, early, end = first(*self.GRANTS), first(self.Kind.ACCELERATED), first(*self.ENDS)
        if self.takes_back:
            verb, become = self.TAKES_BACK[self.Kind(self.kind)]
            if not granted:
                return {"kind": f"This use has no approval to {verb}. Enter or confirm that first."}
            if self.date < granted:
                told = f"The use was first approved on {moments.day(granted)}; it cannot {become} before."
                return {"date": f"{told} Check the date."}
        if self.kind == self.Kind.CONVERTED and (not early or self.date < early):
            told = "Only an accelerated approval can be converted, and after it was granted. "
            return {"kind": f"{told}Enter or confirm that one first, or choose Approval."}
        if end and self.date >= end:
            again = "If FDA allowed it again, enter a new use with its own setting."
            advice = "Correct that decision instead." if self.is_end else again
            return {"date": f"This use had ended before that day. {advice}"}
        return {}


def last_of_month(date: datetime.date) -> datetime.date:
    return (date.replace(day=1) + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
