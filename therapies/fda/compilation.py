"""FDA's compilation of new drugs and biologics since 1985 as CSV (CDER): original approvals with their use in words."""

from collections.abc import Iterator
from typing import BinaryIO

from . import cells, tables
from .records import Product, Reading
from .tables import Layout, TableRow

KIND = "compilation"
LAYOUT = Layout(
    KIND,
    "The compilation of new drugs",
    {
        "brand": ("proprietary name",),
        "name": ("active ingredient/moiety",),
        "kind": ("nda/bla",),
        "number": ("application number(1)", "application number"),
        "second": ("application number(2)",),
        "third": ("application number(3)",),
        "approved": ("fda approval date",),
        "short_use": ("abbreviated indication(s)",),
        "use": ("approved use(s)",),
        "form": ("dosage form(1)",),
        "route": ("route of administration(1)",),
        "accelerated": ("accelerated approval",),
    },
    optional=frozenset({"second", "third", "short_use", "use", "form", "route", "accelerated"}),
)


def read(file: BinaryIO, code: str, header: TableRow, titles: list[TableRow], reading: Reading) -> Iterator[Product]:
    """One product for each application number: the original approval and its use."""
    places = LAYOUT.places(header.cells)
    reading.columns = tables.shown(header.cells, places)
    for row in tables.rows(file, code, reading=reading):
        if row.line <= header.line or sum(1 for cell in row.cells if cell.strip()) == 1:
            continue
        reading.rows += 1
        if found := tables.cells_of(row, header.cells, places, reading):
            yield from _products(row.line, found, reading)


def _products(line: int, found: dict[str, str], reading: Reading) -> list[Product]:
    column = ""
    try:
        values = {}
        for column in ("brand", "name"):
            values[column] = cells.name(found[column])
        for column in ("kind", "short_use", "use", "form", "route"):
            values[column] = cells.optional(found.get(column, ""))
        numbers = []
        for column in ("number", "second", "third"):
            if column == "number" or cells.optional(found.get(column, "")):
                numbers.append(cells.application(found[column], values["kind"].upper()))
        column = "approved"
        approved = cells.day(found["approved"], reading.today)
    except cells.Bad as error:
        reading.error(line, column, found[column], str(error))
        return []
    names = (values["name"],) if values["name"] else ()
    return [
        Product(
            line,
            number,
            values["brand"],
            names,
            submission="Original",
            approved=approved,
            form=values["form"],
            route=values["route"],
            use=values["use"] or values["short_use"],
        )
        for number in numbers
    ]
