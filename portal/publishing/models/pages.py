"""Pages: what has an address, and since when a review of its text holds.

A page is an identity; an ``Edition`` is one wording of it. Each kind of page is a table of its own, one to one
with a row here, so that everything else can point at any page by one key.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import FilteredRelation, Q

from ..parts import Part
from .changes import Governed

if TYPE_CHECKING:
    from .editions import Edition

#: The language of the shipped texts, and of everything that is shown today.
ENGLISH = "en"


def with_names[Rows: models.QuerySet](rows: Rows) -> Rows:
    """Rows with everything that their names need of other rows, in one query."""
    needed = [f.name for f in rows.model._meta.fields if f.is_relation and not f.null and not f.one_to_one]
    return rows.select_related(*needed) if needed else rows


class PageQuerySet(models.QuerySet):
    def published(self) -> Self:
        """The one gate for readers: pages with a published edition, which is at hand as ``page.live``.

        One query. A page that has only drafts does not exist for readers.
        """
        live = FilteredRelation("editions", condition=Q(editions__status="published", editions__language=ENGLISH))
        return self.annotate(live=live).filter(live__isnull=False).select_related("live")

    def gone(self) -> Self:
        """Pages that readers once had and that were unpublished: their address says so, with the reason."""
        return self.filter(editions__status="unpublished").exclude(editions__status="published").distinct()

    def named(self) -> Self:
        """Pages with everything that their names and addresses need of other rows, in one query."""
        return with_names(self)


class Page(Governed):
    """An identity with an address. Its words lie in editions, reached as ``page.editions``."""

    page_kind = models.CharField(
        max_length=50, editable=False, help_text="Label of the table that holds the rest of it."
    )
    slug = models.SlugField("address", max_length=100, help_text="Last part of the page’s web address.")
    shipped_as = models.CharField(
        max_length=150, blank=True, editable=False, help_text="Its name in the shipped files, whatever staff call it."
    )

    objects = PageQuerySet.as_manager()

    READERS_SEE: ClassVar[tuple[str, ...]] = ("slug",)
    #: The parts of its words, in reading order. Each kind of page lists its own.
    PARTS: ClassVar[tuple[Part, ...]] = ()
    #: How long a review holds. Kinds that change rarely set a longer time.
    REVIEW_EVERY = datetime.timedelta(days=365)

    class Meta(Governed.Meta):
        constraints = [models.UniqueConstraint(fields=["page_kind", "slug"], name="page_address_once")]

    editions: Any
    called: str  # what readers call it; set by whoever lists pages with their words

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.__dict__.get("page_kind") == "":  # not where the column was left out of a query
            self.page_kind = self._meta.label_lower

    def __str__(self) -> str:
        return self.slug.replace("-", " ") if type(self) is Page else super().__str__()

    def get_absolute_url(self) -> str:
        """Every kind has its own; a part of a larger page has one with "#"."""
        if type(self) is not Page:
            raise NotImplementedError
        return self.specific.get_absolute_url()

    @property
    def live(self) -> Any:
        """The published edition. Only of pages that come from ``published()``, which sets it."""
        return self._live

    @live.setter
    def live(self, edition: Any) -> None:
        if edition is not None:
            edition.page = self
        self._live = edition

    @property
    def model(self) -> "type[Page]":
        """The table of its kind."""
        return apps.get_model(self.page_kind)

    @property
    def specific(self) -> Any:
        """The row of its kind. One query, unless it is one already."""
        return self.model._default_manager.named().get(pk=self.pk) if type(self) is Page else self

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.model.PARTS

    def title_of(self, words: dict[str, str]) -> str:
        """What readers call it: the line that its words begin with, or its own name."""
        first = self.parts[0] if self.parts else None
        return (first and first.is_line and first.required and words.get(first.name)) or str(self)

    def open_edition(self, language: str = ENGLISH) -> "Edition | None":
        """The edition that is being written or reviewed, or None. Staff only."""
        return self.editions.open().filter(language=language).first()

    def live_edition(self, language: str = ENGLISH) -> "Edition | None":
        """The edition that readers see, or None."""
        return self.editions.live().filter(language=language).first()

    def last_edition(self, language: str = ENGLISH) -> "Edition | None":
        """The edition that readers see, or that they saw last before the page was unpublished. Staff only."""
        gone = self.editions.filter(status="unpublished", language=language)
        return self.live_edition(language) or gone.order_by("-unpublished_at", "-pk").first()

    def was_published(self) -> bool:
        return self.editions.filter(published_at__isnull=False).exists()

    def is_seen(self) -> bool:
        """Readers may see of a page its text, and its name wherever other rows point to it.

        What a second person has scheduled is settled: it goes public with the page as that person read it.
        """
        seen = Q(published_at__isnull=False) | Q(status="scheduled")
        return self.editions.filter(seen).exists() or any(rows.exists() for _, rows in self.pointing())

    def check_unpublishing(self) -> None:
        """Refuse that readers lose its text while other pages show a warning out of it. Raises ValidationError."""

    def pointing(self) -> Iterator[tuple[Any, models.QuerySet]]:
        """The fields of other tables that point to pages of its kind, each with the rows that point to this one."""
        relations: Any = self._meta.get_fields(include_hidden=True)  # those without a name for the way back, too
        for relation in relations:
            model = relation.related_model
            if not relation.auto_created or relation.concrete or relation.one_to_one or model._meta.auto_created:
                continue
            if model._meta.app_label != "publishing":
                yield relation.field, model._default_manager.filter(**{relation.field.name: self.pk})

    def addresses(self) -> list[str]:
        return [self.get_absolute_url()] if self.live_edition() else []


def specific(pages: Iterable[Page]) -> dict[int, Any]:
    """The rows of their kinds, by key. One query a kind."""
    by_kind: dict[str, list[int]] = {}
    for page in pages:
        by_kind.setdefault(page.page_kind, []).append(page.pk)
    return {
        row.pk: row
        for kind, keys in by_kind.items()
        for row in apps.get_model(kind)._default_manager.named().filter(pk__in=keys)
    }
