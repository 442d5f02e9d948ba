"""Pages and their editions.

A page is an identity; an edition is one wording of it. Only the edition has a status, and
only ``actions`` writes one. The database keeps the promises that matter by itself.
"""

import datetime
import hashlib
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from .base import moment, who
from .facts import Source

if TYPE_CHECKING:
    from .papers import Approval


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"  # being written; staff only
    IN_REVIEW = "in-review", "In review"  # handed to a second person; staff only
    SCHEDULED = "scheduled", "Scheduled"  # a second person approved it for a moment to come; staff only
    PUBLISHED = "published", "Published"  # what readers see
    SUPERSEDED = "superseded", "Superseded"  # was published, a later edition took its place
    WITHDRAWN = "withdrawn", "Withdrawn"  # was published, taken from readers with a reason


OPEN = [Status.DRAFT, Status.IN_REVIEW, Status.SCHEDULED]
ENDED = [Status.SUPERSEDED, Status.WITHDRAWN]


def pair(name: str, when: str, *whats: str) -> models.CheckConstraint:
    """When something was done and by whom are known together, or neither is."""
    fields = (when, *whats)
    none, all_ = (Q(**{f"{field}__isnull": value for field in fields}) for value in (True, False))
    return models.CheckConstraint(condition=none | all_, name=f"%(class)s_{name}_pair")


def second_person(name: str, who: str) -> models.CheckConstraint:
    """Who approves is not one of those that the edition itself remembers as its authors, or it says so."""
    return models.CheckConstraint(
        condition=Q(**{f"{who}__isnull": True})
        | Q(published_alone=True)
        | (
            (Q(created_by__isnull=True) | ~Q(**{who: F("created_by")}))
            & (Q(edited_by__isnull=True) | ~Q(**{who: F("edited_by")}))
        ),
        name=f"%(class)s_{name}",
    )


class PageQuerySet(models.QuerySet):
    def published(self) -> Self:
        """The one gate for readers: pages with a published edition, which is at hand as ``page.live``.

        One query. A page that has only drafts does not exist for readers.
        """
        live = FilteredRelation("editions", condition=Q(editions__status=Status.PUBLISHED))
        return self.annotate(live=live).filter(live__isnull=False).select_related("live")

    def overdue(self) -> Self:
        """Published pages whose text should have been read again by now, those that wait longest first."""
        kind: Any = self.model
        read = Coalesce("live__reviewed_at", "live__published_at")
        before = timezone.now() - kind.REVIEW_EVERY
        return self.published().alias(read=read).filter(read__lt=before).order_by("read")

    def gone(self) -> Self:
        """Pages that readers once had and that were withdrawn: their address says so, with the reason."""
        return self.filter(editions__status=Status.WITHDRAWN).exclude(editions__status=Status.PUBLISHED).distinct()


class Page(models.Model):
    """An identity with an address. Its text lies in editions, reached as ``page.editions``."""

    slug = models.SlugField(
        "address", max_length=100, unique=True, help_text="Last part of the page's web address. Do not change it."
    )

    objects = PageQuerySet.as_manager()

    #: How long a review holds. Kinds that change rarely set a longer time.
    REVIEW_EVERY = datetime.timedelta(days=365)

    class Meta:
        abstract = True

    live: Any  # the published edition; set by ``published()``
    shipped_as: str  # its name in the shipped files; set by the loader
    editions: Any  # its manager; every concrete edition names its key to the page so

    def get_absolute_url(self) -> str:
        raise NotImplementedError  # every kind has its own; a part of a larger page has one with "#"

    def open_edition(self) -> "Edition | None":
        """The edition that is being written or reviewed, or None. Staff only."""
        return self.editions.filter(status__in=OPEN).first()

    def last_edition(self) -> "Edition | None":
        """The edition that readers see, or that they saw last before the page was withdrawn. Staff only."""
        live = self.editions.filter(status=Status.PUBLISHED).first()
        return live or self.editions.filter(status=Status.WITHDRAWN).order_by("-withdrawn_at", "-pk").first()


