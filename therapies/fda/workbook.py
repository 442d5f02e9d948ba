"""An Excel workbook as tables of text, since FDA offers some of its lists as one.

openpyxl reads it row by row. What would keep that busy for minutes, or fill the memory, is found and refused before.
"""

import datetime
import itertools
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.parsers import expat

from . import archive
from .cells import MOST
from .records import FileRefused, Reading
from .tables import COLUMNS, ROWS, TableRow

UNPACKED = 32 * 1024 * 1024
SHEETS = 20
#: Elements of which a sheet is made. openpyxl reads some 100,000 of them a second.
OF_CELLS = {"row", "c", "v", "f", "is", "t"}
CELLS, OTHERS = 600_000, 60_000  # of those, and of the dearer others: texts, styles, merged cells
DEPTH, TAG = 40, 20_000  # levels; bytes of one tag
SEEN = 200  # columns that are looked at: what stands beyond 60 is told, and Excel has styles in 16,384
DAMAGED = (
    "We expected an Excel workbook with a table, but this one is damaged or was not saved by a spreadsheet program."
)
BEYOND = "FDA's workbooks are plain tables, but this one holds far more than a table needs."


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was read. Every row has as many cells as the widest one."""

    read: list[TableRow]

    def rows(self, reading: Reading | None = None) -> Iterator[TableRow]:
        return iter(self.read)


def is_one(found: list[zipfile.ZipInfo]) -> bool:
    return any(info.filename == archive.WORKBOOK for info in found)


def sheets(file: BinaryIO, source: zipfile.ZipFile, found: list[zipfile.ZipInfo]) -> list[Sheet]:
    """Every sheet that holds something. Raises FileRefused."""
    import openpyxl  # takes a third of a second, and few files are workbooks

    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")  # of styles that nobody asked for
    if sum(info.file_size for info in found) > UNPACKED:
        raise FileRefused(
            f"An Excel workbook can unpack to at most {UNPACKED >> 20} MB, but this one says it needs more."
        )
    budget = Budget()
    for info in found:
        if info.filename.endswith((".xml", ".rels")):
            budget.spend(archive.unpacked(source, info))
    file.seek(0)
    try:
        book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
        read = [_sheet(sheet) for sheet in book.worksheets[:SHEETS]]
    except FileRefused:
        raise
    except Exception:  # openpyxl raises whatever comes up in what it did not expect
        raise FileRefused(DAMAGED) from None
    if not any(read):
        raise FileRefused("We expected an Excel workbook with a table, but every sheet of this one is empty.")
    return [Sheet(rows) for rows in read if rows]


class Budget:
    """How much a workbook may hold: counted while its XML streams by, before anything is built of it."""

    def __init__(self) -> None:
        self.counts: Counter[bool] = Counter()  # elements of cells, and others
        self.depth = 0

    def spend(self, xml: bytes) -> None:
        if re.search(b"<[^<>]{%d}" % TAG, xml):
            raise FileRefused(BEYOND)
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        self.depth = 0
        try:
            parser.Parse(xml, True)
        except expat.ExpatError:
            raise FileRefused(DAMAGED) from None

    def _doctype(self, *told: Any) -> None:
        raise FileRefused("Excel workbooks define no entities of their own, but this one may.")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        is_of_cells = name.rpartition(":")[2] in OF_CELLS
        self.counts[is_of_cells] += 1
        self.depth += 1
        if self.counts[is_of_cells] > (CELLS if is_of_cells else OTHERS) or self.depth > DEPTH:
            raise FileRefused(BEYOND)

    def _end(self, name: str) -> None:
        self.depth -= 1


def _sheet(sheet: Any) -> list[TableRow]:
    sheet.reset_dimensions()  # programs write them as they like
    rows: list[TableRow] = []
    for line, values in enumerate(sheet.iter_rows(max_col=SEEN, values_only=True), 1):
        if line > ROWS:
            raise FileRefused(f"A table can have at most {ROWS:,} rows, but this workbook has more.")
        cells = [_text(value) for value in values]
        if any(cells[COLUMNS:]):
            raise FileRefused(f"A table can have at most {COLUMNS} columns, but row {line} of this workbook has more.")
        if max(map(len, cells), default=0) > MOST:
            raise FileRefused(f"A cell can contain at most {MOST:,} characters, but one in row {line} contains more.")
        if any(map(str.strip, cells)):
            rows.append(TableRow(line, cells[:COLUMNS]))
    width = max((place for row in rows for place, cell in enumerate(row.cells, 1) if cell), default=0)
    return [
        TableRow(row.line, list(itertools.islice(itertools.chain(row.cells, itertools.repeat("")), width)))
        for row in rows
    ]


def _text(value: Any) -> str:
    """A cell as a CSV would have it. A formula is its text: nothing is worked out."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time.min:
        return value.date().isoformat()
    return str(value)
