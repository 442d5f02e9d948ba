"""What is otherwise on one day than on another, row by row: two ordered streams laid side by side, in flat memory."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from .. import rooms
from ..spreadsheets import as_csv
from . import formats
from .declaring import DataRow, DataTable
from .lists import of_day

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
WORDS = {ADDED: "New", REMOVED: "Gone", CHANGED: "Changed"}


class DataChange(NamedTuple):
    """A row that is there on one day alone, or that says something else. ``columns`` hold old and new by name."""

    table: str
    what: str
    key: tuple[Any, ...]
    columns: dict[str, tuple[Any, Any]]
    page: str

    @property
    def title(self) -> str:
        return rooms.open_tables()[self.table].title

    @property
    def word(self) -> str:
        return WORDS[self.what]

    @property
    def said(self) -> list[tuple[str, str, str]]:
        """Columns with their old and new values as text."""
        return [(name, formats.cell(old), formats.cell(new)) for name, (old, new) in self.columns.items()]

    def plain(self) -> DataRow:
        told = {name: list(pair) for name, pair in self.columns.items()}
        return {
            "table": self.table,
            "change": self.what,
            "key": list(self.key),
            "page": self.page or None,
            "old_new": told,
        }


def between(earlier: datetime.date, later: datetime.date) -> Iterator[DataChange]:
    """All changes from one day to another, by table and key, in the order of ``tables``."""
    for table in tables(earlier):
        yield from _beside(table, table.stream(earlier), table.stream(later))


def tables(on: datetime.date) -> list[DataTable]:
    """First those whose rows have pages, so that a page that shows some changes shows decisions and what became of
    uses; and of these and of the others, those that point to others first.
    """
    those_first = [*of_day(on).values()][::-1]
    return sorted(those_first, key=lambda table: not table.address)


def _beside(table: DataTable, before: Iterator[DataRow], after: Iterator[DataRow]) -> Iterator[DataChange]:
    old, new = next(before, None), next(after, None)
    while old or new:
        if old and (not new or table.place(old) < table.place(new)):
            yield _told(table, REMOVED, old, {name: (value, None) for name, value in old.items()})
            old = next(before, None)
        elif new and (not old or table.place(new) < table.place(old)):
            yield _told(table, ADDED, new, {name: (None, value) for name, value in new.items()})
            new = next(after, None)
        elif old and new:
            if other := {name: (old[name], new[name]) for name in new if old[name] != new[name]}:
                yield _told(table, CHANGED, new, other)
            old, new = next(before, None), next(after, None)


def _told(table: DataTable, what: str, row: DataRow, columns: dict[str, tuple[Any, Any]]) -> DataChange:
    place = table.place(row)
    said = {name: pair for name, pair in columns.items() if name not in table.order and name != "page"}
    return DataChange(table.name, what, place, {n: p for n, p in said.items() if p[0] != p[1]}, row.get("page") or "")


def counted(changes: Iterable[DataChange]) -> Counter[tuple[str, str]]:
    """How many of each table and sort."""
    return Counter((one.table, one.what) for one in changes)


HEAD = ("table", "change", "key", "page", "column", "old", "new")


def csv(changes: Iterable[DataChange]) -> Iterator[str]:
    """A line for each column that differs."""
    return as_csv(chain([HEAD], (line for one in changes for line in _lines(one))))


def _lines(one: DataChange) -> Iterator[tuple[str, ...]]:
    told = (one.table, one.what, "; ".join(map(str, one.key)), one.page)
    for name, (old, new) in one.columns.items():
        yield (*told, name, formats.cell(old), formats.cell(new))
    if not one.columns:
        yield (*told, "", "", "")


def ndjson(changes: Iterable[DataChange]) -> Iterator[str]:
    return (f"{formats.written(one.plain())}\n" for one in changes)
