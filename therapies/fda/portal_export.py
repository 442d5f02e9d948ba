"""The portal's own export, as CSV or JSON: its columns, and how it is read back.

Not one of FDA's files, but read by the same rules, so that an export can be compared like them.
``therapies/compare/export.py`` writes it, and ``export_findings.py`` compares it.
"""

import datetime
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from portal.publishing import spreadsheets

from . import cells, json_text, tables
from .records import FileRefused, Reading, Recorded, cut
from .tables import Layout, TableRow

KIND = "portal-export"
FIELDS = (
    *("record", "therapy", "name", "class", "use", "cancer", "also_cancers", "setting", "stage", "biomarkers"),
    *("combination", "children", "partner_label", "on_reference_page", "use_note"),
    *("kind", "value", "date", "precision", "position"),
    *("source_title", "source_url", "source_official", "source_read_on", "source_read_as"),
    *("note", "doubt", "settles", "because", "state", "rejected_because"),
    *("recorded_at", "recorded_by", "confirmed_at", "confirmed_by", "rejected_at", "rejected_by"),
)
#: What a record must say of itself; the other columns may be missing, and then nothing is said of them.
KEYS = ("record", "therapy", "use", "kind", "value", "date")
LAYOUT = Layout(
    KIND,
    "An export of this portal",
    {field: (field.replace("_", " "), field) for field in FIELDS},
    optional=frozenset(FIELDS) - frozenset(KEYS),
)
RECORDS = ("therapy", "use", "event", "fact")
DAYS = ("date", "source_read_on")
OPENING = re.compile(rb'\{\s*"portal-export"')

# Reading ---------------------------------------------------------------------------------------------


def read(file: BinaryIO, code: str, header: TableRow, titles: list[TableRow], reading: Reading) -> Iterator[Recorded]:
    places = LAYOUT.places(header.cells)
    reading.columns = tables.shown(header.cells, places)
    for row in tables.rows(file, code, reading=reading):
        if row.line <= header.line:
            continue
        reading.rows += 1
        if found := tables.cells_of(row, header.cells, places, reading):
            yield from _record(row.line, {field: spreadsheets.plain(cell) for field, cell in found.items()}, reading)


def read_json(file: BinaryIO, reading: Reading) -> Iterator[Recorded]:
    """``{"portal-export": 1, "exported": day, "records": [{…}, …]}``; a field that a record lacks is empty."""
    for said in _objects(file, reading):
        reading.rows += 1
        if reading.rows > tables.ROWS:
            raise FileRefused(f"An export has at most {tables.ROWS:,} records, and this one has more.")
        yield from _record(reading.rows, dict.fromkeys(FIELDS, "") | said, reading)


def _record(line: int, said: dict[str, str], reading: Reading) -> list[Recorded]:
    column = "record"
    try:
        if said["record"] not in RECORDS:
            raise cells.Bad(f"A record is one of: {', '.join(RECORDS)}.")
        column = "therapy"
        if not said["therapy"]:
            raise cells.Bad("Each record names its therapy by its address, and this one does not.")
        column = "use"
        if said["record"] in ("use", "event") and not said["use"]:
            raise cells.Bad("A use and an event name their use by its code, and this one does not.")
        for column in DAYS:
            if said.get(column):
                said[column] = _day(said[column], reading)
        column = "date"
        if said["record"] == "event" and not said["date"]:
            raise cells.Bad("An event has a day, and this one has none.")
    except cells.Bad as error:
        reading.error(line, column, said[column], str(error))
        return []
    return [Recorded(line, said)]


def _day(text: str, reading: Reading) -> str:
    """As we write it, or as a spreadsheet writes it anew."""
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        day = cells.day(text, reading.today.replace(year=reading.today.year + 1, day=1))
    return day.isoformat() if day else ""


# JSON ------------------------------------------------------------------------------------------------


def _objects(file: BinaryIO, reading: Reading) -> Iterator[dict[str, str]]:
    """The records one by one. They are flat: texts, yes or no, and lists of texts."""
    stack: list[str] = []  # "map" or "array" of each open level
    keys: list[set[str]] = []  # of each open level, to find one that stands twice
    said: dict[str, str] = {}
    top, field = "", ""
    several: list[str] = []
    for event, value in json_text.parsed(file):
        place = "/".join(stack)
        if event in ("start_map", "start_array"):
            stack.append("map" if event == "start_map" else "array")
            if "/".join(stack) == "map/array" and top != "records":
                raise FileRefused("An export holds one list, “records”, and this file holds another.")
            if "/".join(stack) not in ("map", "map/array", "map/array/map", "map/array/map/array"):
                raise FileRefused("The records of an export are flat, and those of this file are not.")
            keys.append(set())
            if len(stack) == 3:
                said = {}
            several = []
        elif event in ("end_map", "end_array"):
            stack.pop()
            keys.pop()
            if place == "map/array/map":
                yield said
            elif place == "map/array/map/array" and field in FIELDS:
                said[field] = _text("; ".join(several))
        elif event == "map_key":
            if value in keys[-1]:
                raise FileRefused(f"A key stands once in an object, and “{cut(value)}” stands twice.")
            keys[-1].add(value)
            if place == "map":
                top = value
            else:
                field = value
        elif place == "map/array/map":
            if field in FIELDS:
                said[field] = _text(value)
        elif place == "map/array/map/array":
            several.append(_text(value))
        elif place == "map/array":
            raise FileRefused("The records of an export are objects, and one in this file is not.")
        elif top == "exported" and isinstance(value, str):
            reading.edition = _edition(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    if len(text) > cells.MOST:
        raise FileRefused(f"A cell holds at most {cells.MOST:,} characters, and one in this file holds more.")
    return text


def _edition(value: str) -> str | None:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        return None
