"""FDA's files as somebody read them here: a batch for each file, and a row for each thing that it says."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from portal.publishing.models import Change, Source
from portal.publishing.models.base import moment, told_whole, who

#: In place of a person, where the watch fetched a file.
WATCH = "the watch"


class BatchQuerySet(models.QuerySet):
    def settled(self) -> Self:
        """Those of which readers may be told, since no one person stands behind them alone.

        The watch fetched the file from FDA itself, or a second person confirmed something that rests on it.
        """
        confirmed = Change.objects.filter(source=OuterRef("source"), confirmed_at__isnull=False, confirmed_alone=False)
        return self.filter(Q(read_by=None) | Exists(confirmed))


class Batch(models.Model):
    """One file that was read and compared. Reading writes nothing else; accepting rows makes facts that are pending."""

    kind = models.CharField(max_length=60, help_text="Key of a kind in fda/file_kinds.py.")
    edition = models.CharField("release", max_length=30, blank=True, help_text="What the file says of its own date.")
    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200, help_text="Name of the file as it came.")
    size = models.PositiveIntegerField(help_text="Bytes.")
    rows_read = models.PositiveIntegerField()
    total = models.PositiveIntegerField(null=True, help_text="How many results the answer says exist, where it does.")
    source = models.ForeignKey(Source, models.PROTECT, related_name="batches")
    read_at = models.DateTimeField(default=timezone.now, editable=False)
    read_by = who()
    undone_at = moment()
    undone_by = who()
    undone_because = models.CharField(max_length=300, blank=True, editable=False)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-read_at", "-pk"]
        default_permissions = ("add", "view", "change")
        verbose_name_plural = "batches"
        constraints = [
            told_whole("batch_undone_whole", "undone_at", "undone_by", "undone_because"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.edition or self.name}"

    def get_absolute_url(self) -> str:
        return reverse("desk:batch", args=[self.pk])

    @property
    def reader(self) -> str:
        return str(self.read_by or WATCH)


class BatchRowQuerySet(models.QuerySet):
    def unanswered(self) -> Self:
        """Rows that are pending: they propose something, and nobody accepted or skipped them."""
        return self.filter(answered_at__isnull=True, proposal__isnull=False)

    def asked_last(self) -> Self:
        """Without those that a later file asks again: each question waits once, where it was asked last."""
        later = BatchRow.objects.filter(key=OuterRef("key"), batch__gt=OuterRef("batch"), batch__undone_at__isnull=True)
        return self.filter(~Exists(later))

    def naming(self, words: str) -> Self:
        """Rows that hold each of these words: in what the file states, or in a name of a therapy that it concerns."""
        found = self
        for word in words.casefold().split():
            found = found.filter(search__contains=word)
        return found


class BatchRow(models.Model):
    """A finding of ``compare/findings.py``, as plain data, and what a person answered to it."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"  # became a fact that is pending
        SKIPPED = "skipped", "Skipped"  # somebody looked, and our data stays as it is

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField(help_text="Line or record of the file.")
    bucket = models.CharField(max_length=30)
    claim = models.JSONField(help_text="What the file states, by its own tag.")
    reason = models.CharField(max_length=40, help_text="Code of why it is in its bucket.")
    arguments = models.JSONField(default=dict, help_text="Numbers and values that belong to the reason.")
    therapies = models.JSONField(default=list, help_text="Slugs of the therapies that it concerns.")
    application = models.CharField(max_length=12, blank=True)
    date = models.DateField(null=True, blank=True, help_text="FDA date in this row.")
    key = models.CharField(max_length=64, db_index=True, help_text="Digest of the claim, the same in each release.")
    proposal = models.JSONField(null=True, blank=True, help_text="What accepting it would record.")
    search = models.TextField(blank=True, help_text="The words of claim, application and therapies, in lower case.")
    answer = models.CharField(max_length=10, choices=Answer, blank=True, editable=False)
    answered_at = moment()
    answered_by = who()
    answered_because = models.CharField(max_length=300, blank=True, editable=False)
    change = models.ForeignKey(
        Change, models.PROTECT, null=True, blank=True, related_name="rows", help_text="What accepting it proposed."
    )

    objects = BatchRowQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="batchrow_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="batchrow_answered_whole",
            ),
        ]
        indexes = [models.Index(F("batch"), F("bucket"), F("position"), name="batchrow_by_bucket")]

    def __str__(self) -> str:
        return f"{self.batch}, line {self.line}"
