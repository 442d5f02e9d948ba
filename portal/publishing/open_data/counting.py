"""How many rows each table has and what they say, as a digest: the same on every installation that says the same."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from ..kept import OfContent
from . import formats
from .declaring import DataRow, Day
from .lists import AnyTable, of_day


class TableCount(NamedTuple):
    """``digest`` is the SHA-256 of the table as NDJSON. ``first`` is its first row, for an example."""

    rows: int
    digest: str
    first: DataRow | None = None


class CountedRows:
    """The rows of a table on a day as they pass, and, once all have passed, what there was of them."""

    def __init__(self, table: AnyTable, on: Day) -> None:
        self._rows = table.stream(on)
        self._digest = hashlib.sha256()
        self._first: DataRow | None = None
        self.number = 0

    def __iter__(self) -> Iterator[DataRow]:
        for row in self._rows:
            self.number += 1
            self._first = self._first or row
            self._digest.update(f"{formats.written(row)}\n".encode())
            yield row

    @property
    def told(self) -> TableCount:
        return TableCount(self.number, self._digest.hexdigest(), self._first)


def count(table: AnyTable, on: Day) -> TableCount:
    rows = CountedRows(table, on)
    for _ in rows:
        pass
    return rows.told


def count_all(on: Day) -> dict[str, TableCount]:
    return {name: count(table, on) for name, table in of_day(on).items()}


def lines(counted: Mapping[str, TableCount]) -> str:
    """The digests as ``sha256sum`` writes and checks them."""
    return "".join(f"{one.digest}  {name}.ndjson\n" for name, one in sorted(counted.items()))


def digest(counted: Mapping[str, TableCount]) -> str:
    """One digest for all: that of the lines."""
    return hashlib.sha256(lines(counted).encode()).hexdigest()


class CountNow(OfContent):
    """Of the tables as they are now; whoever asks first reads them all."""

    @cached_property
    def tables(self) -> dict[str, TableCount]:
        return count_all(None)
