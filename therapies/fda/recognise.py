"""What kind of file this is: told from its content, never from its name."""

import contextlib
import datetime
import io
import itertools
import re
import zipfile
from typing import BinaryIO

from . import archive, drugs_at_fda, openfda, pages, tables, workbook
from .file_kinds import FILE_KINDS, CsvFile, FileKind, JsonFile, Reader, WebTable, ZipFile
from .records import FileRefused, Reading
from .tables import CsvTable, Layout, Table, TableRow

UPLOAD = 20 * 1024 * 1024
#: First bytes of what people choose by mistake.
OTHER = [
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file: save the sheet as xlsx or CSV"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip file: unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 file: unpack it first"),
    (b"\xfd7zXZ", "an xz file: unpack it first"),
    (b"{\\rtf", "a rich text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"From: <Saved by", "a web archive: save the page as HTML only"),
    (b"MIME-Version:", "a web archive: save the page as HTML only"),
    (b"bplist00", "a web archive: save the page as its source"),
]


def readers_of[R: Reader](form: type[R]) -> list[tuple[FileKind, R]]:
    """Every reader of one form of file, in the order of the kinds."""
    return [(kind, reader) for kind in FILE_KINDS for reader in kind.readers if isinstance(reader, form)]


def open_file(file: BinaryIO, today: datetime.date) -> Reading:
    """A reading of a seekable file. Raises FileRefused here or while its records are taken."""
    size = file.seek(0, 2)
    if size == 0:
        raise FileRefused("We expected one of FDA's files, but this one is empty.")
    if size > UPLOAD:
        raise FileRefused(f"We expected a file of at most {UPLOAD >> 20} MB, but this one has {size >> 20:,} MB.")
    file.seek(0)
    start = file.read(1024)
    for mark, found in OTHER:
        if start.startswith(mark):
            raise FileRefused(
                f"We expected a CSV, an Excel workbook, a zip, JSON, or a saved web page from FDA, but this is {found}."
            )
    if start.startswith(b"PK"):
        return _zip(file, today)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in (b"{", b"["):
        file.seek(0)
        return _json(file, text, today)
    code = tables.encoding(file)
    if text[:1] == b"<":
        return _page(file, code, today)
    return _table(CsvTable(file, code), today)


def _zip(file: BinaryIO, today: datetime.date) -> Reading:
    source, found = archive.entries(file)
    if workbook.is_one(found):
        return _workbook(file, source, found, today)
    if len(found) == 1 and openfda.BULK.fullmatch(found[0].filename):
        return _openfda(io.BytesIO(archive.unpacked(source, found[0])), today)
    for kind, reader in readers_of(ZipFile):
        if reader.is_it(found):
            reading = Reading(kind.key, today)
            reading.records = reader.read(source, found, reading)
            return reading
    names = ", ".join(sorted(info.filename for info in found)[:3]) or "nothing"
    raise FileRefused(f"We expected the zip of Drugs@FDA with its tables, but this one contains {names}.")


def _json(file: BinaryIO, start: bytes, today: datetime.date) -> Reading:
    for kind, reader in readers_of(JsonFile):
        if reader.opening and reader.opening.match(start):
            reading = Reading(kind.key, today)
            reading.records = reader.read(file, reading)
            return reading
    return _openfda(file, today)


def _openfda(file: BinaryIO, today: datetime.date) -> Reading:
    reading = Reading("", today)
    records = openfda.read(file, reading)
    first = list(itertools.islice(records, 1))  # the kind shows in the first result
    if not reading.kind:
        raise FileRefused(f"{openfda.MESSAGE} of drugsfda or of labels, but the results of this file are neither.")
    reading.records = itertools.chain(first, records)
    return reading


def _workbook(file: BinaryIO, source: zipfile.ZipFile, found: list[zipfile.ZipInfo], today: datetime.date) -> Reading:
    """The sheet whose header names the most columns of a kind; others tell how to read it."""
    layouts = [reader.layout for _, reader in readers_of(CsvFile)]
    sheets = workbook.sheets(file, source, found)
    return _table(max(sheets, key=lambda sheet: tables.best(sheet.read[: tables.SEARCHED], layouts)[0]), today)


def _table(table: Table, today: datetime.date) -> Reading:
    readers = {reader.layout: reader for _, reader in readers_of(CsvFile)}
    top = next(table.rows(), TableRow(1, []))
    if name := drugs_at_fda.lone_table("\t".join(top.cells).split("\t")):
        raise FileRefused(f"We expected the zip of Drugs@FDA with its tables, but this is just one of them, “{name}”.")
    layout, header, titles = tables.header(table, list(readers))
    reader, reading = readers[layout], Reading(layout.kind, today)
    left_out: set[int] = set()
    if reader.part:
        header, left_out = reader.part(table, header, titles, reading)
    below = (row for row in table.rows(reading) if row.line > header.line and row.line not in left_out)
    reading.records = reader.read(tables.fields(below, header, layout, reading), reading)
    return reading


def _page(file: BinaryIO, code: str, today: datetime.date) -> Reading:
    """The tables of a saved page that have the columns of a kind; a page may cut its table in several."""
    page = pages.read(file, code)
    for kind, reader in readers_of(WebTable):
        if found := [part for table in page.tables if (part := _from_header(table, reader.layout))]:
            reading = Reading(kind.key, today, _as_of(page))
            rows = (tables.fields(part[1:], part[0], reader.layout, reading) for part in found)
            reading.records = reader.read(itertools.chain.from_iterable(rows), reading)
            return reading
    raise FileRefused(
        "We expected FDA's page of oncology notices or of accelerated approvals, but "
        f"this page (“{page.title or 'without a title'}”) has no such table."
    )


def _from_header(table: list[TableRow], layout: Layout) -> list[TableRow]:
    """A table from its header row on, which may stand under a row or two of titles."""
    return next((table[place:] for place, row in enumerate(table[:3]) if layout.hits(row.cells) >= 2), [])


def _as_of(page: pages.SavedPage) -> str | None:
    """The day in FDA's line "Content current as of"."""
    if found := re.search(r"[Cc]ontent current as of:? (\d\d?)/(\d\d?)/(\d{4})", page.words):
        with contextlib.suppress(ValueError):
            return datetime.date(int(found[3]), int(found[1]), int(found[2])).isoformat()
    return None
