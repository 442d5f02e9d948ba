"""The portal's own export, as CSV or JSON: its columns, and how it is read back.

Not one of FDA's files, but read by the same rules, so that an export can be compared like them.
``therapies/compare/export.py`` writes it, and ``export_findings.py`` compares it.
"""

import contextlib
import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from portal.publishing import spreadsheets

from . import cells, json_text
from .cells import Row
from .records import FileRefused, Reading, Recorded
from .tables import Layout

KIND = "portal-export"
FIELDS = (
    *("record", "therapy", "name", "class", "use", "cancer", "also_cancers", "setting", "plainly"),
    *("stage", "biomarkers", "combination", "children", "partner_label", "on_reference_page", "use_note"),
    *("kind", "value", "application", "center", "date", "precision", "position"),
    *("before_setting", "before_plainly", "before_stage", "before_biomarkers", "before_combination", "before_children"),
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


def read(rows: Iterable[Row], reading: Reading) -> Iterator[Recorded]:
    for row in rows:
        said = {field: spreadsheets.unguarded(cell) for field, cell in row.values.items()}
        yield from _record(Row(row.line, said), reading)


def read_json(file: BinaryIO, reading: Reading) -> Iterator[Recorded]:
    """``{"portal-export": 1, "exported": day, "records": [{…}, …]}``; a field that a record lacks is empty."""
    for path, value in json_text.values(file, ["records", "[]"].__eq__):
        if path == ["records", "[]"]:
            reading.rows += 1
            if reading.rows > LAYOUT.most:
                raise FileRefused(f"An export can have at most {LAYOUT.most:,} records, but this one has more.")
            if not isinstance(value, dict):
                raise FileRefused("The records of an export are objects, but one in this file is not.")
            said = {field: _text(value.get(field)) for field in FIELDS}
            yield from _record(Row(reading.rows, said), reading)
        elif path == ["exported"] and isinstance(value, str):
            with contextlib.suppress(ValueError):
                reading.edition = datetime.date.fromisoformat(value).isoformat()
        elif len(path) > 1 or (value == [] and path != ["records"]):
            raise FileRefused("An export contains one list, “records”, but this file contains another.")


def _text(value: Any) -> str:
    """A field of a record: text, yes or no, or a list of them."""
    parts = value if isinstance(value, list) else [value]
    if any(isinstance(part, (dict, list)) for part in parts):
        raise FileRefused("The records of an export are flat, but those of this file are not.")
    words = {"True": "yes", "False": "no", "None": ""}
    text = "; ".join(part if isinstance(part, str) else words.get(str(part), str(part)) for part in parts)
    if len(text) > cells.MOST:
        raise FileRefused(f"A cell can contain at most {cells.MOST:,} characters, but one in this file contains more.")
    return text


def _record(row: Row, reading: Reading) -> Iterator[Recorded]:
    with row.errors_to(reading):
        if row["record"] not in RECORDS:
            raise cells.Bad(f"A record is one of: {', '.join(RECORDS)}.")
        if not row["therapy"]:
            raise cells.Bad("Each record names its therapy by its address, but this one does not.")
        if row["record"] in ("use", "event") and not row["use"]:
            raise cells.Bad("A use or an FDA decision names its use by its code, but this record does not.")
        days = {field: _day(row[field], reading) for field in DAYS if row[field]}
        if row["record"] == "event" and not (row["date"] and days["date"]):
            raise cells.Bad("An FDA decision needs a date, but this one has none.")
        yield Recorded(row.line, {**row.values, **days})


def impossible(said: Mapping[str, str], kinds: Collection[str]) -> tuple[str, str, str] | None:
    """Column, value and message of what makes a record impossible that is none of ours. ``kinds`` are those we know."""
    for column, value in said.items():
        if trick := cells.trick(value):
            return column, value, trick
    return None if said["kind"] in kinds else ("kind", said["kind"], "We know no such kind.")


def _day(text: str, reading: Reading) -> str:
    """As we write it, or as a spreadsheet writes it anew."""
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        day = cells.day(text, reading.today.replace(year=reading.today.year + 1, day=1))
    return day.isoformat() if day else ""
