"""How a table is written: for spreadsheets, for programs, and line by line. Every one is a stream of text."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from ..spreadsheets import as_csv
from .declaring import DataRow, Day
from .lists import AnyTable


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def cell(value: Any) -> str:
    """A value as the cell of a table: nothing is empty, a list or an object is JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else written(value)


def csv(table: AnyTable, on: Day, rows: Iterable[DataRow]) -> Iterator[str]:
    head = [field.name for field in table.columns]
    return as_csv(chain([head], (map(cell, row.values()) for row in rows)))


def ndjson(table: AnyTable, on: Day, rows: Iterable[DataRow]) -> Iterator[str]:
    return (f"{written(row)}\n" for row in rows)


def as_json(table: AnyTable, on: Day, rows: Iterable[DataRow]) -> Iterator[str]:
    yield f'{{"table": {written(table.name)}, "on": {written(on.isoformat() if on else None)}, "rows": ['
    before = "\n"
    for row in rows:
        yield f"{before}{written(row)}"
        before = ",\n"
    yield "\n]}\n"


class DataFormat(NamedTuple):
    name: str
    ending: str
    content_type: str
    write: Callable[[AnyTable, Day, Iterable[DataRow]], Iterator[str]]


FORMATS = {
    one.ending: one
    for one in (
        DataFormat("CSV", "csv", "text/csv; charset=utf-8", csv),
        DataFormat("JSON", "json", "application/json", as_json),
        DataFormat("NDJSON", "ndjson", "application/x-ndjson", ndjson),
    )
}
