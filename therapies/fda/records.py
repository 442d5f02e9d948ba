"""What the readers give: one small type for each thing that FDA says, each with the line where it was read."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

MOST_ERRORS = 20_000  # of a file: more are no mistakes in rows, but another file
#: What a reader may raise over a file that nobody foresaw.
UNFORESEEN = (ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, MemoryError, OSError)


class FileRefused(Exception):  # noqa: N818 - it is an answer, not an error
    """The file as a whole cannot be read. The text is one sentence: what was expected and what was found."""


class RowError(NamedTuple):
    """One row that was left out, and why. ``value`` is cut and holds no control characters."""

    line: int
    column: str
    value: str
    message: str


class Application(NamedTuple):
    """An application's number with its kind. NDA021174 and BLA761060 are two, whatever their digits."""

    kind: str  # BLA, NDA or ANDA; empty where the file does not tell
    number: int

    def __str__(self) -> str:
        return f"{self.kind}{self.number:06d}"

    def submission(self, supplements: Sequence[str] = ()) -> str:
        """What FDA calls a submission under it: supplements by their numbers, or the original application."""
        return f"{self} supplement {', '.join(supplements)}" if supplements else f"{self} original application"


@dataclass(frozen=True, slots=True)
class Product:
    """One product or presentation under an application, from any file that lists products."""

    line: int
    application: Application
    brand: str
    names: tuple[str, ...]  # proper name or active ingredients
    licence: str = ""  # 351(a), 351(k) Biosimilar …: the Purple Book alone tells
    status: str = ""  # as FDA writes it; the Purple Book alone is believed
    licensure: str = ""
    submission: str = ""  # Original or Supplement: what the date belongs to
    approved: datetime.date | None = None
    reference: tuple[str, ...] = ()  # proper and proprietary name of a biosimilar's reference product
    use: str = ""  # the use in FDA's words, where the file has them
    presentation: str = ""  # what tells it from others of its brand


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission under an application. ``code`` is its class: EFFICACY, LABELING, TYPE 1 …"""

    line: int
    application: Application
    type: str  # ORIG or SUPPL
    number: str
    code: str
    status: str  # AP approved, TA tentatively, CR answered
    date: datetime.date | None


@dataclass(frozen=True, slots=True)
class Label:
    """The fields of one label that the portal reads. A label may name no application."""

    line: int
    applications: tuple[Application, ...]
    brands: tuple[str, ...]
    names: tuple[str, ...]
    set_id: str
    effective: datetime.date | None
    use: str
    boxed_warning: str
    routes: tuple[str, ...]
    common: tuple[str, ...] = ()  # its lists of the most common adverse reactions, each as ``CommonReactions`` says


@dataclass(frozen=True, slots=True)
class Notice:
    """One row of FDA's notices on cancer drugs. What it says lies in the description."""

    line: int
    title: str
    description: str
    date: datetime.date | None
    address: str


@dataclass(frozen=True, slots=True)
class Accelerated:
    """One row of FDA's three tables of accelerated approvals of cancer drugs."""

    line: int
    brand: str
    names: tuple[str, ...]
    use: str
    granted: datetime.date | None
    converted: datetime.date | None = None
    withdrawn: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """One row of CBER's list of cellular and gene therapies."""

    line: int
    brand: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One record of the portal's own export, as texts by field. A column that the file lacks is not in it."""

    line: int
    said: dict[str, str]


Record = Product | Submission | Label | Notice | Accelerated | ListedProduct | Recorded


@dataclass(slots=True)
class Reading:
    """A file while it is read. Errors, counts and edition are complete once ``records`` has run out."""

    kind: str
    today: datetime.date
    edition: str | None = None  # what the file says of its own date
    total: int | None = None  # how many results the answer says exist
    rows: int = 0
    errors: list[RowError] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)  # tables of several that have a header alone
    table: str = ""  # which of several the lines are of, for errors
    columns: dict[str, str] = field(default_factory=dict)  # what the file calls a field, for errors
    records: Iterator[Record] = field(default_factory=lambda: iter(()))

    def error(self, line: int, column: str, value: object, message: str) -> None:
        """Leave a row out, and say why. Raises FileRefused for a file that is hardly anything but errors."""
        message = f"{self.table}: {message}" if self.table else message
        if len(self.errors) >= MOST_ERRORS:
            raise FileRefused(f"More than {MOST_ERRORS:,} rows of this file cannot be read. The first: {message}")
        self.errors.append(RowError(line, self.columns.get(column, column), cut(value), message))

    def tell_empty(self) -> None:
        """Say of each table without a row that it has none. The file as a whole may hold others."""
        for table in self.empty:
            self.table = table
            self.error(1, "", "", "This table has a header, but no row below it.")


def cut(value: object, length: int = 80) -> str:
    """A value as it may be shown: short, and with every character that could play tricks written out."""
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(value)[:length])
    return text[:length] + "…" if len(str(value)) > length or len(text) > length else text
