"""What somebody wants readers to see otherwise, until a second person confirms or rejects it.

The row that readers see stays as it is meanwhile. A change names the row, or says that there shall be a new one,
and holds the values before and after as plain data, so that applying it can notice that the row moved.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from .base import moment, together, told_whole, who

#: The smallest and the largest number that a column of each type has room for, as PostgreSQL has it.
ROOM = BaseDatabaseOperations.integer_field_ranges


class Governed(models.Model):
    """A row whose columns readers see. The verbs of changes write them, and nothing else does."""

    #: Columns and many-to-many fields that wait for a second person.
    READERS_SEE: ClassVar[tuple[str, ...]] = ()
    #: Columns that nobody can be hurt by, such as a position in a list: they go live at once, and the trail tells.
    AT_ONCE: ClassVar[tuple[str, ...]] = ()
    #: Columns that part its rows into lists, where each has an ``order`` of its own.
    ORDERED_WITHIN: ClassVar[tuple[str, ...]] = ()
    #: Whether readers see a new row as soon as it is there.
    NEW_IS_SEEN: ClassVar[bool] = False
    #: Whether a change must say where it was read.
    NEEDS_SOURCE: ClassVar[bool] = False

    class Meta:
        abstract = True
        default_permissions: tuple[str, ...] = ("add", "change", "delete", "view", "confirm")

    @classmethod
    def tables(cls) -> "Iterator[type[Self]]":
        """Every table of this kind, whichever room has it."""
        for kind in cls.__subclasses__():
            if not kind._meta.abstract:
                yield kind
            yield from kind.tables()

    def clean_fields(self, exclude: Any = None) -> None:
        """Refuse a number that its column has no room for, which SQLite would keep. Raises ValidationError."""
        super().clean_fields(exclude)
        for field in self._meta.concrete_fields:
            number, room = getattr(self, field.attname), ROOM.get(field.get_internal_type())
            if room and isinstance(number, int) and not room[0] <= number <= room[1]:
                raise ValidationError({field.name: f"Write a number from {room[0]} to {room[1]}."})

    def is_seen(self) -> bool:
        """Whether readers may see anything of this row now. If not, staff may still change it at once."""
        return True

    @property
    def is_for_readers(self) -> bool:
        """Whether public pages show rows of this kind. A change of any other waits all the same: checks rest on it."""
        return True

    @property
    def affects_patients(self) -> bool:
        """Whether it affects patients as it is now: then a change needs a reason, and is answered first."""
        return False

    def addresses(self) -> list[str]:
        """Public pages that tell of this row, the most telling first: the second person sees them before and after."""
        return []

    def check_against(self, pending: "ChangeQuerySet | None") -> None:
        """Refuse what cannot be true beside other rows. Raises ValidationError.

        ``pending`` are the changes that wait, when this one is proposed; None when it is applied.
        """

    def check_removal(self, pending: "ChangeQuerySet | None") -> None:
        """The same for a row that shall go: refuse it while others rest on it. Raises ValidationError."""


class ChangeQuerySet(models.QuerySet["Change"]):
    def pending(self) -> Self:
        """Changes that wait for a second person."""
        return self.filter(confirmed_at=None, rejected_at=None)

    def rejected(self) -> Self:
        return self.filter(rejected_at__isnull=False)

    def leading(self) -> Self:
        """Those that stand for a group, or for themselves: one line each in the queue."""
        return self.filter(leader=None)

    def in_order(self) -> Self:
        """As they are answered: what somebody here proposed, then what came with the software.

        In both, changes that affect patients come first, then the oldest.
        """
        shipped = models.ExpressionWrapper(Q(proposed_by=None), models.BooleanField())
        return self.order_by(shipped, "-affects_patients", "proposed_at", "pk")

    def to(self, *models_: type[models.Model]) -> Self:
        return self.filter(model__in=[model._meta.label_lower for model in models_])

    def of(self, row: models.Model) -> Self:
        return self.filter(model=row._meta.label_lower, row=row.pk)

    def of_whole(self, row: models.Model, *parts: Any) -> Self:
        """Changes of a row and of its parts, also of those that it shall get. ``parts`` are its related managers."""
        wanted = Q(model=row._meta.label_lower, row=row.pk)
        for part in parts:
            of_it = Q(row__in=part.values("pk")) | Q(**{f"after__{part.field.name}": row.pk})
            wanted |= Q(model=part.model._meta.label_lower) & of_it
        return self.filter(wanted)


class Change(models.Model):
    """One row that shall be added, changed or removed. Those of a group have one leader and are answered together."""

    class Verb(models.TextChoices):
        ADD = "add", "Add"
        CHANGE = "change", "Change"
        REMOVE = "remove", "Remove"

    verb = models.CharField(max_length=6, choices=Verb)
    model = models.CharField(max_length=100, help_text="Label of the row's model, in lower case.")
    row = models.BigIntegerField(null=True, blank=True, help_text="Primary key; of a new row once it is there.")
    about = models.CharField(max_length=400, help_text="What it concerns, in words, as it was then.")
    before = models.JSONField(default=dict, help_text="Values by field, as readers saw them.")
    after = models.JSONField(default=dict, help_text="Values by field, as they shall be.")
    source = models.ForeignKey(
        "publishing.Source",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        help_text="Where it was read.",
    )
    because = models.CharField("reason", max_length=300, blank=True)
    evidence = models.TextField(
        blank=True, help_text="The words of the notice, or the row of the file, that it came from."
    )
    warnings = models.TextField(
        blank=True, help_text="What speaks against it, one sentence a line: its proposer and the second person see it."
    )
    affects_patients = models.BooleanField(default=False, editable=False, help_text="Then it is answered first.")
    doubt = models.CharField(
        "why it is pending", max_length=600, blank=True, help_text="What came with the software says so."
    )
    settles = models.CharField("what would settle it", max_length=300, blank=True)
    leader = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="members")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    reverses = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")

    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    proposed_by = who()
    confirmed_at = moment(db_index=True)
    confirmed_by = who()
    confirmed_alone = models.BooleanField(default=False, editable=False, help_text="By the person who proposed it.")
    rejected_at = moment(db_index=True)
    rejected_by = who()
    rejected_because = models.CharField(max_length=300, blank=True, editable=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["proposed_at", "pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["model", "row"], name="change_by_row")]
        constraints = [
            models.CheckConstraint(condition=Q(verb__in=["add", "change", "remove"]), name="change_verb_known"),
            together("change_confirmed_pair", "confirmed_at", "confirmed_by"),
            told_whole("change_rejected_whole", "rejected_at", "rejected_by", "rejected_because"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(rejected_at__isnull=True), name="change_answered_once"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | Q(confirmed_alone=True)
                | ~Q(confirmed_by=F("proposed_by")),
                name="change_second_person",
            ),
            models.CheckConstraint(
                condition=Q(row__isnull=False) | Q(verb="add", confirmed_at__isnull=True), name="change_of_a_row"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.about}"

    def get_absolute_url(self) -> str:
        return reverse("desk:change", args=[self.leader_id or self.pk])

    @property
    def governed(self) -> type[Governed]:
        """The model of the row."""
        return apps.get_model(self.model)

    @property
    def is_shipped(self) -> bool:
        """Whether it came with the software: nobody here proposed it."""
        return self.proposed_by_id is None

    @property
    def is_pending(self) -> bool:
        return self.confirmed_at is None and self.rejected_at is None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def is_rejected(self) -> bool:
        return self.rejected_at is not None

    @property
    def state(self) -> str:
        return "confirmed" if self.is_confirmed else "rejected" if self.is_rejected else "pending"

    def named(self) -> list[models.Model]:
        """The other rows that it shows readers: its source, and those that its values point to. One query a field."""
        found: list[models.Model] = [self.source] if self.source else []
        for name, value in self.after.items():
            model: Any = self.governed._meta.get_field(name).related_model
            if model is not None:
                keys = [key for key in (value if isinstance(value, list) else [value]) if isinstance(key, int)]
                found += model._base_manager.filter(pk__in=keys)
        return found

    def group(self) -> list["Change"]:
        """What is answered together, in the order in which it is applied."""
        leader = self.leader or self
        return sorted([leader, *leader.members.select_related("source")], key=lambda one: one.pk)

    def lead(self, members: Iterable["Change"]) -> None:
        """Answer some changes together with this one from now on."""
        Change.objects.filter(pk__in=[one.pk for one in members]).exclude(pk=self.pk).update(leader=self)


class Fact(Governed):
    """A statement with a source. Its table holds what readers may see and nothing else: what waits is a ``Change``.

    A fact without ``change`` came with the software. There is no permission to delete one: that is a change, too.
    """

    NEEDS_SOURCE = True
    NEW_IS_SEEN = True

    source = models.ForeignKey("publishing.Source", models.PROTECT, related_name="%(class)ss")
    note = models.CharField(
        max_length=600, blank=True, help_text="For staff; where a use was expanded, readers see it too."
    )
    because = models.CharField("reason of the last change", max_length=300, blank=True, editable=False)
    confirmed_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    change = models.ForeignKey(
        "publishing.Change",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="The change that made it what it is.",
    )

    class Meta(Governed.Meta):
        abstract = True
        default_permissions = ("add", "change", "view", "confirm")

    @property
    def confirmed_on(self) -> datetime.date:
        return timezone.localdate(self.confirmed_at)

    def tell_anew(self) -> None:
        """For a fact that a release corrects: feeds show it as changed now."""
        self.confirmed_at = timezone.now()
