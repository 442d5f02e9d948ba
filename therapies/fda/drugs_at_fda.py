"""Drugs@FDA's weekly zip of tab-separated tables (CDER).

No CBER product is in it, and its market status is not read: it calls every biologic a prescription drug.
"""

import datetime
import re
import zipfile
from collections.abc import Generator, Iterator

from . import archive, cells
from .records import Application, FileRefused, Product, Reading, Record, Submission, cut
from .tables import COLUMNS, plain

KIND = "drugs-at-fda"
TITLE = "Drugs@FDA"
#: The tables that are read, with the columns they need. Lookups come before what refers to them.
READ = {
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
ROWS = 1_000_000  # of a table: the real ones have a fifth of that, and the zip's limit of bytes holds too


def is_ours(found: list[zipfile.ZipInfo]) -> bool:
    names = {info.filename for info in found}
    return len(names & READ.keys()) >= 2 or bool(names & {"Submissions.txt", "Applications.txt"})


def lone_table(line: str) -> str:
    """The table whose header this line is: people unpack the zip and choose one. Empty for any other line."""
    names = {plain(name) for name in line.split("\t")}
    return next((table for table, columns in READ.items() if names.issuperset(columns)), "")


def read(source: zipfile.ZipFile, found: list[zipfile.ZipInfo], reading: Reading) -> Iterator[Record]:
    """Products and submissions. The edition is the day of the newest entry, or of the newest submission if later."""
    tables = {info.filename: info for info in found}
    if strange := sorted(tables.keys() - READ.keys() - SKIPPED):
        raise FileRefused(f"{TITLE} has known tables, and this zip also holds “{cut(strange[0])}”.")
    if missing := [name for name in READ if name not in tables]:
        raise FileRefused(f"{TITLE} needs the table “{missing[0]}”, and this zip has none.")
    budget = [archive.UNPACKED]
    for name in sorted(tables.keys() & SKIPPED):
        _pass_over(source, tables[name], budget)
    tabs = {name: _Table(source, tables[name], budget, reading) for name in READ}
    codes = {row[0]: row[1].strip() for _, row in tabs["SubmissionClass_Lookup.txt"]}
    kinds: dict[int, Application] = {}
    for line, (number, kind) in tabs["Applications.txt"]:
        try:
            application = cells.application(number, kind.strip().upper())
            kinds[application.number] = application
        except cells.Bad as error:
            reading.error(line, "ApplNo", number, f"Applications.txt: {error}")
    yield from _products(tabs["Products.txt"], kinds, reading)
    newest = yield from _submissions(tabs["Submissions.txt"], kinds, codes, reading)
    dates = [date for info in found if (date := _entry(info)) and date <= reading.today]
    if last := max([*dates, *([newest] if newest else [])], default=None):
        reading.edition = last.isoformat()


def _entry(info: zipfile.ZipInfo) -> datetime.date | None:
    try:
        date = datetime.date(*info.date_time[:3])
    except ValueError:
        return None
    return date if date.year > 1990 else None  # 1980 is a zip's way of saying nothing


def _pass_over(source: zipfile.ZipFile, info: zipfile.ZipInfo, budget: list[int]) -> None:
    unpacked = archive.Unpacked(source, info, budget)
    block = memoryview(bytearray(1 << 16))
    while length := unpacked.readinto(block):
        if b"\0" in block[:length].tobytes():
            raise FileRefused(f"{TITLE} holds tables of text, and “{info.filename}” holds NUL bytes.")


class _Table:
    """One tab-separated table: the wanted columns of each whole row, with its line."""

    def __init__(self, source: zipfile.ZipFile, info: zipfile.ZipInfo, budget: list[int], reading: Reading) -> None:
        self.name, self.wanted, self.reading = info.filename, READ[info.filename], reading
        self.lines = archive.lines(source, info, budget, LONGEST)
        header = next(self.lines, b"")
        if header[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in header:
            raise FileRefused(f"{TITLE} holds tables of text, and “{self.name}” is in UTF-16 or no text.")
        names = [plain(name) for name in _decode(header.removeprefix(b"\xef\xbb\xbf")).split("\t")]
        if len(names) > COLUMNS:
            raise FileRefused(f"A table has at most {COLUMNS} columns, and “{self.name}” has {len(names):,}.")
        if twice := [name for i, name in enumerate(names) if name and name in names[:i]]:
            raise FileRefused(f"{TITLE} has each column once, and “{cut(twice[0])}” stands twice in “{self.name}”.")
        for name in self.wanted:
            if name not in names:
                other = next(
                    (w for d, w in ((",", "commas"), (";", "semicolons"), ("|", "strokes")) if d in names[0]), ""
                )
                if len(names) == 1 and other:
                    raise FileRefused(f"{TITLE} parts its cells by tabs, and “{self.name}” parts them by {other}.")
                raise FileRefused(f"{TITLE} needs the column “{name}”, and “{self.name}” has none.")
        self.width, self.places = len(names), [names.index(name) for name in self.wanted]

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        width, places, reading = self.width, self.places, self.reading
        for line, raw in enumerate(self.lines, 2):
            if not raw:
                continue
            if line > ROWS:
                raise FileRefused(f"A table of {TITLE} has at most {ROWS:,} rows, and “{self.name}” has more.")
            reading.rows += 1
            text = _decode(raw)
            row = text.split("\t")
            if len(row) != width:
                message = f"{self.name}: this row has {len(row)} cells where the header has {width}."
                reading.error(line, "", " | ".join(row), message)
            elif trick := cells.TRICKS.search(text):
                if trick[0] == "\0":
                    raise FileRefused(f"{TITLE} holds tables of text, and “{self.name}” holds NUL bytes.")
                reading.error(line, "", text, f"{self.name}: a control or direction character, U+{ord(trick[0]):04X}.")
            elif len(text) > cells.MOST and max(map(len, row)) > cells.MOST:
                raise FileRefused(
                    f"A cell holds at most {cells.MOST:,} characters, and line {line} of {self.name} holds more."
                )
            else:
                yield line, [row[place] for place in places]


def _decode(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        try:
            return raw.decode("cp1252")
        except UnicodeDecodeError:
            raise FileRefused(f"{TITLE} is written in UTF-8 or Windows-1252, and this zip holds other bytes.") from None


def _products(table: _Table, kinds: dict[int, Application], reading: Reading) -> Iterator[Product]:
    for line, (number, _, form, brand, ingredients) in table:
        column, value = "ApplNo", number
        try:
            application = _application(number, kinds)
            column, value = "DrugName", brand
            brand = cells.name(brand.replace('""', '"'))
            column, value = "ActiveIngredient", ingredients
            names = tuple(cells.name(part) for part in ingredients.split(";") if part.strip())
        except cells.Bad as error:
            reading.error(line, column, value, f"Products.txt: {error}")
            continue
        shape, _, route = form.partition(";")
        yield Product(line, application, brand, names, form=cells.text(shape), route=cells.text(route))


def _submissions(
    table: _Table, kinds: dict[int, Application], codes: dict[str, str], reading: Reading
) -> Generator[Submission, None, datetime.date | None]:
    newest = None
    known: dict[str, datetime.date | None] = {}  # a day stands in hundreds of rows
    for line, (number, code, kind, sequence, status, date) in table:
        column, value = "ApplNo", number
        try:
            application = _application(number, kinds)
            column, value = "SubmissionStatusDate", date
            if date not in known:
                known[date] = cells.day(date, reading.today)
        except cells.Bad as error:
            reading.error(line, column, value, f"Submissions.txt: {error}")
            continue
        day = known[date]
        if day and (newest is None or day > newest):
            newest = day
        code = code.strip()
        yield Submission(line, application, kind.strip(), sequence.strip(), codes.get(code, code), status.strip(), day)
    return newest


def _application(number: str, kinds: dict[int, Application]) -> Application:
    """The number with its kind. Real files hold thousands of rows whose application is gone: their kind stays empty."""
    if not re.fullmatch(r"\s*\d{5,6}\s*", number, re.ASCII):
        raise cells.Bad("An application number has five or six digits, for example 125514.")
    return kinds.get(int(number)) or Application("", int(number))
