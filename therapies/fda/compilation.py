"""FDA's compilation of new drugs and biologics since 1985 as CSV (CDER): original approvals with their use in words."""

from collections.abc import Iterable, Iterator

from . import cells
from .cells import Row
from .records import Product, Reading
from .tables import Layout

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
    },
    optional=frozenset({"second", "third", "short_use", "use"}),
    titled=True,
)


def read(rows: Iterable[Row], reading: Reading) -> Iterator[Product]:
    """One product for each application number: the original approval and its use."""
    for row in rows:
        with row.errors_to(reading):
            brand, name = cells.name(row["brand"]), cells.name(row["name"])
            kind, short, use = (cells.optional(row[field]) for field in ("kind", "short_use", "use"))
            written = ["number", *(field for field in ("second", "third") if cells.optional(row[field]))]
            numbers = [cells.application(row[field], kind.upper()) for field in written]
            approved = cells.day(row["approved"], reading.today)
            for number in numbers:
                yield Product(
                    row.line,
                    number,
                    brand,
                    (name,) if name else (),
                    submission="Original",
                    approved=approved,
                    use=use or short,
                )
