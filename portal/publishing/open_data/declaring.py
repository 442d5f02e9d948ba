"""What a public table is. Rooms declare theirs; files, the data dictionary, the API and the way back read that.

A table reads its rows through the gates that pages read through, some hundreds at a time, so that memory stays flat
however many there are. A row is plain data: a day is text such as “2019-02-28”, nothing is None.

A table is asked for a past day, or for now: then the day is None, as readers see it today.
"""

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Collate
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from ..models import ENGLISH, Edition, Page

type DataRow = dict[str, Any]
type Place = tuple[Any, ...]  # of a row in its table: what follows it comes after
type Day = datetime.date | None
type Narrowing = Callable[[QuerySet, str, Day], QuerySet]

AT_ONCE = 500  # rows
STRING, INTEGER, BOOLEAN, DATE, LIST, OBJECT = "string", "integer", "boolean", "date", "list", "object"


@dataclass(frozen=True)
class DataField:
    """A column. What it does not say does not apply."""

    name: str
    about: str
    kind: str = STRING
    #: The attribute of the model that holds it, if it is called otherwise.
    column: str = ""
    #: The table whose keys it holds.
    to: str = ""
    #: The attribute of the rows that it points to which is their key.
    by: str = "slug"
    #: What parts the items of a list that the model holds as one text.
    separator: str = ""
    required: bool = True
    unique: bool = False
    #: The values that it may have, each with what readers see for it.
    one_of: Mapping[str, str] | None = None
    unit: str = ""
    #: The whole numbers that it may be.
    within: range | None = None
    #: How it is read, where it is no attribute.
    read: Callable[[Any], Any] | None = None
    #: Whether it follows from other rows, so that nothing is stored for it when they are built again.
    derived: bool = False
    #: What a filter by it leaves, where that is not the rows with just this value.
    leaves: str = ""
    #: Rows can be narrowed by it: by its column, by another path of the model, or by a function.
    narrows: bool | str | Narrowing = False

    @property
    def attribute(self) -> str:
        return self.column or self.name

    @property
    def path(self) -> str:
        """Where queries find it."""
        return f"{self.attribute}__{self.by}" if self.to else self.attribute

    @cached_property
    def beside(self) -> str:
        """The name under which it is read from another row, together with this one; empty if this one holds it."""
        elsewhere = (self.to or "__" in self.attribute) and self.kind != LIST and not self.read
        return f"beside_{self.name}" if elsewhere else ""

    def value(self, row: Any) -> Any:
        """Its value in a row, as plain data."""
        found = self.read(row) if self.read else self._stored(row)
        if isinstance(found, datetime.date):
            return found.isoformat()
        if isinstance(found, dict):
            return dict(sorted(found.items()))  # PostgreSQL keeps the names in an order of its own
        return None if found == "" else found

    @cached_property
    def listed(self) -> str:
        """The name under which rows of another table, whose keys it lists, are read beside this one, if it does."""
        return f"listed_{self.name}" if self.to and self.kind == LIST and not self.read else ""

    @cached_property
    def _held_by(self) -> Callable[[Any], Any]:
        return attrgetter(self.beside or self.listed or self.attribute)

    def _stored(self, row: Any) -> Any:
        found = self._held_by(row)
        if self.listed:
            return sorted(getattr(one, self.by) for one in found)
        return items(found, self.separator) if self.kind == LIST else found


#: The key of what has a page of its own.
ID = DataField("id", "Its name in addresses.", column="slug", unique=True)


def items(text: str, separator: str) -> list[str]:
    return [item for one in text.split(separator.strip(" ")) if (item := one.strip())]


