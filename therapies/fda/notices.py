"""FDA's table "Oncology (Cancer) / Hematologic Malignancies Approval Notifications", as a saved page or as CSV.

Three columns: the notice's title with its link, a description, a date. Only the description tells what was approved.
"""

from collections.abc import Iterable, Iterator

from . import cells
from .pages import Cell
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
)


LONGEST = 6_000  # characters of a description; FDA's longest have half of that
MOST = 2_000_000  # characters of all descriptions; FDA's whole table has less than half of that


def read(rows: Iterable[tuple[int, dict[str, Cell]]], reading: Reading) -> Iterator[Notice]:
    characters = 0
    for line, found in rows:
        empty = Cell("", "")
        title, description, date = (found.get(field, empty) for field in ("title", "description", "date"))
        link = found.get("address", empty).text or title.link or description.link
        column, raw = "description", description.text
        try:
            words = _paragraphs(raw)
            if not words:
                raise cells.Bad("A notice is read from its description, and this one has none.")
            if len(words) > LONGEST:
                raise cells.Bad(f"A description has at most {LONGEST:,} characters, and this one has more.")
            column, raw = "title", title.text
            heading = cells.text(raw)
            column, raw = "date", date.text
            day = cells.day(raw, reading.today)
            column, raw = "address", link
            address = cells.address(link)
        except cells.Bad as error:
            reading.error(line, column, raw, str(error))
            continue
        characters += len(words)
        if characters > MOST:
            raise FileRefused(f"FDA's table of notices has at most {MOST:,} characters, and this one has more.")
        yield Notice(line, heading, words, day, address)


def _paragraphs(raw: str) -> str:
    """Text with its line ends, since a list of uses is often only told apart by them."""
    return "\n".join(words for part in raw.splitlines() if (words := cells.text(part)))