class Edition(models.Model):
    """One wording of a page. Concrete editions add ``page``, a key to their page, and the parts of the text.

    Text that came with the software has no author: ``created_by`` and ``published_by`` are
    empty, and readers are told that nobody with medical training has reviewed it.
    """

    TEXT: tuple[str, ...] = ()  # names of the fields that hold the wording, in reading order
    QUOTING: tuple[str, ...] = ("in_short",)  # those without markup in which readers see figures filled in

    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT, editable=False, db_index=True)
    change_note = models.CharField(
        "what changed and why", max_length=300, blank=True, help_text="One sentence for the reviewer and the history."
    )
    sources = models.ManyToManyField(Source, blank=True, related_name="%(class)ss")
    dossier = models.OneToOneField(
        "publishing.Dossier", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = who()
    edited_at = moment()
    edited_by = who()
    submitted_at = moment()
    submitted_by = who()
    sent_back_at = moment()
    sent_back_by = who()
    sent_back_because = models.CharField(max_length=500, blank=True, editable=False)
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
    superseded_at = moment()
    withdraw_at = moment(help_text="Planned moment of withdrawal from readers.")
    withdraw_planned_by = who()
    withdrawn_at = moment()
    withdrawn_by = who()
    withdrawn_because = models.CharField(
        max_length=500, blank=True, editable=False, help_text="Readers see it at the address of the page."
    )

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]
        default_permissions = ("add", "change", "view", "publish")
        constraints = [
            models.UniqueConstraint(
                fields=["page"], condition=Q(status=Status.PUBLISHED), name="%(class)s_one_published"
            ),
            models.UniqueConstraint(fields=["page"], condition=Q(status__in=OPEN), name="%(class)s_one_open"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="%(class)s_status_known"),
            pair("edited", "edited_at", "edited_by"),
            pair("submitted", "submitted_at", "submitted_by"),
            pair("sent_back", "sent_back_at", "sent_back_by"),
            pair("scheduled", "publish_at", "scheduled_at", "scheduled_by"),
            pair("reviewed", "reviewed_at", "reviewed_by"),
            pair("withdraw_planned", "withdraw_at", "withdraw_planned_by"),
            pair("withdrawn", "withdrawn_at", "withdrawn_by"),
            # Shipped text (no author) is the one kind that is published by nobody.
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False)
                | Q(published_at__isnull=False, created_by__isnull=True),
                name="%(class)s_published_pair",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, published_at__isnull=True)
                | Q(status__in=[Status.PUBLISHED, *ENDED], published_at__isnull=False),
                name="%(class)s_published_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.IN_REVIEW, Status.SCHEDULED]) | Q(submitted_at__isnull=False),
                name="%(class)s_submitted_when",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SCHEDULED) | Q(publish_at__isnull=False), name="%(class)s_scheduled_when"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.SUPERSEDED, superseded_at__isnull=False)
                | (~Q(status=Status.SUPERSEDED) & Q(superseded_at__isnull=True)),
                name="%(class)s_superseded_when",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.WITHDRAWN, withdrawn_at__isnull=False) & ~Q(withdrawn_because="")
                | (~Q(status=Status.WITHDRAWN) & Q(withdrawn_at__isnull=True)),
                name="%(class)s_withdrawn_when",
            ),
            models.CheckConstraint(
                condition=Q(created_by__isnull=True) | Q(dossier__isnull=False), name="%(class)s_written_has_papers"
            ),
            second_person("second_pair_of_eyes", "published_by"),
            second_person("second_person_schedules", "scheduled_by"),
        ]

    page: Any
    page_id: Any

    def __str__(self) -> str:
        return f"{self.page}, {self.get_status_display().lower()} of {timezone.localtime(self.created_at):%Y-%m-%d}"

    @property
    def shipped(self) -> bool:
        """Came with the software; nobody here wrote it."""
        return self.created_by_id is None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def authors(self) -> set[int]:
        """Keys of everybody who wrote in this edition. One query."""
        return set(self.dossier.writers.values_list("pk", flat=True)) if self.dossier else set()

    def digest(self) -> str:
        """Digest of the wording and its sources: an approval holds while this stays the same. One query."""
        words = [*self.words().values(), *map(str, sorted(self.sources.values_list("pk", flat=True)))]
        return hashlib.sha256("\x1f".join(words).encode()).hexdigest()

    def judgements(self) -> list["Approval"]:
        """The last word of each guest, newest first; each knows as ``void`` why it does not count. Four queries."""
        found = list(self.dossier.approvals.last_words()) if self.dossier else []
        if found:
            digest, authors = self.digest(), self.authors()
            for judgement in found:
                judgement.void = judgement.why_void(digest, authors)
        return found

    def reviewers(self) -> str:
        """The medical professionals who approved exactly these words and let readers see their names."""
        names: list[str] = []
        for judgement in reversed(self.judgements()):
            guest = judgement.invitation
            counts = judgement.approves and not judgement.void and guest and guest.professional
            if counts and judgement.shown_as and len("; ".join([*names, judgement.shown_as])) <= 200:
                names.append(judgement.shown_as)
        return "; ".join(names)

    @property
    def review_due(self) -> datetime.date:
        """The day by which somebody should read it again. Only of a text that was published."""
        kind: Any = self._meta.get_field("page").related_model
        return timezone.localdate((self.reviewed_at or self.published_at) + kind.REVIEW_EVERY)

    @property
    def is_overdue(self) -> bool:
        """Whether that day has passed."""
        return self.review_due < timezone.localdate()

    @classmethod
    def cleaned(cls, name: str, value: str) -> str:
        """A value as it would be stored today."""
        field = cls._meta.get_field(name)
        return field.sanitised(value) if hasattr(field, "sanitised") else value

    def words(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.TEXT}

    def missing(self) -> list[str]:
        """Parts that must not be empty, and are."""
        required = (name for name in self.TEXT if not getattr(self._meta.get_field(name), "blank", False))
        return [name for name in required if not getattr(self, name).strip()]
