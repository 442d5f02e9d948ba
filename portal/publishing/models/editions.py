"""Editions: one wording of a page each, from a draft to what readers see.

Only the edition has a status, and only ``actions`` writes one. The database keeps the promises that matter by itself.
"""

import datetime
import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from .. import moments
from ..parts import Part, Words, WordsField, passages
from .base import moment, together, who
from .memory import wrote_in
from .pages import ENGLISH, Page, specific
from .sources import Source

if TYPE_CHECKING:
    from .papers import Judgement


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"  # being written; staff only
    IN_REVIEW = "in-review", "In review"  # handed to a second person; staff only
    SCHEDULED = "scheduled", "Scheduled"  # a second person approved it for a moment to come; staff only
    PUBLISHED = "published", "Published"  # what readers see
    REPLACED = "replaced", "Replaced"  # was published, a later version took its place
    UNPUBLISHED = "unpublished", "Unpublished"  # was published, taken from readers with a reason
    DISCARDED = "discarded", "Discarded"  # was a draft that somebody threw away; staff can still read it


OPEN = [Status.DRAFT, Status.IN_REVIEW, Status.SCHEDULED]
ENDED = [Status.REPLACED, Status.UNPUBLISHED]
SEEN = [Status.PUBLISHED, *ENDED]


#: The day of a text: when it was written elsewhere, or else published here. ``Edition.dated`` for the database.
DATED = Coalesce("written_on", TruncDate("published_at"))


def second_person(name: str, who: str) -> models.CheckConstraint:
    """Who approves is not one of those that the edition itself remembers as its authors, or it says so."""
    return models.CheckConstraint(
        condition=Q(**{f"{who}__isnull": True})
        | Q(published_alone=True)
        | (
            (Q(created_by__isnull=True) | ~Q(**{who: F("created_by")}))
            & (Q(edited_by__isnull=True) | ~Q(**{who: F("edited_by")}))
        ),
        name=name,
    )


class EditionQuerySet(models.QuerySet["Edition"]):
    def open(self) -> Self:
        """Being written, reviewed or scheduled. Staff only."""
        return self.filter(status__in=OPEN)

    def live(self) -> Self:
        """What readers see."""
        return self.filter(status=Status.PUBLISHED)

    def seen(self) -> Self:
        """What readers see or saw."""
        return self.filter(status__in=SEEN)

    def of_kind(self, *kinds: type[Page]) -> Self:
        return self.filter(page__page_kind__in=[kind._meta.label_lower for kind in kinds])


