"""FDA's files as somebody read them here: a batch for each file, and a row for each thing that it says beside ours."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.publishing.models import Change, Source
from portal.publishing.models.base import moment, who

from ..desk.buckets import BUCKETS


class Batch(models.Model):
    """One file that was read and compared. Reading writes nothing else; accepting rows makes facts that wait."""

    kind = models.CharField(max_length=60, help_text="What the file is, told from its content.")
    edition = models.CharField(max_length=30, blank=True, help_text="What the file says of its own date.")
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

    class Meta:
        ordering = ["-read_at", "-pk"]
        default_permissions = ("add", "view", "change")
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_because="")
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_because=""),
                name="batch_undone_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {f'edition {self.edition}' if self.edition else self.name}"


class BatchRowQuerySet(models.QuerySet):
    def unanswered(self) -> Self:
        """Rows that wait for somebody: they propose something, and nobody accepted or left them."""
        return self.filter(answered_at__isnull=True, proposal__isnull=False)

    def naming(self, words: str) -> Self:
        """Rows that hold each of these words: in what they say, in the rule that sorted them, or as application."""
        found = self
        for word in words.split():
            found = found.filter(Q(what__icontains=word) | Q(why__icontains=word) | Q(application__icontains=word))
        return found


class BatchRow(models.Model):
    """One thing that a file says, sorted beside ours. ``proposal`` is what accepting it would record, as plain data."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"  # became a fact that waits for a second person
        LEFT = "left", "Left as it is"  # somebody looked, and ours stands

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField(help_text="Line or record of the file.")
    bucket = models.CharField(max_length=30, choices=[(bucket, bucket) for bucket in BUCKETS])
    what = models.CharField(max_length=500)
    why = models.CharField(max_length=500)
    therapies = models.JSONField(default=list, help_text="Addresses of the therapies that it concerns.")
    application = models.CharField(max_length=12, blank=True)
    date = models.DateField(null=True, blank=True, help_text="The day of FDA's that it tells.")
    key = models.CharField(max_length=64, db_index=True, help_text="Digest of what it says, the same in each edition.")
    proposal = models.JSONField(null=True, blank=True)
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
        return self.what
