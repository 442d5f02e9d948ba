"""The Purple Book as CSV: every biologic that FDA licensed, CDER's and CBER's. 25 columns until 2025, 28 since 2026.

The file lists this month's changes first and then the whole database, each under a header. Only the database is read.
Copies with one header only are read whole, but for changes whose product stands again below.
"""

import calendar
import contextlib
import datetime
import re
from collections.abc import Iterable, Iterator

from . import cells, tables
from .cells import Row
from .records import FileRefused, Product, Reading
from .tables import Layout, Table, TableRow

KIND = "purple-book"
AHEAD = datetime.timedelta(days=31)  # a month that begins later than that is no edition
FEWEST = 1_000  # rows of the database, which had 2,058 in February 2025: fewer are an excerpt, or a month's changes
PRESENTATION = ("strength", "package", "product", "form", "route")  # what tells one from the others of its brand
LAYOUT = Layout(
    KIND,
    "The Purple Book",
    {
        "change": ("n/r/u",),
        "number": ("bla number",),
        "brand": ("proprietary name",),
        "name": ("proper name",),
        "licence": ("license type", "bla type"),
        "status": ("marketing status", "status"),
        "licensure": ("licensure",),
        "approved": ("approval date",),
        "submission": ("submission type",),
        "reference_name": ("ref. product proper name",),
        "reference_brand": ("ref. product proprietary name",),
        "form": ("dosage form",),
        "route": ("route of administration",),
        "strength": ("strength",),
        "package": ("product presentation",),
        "product": ("product number",),
    },
    optional=frozenset({"change", "submission", "reference_name", "reference_brand", *PRESENTATION}),
    titled=True,
)


def database(table: Table, header: TableRow, titles: list[TableRow], reading: Reading) -> tuple[TableRow, set[int]]:
    """The last header row, under which the database lies, and the lines below it that are no part of that.

    Some copies hold one header only. Of the marked rows at their top, those whose product stands again below are the
    month's changes. The edition is the month in a title row, where there is one.
    """
    month = _month(titles)
    if month and month <= reading.today + AHEAD:
        reading.edition = month.strftime("%Y-%m")
    start, follows = header, False  # whether rows without a mark lie under it
    names = {cell.strip() for cell in header.cells} - {""}
    places = {tables.column_key(name): i for i, name in enumerate(header.cells)}
    numbers = [places[name] for name in ("bla number", "product number") if name in places]
    top: dict[tuple[str, ...], int] = {}  # the line of each product that the marked rows at the top name
    again: set[int] = set()
    for row in table.rows():
        if row.line <= header.line or tables.is_title(row):
            continue
        texts = [cell.strip() for cell in row.cells]
        if sum(text in names for text in texts) > 5 and LAYOUT.hits(texts) > 5:
            start, follows = row, False
        elif start is header and len(texts) == len(header.cells):
            marked = "n/r/u" in places and texts[places["n/r/u"]]  # as new, added or updated
            follows = follows or not marked
            product = tuple(texts[place] for place in numbers)
            if product in top:
                again.add(top.pop(product))
            if not follows:
                top[product] = row.line
    if start is header and not follows and any("changes" in " ".join(row.cells).lower() for row in titles):
        raise FileRefused("The Purple Book lists a month's changes, then all products, but this file ends early.")
    return start, again if follows and start is header else set()


def _month(titles: list[TableRow]) -> datetime.date | None:
    """The first day of it."""
    for row in titles:
        for written in re.findall(r"\b[A-Z][a-z]+ 20\d\d\b", " ".join(row.cells)):
            with contextlib.suppress(ValueError):
                return datetime.datetime.strptime(written, "%B %Y").date()
    return None


def read(rows: Iterable[Row], reading: Reading) -> Iterator[Product]:
    """Every product. A whole list without its month is of the month of its newest approval."""
    latest = _last_day(reading.edition) if reading.edition else reading.today
    newest = datetime.date.min
    for row in rows:
        with row.errors_to(reading):
            brand, name, *reference = (
                cells.name(row[field]) for field in ("brand", "name", "reference_name", "reference_brand")
            )
            licence = cells.optional(row["licence"])
            if licence and not re.match(r"351\([ak]\)", licence):
                raise cells.Bad("A license type begins with 351(a) or 351(k).")
            application = cells.application(row["number"], "BLA")
            approved = cells.day(row["approved"], latest)
            newest = max(newest, approved or newest)
            yield Product(
                row.line,
                application,
                brand,
                (name,) if name else (),
                licence=licence,
                status=cells.optional(row["status"]).rstrip("*"),
                licensure=cells.optional(row["licensure"]),
                submission=cells.optional(row["submission"]),
                approved=approved,
                reference=tuple(filter(None, reference)),
                presentation=" | ".join(cells.text(row[field]) for field in PRESENTATION),
            )
    if not reading.edition and reading.rows >= FEWEST and newest > datetime.date.min:
        reading.edition = newest.strftime("%Y-%m")


def _last_day(edition: str) -> datetime.date:
    year, month = map(int, edition.split("-"))
    return datetime.date(year, month, calendar.monthrange(year, month)[1])
