"""Tables of a database as rows of plain values, which are the same on SQLite and PostgreSQL, and digests of them.

What is there is read from the database, not from the models: before an upgrade, a backup meets the tables of the
release before. Rows come in the order of their keys and are never all in memory.
"""

import datetime
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from portal.publishing import content_version

from .faults import OperatingFault

MIGRATIONS = "django_migrations"
#: What ``migrate`` itself writes into an empty database.
FILLED_BY_MIGRATE = {MIGRATIONS, "django_content_type", "auth_permission", content_version.TABLE}
AT_ONCE = 500  # rows


class StoredTable(NamedTuple):
    name: str
    columns: tuple[str, ...]
    key: str
    json: frozenset[int]  # which of the columns hold JSON
    has_text_key: bool


class TableDigest(NamedTuple):
    rows: int
    digest: str


def opened(settings: dict[str, Any]) -> BaseDatabaseWrapper:
    """A connection of its own, beside those of Django."""
    try:
        return ConnectionHandler({DEFAULT_DB_ALIAS: settings})[DEFAULT_DB_ALIAS]
    except ImproperlyConfigured as error:
        raise OperatingFault(f"No such database can be opened: {error}") from None


@contextmanager
def unchanging(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Within it, all that this connection reads is of one moment, whoever writes meanwhile. It holds up nobody.

    ``atomic`` will not do: on SQLite the portal's own takes the one place of a writer, on PostgreSQL each query sees
    a newer moment.
    """
    on_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if on_postgresql else "BEGIN DEFERRED")
        try:
            cursor.execute("SELECT 1" if on_postgresql else "SELECT count(*) FROM sqlite_master")  # the moment
            yield
        finally:
            cursor.execute("ROLLBACK")


def tables(connection: BaseDatabaseWrapper) -> list[StoredTable]:
    """Every table that has a key, as each of ours does, by name."""
    found, asked = [], connection.introspection
    connection.features.supports_json_field = True  # Django would try in a transaction, and take one within ours for no
    with connection.cursor() as cursor:
        for name in sorted(set(asked.table_names(cursor)) - made_by_the_database(connection)):
            if key := asked.get_primary_key_column(cursor, name):
                described = asked.get_table_description(cursor, name)
                kinds = {column.name: asked.get_field_type(column.type_code, column) for column in described}
                columns = tuple(sorted(kinds))
                json_columns = frozenset(n for n, column in enumerate(columns) if kinds[column] == "JSONField")
                found.append(StoredTable(name, columns, key, json_columns, kinds[key] in ("CharField", "TextField")))
    return found


def made_by_the_database(connection: BaseDatabaseWrapper) -> set[str]:
    """Tables that SQLite keeps for itself or for others: what it counted, and the words of the search. They follow from
    the rows.
    """
    if connection.vendor != "sqlite":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pragma_table_list WHERE type IN ('shadow', 'virtual') OR name GLOB 'sqlite_*'")
        return {name for (name,) in cursor.fetchall()}


def rows(connection: BaseDatabaseWrapper, table: StoredTable) -> Iterator[list[Any]]:
    quoted = connection.ops.quote_name
    order = quoted(table.key)
    if table.has_text_key and connection.vendor == "postgresql":
        order += ' COLLATE "C"'  # as SQLite orders
    asked = f"SELECT {', '.join(map(quoted, table.columns))} FROM {quoted(table.name)} ORDER BY {order}"  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(asked)
        while several := cursor.fetchmany(AT_ONCE):
            for row in several:
                yield [_plain(value, is_json=n in table.json) for n, value in enumerate(row)]


def count(connection: BaseDatabaseWrapper, table: StoredTable) -> TableDigest:
    number, digest = 0, hashlib.sha256(json.dumps(table.columns).encode())
    for row in rows(connection, table):
        number += 1
        digest.update(json.dumps(row, ensure_ascii=False, default=_written).encode())
    return TableDigest(number, digest.hexdigest())


def count_all(connection: BaseDatabaseWrapper) -> dict[str, TableDigest]:
    return {table.name: count(connection, table) for table in tables(connection)}


def filled(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables that hold rows of somebody's, so that nothing may be written over them."""
    found, quoted = [], connection.ops.quote_name
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor)) - FILLED_BY_MIGRATE
        for name in sorted(names - made_by_the_database(connection)):
            cursor.execute(f"SELECT 1 FROM {quoted(name)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                found.append(name)
    return found


def _plain(value: Any, *, is_json: bool) -> Any:
    if is_json and isinstance(value, str):
        return json.dumps(json.loads(value, parse_float=_number), sort_keys=True)
    if isinstance(value, datetime.datetime):  # SQLite keeps UTC without saying so
        return value.astimezone(datetime.UTC) if value.tzinfo else value.replace(tzinfo=datetime.UTC)
    return bytes(value) if isinstance(value, memoryview) else value


def _number(told: str) -> int | float:
    """PostgreSQL keeps 1e3 as 1000."""
    number = float(told)
    return int(number) if number.is_integer() else number


def _written(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else value.isoformat()
