"""Pages, their editions, dated facts and the sources of both. Nothing here knows of medicine.

A page is an identity; an edition is one wording of it. Only the edition has a status, and
only ``actions.py`` writes one. The database keeps the promises that matter by itself.
"""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone

from .prose import ProseField


def who(**kwargs: Any) -> models.ForeignKey:
    """A member of staff who did something. Never deleted with the account: deactivate accounts instead."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+", **kwargs
    )


def moment(**kwargs: Any) -> models.DateTimeField:
    return models.DateTimeField(null=True, blank=True, editable=False, **kwargs)


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"  # being written; staff only
    IN_REVIEW = "in-review", "In review"  # handed to a second person; staff only
    PUBLISHED = "published", "Published"  # what readers see
    SUPERSEDED = "superseded", "Superseded"  # was published, a later edition took its place


OPEN = [Status.DRAFT, Status.IN_REVIEW]


class Source(models.Model):
    """Where a fact or a statement comes from."""

    title = models.CharField(max_length=300)
    url = models.URLField("address", max_length=500, blank=True)
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


class PageQuerySet(models.QuerySet):
    def published(self) -> Self:
        """The one gate for readers: pages with a published edition, which is at hand as ``page.live``.

        One query. A page that has only drafts does not exist for readers.
        """
        live = FilteredRelation("editions", condition=Q(editions__status=Status.PUBLISHED))
        return self.annotate(live=live).filter(live__isnull=False).select_related("live")


class Page(models.Model):
    """An identity with an address. Its text lies in editions, reached as ``page.editions``."""

    slug = models.SlugField(
        "address", max_length=100, unique=True, help_text="Last part of the page's web address. Do not change it."
    )

    objects = PageQuerySet.as_manager()

    class Meta:
        abstract = True

    live: Any  # the published edition; set by ``published()``
    editions: Any  # its manager; every concrete edition names its key to the page so

    def open_edition(self) -> "Edition | None":
        """The edition that is being written or reviewed, or None. Staff only."""
        return self.editions.filter(status__in=OPEN).first()


class Edition(models.Model):
    """One wording of a page. Concrete editions add ``page``, a key to their page, and the parts of the text.

    Text that came with the software has no author: ``created_by`` and ``published_by`` are
    empty, and readers are told that nobody with medical training has reviewed it.
    """

    TEXT: tuple[str, ...] = ()  # names of the fields that hold the wording, in reading order

    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT, editable=False, db_index=True)
    change_note = models.CharField(
        "what changed and why", max_length=300, blank=True, help_text="One sentence for the reviewer and the history."
    )
    sources = models.ManyToManyField(Source, blank=True, related_name="%(class)ss")

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = who()
    edited_at = moment()
    edited_by = who()
    submitted_at = moment()
    submitted_by = who()
    sent_back_at = moment()
    sent_back_by = who()
    sent_back_because = models.CharField(max_length=500, blank=True, editable=False)
    published_at = moment()
    published_by = who()
    published_alone = models.BooleanField(
        default=False, editable=False, help_text="Published by its own author, without a second pair of eyes."
    )
    reviewed_as = models.CharField(
        max_length=200,
        blank=True,
        editable=False,
        help_text="Medical reviewer as readers see the name, if there was one.",
    )
    superseded_at = moment()

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
            models.CheckConstraint(
                condition=Q(edited_at__isnull=True, edited_by__isnull=True)
                | Q(edited_at__isnull=False, edited_by__isnull=False),
                name="%(class)s_edited_pair",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="%(class)s_submitted_pair",
            ),
            models.CheckConstraint(
                condition=Q(sent_back_at__isnull=True, sent_back_by__isnull=True)
                | Q(sent_back_at__isnull=False, sent_back_by__isnull=False),
                name="%(class)s_sent_back_pair",
            ),
            # Shipped text (no author) is the one kind that is published by nobody.
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False)
                | Q(published_at__isnull=False, created_by__isnull=True),
                name="%(class)s_published_pair",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, published_at__isnull=True)
                | Q(status__in=[Status.PUBLISHED, Status.SUPERSEDED], published_at__isnull=False),
                name="%(class)s_published_when",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.IN_REVIEW) | Q(submitted_at__isnull=False), name="%(class)s_submitted_when"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.SUPERSEDED, superseded_at__isnull=False)
                | (~Q(status=Status.SUPERSEDED) & Q(superseded_at__isnull=True)),
                name="%(class)s_superseded_when",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True)
                | Q(published_alone=True)
                | (
                    (Q(created_by__isnull=True) | ~Q(published_by=F("created_by")))
                    & (Q(edited_by__isnull=True) | ~Q(published_by=F("edited_by")))
                ),
                name="%(class)s_second_pair_of_eyes",
            ),
        ]

    page: Any
    page_id: Any

    def __str__(self) -> str:
        return f"{self.page}, {self.get_status_display().lower()} of {timezone.localtime(self.created_at):%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Sanitising is part of the type: no road into the table goes around it.
        for name in self.TEXT:
            setattr(self, name, self.cleaned(name, getattr(self, name)))
        super().save(*args, **kwargs)

    @property
    def shipped(self) -> bool:
        """Came with the software; nobody here wrote it."""
        return self.created_by_id is None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def authors(self) -> set[int]:
        """Keys of the people who wrote in this edition, as far as it remembers them."""
        return {pk for pk in (self.created_by_id, self.edited_by_id) if pk}

    @classmethod
    def cleaned(cls, name: str, value: str) -> str:
        """A value as it may be stored in one of the text fields."""
        field = cls._meta.get_field(name)
        return field.sanitised(value) if isinstance(field, ProseField) else value

    def words(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.TEXT}

    def missing(self) -> list[str]:
        """Parts that must not be empty, and are."""
        required = (name for name in self.TEXT if not getattr(self._meta.get_field(name), "blank", False))
        return [name for name in required if not getattr(self, name).strip()]


class FactQuerySet(models.QuerySet):
    def confirmed(self) -> Self:
        """The one gate for readers: facts that a second person, or a source read for the data set, confirms."""
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed(self) -> Self:
        """The checking queue, facts with secondary sources first."""
        return self.filter(confirmed_at__isnull=True).order_by(F("source__official").asc(nulls_first=True), "pk")


class Fact(models.Model):
    """A statement with a source that readers see once it is confirmed.

    A fact without ``recorded_by`` came with the software; one that carries a ``doubt`` was
    shipped unconfirmed. ``default_permissions`` has no "delete": a fact is corrected or
    ended by a later one, never removed.
    """

    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    note = models.CharField(
        max_length=600, blank=True, help_text="For staff; where a use was widened, readers see it too."
    )
    doubt = models.CharField("why unconfirmed", max_length=600, blank=True)
    settles = models.CharField("what would settle it", max_length=300, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = who()
    confirmed_at = moment(db_index=True)
    confirmed_by = who()

    objects = FactQuerySet.as_manager()

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
        ]

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class ShippedRow(models.Model):
    """What the loader last wrote under a key: which row, and a digest of it. A row that differs was edited by staff."""

    key = models.CharField(max_length=250, primary_key=True)
    row = models.BigIntegerField(help_text="Primary key of the row.")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.key


class MedicalCredential(models.Model):
    """How readers see the name of a member of staff who is a medical professional. Without one, none is claimed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="medical_credential")
    shown_as = models.CharField(
        max_length=200, help_text="Name and profession as readers see them, for example “Ana Ruiz, MD, oncologist”."
    )

    def __str__(self) -> str:
        return self.shown_as
