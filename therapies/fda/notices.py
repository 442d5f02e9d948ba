"""FDA's table "Oncology (Cancer) / Hematologic Malignancies Approval Notifications", as a saved page or as CSV.

Three columns: the notice's title with its link, a description, a date. Only the description tells what was approved.
"""

from collections.abc import Iterable, Iterator

from . import cells
from .cells import Row
from .records import FileRefused, Notice, Reading
from .tables import Layout

KIND = "oncology-notices"
LAYOUT = Layout(
    KIND,
    "The table of oncology notices",
    {
        "title": ("webpage", "title", "web page", "notification", "drug"),
        "description": ("description", "summary"),
        "date": ("date", "date posted", "approval date"),
        "address": ("url", "link", "address"),
    },
    optional=frozenset({"address"}),
    most=5_000,  # the real one has some hundreds
)


LONGEST = 6_000  # characters of a description; FDA's longest have half of that
MOST = 2_000_000  # characters of all descriptions; FDA's whole table has less than half of that


def read(rows: Iterable[Row], reading: Reading) -> Iterator[Notice]:
    characters = 0
    for row in rows:
        with row.errors_to(reading):
            words = _paragraphs(row["description"])
            if not words:
                raise cells.Bad("A notice is read from its description, but this one has none.")
            if len(words) > LONGEST:
                raise cells.Bad(f"A description can have at most {LONGEST:,} characters, but this one has more.")
            title, date = cells.text(row["title"]), cells.day(row["date"], reading.today)
            address = cells.address(row["address"] or row["link"])
            characters += len(words)
            if characters > MOST:
                raise FileRefused(f"FDA's table of notices can have at most {MOST:,} characters, but this has more.")
            yield Notice(row.line, title, words, date, address)


def _paragraphs(raw: str) -> str:
    """Text with its line ends, since a list of uses is often only told apart by them."""
    return "\n".join(words for part in raw.splitlines() if (words := cells.text(part)))
