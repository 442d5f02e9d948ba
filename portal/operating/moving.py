"""The whole database moved to another one, of the same kind or of another. The old one stays as it is."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from environ import Env

from portal.publishing import content_version
from portal.publishing.counted import count_rows

from .backups import applied
from .faults import OperatingFault
from .restoring import STILL_RUNNING
from .tables import (
    AT_ONCE,
    FILLED_BY_MIGRATE,
    MIGRATIONS,
    StoredTable,
    TableDigest,
    count_all,
    filled,
    opened,
    rows,
    tables,
    unchanging,
)

SCHEMES = ("sqlite", "postgres", "postgresql")
#: The target's own, which differ although the content is the same: when it was migrated, how often it was written to.
OF_THE_TARGET = {MIGRATIONS, content_version.TABLE}


def move(url: str) -> dict[str, TableDigest]:
    """Copy everything to the database at ``url``, in one transaction of it. Answers what it holds by table."""
    if url.partition(":")[0] not in SCHEMES:
        raise OperatingFault("Write the target like DATABASE_URL, as sqlite:////path or postgres://user@host/name.")
    target = opened(Env.db_url_config(url))
    try:
        _refuse_unless_ready(target)
        connection.ensure_connection()
        target.set_autocommit(False)
        with unchanging(connection):
            moved = {t.name: t for t in tables(connection) if t.name not in OF_THE_TARGET}
            there = {t.name: t for t in tables(target)}
            if wrong := sorted(name for name, t in moved.items() if there.get(name) != t):
                raise OperatingFault(f"The target has other tables than this database: {', '.join(wrong)}.")
            _empty(target)
            for table in moved.values():
                _copy(table, target)
            _carry_on_numbers(target, moved)
            told = {name: counted for name, counted in count_all(connection).items() if name in moved}
        target.check_constraints()
        if wrong := _differing(told, count_all(target)):
            raise OperatingFault(f"The copy differs from this database in {', '.join(wrong)}. Nothing was kept of it.")
        if _differing(told, count_all(connection)):
            raise OperatingFault(f"{STILL_RUNNING} Nothing was kept of the copy.")
        count_rows(target)
        target.commit()
    except DatabaseError as error:
        raise OperatingFault(f"The target doesn’t take the content: {error}") from error
    finally:
        target.close()
    return told


def _refuse_unless_ready(target: BaseDatabaseWrapper) -> None:
    if applied(target) != applied(connection):
        raise OperatingFault(
            "The target needs the same tables. With DATABASE_URL set to it, run manage.py migrate; then move."
        )
    if held := filled(target):
        raise OperatingFault(f"The target isn’t empty: {', '.join(held[:3])} hold rows. Nothing was changed.")


def _empty(target: BaseDatabaseWrapper) -> None:
    """Take out what ``migrate`` wrote, as the same rows come with other keys. Those that point at others go first."""
    with target.cursor() as cursor:
        for name in sorted(FILLED_BY_MIGRATE - OF_THE_TARGET):
            cursor.execute(f"DELETE FROM {target.ops.quote_name(name)}")  # noqa: S608


def _copy(table: StoredTable, target: BaseDatabaseWrapper) -> None:
    quoted = target.ops.quote_name
    columns, places = ", ".join(map(quoted, table.columns)), ", ".join(["%s"] * len(table.columns))
    insert = f"INSERT INTO {quoted(table.name)} ({columns}) VALUES ({places})"  # noqa: S608
    adapted, waiting = target.ops.adapt_datetimefield_value, []
    with target.cursor() as cursor:
        for row in rows(connection, table):
            waiting.append([adapted(value) if isinstance(value, datetime.datetime) else value for value in row])
            if len(waiting) == AT_ONCE:
                cursor.executemany(insert, waiting)
                waiting = []
        if waiting:
            cursor.executemany(insert, waiting)


def _carry_on_numbers(target: BaseDatabaseWrapper, moved: Mapping[str, StoredTable]) -> None:
    """The next row gets the number that it would have had: the audit trail names rows that are long gone."""
    with connection.cursor() as asked, target.cursor() as cursor:
        for name in moved:
            for sequence in connection.introspection.get_sequences(asked, name):
                if last := _last_number(asked, sequence):
                    _go_on_after(last, cursor, sequence)


def _last_number(cursor: Any, sequence: Mapping[str, Any]) -> int:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [sequence["table"]])
    else:
        name = connection.ops.quote_name(sequence["name"])
        cursor.execute(f"SELECT last_value FROM {name} WHERE is_called")  # noqa: S608
    found = cursor.fetchone()
    return int(found[0]) if found else 0


def _go_on_after(last: int, cursor: Any, sequence: Mapping[str, Any]) -> None:
    table, column = sequence["table"], sequence["column"]
    if cursor.db.vendor == "sqlite":
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
    else:
        asked = "SELECT setval(pg_get_serial_sequence(%s, %s), %s)"
        cursor.execute(asked, [cursor.db.ops.quote_name(table), column, last])


def _differing(told: Mapping[str, TableDigest], found: Mapping[str, TableDigest]) -> list[str]:
    return sorted(name for name in told if found.get(name) != told[name])
