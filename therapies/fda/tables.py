"""Comma-separated tables: decoding, limits, and the header row wherever it stands. Columns are found by name."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from .cells import MOST, TRICKS
from .records import FileRefused, Reading, cut

ROWS, COLUMNS = 100_000, 60
SEARCHED = 40  # rows among which a header must stand
PARTED_BY = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}


class TableRow(NamedTuple):
    line: int
    cells: list[str]


@dataclass(frozen=True, eq=False)
class Layout:
    """The columns of one kind of table: for each field the names it has had. ``optional`` ones may be missing."""

    kind: str
    title: str
    columns: dict[str, tuple[str, ...]]
    optional: frozenset[str] = frozenset()

    def hits(self, header: Sequence[str]) -> int:
        names = {plain(name) for name in header}
        return sum(any(name in names for name in known) for known in self.columns.values())

    def places(self, header: Sequence[str]) -> dict[str, int]:
        """Where each field stands. Raises FileRefused when a required column is missing or one stands twice."""
        names = [plain(name) for name in header]
        places: dict[str, int] = {}
        missing = []
        if twice := [header[i].strip() for i, name in enumerate(names) if name and name in names[:i]]:
            raise FileRefused(f"{self.title} has each column once, and here “{cut(twice[0])}” stands twice.")
        for field, known in self.columns.items():
            found = [i for i, name in enumerate(names) if name in known]
            if len(found) > 1:
                both = " and ".join(f"“{cut(header[i].strip())}”" for i in found)
                raise FileRefused(f"{self.title} has each column once, and {both} are the same.")
            if found:
                places[field] = found[0]
            elif field not in self.optional:
                missing.append(known[0])
        if missing:
            names_missing = ", ".join(f"“{name}”" for name in missing)
            raise FileRefused(f"{self.title} needs the column {names_missing}, and the header of this file has none.")
        return places


def plain(name: str) -> str:
    """A column's name without case, stray blanks and the digit of a footnote."""
    text = " ".join(re.sub(r"[\s\u00a0\u200b\ufeff]+", " ", name).split()).lower()
    text = re.sub(r" ?([(/]) ?", r"\1", text)
    return re.sub(r"(?<=[a-z)]) ?\d{1,2}$", "", text).strip()


def encoding(file: BinaryIO) -> str:
    """UTF-8, or else Windows-1252. Refuses what is neither, and what is no text at all."""
    file.seek(0)
    if (start := file.read(4))[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or start == codecs.BOM_UTF32_BE:
        raise FileRefused(
            "A text in UTF-8 or Windows-1252 was expected, and this one is in UTF-16 or UTF-32: save it as UTF-8."
        )
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, old = True, True
    while block := file.read(1 << 18):
        if b"\0" in block:
            raise FileRefused(
                "A text was expected, and this file holds NUL bytes: it is another kind of file or in UTF-16."
            )
        if utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                utf8 = False
        old = old and not re.search(rb"[\x81\x8d\x8f\x90\x9d]", block)
    if utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            utf8 = False
    if not (utf8 or old):
        raise FileRefused("A text in UTF-8 or Windows-1252 was expected, and the bytes of this file are neither.")
    return "utf-8-sig" if utf8 else "cp1252"


def rows(file: BinaryIO, code: str, delimiter: str = ",", reading: Reading | None = None) -> Iterator[TableRow]:
    """Every row with its line. Limits end the file; a quote that is never closed is that row's error."""
    file.seek(0)
    by_cr = _parted_by_cr(file.read(1 << 16))
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=code, newline="\r" if by_cr else "")
    table = csv.reader(_lines(text, by_cr=by_cr), delimiter=delimiter, strict=True)
    count = 0
    try:
        while True:
            line = table.line_num + 1
            try:
                cells = next(table)
            except StopIteration:
                return
            except csv.Error as error:
                if "limit" in str(error):
                    raise FileRefused(
                        f"A cell holds at most {MOST:,} characters, and the one in line {line} holds more."
                    ) from None
                if reading is not None:
                    reading.error(
                        line, "", "", "The quotation marks of this row do not match; the file may be cut off here."
                    )
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > COLUMNS:
                raise FileRefused(f"A table has at most {COLUMNS} columns, and line {line} has {len(cells):,}.")
            if any(len(cell) > MOST for cell in cells):
                raise FileRefused(f"A cell holds at most {MOST:,} characters, and one in line {line} holds more.")
            count += 1
            if count > ROWS:
                raise FileRefused(f"A table has at most {ROWS:,} rows, and this one has more.")
            yield TableRow(line, cells)
    finally:
        if not text.closed:  # whoever gave the file may have closed it before this was let go
            text.detach()


