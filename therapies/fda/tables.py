"""Tables of text: decoding, limits, and the header row wherever it stands. Columns are found by name."""

import codecs
import csv
import functools
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple, Protocol

from .cells import MOST, Row, trick
from .records import FileRefused, Reading, cut

ROWS, COLUMNS = 100_000, 60
SEARCHED = 40  # rows among which a header must stand
PARTED_BY = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}


class TableRow(NamedTuple):
    line: int
    cells: list[str]
    link: str = ""  # the first of the row, on a web page


class Table(Protocol):
    """Rows that can be read from the first one, as often as one likes."""

    def rows(self, reading: Reading | None = None) -> Iterator[TableRow]:
        """What is wrong with a row is told to the reading, where there is one."""


@dataclass(frozen=True)
class CsvTable:
    file: BinaryIO
    code: str

    def rows(self, reading: Reading | None = None) -> Iterator[TableRow]:
        return rows(self.file, self.code, reading=reading)


@dataclass(frozen=True, eq=False)
class Layout:
    """The columns of one kind of table: for each field the names it has had. ``optional`` ones may be missing.

    A row of one cell is a title where the table is ``titled``.
    """

    kind: str
    title: str
    columns: dict[str, tuple[str, ...]]
    optional: frozenset[str] = frozenset()
    titled: bool = False
    most: int = ROWS

    def __post_init__(self) -> None:
        """Readers may name columns as FDA's header does."""
        self.columns.update({field: tuple(map(column_key, names)) for field, names in self.columns.items()})

    def hits(self, header: Sequence[str]) -> int:
        names = {column_key(name) for name in header}
        return sum(any(name in names for name in known) for known in self.columns.values())

    def places(self, header: Sequence[str]) -> dict[str, int]:
        """Where each field stands. Raises FileRefused when a required column is missing or one stands twice."""
        names = [column_key(name) for name in header]
        places: dict[str, int] = {}
        missing = []
        if twice := [header[i].strip() for i, name in enumerate(names) if name and name in names[:i]]:
            raise FileRefused(f"{self.title} has each column once, but “{cut(twice[0])}” appears twice.")
        for field, known in self.columns.items():
            found = [i for i, name in enumerate(names) if name in known]
            if len(found) > 1:
                both = " and ".join(f"“{cut(header[i].strip())}”" for i in found)
                raise FileRefused(f"{self.title} has each column once, but {both} are the same column.")
            if found:
                places[field] = found[0]
            elif field not in self.optional:
                missing.append(known[0])
        if missing:
            names_missing = ", ".join(f"“{name}”" for name in missing)
            several = "s" if missing[1:] else ""
            raise FileRefused(
                f"{self.title} needs the column{several} {names_missing}, but the header of this file has none."
            )
        return places


def column_key(name: str) -> str:
    """A column's name without case, stray blanks and the digit of a footnote."""
    text = " ".join(re.sub(r"[\s\u00a0\u200b\ufeff]+", " ", name).split()).lower()
    text = re.sub(r" ?([(/]) ?", r"\1", text)
    return re.sub(r"(?<=[a-z)]) ?\d{1,2}$", "", text).strip()


def encoding(file: BinaryIO, called: str = "this file") -> str:
    """UTF-8, or else Windows-1252. Refuses what is neither, and what is no text at all."""
    file.seek(0)
    if (start := file.read(4))[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or start == codecs.BOM_UTF32_BE:
        raise FileRefused(
            f"We expected text in UTF-8 or Windows-1252, but {called} is in UTF-16 or UTF-32; save it as UTF-8."
        )
    for code in ("utf-8-sig", "cp1252"):
        file.seek(0)
        try:
            for text in codecs.iterdecode(iter(functools.partial(file.read, 1 << 18), b""), code):
                if "\0" in text:
                    raise FileRefused(
                        f"We expected text, but {called} contains NUL bytes, so it is another kind of file or UTF-16."
                    )
        except UnicodeDecodeError:
            continue
        return code
    raise FileRefused(f"We expected text in UTF-8 or Windows-1252, but {called} is in neither.")


def rows(
    file: BinaryIO, code: str, delimiter: str = ",", reading: Reading | None = None, most: int = ROWS, **options: Any
) -> Iterator[TableRow]:
    """Every row with its line. Limits end the file; a quote that is never closed is that row's error."""
    file.seek(0)
    by_cr = _parted_by_cr(file.read(1 << 16))
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=code, newline="\r" if by_cr else "")
    table = csv.reader(_lines(text, by_cr=by_cr), delimiter=delimiter, strict=True, **options)
    count = empty = 0
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
                        f"A cell can contain at most {MOST:,} characters, but the one in line {line} contains more."
                    ) from None
                if reading is not None:
                    reading.error(
                        line, "", "", "The quotation marks of this row do not match; the file may be cut off here."
                    )
                continue
            if not any(map(str.strip, cells)):
                empty += 1
                if empty > most:  # a file of nothing else would be read for a minute, once for each kind of table
                    raise FileRefused(f"A table can have at most {most:,} empty rows, but this one has more.")
                continue
            if len(cells) > COLUMNS:
                raise FileRefused(f"A table can have at most {COLUMNS} columns, but line {line} has {len(cells):,}.")
            count += 1
            if count > most:
                raise FileRefused(f"A table can have at most {most:,} rows, but this one has more.")
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
            raise FileRefused(f"A line can contain at most {most:,} characters, but line {number} contains more.")
        yield QUOTED_OR_LF.sub(lambda found: " " if found[0] == "\n" else found[0], line) if by_cr else line


