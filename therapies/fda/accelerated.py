"""FDA's tables of accelerated approvals of cancer drugs: ongoing, verified and withdrawn, as saved pages or as CSV."""

import re
from collections.abc import Iterable, Iterator

from . import cells
from .cells import Row
from .records import Accelerated, Reading
from .tables import Layout

KIND = "accelerated-approvals"
LAYOUT = Layout(
    KIND,
    "A table of accelerated approvals",
    {
        "drug": ("drug name", "drug", "product"),
        "use": (
            "accelerated approval(aa) indication",
            "accelerated approval indication",
            "aa indication",
            "indication",
        ),
        "granted": (
            "accelerated approval date",
            "aa date",
            "aa approval date",
            "accelerated approval(aa) date",
            "date of accelerated approval",
        ),
        "converted": (
            "traditional approval date",
            "regular approval date",
            "full approval date",
            "conversion date",
            "conversion to regular approval date",
            "conversion to traditional approval date",
            "verified date",
            "date converted to traditional approval",
            "date converted to regular approval",
            "date of conversion",
            "date of traditional approval",
            "date of regular approval",
        ),
        "withdrawn": ("withdrawal date", "withdrawn date", "date withdrawn", "date of withdrawal"),
        "duty": (
            "aa post-marketing requirement(pmr) # and description",
            "aa post-marketing requirement",
            "aa postmarketing requirement",
            "post-marketing requirement",
        ),
        "due": ("original projected completion", "projected completion"),
    },
    optional=frozenset({"converted", "withdrawn", "duty", "due"}),
    most=5_000,  # the longest real one has some hundreds
)


def read(rows: Iterable[Row], reading: Reading) -> Iterator[Accelerated]:
    for row in rows:
        with row.errors_to(reading):
            brand, names = drug(row["drug"])
            use = cells.text(row["use"])
            granted = cells.day(row["granted"], reading.today)
            if granted is None:
                raise cells.Bad("An accelerated approval needs a date, but this row has none.")
            converted, withdrawn = (cells.day(row[field], reading.today) for field in ("converted", "withdrawn"))
            yield Accelerated(row.line, brand, names, use, granted, converted, withdrawn)


def drug(raw: str) -> tuple[str, tuple[str, ...]]:
    """``Elahere (mirvetuximab soravtansine-gynx)`` as brand and generic names."""
    value = re.sub(r" \d(?= \(|$)", "", cells.name(raw))  # the mark of a footnote
    if not value:
        raise cells.Bad("Each row names its drug, but this one does not.")
    if found := re.fullmatch(r"([^()]+?)\s*\((.+)\)", value):
        return found[1], (found[2],)
    return value, ()
