"""What the watch remembers of FDA's files between two looks, and the dates by which FDA means to decide."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.publishing import moments
from portal.publishing.models import Source
from portal.publishing.models.base import moment, who

from .imports import Batch


class WatchedFileQuerySet(models.QuerySet):
    def askable(self) -> Self:
        """Those whose server does not want to be left alone now."""
        return self.filter(Q(not_before=None) | Q(not_before__lte=timezone.now()))

    def in_turn(self) -> Self:
        """The healthy first, and of these the one that was asked longest ago: one that always fails blocks no other."""
        return self.order_by("failures", F("asked_at").asc(nulls_first=True), "pk")


class WatchedFile(models.Model):
    """One of FDA's addresses. What is known of it changes only with an answer that was read to its end."""

    LONGEST_MARK = 200  # characters of the two marks; a part of one would say nothing

    kind = models.CharField(max_length=60, help_text="Key of a kind in fda/file_kinds.py.")
    address = models.CharField(max_length=300, unique=True)
    etag = models.CharField(max_length=LONGEST_MARK, blank=True, help_text="Of the answer that was read last.")
    last_modified = models.CharField(max_length=LONGEST_MARK, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="Of what it stated. Empty while nothing was there.")
    edition = models.CharField("release", max_length=30, blank=True)
    asked_at = moment()
    checked_at = moment(help_text="When its whole content was last known to us.")
    changed_at = moment(help_text="When it last stated something else than before.")
    not_before = moment(help_text="Until then its server is left alone.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    trouble = models.CharField(max_length=400, blank=True, help_text="Why the last look failed.")
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="+", help_text="What its last change became."
    )

    objects = WatchedFileQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "address"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.address


class WatchTurn(models.Model):
    """One round of the watch. Only one is under way, however many processes would begin one."""

    started_at = models.DateTimeField(default=timezone.now)
    alive_at = models.DateTimeField(default=timezone.now, help_text="Its last sign of life.")
    ended_at = moment()
    is_under_way = models.BooleanField(null=True, unique=True, default=True, help_text="Yes, or empty: never no.")
    asked = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return moments.minute(self.started_at)


class GoalDateQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(outcome="")


class GoalDate(models.Model):
    """The day by which FDA means to decide on an application. It tells nothing of the decision: staff alone see it."""

    class Outcome(models.TextChoices):
        DECIDED = "decided", "FDA decided, and the decision is entered"
        NOT_APPROVED = "not-approved", "FDA did not approve it (complete response)"
        WITHDRAWN = "withdrawn", "The company withdrew its application"
        MOVED = "moved", "FDA moved the date"
        MISTAKEN = "mistaken", "It was entered by mistake"

    drug = models.CharField("drug", max_length=120, help_text="Generic name, as FDA’s notices write it.")
    use = models.CharField("for what", max_length=300)
    date = models.DateField("goal date")
    source = models.ForeignKey(Source, models.PROTECT, related_name="goal_dates")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = who()
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, editable=False)
    closed_at = moment()
    closed_by = who()
    closed_because = models.CharField(max_length=300, blank=True, editable=False)

    objects = GoalDateQuerySet.as_manager()

    class Meta:
        ordering = ["date", "drug", "pk"]
        default_permissions = ("add", "view", "change")
        constraints = [
            models.UniqueConstraint(fields=["drug", "use", "date"], name="goaldate_once"),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True, closed_because="")
                | ~Q(outcome="") & Q(closed_at__isnull=False) & ~Q(closed_because=""),
                name="goaldate_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.drug}: {self.use}"
