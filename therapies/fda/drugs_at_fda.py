"""Drugs@FDA's weekly zip of tab-separated tables (CDER).

No CBER product is in it, and its market status is not read: it calls every biologic a prescription drug.
"""

import codecs
import datetime
import functools
import io
import re
import zipfile
from collections.abc import Iterator

from . import archive, cells
from .cells import Row
from .records import Application, FileRefused, Product, Reading, Record, Submission, cut
from .tables import COLUMNS, Layout, TableRow, fields

KIND = "drugs-at-fda"
TITLE = "Drugs@FDA"
#: The tables that are read, with the columns they need.
READ = {
    name: Layout(KIND, f"The table “{name}” of {TITLE}", {column: (column,) for column in columns}, most=1_000_000)
    for name, columns in {
        "SubmissionClass_Lookup.txt": ("submissionclasscodeid", "submissionclasscode"),
        "Applications.txt": ("applno", "appltype"),
        "Products.txt": ("applno", "productno", "form", "drugname", "activeingredient"),
        "Submissions.txt": (
            "applno",
            "submissionclasscodeid",
            "submissiontype",
            "submissionno",
            "submissionstatus",
            "submissionstatusdate",
        ),
    }.items()
}
#: Known tables that hold nothing for the portal. They are unpacked all the same, so that damage shows.
SKIPPED = {
    "ActionTypes_Lookup.txt",
    "ApplicationDocs.txt",
    "ApplicationsDocsType_Lookup.txt",
    "Join_Submission_ActionTypes_Lookup.txt",
    "MarketingStatus.txt",
    "MarketingStatus_Lookup.txt",
    "SubmissionPropertyType.txt",
    "TE.txt",
}
LONGEST = 100_000  # bytes of a line


def is_ours(found: list[zipfile.ZipInfo]) -> bool:
    names = {info.filename for info in found}
    return len(names & READ.keys()) >= 2 or bool(names & {"Submissions.txt", "Applications.txt"})


def lone_table(line: str) -> str:
    """The table whose header this line is: people unpack the zip and choose one. Empty for any other line."""
    header = line.split("\t")
    return next((name for name, layout in READ.items() if layout.hits(header) == len(layout.columns)), "")


def read(source: zipfile.ZipFile, found: list[zipfile.ZipInfo], reading: Reading) -> Iterator[Record]:
    """Products and submissions. The edition is the day of the newest entry, or of the newest submission if later."""
    entries = {info.filename: info for info in found}
    if strange := sorted(entries.keys() - READ.keys() - SKIPPED):
        raise FileRefused(f"{TITLE} has known tables, and this zip also holds “{cut(strange[0])}”.")
    if missing := [name for name in READ if name not in entries]:
        raise FileRefused(f"{TITLE} needs the table “{missing[0]}”, and this zip has none.")
    for name in sorted(entries.keys() & SKIPPED):
        _unpacked(source, entries[name])

    def rows(name: str) -> Iterator[Row]:
        return _rows(_unpacked(source, entries[name]), name, reading)

    codes = {
        row["submissionclasscodeid"]: row["submissionclasscode"].strip() for row in rows("SubmissionClass_Lookup.txt")
    }
    kinds: dict[int, Application] = {}
    for row in rows("Applications.txt"):
        with row.errors_to(reading):
            kind = row["appltype"].strip().upper()
            application = cells.application(row["applno"], kind)
            kinds[application.number] = application
    for row in rows("Products.txt"):
        with row.errors_to(reading):
            application = _application(row["applno"], kinds)
            brand = cells.name(row["drugname"].replace('""', '"'))
            names = tuple(cells.name(part) for part in row["activeingredient"].split(";") if part.strip())
            form, _, route = row["form"].partition(";")
            yield Product(row.line, application, brand, names, form=cells.text(form), route=cells.text(route))
    day = functools.cache(functools.partial(cells.day, latest=reading.today))  # each stands in hundreds of rows
    newest = max(filter(None, (_entry(info, reading.today) for info in found)), default=datetime.date.min)
    for row in rows("Submissions.txt"):
        with row.errors_to(reading):
            application, date = _application(row["applno"], kinds), day(row["submissionstatusdate"])
            newest = max(newest, date or newest)
            code, kind, number, status = (
                row[column].strip()
                for column in ("submissionclasscodeid", "submissiontype", "submissionno", "submissionstatus")
            )
            yield Submission(row.line, application, kind, number, codes.get(code, code), status, date)
    if newest > datetime.date.min:
        reading.edition = newest.isoformat()


def _entry(info: zipfile.ZipInfo, today: datetime.date) -> datetime.date | None:
    try:
        date = datetime.date(*info.date_time[:3])
    except ValueError:
        return None
    return date if date.year > 1990 and date <= today else None  # 1980 is a zip's way of saying nothing


def _unpacked(source: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    data = archive.unpacked(source, info)
    if b"\0" in data:
        raise FileRefused(
            f"{TITLE} holds tables of text, and “{info.filename}” holds NUL bytes: it is in UTF-16 or no text."
        )
    return data


def _rows(data: bytes, name: str, reading: Reading) -> Iterator[Row]:
    """The whole rows of one table by column."""
    reading.table = name
    lines = (TableRow(number, text.split("\t")) for number, text in enumerate(_lines(data, name), 1) if text)
    header = next(lines, TableRow(1, []))
    if len(header.cells) > COLUMNS:
        raise FileRefused(f"A table has at most {COLUMNS} columns, and “{name}” has {len(header.cells):,}.")
    if len(header.cells) < 2:
        raise FileRefused(f"{TITLE} parts its cells by tabs, and the header of “{name}” has none.")
    yield from fields(lines, header, READ[name], reading)


def _lines(data: bytes, name: str) -> Iterator[str]:
    for number, raw in enumerate(io.BytesIO(data.removeprefix(codecs.BOM_UTF8)), 1):
        if len(raw) > LONGEST:
            raise FileRefused(f"A line has at most {LONGEST:,} bytes, and line {number:,} of {name} has more.")
        yield _decode(raw.rstrip(b"\r\n"))


def _decode(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        try:
            return raw.decode("cp1252")
        except UnicodeDecodeError:
            raise FileRefused(f"{TITLE} is written in UTF-8 or Windows-1252, and this zip holds other bytes.") from None


def _application(number: str, kinds: dict[int, Application]) -> Application:
    """The number with its kind. Real files hold thousands of rows whose application is gone: their kind stays empty."""
    if not re.fullmatch(r"\s*\d{5,6}\s*", number, re.ASCII):
        raise cells.Bad("An application number has five or six digits, for example 125514.")
    return kinds.get(int(number)) or Application("", int(number))