class Edition(models.Model):
    """One wording of a page in one language.

    Text that came with the software has no author: ``created_by`` and ``published_by`` are
    empty, and readers are told that nobody with medical training has reviewed it.
    """

    page = models.ForeignKey(Page, models.PROTECT, related_name="editions")
    language = models.CharField(max_length=10, default=ENGLISH, editable=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT, editable=False, db_index=True)
    words = WordsField(default=Words, editable=False)
    folded = models.TextField(blank=True, editable=False, help_text="The words without markup, accents and case.")
    change_note = models.CharField(
        "what changed and why", max_length=300, blank=True, help_text="One sentence for the reviewer and the history."
    )
    sources = models.ManyToManyField(Source, blank=True, related_name="editions")
    pictures = models.ManyToManyField("publishing.Picture", blank=True, editable=False, related_name="editions")
    written_on = models.DateField(
        null=True, blank=True, editable=False, help_text="Of a shipped text: day it was written."
    )
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", editable=False)
    findings = models.JSONField(
        null=True, blank=True, editable=False, help_text="What the plain-language coach found at the last save."
    )

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = who()
    edited_at = moment()
    edited_by = who()
    submitted_at = moment()
    submitted_by = who()
    returned_at = moment()
    returned_by = who()
    returned_because = models.CharField(max_length=500, blank=True, editable=False)
    publish_at = moment(help_text="Planned moment of publication.")
    scheduled_at = moment()
    scheduled_by = who()
    published_at = moment()
    published_by = who()
    published_alone = models.BooleanField(
        default=False, editable=False, help_text="Published by its own author, without a second pair of eyes."
    )
    reviewed_at = moment(help_text="When somebody other than its authors last read it and found it right.")
    reviewed_by = who()
    reviewed_as = models.CharField(
        max_length=200,
        blank=True,
        editable=False,
        help_text="Medical reviewer as readers see the name, if there was one.",
    )
    replaced_at = moment()
    unpublish_at = moment(help_text="Planned moment of unpublication.")
    unpublish_planned_by = who()
    unpublished_at = moment()
    unpublished_by = who()
    unpublished_because = models.CharField(
        max_length=500, blank=True, editable=False, help_text="Readers see it at the address of the page."
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "version"
        default_permissions = ("add", "change", "view", "publish")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language"], condition=Q(status="published"), name="edition_one_published"
            ),
            models.UniqueConstraint(
                fields=["page", "language"],
                condition=Q(status__in=["draft", "in-review", "scheduled"]),
                name="edition_one_open",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="edition_status_known"),
            together("edition_edited_pair", "edited_at", "edited_by"),
            together("edition_submitted_pair", "submitted_at", "submitted_by"),
            together("edition_returned_pair", "returned_at", "returned_by"),
            together("edition_scheduled_pair", "publish_at", "scheduled_at", "scheduled_by"),
            together("edition_reviewed_pair", "reviewed_at", "reviewed_by"),
            together("edition_unpublish_planned_pair", "unpublish_at", "unpublish_planned_by"),
            together("edition_unpublished_pair", "unpublished_at", "unpublished_by"),
            # Shipped text (no author) is the one kind that is published by nobody.
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False)
                | Q(published_at__isnull=False, created_by__isnull=True),
                name="edition_published_pair",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[*OPEN, Status.DISCARDED], published_at__isnull=True)
                | Q(status__in=SEEN, published_at__isnull=False),
                name="edition_published_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.IN_REVIEW, Status.SCHEDULED]) | Q(submitted_at__isnull=False),
                name="edition_submitted_when",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SCHEDULED) | Q(publish_at__isnull=False), name="edition_scheduled_when"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.REPLACED, replaced_at__isnull=False)
                | (~Q(status=Status.REPLACED) & Q(replaced_at__isnull=True)),
                name="edition_replaced_when",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.UNPUBLISHED, unpublished_at__isnull=False) & ~Q(unpublished_because="")
                | (~Q(status=Status.UNPUBLISHED) & Q(unpublished_at__isnull=True)),
                name="edition_unpublished_when",
            ),
            second_person("edition_second_pair_of_eyes", "published_by"),
            second_person("edition_second_person_schedules", "scheduled_by"),
        ]

    def __str__(self) -> str:
        return f"{self.page}, {self.get_status_display().lower()} of {moments.day(self.created_at)}"

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.page.parts

    @property
    def title(self) -> str:
        """What readers call the page while this is its text."""
        return self.page.title_of(self.words)

    @property
    def shipped(self) -> bool:
        """Came with the software; nobody here wrote it."""
        return self.created_by_id is None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def authors(self) -> set[int]:
        """Keys of everybody who wrote in this edition, or since it began in what goes public with it: the page's own
        row, its sources, its pictures. Four queries at most.
        """
        rows = [self.page.specific, *self.sources.all(), *self.pictures.all()]
        return set(self.writers.values_list("pk", flat=True)) | wrote_in(rows, since=self.created_at)

    def digest(self) -> str:
        """Digest of all that a reviewer reads: the words, their sources and pictures. An approval holds while it stays
        the same. Two queries.
        """
        texts = [text for _, text in passages(self.parts, self.words)]
        sources = self.sources.order_by("pk").values_list("pk", "title", "url", "official")
        pictures = self.pictures.order_by("pk").values_list("pk", "alt", "caption", "credit")
        shown = [*texts, *(str(row) for row in [*sources, *pictures])]
        return hashlib.sha256("\x1f".join(shown).encode()).hexdigest()

    def judgements(self) -> list["Judgement"]:
        """The last word of each guest, newest first; each knows as ``void`` why it does not count. Four queries."""
        given = self.judgements_given.exclude(invitation=None).select_related("invitation")
        last = {judgement.invitation_id: judgement for judgement in given}  # people may change their mind
        found = sorted(last.values(), key=lambda judgement: judgement.pk, reverse=True)
        if found:
            digest, authors = self.digest(), self.authors()
            for judgement in found:
                judgement.void = judgement.why_void(digest, authors)
        return found

    def reviewers(self, publisher: int | None) -> str:
        """The medical professionals who approved exactly these words and let readers see their names.

        ``publisher`` is the key of whoever publishes or schedules it. A name that this person invited does not count,
        since one person could then invent it; nor does one that came after the text was scheduled.
        """
        alone = settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES
        names: list[str] = []
        for judgement in reversed(self.judgements()):
            guest = judgement.invitation
            counts = judgement.approves and not judgement.void and guest and guest.professional
            if guest and guest.created_by_id == publisher and not alone:
                continue
            if self.scheduled_at and judgement.at > self.scheduled_at:
                continue
            if counts and judgement.shown_as and len("; ".join([*names, judgement.shown_as])) <= 200:
                names.append(judgement.shown_as)
        return "; ".join(names)

    @property
    def dated(self) -> datetime.date:
        """The day of its words. That of a shipped text is when it was written, whenever it was installed. Only of a
        text that was published.
        """
        return self.written_on or timezone.localdate(self.published_at)

    @property
    def review_due(self) -> datetime.date:
        """The day by which somebody should read it again. Only of a text that was published."""
        read = timezone.localdate(self.reviewed_at) if self.reviewed_at else self.dated
        return read + self.page.model.REVIEW_EVERY

    @property
    def is_overdue(self) -> bool:
        return self.review_due < timezone.localdate()


def with_pages(editions: Iterable[Edition]) -> list[Any]:
    """Editions with the rows of their pages' kinds at hand. One query a kind; join ``page`` before."""
    found = list(editions)
    pages = specific(edition.page for edition in found)
    for edition in found:
        edition.page = pages[edition.page_id]
    return found