@dataclass(frozen=True, eq=False)  # each is one by itself, so that what was asked of it can be kept
class DataTable:
    """A table. ``order`` names the columns that are together its key, and by which its rows come."""

    name: str
    title: str
    #: What a row is called, as the column is that points to one: “use”.
    one: str
    #: What a row is, in a sentence.
    about: str
    model: type[models.Model]
    fields: tuple[DataField, ...]
    #: The rows that readers may see of a day, with what their columns need of others.
    rows: Callable[[Day], QuerySet]
    order: tuple[str, ...] = ("id",)
    #: What rows can be narrowed by, beside columns.
    also_by: tuple[DataField, ...] = ()
    #: Gives some rows what columns read of other tables, as attributes.
    learn: Callable[[list[Any], Day], None] | None = None
    #: Where a row has its page on this site: the name of the address, which takes the key, or a function of the row.
    address: str | Callable[[DataRow], str] = ""
    #: Whether it can be had as of any day. Of texts, and of what is counted now, there is today alone.
    has_history: bool = True
    #: Whether the rows can be built again from it. What is told of labels follows from more than is told.
    is_whole: bool = True
    #: How a row is built again, where it is more than one row of its model: it takes the row, and rows by their keys.
    build: Callable[[DataRow, Mapping[str, Mapping[Any, Any]]], None] | None = None
    #: The sources that its rows name on a day, as keys.
    cites: Callable[[Day], QuerySet] | None = None

    @cached_property
    def columns(self) -> tuple[DataField, ...]:
        """Its columns, and the path of a row's page, where rows have one."""
        page = DataField("page", "Path of its page on this site.", derived=True, required=False, read=lambda row: "")
        return (*self.fields, page) if self.address else self.fields

    @cached_property
    def by_name(self) -> dict[str, DataField]:
        return {field.name: field for field in self.columns}

    @cached_property
    def places(self) -> dict[str, str]:
        """The columns of its key, each as its rows are ordered by it: the name there, and the path."""
        return {f"place_{number}": self.by_name[name].path for number, name in enumerate(self.order)}

    @cached_property
    def filters(self) -> dict[str, DataField]:
        """What its rows can be narrowed by."""
        return {field.name: field for field in (*self.fields, *self.also_by) if field.narrows}

    def of_day(self, on: Day = None) -> QuerySet:
        """Its rows on a day, not read yet."""
        return _question(self, on, timezone.localdate()).all()

    def _whole(self, on: Day) -> QuerySet:
        """The same in order, with what columns need of other tables."""
        return _whole_question(self, on, timezone.localdate()).all()

    def stream(self, on: Day = None, asked: Mapping[str, str] | None = None) -> Iterator[DataRow]:
        """Every row of a day, in order; ``asked`` narrows them as in ``page``."""
        after: Place | None = None
        while found := self.page(on, after=after, limit=AT_ONCE, asked=asked):
            yield from found
            if len(found) < AT_ONCE:
                return
            after = self.place(found[-1])

    def page(
        self,
        on: Day = None,
        *,
        after: Place | None = None,
        limit: int = AT_ONCE,
        asked: Mapping[str, str] | None = None,
    ) -> list[DataRow]:
        """The rows of a day that follow a place, as many as the limit lets. ``asked`` gives values by filter.

        Raises KeyError for what is no filter.
        """
        rows = self._whole(on)
        for name, value in (asked or {}).items():
            rows = self._narrowed(rows, name, value, on)
        if after is not None:
            rows = rows.filter(_beyond([*self.places], after))
        return self._read(rows[:limit], on)

    def find(self, place: Place, on: Day = None) -> DataRow | None:
        """The row of a day at a place."""
        key = {self.by_name[name].path: value for name, value in zip(self.order, place, strict=True)}
        return next(iter(self._read(self._whole(on).filter(**key)[:1], on)), None)

    def has(self, key: str) -> bool:
        """Whether readers see a row of this key now, where a key is one column."""
        (name,) = self.order
        return self.of_day().filter(**{self.by_name[name].path: key}).exists()

    def all_keys(self) -> QuerySet:
        """The keys of its rows now, where a key is one column. One query, when they are read."""
        (name,) = self.order
        return self.of_day().order_by().values_list(self.by_name[name].path, flat=True)

    def place(self, row: DataRow) -> Place:
        return tuple(row[name] for name in self.order)

    def _narrowed(self, rows: QuerySet, name: str, value: str, on: Day) -> QuerySet:
        field = self.filters[name]
        if callable(field.narrows):
            return field.narrows(rows, value, on)
        path = field.narrows if isinstance(field.narrows, str) else field.path
        return rows.filter(**{path: value == "true" if field.kind == BOOLEAN else value})

    def _read(self, rows: QuerySet, on: Day) -> list[DataRow]:
        found = list(rows)
        if self.learn and found:
            self.learn(found, on)
        read = [{field.name: field.value(row) for field in self.columns} for row in found]
        for row in read if self.address else ():
            row["page"] = self.page_of(row)
        return read

    @cached_property
    def page_of(self) -> Callable[[DataRow], str]:
        """The path of a row's page. Keys stand in it as they are."""
        if callable(self.address):
            return self.address
        before, _, after = reverse(self.address, args=["key"]).rpartition("key")
        return lambda row: f"{before}{row['id']}{after}"


@lru_cache(maxsize=200)
def _question(table: DataTable, on: Day, today: datetime.date) -> QuerySet:
    """What a table asks the database, put together once a day: that takes as long as the answer for some rows."""
    return table.rows(on)


@lru_cache(maxsize=200)
def _whole_question(table: DataTable, on: Day, today: datetime.date) -> QuerySet:
    """The same with the columns that stand in other tables, and in order."""
    lists = [Prefetch(field.attribute, _listed(table, field), field.listed) for field in table.fields if field.listed]
    beside = {field.beside: F(field.path) for field in table.fields if field.beside}
    places = {name: _as_bytes(path) for name, path in table.places.items()}
    return _question(table, on, today).prefetch_related(*lists).annotate(**beside, **places).order_by(*places)


def _listed(table: DataTable, field: DataField) -> QuerySet:
    """The rows whose keys a column lists, as far as readers see them, with their keys alone."""
    model: Any = table.model._meta.get_field(field.attribute).related_model
    return (public(model) if issubclass(model, Page) else model._default_manager.all()).only(field.by).order_by()


def _as_bytes(path: str) -> Any:
    """A column as every database orders it alike: by the numbers of its letters."""
    return Collate(F(path), "C") if connection.vendor == "postgresql" else F(path)


def _beyond(names: Collection[str], after: Place) -> Q:
    """Rows that come after a place."""
    found, same = Q(pk__in=[]), Q()
    for name, value in zip(names, after, strict=True):
        found |= same & Q(**{f"{name}__gt": value})
        same &= Q(**{name: value})
    return found


def past(day: datetime.date | None) -> Day:
    """The day to ask tables for, where somebody named one: today is now."""
    return None if day == timezone.localdate() else day


def public(model: type[Page]) -> QuerySet:
    """The pages of a kind that readers see, without their words."""
    return model._default_manager.filter(
        pk__in=Edition.objects.live().filter(language=ENGLISH).order_by().values("page")
    )


def told(choices: Mapping[Any, Any] | list[tuple[Any, Any]]) -> dict[str, str]:
    """The choices of a column of a model, as plain text."""
    return {str(value): str(label) if isinstance(label, Promise) else label for value, label in dict(choices).items()}
