"""All tables in one file: a zip of CSV with its description, and a database for SQLite.

Either is made on disk, table by table, so that memory stays flat; and from one state of the content, or not at all.
"""

import hashlib
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple

from .. import content_version
from . import counting, describing, formats
from .declaring import BOOLEAN, INTEGER, LIST, DataField, DataTable, Day
from .lists import AnyTable, with_lists

DESCRIPTION = "datapackage.json"
TRIES = 3
#: The day of every entry of the zip, so that the same data are the same file.
UNDATED = (1980, 1, 1, 0, 0, 0)


class ContentMovedError(Exception):
    """Somebody published or confirmed something each time while the file was made."""


def settled(make: Callable[[], IO[bytes]]) -> IO[bytes]:
    """What ``make`` made while nothing changed. Raises ContentMovedError."""
    for _ in range(TRIES):
        before = content_version.number()
        made = make()
        if content_version.number() == before:
            return made
        made.close()
    raise ContentMovedError


def zipped(on: Day) -> IO[bytes]:
    """The data package: a CSV file for each table, its description, and the license."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    tables = with_lists(on)
    resources, counted = [], {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            rows = counting.CountedRows(table, on)
            size, digest = _write(archive, f"{name}.csv", formats.csv(table, on, rows))
            if isinstance(table, DataTable):
                counted[name] = rows.told
            told = {"bytes": size, "hash": f"sha256:{digest}", "rows": rows.number, "digest": rows.told.digest}
            resources.append(describing.resource(table, tables, f"{name}.csv", **told))
        description = describing.package(on, resources, digest=counting.digest(counted))
        _write(archive, DESCRIPTION, [json.dumps(description, ensure_ascii=False, indent=1), "\n"])
        _write(archive, "LICENSE", [describing.LICENSE_FILE.read_text()])
    return file


def _write(archive: zipfile.ZipFile, name: str, lines: Iterable[str]) -> tuple[int, str]:
    """Size and digest of what was written."""
    size, digest = 0, hashlib.sha256()
    entry = zipfile.ZipInfo(name, UNDATED)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    with archive.open(entry, "w") as file:
        for line in lines:
            content = line.encode()
            size += len(content)
            digest.update(content)
            file.write(content)
    return size, digest.hexdigest()


# SQLite -----------------------------------------------------------------------------------


def database(on: Day) -> IO[bytes]:
    """A database with the same tables and keys; ``about_data`` and ``about_columns`` say what they are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.sqlite3"
        with closing(sqlite3.connect(path)) as store:
            _fill(store, on)
        return path.open("rb")  # open files outlive their folder


def _fill(store: sqlite3.Connection, on: Day) -> None:
    store.execute("PRAGMA journal_mode = OFF")
    store.execute("PRAGMA synchronous = OFF")
    tables, counted = with_lists(on), {}
    for table in tables.values():
        store.execute(_created(table, tables))
        rows = counting.CountedRows(table, on)
        places = ", ".join("?" * len(table.columns))
        insert = f"INSERT INTO {_quoted(table.name)} VALUES ({places})"  # noqa: S608 - names that rooms declare
        store.executemany(insert, (tuple(map(_stored, row.values())) for row in rows))
        if isinstance(table, DataTable):
            counted[table.name] = rows.told
    store.execute("CREATE TABLE about_columns (table_name TEXT, column_name TEXT, about TEXT, values_json TEXT)")
    told = ((table, field) for table in tables.values() for field in table.columns)
    store.executemany(
        "INSERT INTO about_columns VALUES (?, ?, ?, ?)",
        ((table.name, field.name, field.about, _stored(field.one_of)) for table, field in told),
    )
    package = describing.package(on, [], digest=counting.digest(counted))
    store.execute("CREATE TABLE about_data (name TEXT PRIMARY KEY, value TEXT)")
    about = {name: package[name] for name in ("title", "description", "homepage", "version", "licenses")}
    told_besides = chain(about.items(), [("digest", package["portal"]["digest"])])
    store.executemany("INSERT INTO about_data VALUES (?, ?)", ((name, formats.cell(v)) for name, v in told_besides))
    store.commit()


def _stored(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return formats.written(value) if isinstance(value, (list, dict)) else value


def _quoted(name: str) -> str:
    return f'"{name}"'


def _created(table: AnyTable, tables: dict[str, AnyTable]) -> str:
    columns = [_column(field) for field in table.columns]
    keys = [
        f"FOREIGN KEY ({_quoted(f.name)}) REFERENCES {_quoted(f.to)} ({_quoted(tables[f.to].order[0])})"
        for f in table.columns
        if f.to and f.kind != LIST
    ]
    primary = f"PRIMARY KEY ({', '.join(map(_quoted, table.order))})"
    return f"CREATE TABLE {_quoted(table.name)} ({', '.join([*columns, primary, *keys])}) WITHOUT ROWID"


def _column(field: DataField) -> str:
    kind = "INTEGER" if field.kind in (INTEGER, BOOLEAN) else "TEXT"
    return f"{_quoted(field.name)} {kind}{' NOT NULL' if field.required else ''}"


class WholeFile(NamedTuple):
    name: str
    content_type: str
    make: Callable[[Day], IO[bytes]]


WHOLE = {
    "zip": WholeFile("Data package (zip)", "application/zip", zipped),
    "sqlite3": WholeFile("SQLite database", "application/vnd.sqlite3", database),
}
