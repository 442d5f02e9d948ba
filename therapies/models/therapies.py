"""A therapy, its words, and the facts that sources tell of it apart from its approved uses."""

import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html

from portal.publishing.models import ChangeQuerySet, Fact, Page, PageQuerySet
from portal.publishing.parts import Line, Paragraph, RichText

from .. import fact_kinds
from ..fact_kinds import FactKind, application_number
from .approvals import Indication
from .kinds import NamedPage, TherapyClass


class TherapyQuerySet(PageQuerySet):
    def approved(self, on: datetime.date | None = None) -> Self:
        """Therapies with at least one use in force on a day (default: today)."""
        return self.filter(Exists(Indication.objects.in_force(on).filter(therapy=OuterRef("pk"))))


class Therapy(NamedPage):
    PARTS = (
        Line("say", "how to say it", "For example pem-broh-LIZ-oo-mab.", required=False, longest=100),
        Paragraph("in_short", help="40 to 60 words: what it is, who may get it, how it is given.", quotes=True),
        RichText(
            "emergency", "when to call 911", "Only what its class does not say already: it appears below that.", False
        ),
        RichText("when_to_call", help="The same day: only what its class does not say already.", required=False),
        RichText("what_to_know", "how you get it", "80 to 140 words: tests before, visits, what is watched during."),
        RichText("side_effects", help="The serious ones and what is done about them, then the common ones."),
        RichText("how_it_works", help="80 to 140 words: the target, the cells, what changes."),
        RichText("questions", "questions to ask", "A list of three to five, particular to this therapy."),
    )
    READERS_SEE = (
        *Page.READERS_SEE,
        *("name", "therapy_class", "components", "borderline", "scope_note", "page_number"),
    )

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


class TherapyFact(Fact):
    """Anything a source says of a therapy apart from its approved uses: names, licenses, targets, safety."""

    class Center(models.TextChoices):
        """FDA's centers that license drugs, as FDA calls them."""

        CDER = "CDER", "CDER (drugs)"
        CBER = "CBER", "CBER (vaccines, blood, cells, genes)"

    READERS_SEE = ("therapy", "kind", "value", "application", "center", "date", "source", "note")
    AT_ONCE = ("position",)

    therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=20, choices=fact_kinds.choices)
    value = models.CharField(max_length=500, help_text="Separate the values of a list with semicolons.")
    application = models.CharField(
        "application number",
        max_length=9,
        blank=True,
        help_text="For a later form only: the number FDA licensed it under, for example BLA761467.",
    )
    center = models.CharField(
        "FDA center",
        max_length=4,
        choices=Center,
        blank=True,
        help_text="For an application only. Drugs@FDA has the applications of CDER.",
    )
    date = models.DateField(null=True, blank=True, help_text="The day from which it holds, where it has one.")
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta(Fact.Meta):
        ordering = ["position", "pk"]
        verbose_name = "fact"
        constraints = [
            models.UniqueConstraint(
                fields=["therapy", "kind", "value"],
                name="therapyfact_once",
                violation_error_message="We have this fact already. Change the one that is there.",
            ),
        ]

    def __str__(self) -> str:
        kind = self.get_kind_display()
        return f"{self.therapy}, {kind if kind[1:2].isupper() else kind[:1].lower() + kind[1:]}: {self.value}"

    @property
    def fda_address(self) -> str:
        """Address of an application's Drugs@FDA record, built from its number. CBER's are not there: empty."""
        if self.kind not in fact_kinds.APPLICATIONS or self.center != self.Center.CDER:
            return ""
        base = "https://www.accessdata.fda.gov/scripts/cder/daf/index.cfm"
        return f"{base}?event=overview.process&ApplNo={self.value[-6:]}"

    @property
    def said(self) -> str:
        """The value as readers see it."""
        words = FactKind(self.kind).traits.said
        return "; ".join(words.get(part, part) for part in self.value.split("; ")) if words else self.value

    @property
    def is_for_readers(self) -> bool:
        return self.kind not in fact_kinds.HIDDEN

    @property
    def affects_patients(self) -> bool:
        return FactKind(self.kind).traits.affects_patients(self.value)

    def addresses(self) -> list[str]:
        return self.therapy.addresses()

    def clean(self) -> None:
        try:
            self.value = FactKind(self.kind).clean(self.value)
        except ValidationError as error:
            raise ValidationError({"value": error.messages}) from error
        try:
            self.application = self.application and application_number(self.application)
        except ValidationError as error:
            raise ValidationError({"application": error.messages}) from error

    def check_against(self, pending: ChangeQuerySet | None) -> None:
        """Of an exclusive kind there is one. Raises ValidationError with the way to the other."""
        if self.kind not in fact_kinds.EXCLUSIVE or self.therapy.pk is None:
            return
        rival = TherapyFact.objects.filter(therapy=self.therapy.pk, kind=self.kind).exclude(pk=self.pk).first()
        if rival:
            words = 'We have “{}” for it. <a href="{}">Correct that fact</a>, so that readers never see two.'
            raise ValidationError({"value": format_html(words, rival.value, reverse("desk:fact", args=[rival.pk]))})
        same = {"after__kind": self.kind, "after__therapy": self.therapy.pk}
        if pending is not None and (waits := pending.to(TherapyFact).filter(verb="add", **same).first()):
            words = '“{}” is pending for it. <a href="{}">Answer that first</a>.'
            raise ValidationError({"value": format_html(words, waits.after["value"], waits.get_absolute_url())})