#: What is quoted, so that a search passes over it, or the end of a line.
QUOTED_OR_LF = re.compile(r'"[^"]*"?|\n')


def _parted_by_cr(start: bytes) -> bool:
    """Whether a lone CR ends each row, as spreadsheets for the Mac write: an LF is then a break within a cell."""
    first = re.search(rb"\r\n?|\n", start)
    return first is not None and first[0] == b"\r" and start.count(b"\r") > start.count(b"\n")


def _lines(text: io.TextIOWrapper, *, by_cr: bool) -> Iterator[str]:
    most = COLUMNS * MOST
    number = 0
    while line := text.readline(most + 1):
        number += 1
        if len(line) > most:
            raise FileRefused(f"A line holds at most {most:,} characters, and line {number} holds more.")
        yield QUOTED_OR_LF.sub(lambda found: " " if found[0] == "\n" else found[0], line) if by_cr else line


def header(file: BinaryIO, code: str, layouts: Sequence[Layout]) -> tuple[Layout, TableRow, list[TableRow]]:
    """The layout whose columns a row near the top names, that row, and the title rows above it."""
    titles: list[TableRow] = []
    best: tuple[int, Layout, TableRow, list[TableRow]] | None = None
    for row in _first(rows(file, code)):
        for layout in layouts:
            hits = layout.hits(row.cells)
            if hits >= 2 and (best is None or hits > best[0]):
                best = (hits, layout, row, list(titles))
        titles.append(row)
    if best and best[0] > 2:
        return best[1:]
    for delimiter, name in PARTED_BY.items():
        for row in _first(rows(file, code, delimiter)):
            for layout in layouts:
                if layout.hits(row.cells) > 2:
                    raise FileRefused(f"{layout.title} parts its cells by commas, and this file parts them by {name}.")
    if best:
        return best[1:]
    first = cut(", ".join(cell.strip() for cell in titles[0].cells if cell.strip())) if titles else "no row at all"
    raise FileRefused(
        "A table of the Purple Book, the compilation, the oncology notices or the accelerated approvals was expected, "
        f"and this one begins with: {first}."
    )


def _first(table: Iterator[TableRow]) -> Iterator[TableRow]:
    for row, _ in zip(table, range(SEARCHED), strict=False):
        yield row


def shown(header: Sequence[str], places: dict[str, int]) -> dict[str, str]:
    """What the file itself calls each field."""
    return {field: cut(header[place].strip()) for field, place in places.items()}


def cells_of(row: TableRow, header: Sequence[str], places: dict[str, int], reading: Reading) -> dict[str, str] | None:
    """The cells of a row by field. A row that is too short or too long is an error: nothing is shifted.

    The header once more, as some tables end, is no row.
    """
    if list(row.cells) == list(header):
        return None
    if len(row.cells) != len(header):
        found = cut(" | ".join(cell.strip() for cell in row.cells if cell.strip()))
        cells = "1 cell" if len(row.cells) == 1 else f"{len(row.cells)} cells"
        where = "; the file may be cut off here" if len(row.cells) < len(header) else ""
        reading.error(row.line, "", found, f"This row has {cells} where the header has {len(header)}{where}.")
        return None
    if TRICKS.search("".join(row.cells)):  # in columns that nobody reads, too
        for name, cell in zip(header, row.cells, strict=True):
            if trick := TRICKS.search(cell):
                message = f"This cell holds a control or direction character, U+{ord(trick[0]):04X}."
                reading.error(row.line, cut(name.strip()), cell, message)
                return None
    return {field: row.cells[place] for field, place in places.items()}
