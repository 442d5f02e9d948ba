"""Therapies, the cancers they are used for, and the dated facts of their approval in the United States.

Whether a use is in force, or a therapy approved, on a day is never stored: it follows from
the confirmed approval events, here in SQL and in ``timeline.py`` for rows at hand.
"""

import datetime
import re
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from portal.publishing.models import Edition, Fact, FactQuerySet, Page, PageQuerySet, Status
from portal.publishing.prose import ProseField


class NamedPage(Page):
    name = models.CharField(max_length=150, unique=True)

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AboutEdition(Edition):
    """The text of a page that explains one thing."""

    TEXT = ("in_short", "about")

    in_short = models.TextField(help_text="One or two sentences, for lists and the top of the page.")
    about = ProseField()

    class Meta(Edition.Meta):
        abstract = True


# The two levels of therapy ------------------------------------------------------------


class Family(NamedPage):
    """One of the five types of immunotherapy."""

    order = models.PositiveSmallIntegerField(default=0)

    class Meta(NamedPage.Meta):
        ordering = ["order"]
        verbose_name_plural = "families"

    def get_absolute_url(self) -> str:
        return reverse("therapies:type", args=[self.slug])


class FamilyEdition(AboutEdition):
    page = models.ForeignKey(Family, models.PROTECT, related_name="editions")


