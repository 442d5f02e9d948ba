"""CBER's page "Approved Cellular and Gene Therapy Products": each product with its proper name, and who makes it.

It tells neither number nor day nor use, but it is where a new cell therapy shows first.
"""

import re
from collections.abc import Iterable, Iterator

from . import cells
from .cells import Row
from .records import ListedProduct, Reading
from .tables import Layout

KIND = "cellular-products"
LAYOUT = Layout(
    KIND,
    "CBER's list of cellular and gene therapies",
    {
        "product": ("product", "products", "product name", "trade name", "tradename"),
        "maker": ("manufacturer", "manufacturers"),
    },
    most=1_000,  # the real one has some fifty
)
MARKS = re.compile(r"[®™]|\((?:R|TM)\)")


def read(rows: Iterable[Row], reading: Reading) -> Iterator[ListedProduct]:
    for row in rows:
        with row.errors_to(reading):
            written = cells.text(MARKS.sub("", row["product"]))
            found = re.fullmatch(r"([^()]+?) ?\((.+)\)", written)
            brand, name = found.groups() if found else (written, "")
            if not cells.name(brand):
                raise cells.Bad("Each row names a product, but this one does not.")
            # Another name in square brackets is no part of the first.
            names = (cells.name(re.sub(r" ?\[.*?\]", "", name)),) if name else ()
            yield ListedProduct(row.line, cells.name(brand), tuple(filter(None, names)))
