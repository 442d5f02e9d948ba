"""A therapy, its words, and the facts that sources tell of it apart from its approved uses."""

import datetime
import re
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html

from portal.publishing.models import Edition, Fact, PageQuerySet
from portal.publishing.prose import ProseField

from .approvals import Indication
from .kinds import NamedPage, TherapyClass


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

    objects = TherapyQuerySet.as_manager()  # type: ignore[misc]

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
    what_to_know = ProseField(
        "what to know before and during", help_text="80 to 140 words: tests, visits, what is watched."
    )
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
        SUPPLEMENT = "supplement", "Change of use at FDA, not yet explained"  # no page for readers shows it
        MARKET_STATUS = "market-status", "Whether it is sold"
        BOXED_WARNING = "boxed-warning", "Boxed warning"
        SIDE_EFFECTS = "side-effects", "Common side effects"
        RECORD = "record", "The record as a whole"

    NAMES = (Kind.BRAND, Kind.SUFFIX_NAME, Kind.ABBREVIATION, Kind.SYNONYM, Kind.CODE)
    #: Two values of these would tell patients two things.
    ONLY_ONE = (Kind.MARKET_STATUS, Kind.BOXED_WARNING)
    MARKET = ("marketed", "discontinued", "withdrawn", "unknown")
    checked_at = "desk:fact"

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
        return f"{self.therapy}, {self.get_kind_display().lower()}: {self.value}"

    @property
    def fda_address(self) -> str:
        """Address of an application's Drugs@FDA record, built from its number. CBER's are not there: empty."""
        if self.kind != self.Kind.APPLICATION or not self.note.startswith("CDER"):
            return ""
        base = "https://www.accessdata.fda.gov/scripts/cder/daf/index.cfm"
        return f"{base}?event=overview.process&ApplNo={self.value[-6:]}"

    @property
    def affects_patients(self) -> bool:
        left_market = self.kind == self.Kind.MARKET_STATUS and self.value != "marketed"
        return left_market or self.kind == self.Kind.BOXED_WARNING

    def clean(self) -> None:
        if self.kind == self.Kind.APPLICATION:
            self.value = re.sub(r"[\s-]", "", self.value).upper()
            if not re.fullmatch(r"(BLA|NDA)\d{6}", self.value):
                raise ValidationError(
                    {"value": "Write the number as FDA does: BLA or NDA and six digits, for example BLA125514."}
                )
        if self.kind == self.Kind.MARKET_STATUS and self.value not in self.MARKET:
            raise ValidationError({"value": f"Write one of: {', '.join(self.MARKET)}."})
        self._clean_only_one()
        self.clean_reason()

    def _clean_only_one(self) -> None:
        if self.kind not in self.ONLY_ONE or not self.therapy_id:
            return
        if other := self.rivals().exclude(pk=self.pk).first():
            words = 'We record “{}” for it. <a href="{}">Correct that fact</a>, so that readers never see two.'
            raise ValidationError({"value": format_html(words, other.value, other.check_address)})

    def rivals(self) -> models.QuerySet["TherapyFact"]:
        """What is recorded of the same kind for the same therapy, and stands."""
        return TherapyFact.objects.filter(therapy=self.therapy_id, kind=self.kind, rejected_at=None)
