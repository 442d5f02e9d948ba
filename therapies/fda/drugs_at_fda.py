"""Drugs@FDA's weekly zip of tab-separated tables (CDER).

No CBER product is in it, and its market status is not read: it calls every biologic a prescription drug.
"""

import csv
import datetime
import functools
import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from . import archive, cells, tables
from .cells import Row
from .records import Application, FileRefused, Product, Reading, Record, Submission, cut
from .tables import Layout, TableRow

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
#: Known tables that hold nothing for the portal, with columns that tell each from others where they lie alone. They are
#: unpacked all the same, so that damage shows.
SKIPPED = {
    "ActionTypes_Lookup.txt": {"actiontypes_lookupid", "actiontypes_lookupdescription"},
    "ApplicationDocs.txt": {"applicationdocsid", "applicationdocsurl"},
    "ApplicationsDocsType_Lookup.txt": {"applicationdocstype_lookup_id"},
    "Join_Submission_ActionTypes_Lookup.txt": {"applno", "actiontypes_lookupid"},
    "TE.txt": {"tecode"},  # before the next one, whose columns it has as well
    "MarketingStatus.txt": {"marketingstatusid", "applno", "productno"},
    "MarketingStatus_Lookup.txt": {"marketingstatusid", "marketingstatusdescription"},
    "SubmissionPropertyType.txt": {"submissionpropertytypecode"},
}


def is_ours(found: list[zipfile.ZipInfo]) -> bool:
    names = {info.filename for info in found}
    return len(names & READ.keys()) >= 2 or bool(names & {"Submissions.txt", "Applications.txt"})


def lone_table(header: Sequence[str]) -> str:
    """The table whose header this is: people unpack the zip and choose one. Empty for any other."""
    names = {tables.column_key(name) for name in header}
    alone = {name: set(layout.columns) for name, layout in READ.items()} | SKIPPED
    return next((name for name, columns in alone.items() if columns <= names), "")


def read(source: zipfile.ZipFile, found: list[zipfile.ZipInfo], reading: Reading) -> Iterator[Record]:
    """Products and submissions. The edition is the day of the newest of those: a zip packed anew is no newer."""
    entries = {info.filename: info for info in found}
    if strange := sorted(entries.keys() - READ.keys() - SKIPPED.keys()):
        raise FileRefused(f"{TITLE} has known tables, but this zip also contains “{cut(strange[0])}”.")
    if missing := [name for name in READ if name not in entries]:
        raise FileRefused(f"{TITLE} needs the table “{missing[0]}”, but this zip has none.")
    for name in sorted(entries.keys() & SKIPPED.keys()):
        if b"\0" in archive.unpacked(source, entries[name]):
            raise FileRefused(f"{TITLE} contains tables of text, but “{name}” contains NUL bytes.")
    rows = functools.partial(_rows, source, entries, reading)
    classes = rows("SubmissionClass_Lookup.txt")
    codes = {row["submissionclasscodeid"]: row["submissionclasscode"].strip() for row in classes}
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
            yield Product(row.line, application, brand, names)
    day = functools.cache(functools.partial(cells.day, latest=reading.today))  # each stands in hundreds of rows
    newest = datetime.date.min
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


def _rows(source: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], reading: Reading, name: str) -> Iterator[Row]:
    """The whole rows of one table by column."""
    reading.table = name
    file = io.BytesIO(archive.unpacked(source, entries[name]))
    code = tables.encoding(file, f"“{name}”")
    table = tables.rows(file, code, "\t", reading, READ[name].most, quoting=csv.QUOTE_NONE)
    header = next(table, TableRow(1, []))
    if len(header.cells) < 2:
        raise FileRefused(f"{TITLE} separates cells with tabs, but the header of “{name}” has none.")
    before = reading.rows
    yield from tables.fields(table, header, READ[name], reading)
    if reading.rows == before:
        reading.empty.append(name)


def _application(number: str, kinds: dict[int, Application]) -> Application:
    """The number with its kind. Real files hold thousands of rows whose application is gone: their kind stays empty."""
    if not re.fullmatch(r"\s*\d{5,6}\s*", number, re.ASCII):
        raise cells.Bad("An application number has five or six digits, for example 125514.")
    return kinds.get(int(number)) or Application("", int(number))