def header(table: Table, layouts: Sequence[Layout]) -> tuple[Layout, TableRow, list[TableRow]]:
    """The layout whose columns a row near the top names, that row, and the title rows above it."""
    top = list(itertools.islice(table.rows(), SEARCHED))
    hits, layout, place = best(top, layouts)
    if hits <= 2 and isinstance(table, CsvTable):
        _refuse_other_separators(table, layouts)
    if hits >= 2:
        return layout, top[place], top[:place]
    first = cut(", ".join(cell.strip() for cell in top[0].cells if cell.strip())) if top else ""
    raise FileRefused(
        "We expected the Purple Book, the compilation, oncology notices, or accelerated approvals, but "
        + (f"this table begins with “{first}”." if first else "this table has no row at all.")
    )


def best(top: Sequence[TableRow], layouts: Sequence[Layout]) -> tuple[int, Layout, int]:
    """How many columns the best header among some rows names, of which layout, and where it stands."""
    named = [(layout.hits(row.cells), layout, place) for place, row in enumerate(top) for layout in layouts]
    return max(named, key=itemgetter(0), default=(0, layouts[0], 0))


def _refuse_other_separators(table: CsvTable, layouts: Sequence[Layout]) -> None:
    for delimiter, name in PARTED_BY.items():
        top = itertools.islice(rows(table.file, table.code, delimiter), SEARCHED)
        for row, other in itertools.product(top, layouts):
            if other.hits(row.cells) > 2:
                raise FileRefused(f"{other.title} separates cells with commas, but this file uses {name}.")


def fields(table: Iterable[TableRow], header: TableRow, layout: Layout, reading: Reading) -> Iterator[Row]:
    """The rows of a table by field. One that is too short or too long is an error: nothing is shifted.

    The header once more, as some tables end, is no row, nor is a title.
    """
    places = layout.places(header.cells)
    reading.columns = {field: cut(header.cells[place].strip()) for field, place in places.items()}
    for row in table:
        if layout.titled and is_title(row):
            continue
        reading.rows += 1
        if reading.rows > layout.most:
            raise FileRefused(f"{layout.title} can have at most {layout.most:,} rows, but this file has more.")
        if row.cells == header.cells:
            continue
        if len(row.cells) != len(header.cells):
            found = cut(" | ".join(cell.strip() for cell in row.cells if cell.strip()))
            cells = "1 cell" if len(row.cells) == 1 else f"{len(row.cells)} cells"
            where = "; the file may be cut off here" if len(row.cells) < len(header.cells) else ""
            reading.error(row.line, "", found, f"This row has {cells} where the header has {len(header.cells)}{where}.")
            continue
        if max(map(len, row.cells)) > MOST:
            raise FileRefused(f"A cell can contain at most {MOST:,} characters, but one in line {row.line} has more.")
        for name, cell in zip(header.cells, row.cells, strict=True):
            if message := trick(cell):  # in columns that nobody reads, too
                reading.error(row.line, cut(name.strip()), cell, message)
                break
        else:
            values = {field: row.cells[place] for field, place in places.items()}
            yield Row(row.line, values | {"link": row.link} if row.link else values)


def is_title(row: TableRow) -> bool:
    return sum(1 for cell in row.cells if cell.strip()) == 1
