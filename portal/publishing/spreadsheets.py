"""A cell of a table that we give away: no spreadsheet takes it for a formula, and nothing in it hides.

``plain`` takes back exactly what ``guarded`` did. Knows no Django: ``therapies/fda/`` reads our own export too.
"""

import re

#: Control characters other than tab and line ends, the bidirectional ones, and halves of surrogate pairs.
TRICKS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: What a spreadsheet takes for the start of a formula, and the apostrophe that we put before it.
GUARDED = tuple("=+-@\t\r\n'\uff1d\uff0b\uff0d\uff20")
#: What no cell may hold, and a backslash that would read as our way of writing it.
WRITTEN_OUT = re.compile(rf"{TRICKS.pattern}|\\(?=u[0-9a-f]{{4}})")


def guarded(text: str) -> str:
    safe = WRITTEN_OUT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return f"'{safe}" if safe.startswith(GUARDED) else safe


def plain(cell: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), cell.removeprefix("'"))