class TherapyClass(NamedPage):
    """A class within a family: checkpoint inhibitors are one class of immunomodulators."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="classes")
    order = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True, help_text="For staff: why the class stands in its family.")

    class Meta(NamedPage.Meta):
        ordering = ["order"]
        verbose_name = "class"
        verbose_name_plural = "classes"

    def get_absolute_url(self) -> str:
        return reverse("therapies:type", args=[self.address])

    @property
    def address(self) -> str:
        """A class that is called like its family ("oncolytic virus") gives the address to the family."""
        return f"{self.slug}-class" if self.slug == self.family.slug else self.slug


class TherapyClassEdition(AboutEdition):
    page = models.ForeignKey(TherapyClass, models.PROTECT, related_name="editions")


# Cancers and biomarkers -----------------------------------------------------------------


class Cancer(NamedPage):
    """A cancer, in two levels: melanoma is a skin cancer."""

    class Kind(models.TextChoices):
        CANCER = "cancer", "Cancer"
        TUMOR_AGNOSTIC = "tumor-agnostic", "Tumors of any site"
        OTHER = "precancer/other", "Precancer or related condition"

    plain_name = models.CharField(max_length=100, help_text="As a reader without medical words would say it.")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="kinds")
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.CANCER)
    synonyms = models.TextField(blank=True, help_text="Other names, one a line.")
    ctgov_condition = models.CharField(
        "ClinicalTrials.gov condition", max_length=100, help_text="The condition to search for at ClinicalTrials.gov."
    )

    class Meta(NamedPage.Meta):
        constraints = [models.CheckConstraint(condition=~Q(parent=models.F("pk")), name="cancer_not_its_own_parent")]

    def clean(self) -> None:
        if self.parent and self.parent.parent_id:
            raise ValidationError({"parent": f"{self.parent} is itself a kind of {self.parent.parent}. Choose that one."})

    def get_absolute_url(self) -> str:
        return reverse("therapies:cancer", args=[self.slug])


class CancerEdition(AboutEdition):
    page = models.ForeignKey(Cancer, models.PROTECT, related_name="editions")


class Biomarker(NamedPage):
    """Something a test looks for that decides whether a use is open to a person."""

    synonyms = models.TextField(blank=True, help_text="Other names, one a line.")

    def get_absolute_url(self) -> str:
        return reverse("therapies:biomarker", args=[self.slug])


class BiomarkerEdition(AboutEdition):
    page = models.ForeignKey(Biomarker, models.PROTECT, related_name="editions")


# Therapies --------------------------------------------------------------------------------


class TherapyQuerySet(PageQuerySet):
    def approved(self, on: datetime.date | None = None) -> Self:
        """Therapies with at least one use in force on a day (default: today)."""
        return self.filter(Exists(Indication.objects.in_force(on).filter(therapy=OuterRef("pk"))))


class Therapy(NamedPage):
    therapy_class = models.ForeignKey(TherapyClass, models.PROTECT, related_name="therapies", verbose_name="class")
    components = models.ManyToManyField(
        "immune.Component",
        blank=True,
        related_name="therapies",
        verbose_name="acts through",
        help_text="Cells and molecules of the immune system that the therapy works through.",
    )
    borderline = models.BooleanField(default=False, help_text="At the edge of what counts as immunotherapy.")
    scope_note = models.CharField(max_length=300, blank=True, help_text="Why it is counted, shown to readers.")
    page_number = models.PositiveSmallIntegerField(
        "line on the 2019 page",
        null=True,
        blank=True,
        unique=True,
        help_text="Its place among the 43 lines of the reference page.",
    )
    note = models.TextField("note for staff", blank=True)

    objects = TherapyQuerySet.as_manager()

    class Meta(NamedPage.Meta):
        verbose_name_plural = "therapies"

    def get_absolute_url(self) -> str:
        return reverse("therapies:detail", args=[self.slug])


class TherapyEdition(Edition):
    TEXT = ("say", "in_short", "how_it_works", "what_to_know", "side_effects", "questions")

    page = models.ForeignKey(Therapy, models.PROTECT, related_name="editions")
    say = models.CharField("how to say it", max_length=100, blank=True, help_text="For example pem-broh-LIZ-oo-mab.")
    in_short = models.TextField(help_text="40 to 60 words: what it is, who may get it, how it is given.")
    how_it_works = ProseField(help_text="80 to 140 words: the target, the cells, what changes.")
    what_to_know = ProseField("what to know before and during", help_text="80 to 140 words: tests, visits, what is watched.")
    side_effects = ProseField(help_text="Urgent signs first, with what to do; then the common ones.")
    questions = ProseField("questions to ask", help_text="A list of three to five, particular to this therapy.")


class TherapyFact(Fact):
    """Anything a source says of a therapy apart from its approved uses: names, licences, targets, safety."""

    class Kind(models.TextChoices):
        BRAND = "brand", "Brand name"
        SUFFIX_NAME = "suffix-name", "Name with FDA's four-letter suffix"
        ABBREVIATION = "abbreviation", "Abbreviation"
        SYNONYM = "synonym", "Other name"
        CODE = "code", "Development code"
        PAGE_NAME = "page-name", "Name on the 2019 page"
        MISSPELLING = "misspelling-on-page", "Misspelling on the 2019 page"
        BIOSIMILAR = "biosimilar", "Brand of a biosimilar"
        TARGET = "target", "Target"
        MECHANISM = "mechanism", "How it works, in one line"
        ROUTE = "route", "How it is given"
        APPLICATION = "application", "FDA application number"
        FORM = "form", "Later form of the same drug"
        APPLICANT = "applicant", "Holder of the licence"
        FIRST_APPROVAL = "first-approval", "First US approval, for another use"
        MARKET_STATUS = "market-status", "Whether it is sold"
        BOXED_WARNING = "boxed-warning", "Boxed warning"
        SIDE_EFFECTS = "side-effects", "Common side effects"
        RECORD = "record", "The record as a whole"

    NAMES = (Kind.BRAND, Kind.SUFFIX_NAME, Kind.ABBREVIATION, Kind.SYNONYM, Kind.CODE)
    MARKET = ("marketed", "discontinued", "withdrawn", "unknown")

    therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=20, choices=Kind)
    value = models.CharField(max_length=500, help_text="Several values of a list are parted by semicolons.")
    date = models.DateField(null=True, blank=True, help_text="The day from which it holds, where it has one.")
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta(Fact.Meta):
        ordering = ["position", "pk"]
        verbose_name = "fact"
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["therapy", "kind", "value"],
                name="therapyfact_once",
                violation_error_message="This fact is recorded already. Change the row that is there.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.therapy}: {self.get_kind_display().lower()} {self.value}"

    @property
    def fda_address(self) -> str:
        """Address of the Drugs@FDA record of an application, built from its number; empty for CBER's, which are not there."""
        if self.kind != self.Kind.APPLICATION or not self.note.startswith("CDER"):
            return ""
        base = "https://www.accessdata.fda.gov/scripts/cder/daf/index.cfm"
        return f"{base}?event=overview.process&ApplNo={self.value[-6:]}"

    def clean(self) -> None:
        if self.kind == self.Kind.APPLICATION:
            self.value = re.sub(r"[\s-]", "", self.value).upper()
            if not re.fullmatch(r"(BLA|NDA)\d{6}", self.value):
                raise ValidationError({"value": "Write the number as FDA does: BLA or NDA and six digits, for example BLA125514."})
        if self.kind == self.Kind.MARKET_STATUS and self.value not in self.MARKET:
            raise ValidationError({"value": f"Write one of: {', '.join(self.MARKET)}."})


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

    therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="indications")
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
                last_event__in=[ApprovalEvent.Kind.ACCELERATED, ApprovalEvent.Kind.APPROVAL, ApprovalEvent.Kind.CONVERTED]
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
        """The gate for readers: confirmed events of therapies that have a published page."""
        return self.confirmed().filter(indication__therapy__editions__status=Status.PUBLISHED)


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

    indication = models.ForeignKey(Indication, models.PROTECT, related_name="events", verbose_name="approved use")
    kind = models.CharField(max_length=20, choices=Kind)
    date = models.DateField(help_text="Where only the month is known, its last day: from then on the event is certain.")
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)

    objects = ApprovalEventQuerySet.as_manager()

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
        return f"{self.get_kind_display()} on {self.date:%Y-%m-%d}: {self.indication}"

    def clean(self) -> None:
        """Refuse what cannot have happened. Raises ValidationError with what to do."""
        if not (self.indication_id and self.date and self.kind):
            return
        if self.source_id is None:
            raise ValidationError({"source": "Every event needs a source. Choose the FDA notice, letter or list where you read it."})
        if self.date > timezone.localdate() and self.precision == self.Precision.DAY:
            raise ValidationError({"date": "This day has not come yet. Record an event once FDA has acted."})
        if self.precision == self.Precision.MONTH:
            self.date = last_of_month(self.date)
        others = [e for e in self.indication.events.all() if e.pk != self.pk]
        self._clean_order(others)

    def _clean_order(self, others: list["ApprovalEvent"]) -> None:
        grants = [e.date for e in others if e.kind in self.GRANTS]
        ends = [e.date for e in others if e.kind == self.Kind.WITHDRAWN]
        if self.kind == self.Kind.WITHDRAWN:
            if not grants:
                raise ValidationError({"kind": "This use has no approval to withdraw. Record its approval first."})
            if self.date < min(grants):
                raise ValidationError(
                    {"date": f"The use was first approved on {min(grants):%B %-d, %Y}; it cannot be withdrawn before. Check the date."}
                )
        if self.kind == self.Kind.CONVERTED:
            early = [e.date for e in others if e.kind == self.Kind.ACCELERATED]
            if not early or self.date < min(early):
                raise ValidationError(
                    {"kind": "Only an accelerated approval can be converted, and after it was granted. Record that one first, or choose Approval."}
                )
        if self.kind != self.Kind.WITHDRAWN and ends and self.date >= min(ends):
            raise ValidationError(
                {"date": "This use was withdrawn before that day. If FDA allowed it again, record a new use with its own setting."}
            )


def last_of_month(date: datetime.date) -> datetime.date:
    return (date.replace(day=1) + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)


