"""The kinds of file that the portal reads. To add one: a module beside this one, and an entry below."""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from . import accelerated, cellular, compilation, drugs_at_fda, notices, openfda, portal_export, purple_book
from .cells import Row
from .records import FileRefused, Reading, Record
from .tables import Layout, Table, TableRow


@dataclass(frozen=True)
class CsvFile:
    """A table in a CSV or an Excel workbook, known by the columns that its header names."""

    layout: Layout
    read: Callable[[Iterable[Row], Reading], Iterator[Record]]
    #: For a file that holds more than its table: where this begins, and the lines below that are no part of it.
    part: Callable[[Table, TableRow, list[TableRow], Reading], tuple[TableRow, set[int]]] | None = None
    saved_as = "CSV or Excel workbook"


class WebTable(CsvFile):
    """A table of a web page, which people save as the page or copy into a spreadsheet."""

    saved_as = "web page, CSV or Excel workbook"


@dataclass(frozen=True)
class ZipFile:
    """A zip of tables, known by the names of its entries."""

    is_it: Callable[[list[zipfile.ZipInfo]], bool]
    read: Callable[[zipfile.ZipFile, list[zipfile.ZipInfo], Reading], Iterator[Record]]
    saved_as = "zip"


@dataclass(frozen=True)
class JsonFile:
    """JSON, known by its opening. Where there is none, the reader finds the kind in the first result."""

    read: Callable[[BinaryIO, Reading], Iterator[Record]]
    opening: re.Pattern[bytes] | None = None
    saved_as = "JSON"


Reader = CsvFile | ZipFile | JsonFile


@dataclass(frozen=True)
class FileKind:
    """One kind of file: its key, which batches store, its name for people, and what reads it."""

    key: str
    name: str
    readers: tuple[Reader, ...]
    place: str = "Line"  # what the number beside each of its rows counts
    source_kind: str = "list"  # value of ``Source.Kind``; a batch of it is such a source
    from_fda: bool = True
    fewest: int = 0  # rows of the whole list: a file with fewer is an excerpt, which leaves out things that are so

    @property
    def saved_as(self) -> str:
        return " or ".join(reader.saved_as for reader in self.readers)

    def refuse_without_rows(self) -> NoReturn:
        """Raises FileRefused: a header alone is no empty list of FDA's."""
        raise FileRefused(
            f"This file has no rows, so nothing was stored. It is {self.name} with a header alone. Download it again "
            "from FDA’s page."
        )


#: In the order of how much each tells. Where two layouts fit a header equally well, the first one is taken.
FILE_KINDS = (
    FileKind(
        purple_book.KIND,
        "FDA’s Purple Book",
        (CsvFile(purple_book.LAYOUT, purple_book.read, purple_book.database),),
        fewest=purple_book.FEWEST,
    ),
    FileKind(drugs_at_fda.KIND, "Drugs@FDA", (ZipFile(drugs_at_fda.is_ours, drugs_at_fda.read),)),
    FileKind(openfda.LABEL, "Labels at openFDA", (JsonFile(openfda.read),), place="Result", source_kind="label"),
    FileKind(openfda.DRUGSFDA, "Drugs@FDA at openFDA", (JsonFile(openfda.read),), place="Result"),
    FileKind(
        notices.KIND, "FDA’s notices on cancer drugs", (WebTable(notices.LAYOUT, notices.read),), source_kind="notice"
    ),
    FileKind(
        accelerated.KIND, "FDA’s tables of accelerated approvals", (WebTable(accelerated.LAYOUT, accelerated.read),)
    ),
    FileKind(cellular.KIND, "CBER’s list of cellular and gene therapies", (WebTable(cellular.LAYOUT, cellular.read),)),
    FileKind(compilation.KIND, "FDA’s compilation of new drugs", (CsvFile(compilation.LAYOUT, compilation.read),)),
    FileKind(
        portal_export.KIND,
        "An export of this site",
        (
            CsvFile(portal_export.LAYOUT, portal_export.read),
            JsonFile(portal_export.read_json, portal_export.OPENING),
        ),
        source_kind="other",
        from_fda=False,
    ),
)
BY_KEY = {kind.key: kind for kind in FILE_KINDS}


def file_kind(key: str) -> FileKind:
    """The kind of this key. One that no reader knows any more goes by its key: its batches are still there."""
    return BY_KEY.get(key) or FileKind(key, key, ())
