"""Everything else that a page points to, in one query.

A detail page shows the sources of its text and links to several other kinds of page. Asked
one by one that is a query each; as one UNION of six plain columns it is one in all.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db.models import Case, DateField, Expression, F, QuerySet, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from .folding import by_name
from .models import DATED, Edition, EditionQuerySet, Page, Source, Status
from .prepared import Number, Prepared

NOTHING = Value("")


class Reference(NamedTuple):
    kind: str
    key: int  # what the link belongs to: a primary key of the page's own rows; for sources 1 if official
    name: str
    slug: str  # slug of the page, or address of a source
    note: str
    date: datetime.date | None


class Sources(list[Reference]):
    """The sources of a text that somebody read; ``unread`` are those that nobody noted reading."""

    def __init__(self, told: Iterable[Reference] = ()) -> None:
        told = list(told)
        super().__init__(source for source in told if source.date)
        self.unread = [source for source in told if not source.date]


def references_to(
    kind: str,
    rows: QuerySet,
    *,
    key: str = "pk",
    name: str | Expression = "name",
    slug: str = "slug",
    note: str | Expression = NOTHING,
) -> QuerySet:
    """The rows of a queryset as references of one kind; ``key``, ``name``, ``slug`` and ``note`` are field paths.

    ``word("question")`` as the name or note stands for a part of the published words.
    """
    none = Cast(Value(None), DateField())
    called, noted = (F(one) if isinstance(one, str) else one for one in (name, note))
    return rows.order_by().values_list(Value(kind), F(key), called, F(slug), noted, none)


def word(part: str) -> Expression:
    """A part of the published words of a page, in the database; empty in words from before there was such a part."""
    return Coalesce(KeyTextTransform(part, "live__words"), NOTHING, output_field=TextField())


def changes(editions: EditionQuerySet) -> QuerySet:
    """What each text that readers ever saw changed, as references: the public change log. Never of open texts.

    ``key`` is the edition, ``slug`` says "shipped" where it came with the software, and ``note`` is the reason
    for which a text was unpublished.
    """
    shipped = Case(When(created_by=None, then=Value("shipped")), default=Value(""))
    # What is only planned to be unpublished has its reason already, and nobody outside may know it.
    unpublished = Case(When(status=Status.UNPUBLISHED, then=F("unpublished_because")), default=Value(""))
    return editions.seen().order_by().values_list(Value("change"), "pk", "change_note", shipped, unpublished, DATED)


def gather(edition: Edition, *others: QuerySet) -> dict[str, Any]:
    """The ``Sources`` of an edition, under ``"source"``; the change log of its page, under ``"change"``; and what
    ``references_to`` made of other querysets, under their kinds.
    """
    return gathered(to_gather(edition.page_id, edition.pk, *others))


def to_gather(page: Number, edition: Number, *others: QuerySet) -> QuerySet:
    """What ``gathered`` makes that of: the references of a page with this edition."""
    official = Case(When(official=True, then=Value(1)), default=Value(0))
    sources = Source.objects.filter(editions=edition).order_by()
    told = sources.values_list(Value("source"), official, "title", "url", "read_as", "read_on")
    return united(told, *others, changes(Edition.objects.filter(page=page)))


def gathered(rows: Iterable[Any]) -> dict[str, Any]:
    """What ``gather`` finds, of rows that were read."""
    found = sorted_out(rows)
    return found | {"source": Sources(found.get("source", ()))}


class ReferencesOfPages:
    """``gather`` for pages of one kind, whose query is put together once. ``others`` gives what else they point to; it
    takes the key of the page, and what ``keys`` name beside it.
    """

    def __init__(self, others: Callable[..., tuple[QuerySet, ...]] = lambda page: (), *keys: str) -> None:
        def rows(page: Number, edition: Number, **told: Number) -> QuerySet:
            return to_gather(page, edition, *others(page, **told))

        self._rows = Prepared(rows, "page", "edition", *keys)

    def of(self, page: Page, **told: int | str) -> dict[str, Any]:
        return gathered(self._rows.ask(page=page.pk, edition=page.live.pk, **told))


def log(editions: EditionQuerySet, *others: QuerySet) -> dict[str, list[Reference]]:
    """``gather`` for a page that is made of several texts, without their sources. What came together is told once."""
    return logged(to_log(editions, *others))


def to_log(editions: EditionQuerySet, *others: QuerySet) -> QuerySet:
    """What ``logged`` makes that of."""
    return united(changes(editions), *others)


def logged(rows: Iterable[Any]) -> dict[str, list[Reference]]:
    """What ``log`` finds, of rows that were read."""
    found = sorted_out(rows)
    found["change"] = list({change._replace(key=0): change for change in found["change"]}.values())
    return found


def by_key(references: Iterable[Reference]) -> dict[int, list[Reference]]:
    """References by what they belong to; of another key there are none."""
    found: dict[int, list[Reference]] = defaultdict(list)
    for reference in references:
        found[reference.key].append(reference)
    return found


def collect(first: QuerySet, *others: QuerySet) -> dict[str, list[Reference]]:
    """The rows of several querysets of references by kind, each once, by name; changes by date. One query."""
    return sorted_out(united(first, *others))


def united(first: QuerySet, *others: QuerySet) -> QuerySet:
    """The rows of several querysets of references, as one query."""
    return first.union(*others, all=True).order_by()


def sorted_out(rows: Iterable[Any]) -> dict[str, list[Reference]]:
    """The same of rows that were read."""
    found: dict[str, list[Reference]] = defaultdict(list)
    for reference in dict.fromkeys(Reference(*row) for row in rows):
        found[reference.kind].append(reference)
    for references in found.values():
        references.sort(key=lambda reference: by_name(reference.name))
    found["change"].sort(key=lambda change: (change.date, change.key), reverse=True)
    return dict(found)
