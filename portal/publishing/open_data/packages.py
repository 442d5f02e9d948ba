"""A data package as a file that somebody brings: nothing in it is believed before it was looked at."""

import csv
import datetime
import hashlib
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from .. import rooms
from ..spreadsheets import unguarded
from .declaring import BOOLEAN, DATE, INTEGER, LIST, OBJECT, DataField, DataRow, DataTable
from .describing import FORMAT
from .lists import with_lists
from .whole import DESCRIPTION

csv.field_size_limit(10_000_000)  # characters; a text is one cell
#: Bytes that a table and the description may have: many times ours. Little can unpack to more than memory holds.
LARGEST, LARGEST_DESCRIPTION = 64 << 20, 4 << 20
#: What Python raises for a file that is no zip, or that is cut, altered, locked or packed in a way it doesn't know.
UNREADABLE = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    ValueError,
    KeyError,
    TypeError,
)


class PackageError(Exception):
    """The package cannot be loaded; the message says why, for the operator."""


class DataPackage(NamedTuple):
    archive: zipfile.ZipFile
    resources: dict[str, dict[str, Any]]

    def rows(self, table: DataTable) -> Iterator[DataRow]:
        """Raises PackageError at the first row that is not as declared."""
        with self.archive.open(f"{table.name}.csv") as file:
            lines = csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline=""))
            try:
                head = next(lines, [])
                if head != [field.name for field in table.columns]:
                    raise PackageError(f"{table.name}.csv has other columns than this version of the software knows.")
                for number, line in enumerate(lines, 2):
                    yield _row_of(table, number, line)
            except (csv.Error, UnicodeError) as error:
                raise PackageError(f"{table.name}.csv can’t be read: {error}") from None


def _row_of(table: DataTable, number: int, line: list[str]) -> DataRow:
    if len(line) != len(table.columns):
        raise PackageError(f"{table.name}.csv, row {number}: it has {len(line)} cells instead of {len(table.columns)}.")
    try:
        cells = zip(table.columns, line, strict=True)
        return {field.name: _value(field, unguarded(cell)) for field, cell in cells}
    except ValueError as error:
        raise PackageError(f"{table.name}.csv, row {number}: {error}") from None


def _list(cell: str) -> list[str]:
    found = json.loads(cell)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError
    return found


def _object(cell: str) -> dict[str, Any]:
    found = json.loads(cell)
    if not isinstance(found, dict):
        raise ValueError
    return found


READ: dict[str, Callable[[str], Any]] = {
    INTEGER: int,
    BOOLEAN: {"true": True, "false": False}.__getitem__,
    DATE: lambda cell: datetime.date.fromisoformat(cell).isoformat(),
    LIST: _list,
    OBJECT: _object,
}


def _value(field: DataField, cell: str) -> Any:
    """Raises ValueError with what is wrong."""
    if not cell:
        if field.required:
            raise ValueError(f"“{field.name}” is empty.")
        return None
    if "\0" in cell or "\\u0000" in cell:
        raise ValueError(f"“{field.name}” holds a character that no database takes.")
    try:
        value = READ.get(field.kind, str)(cell)
    except (ValueError, KeyError, RecursionError):
        raise ValueError(f"“{cell[:40]}” can’t be “{field.name}”.") from None
    if field.one_of and value not in field.one_of:
        raise ValueError(f"“{cell[:40]}” can’t be “{field.name}”.")
    return value


@contextmanager
def opened(path: Path) -> Iterator[DataPackage]:
    """A package of which every file is whole. Raises PackageError."""
    if not path.is_file():  # reading a device or a pipe never ends
        raise PackageError(f"There is no file {path}.")
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(zipfile.ZipFile(path))
            package = DataPackage(archive, _checked(archive))
        except UNREADABLE as error:
            raise PackageError(f"It is no data package, or it is damaged: {error}") from error
        yield package


def _checked(archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    """What the package says of its files, which is true of each."""
    _refuse_if_huge(archive, DESCRIPTION, LARGEST_DESCRIPTION)
    description = json.loads(archive.read(DESCRIPTION))
    about = description["portal"]
    if about["format"] != FORMAT:
        raise PackageError(f"It has the format {about['format']}; this version of the software reads {FORMAT}.")
    if about["is_past"]:
        raise PackageError("It holds a past day, without texts. Download the package without a date.")
    resources = {one["name"]: one for one in description["resources"]}
    for name in with_lists(None):
        _check(archive, name, resources)
    return resources


def _refuse_if_huge(archive: zipfile.ZipFile, name: str, largest: int) -> None:
    """No more is ever unpacked than the archive says that a file has."""
    if archive.getinfo(name).file_size > largest:
        raise PackageError(f"{name} is larger than {largest >> 20} MB, which no file of ours is.")


def _check(archive: zipfile.ZipFile, name: str, resources: dict[str, dict[str, Any]]) -> None:
    if name not in resources:
        raise PackageError(f"It lacks {name}.csv.")
    _refuse_if_huge(archive, f"{name}.csv", LARGEST)
    digest = hashlib.sha256()
    with archive.open(f"{name}.csv") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    if resources[name]["hash"] != f"sha256:{digest.hexdigest()}":
        raise PackageError(f"{name}.csv is not what the package describes.")
    if name in rooms.open_tables() and not isinstance(resources[name]["digest"], str):
        raise PackageError(f"The package has no digest of {name}.")
