"""Dated facts and where they come from."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from ..links import WebAddressField
from .base import moment, who


class Source(models.Model):
    """Where a fact or a statement comes from."""

    title = models.CharField(max_length=300)
    url = WebAddressField("address", max_length=500, blank=True)
    official = models.BooleanField(
        default=False,
        help_text="Yes for a record of FDA or another government body; no for a journal, society, trade or news page.",
    )
    read_on = models.DateField(null=True, blank=True, help_text="The day somebody read it. Leave empty if nobody did.")
    read_as = models.CharField(max_length=400, blank=True, help_text="How it was read: live page, label, stored copy …")

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["title", "url", "read_as"], name="source_once"),
        ]

    def __str__(self) -> str:
        return self.title


class FactQuerySet(models.QuerySet):
    def confirmed(self) -> Self:
        """The one gate for readers: facts that a second person, or a source read for the data set, confirms."""
        return self.filter(confirmed_at__isnull=False)

    def waiting(self) -> Self:
        """The checking queue: neither confirmed nor rejected, facts with secondary sources first."""
        queue = self.filter(confirmed_at__isnull=True, rejected_at__isnull=True)
        return queue.order_by(F("source__official").asc(nulls_first=True), "pk")

    def rejected(self) -> Self:
        """Facts that a person turned down, with the reason. They stay, so that nobody records them anew."""
        return self.filter(rejected_at__isnull=False)


class Fact(models.Model):
    """A statement with a source that readers see once it is confirmed.

    A fact without ``recorded_by`` came with the software; one that carries a ``doubt`` was
    shipped unconfirmed. ``default_permissions`` has no "delete": a fact is corrected,
    rejected or ended by a later one, never removed.
    """

    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    note = models.CharField(
        max_length=600, blank=True, help_text="For staff; where a use was widened, readers see it too."
    )
    doubt = models.CharField("why unconfirmed", max_length=600, blank=True)
    settles = models.CharField("what would settle it", max_length=300, blank=True)
    because = models.CharField(
        "reason of the change",
        max_length=300,
        blank=True,
        help_text="Needed where patients are affected: a withdrawal, the end of sales, a change of what readers saw.",
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = who()
    confirmed_at = moment(db_index=True)
    confirmed_by = who()
    rejected_at = moment()
    rejected_by = who()
    rejected_because = models.CharField("why rejected", max_length=300, blank=True, editable=False)

    objects = FactQuerySet.as_manager()
    #: Name of the address, with one key, where a second person sees what the fact changes, and answers it.
    checked_at: str

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "view", "confirm")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(source__isnull=False), name="%(class)s_confirmed_has_source"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                | Q(confirmed_at__isnull=False, recorded_by__isnull=True),
                name="%(class)s_confirmed_pair",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(recorded_by__isnull=True)
                | ~Q(confirmed_by=F("recorded_by")),
                name="%(class)s_second_person",
            ),
            models.CheckConstraint(
                condition=Q(rejected_at__isnull=True, rejected_by__isnull=True, rejected_because="")
                | Q(rejected_at__isnull=False, rejected_by__isnull=False, confirmed_at__isnull=True)
                & ~Q(rejected_because=""),
                name="%(class)s_rejected_whole",
            ),
        ]

    @property
    def check_address(self) -> str:
        return reverse(self.checked_at, args=[self.pk])

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def is_rejected(self) -> bool:
        return self.rejected_at is not None

    @property
    def waits(self) -> bool:
        return not self.is_confirmed and not self.is_rejected

    @property
    def affects_patients(self) -> bool:
        """Whether patients feel it: then nobody confirms it before its recorder has said why. Kinds of fact say so."""
        return False

    @property
    def lacks_reason(self) -> bool:
        """What came with the software has no recorder who could be asked."""
        return self.affects_patients and self.recorded_by_id is not None and not self.because.strip()

    @property
    def waits_for(self) -> str:
        """What must be confirmed before this fact, as a sentence for whoever would confirm it; empty when nothing."""
        return ""

    def clean_reason(self) -> None:
        """Ask why, where patients are affected or readers saw something else. ``clean`` of each kind calls it last."""
        before = type(self)._default_manager.filter(pk=self.pk).first() if self.pk else None
        if before and not self.changes(before):
            return
        if before and before.is_confirmed and self.because.strip() in ("", before.because):
            raise ValidationError({"because": "Readers see this fact now. Say in a sentence why it changes."})
        if self.affects_patients and not self.because.strip():
            raise ValidationError(
                {"because": "Patients are affected by this. Say in a sentence what happened, as the source tells it."}
            )

    def changes(self, before: "Fact") -> list[models.Field]:
        """The columns that differ from an older version of this fact, apart from who did what and when."""
        return [
            field
            for field in self._meta.concrete_fields
            if field.name not in STAMPS
            and getattr(before, field.attname) != field.to_python(getattr(self, field.attname))
        ]


#: Columns that tell who did what to a fact, and when.
STAMPS = (
    "recorded_at",
    "recorded_by",
    "confirmed_at",
    "confirmed_by",
    "rejected_at",
    "rejected_by",
    "rejected_because",
)
