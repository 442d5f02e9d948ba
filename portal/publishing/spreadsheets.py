"""Tables that we give away: no spreadsheet takes a cell for a formula, and nothing in one hides.

``unguarded`` takes back exactly what ``guarded`` did. Knows no Django: ``therapies/fda/`` reads our own export too.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

#: Control characters other than tab and line ends, the bidirectional ones, and halves of surrogate pairs.
TRICKS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: What a spreadsheet takes for the start of a formula, and the apostrophe that we put before it.
GUARDED = tuple("=+-@\t\r\n'\uff1d\uff0b\uff0d\uff20")
#: What no cell may hold, and a backslash that would read as our way of writing it.
WRITTEN_OUT = re.compile(rf"{TRICKS.pattern}|\\(?=u[0-9a-f]{{4}})")


def guarded(text: str) -> str:
    safe = WRITTEN_OUT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return f"'{safe}" if safe.startswith(GUARDED) else safe


def as_csv(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Line by line, with the mark of UTF-8, without which spreadsheets take letters for others."""
    writer: Any = csv.writer(SimpleNamespace(write=str))  # hands each line back instead of writing it
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(map(guarded, row))


def unguarded(cell: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), cell.removeprefix("'"))
