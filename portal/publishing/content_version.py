"""The content version: a number that grows with every change that readers can see.

Triggers of the database raise it inside the transaction that makes the change, so nothing comes between the two: a
verb, a command and somebody's own SQL raise it alike. ``manage.py migrate`` makes the triggers anew each time, since
SQLite drops those of a table that a migration rebuilds. Whoever holds finished pages (``portal/serving/``) compares.

On PostgreSQL a transaction raises the number as its last step, once, and tells every process of it (NOTIFY).
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection as django_connection
from django.db import models, transaction

from .rooms import Declaring

TABLE = "publishing_contentversion"
#: What PostgreSQL calls out when a transaction with such a change is committed.
CHANNEL = "content_version"
VERBS = ("INSERT", "UPDATE", "DELETE")
ENDING = "_seen"  # of the names of our triggers
#: Tables of which readers see some rows only: the condition on a row, which stands for ``{row}``. A draft that
#: somebody saves changes no page.
SEEN_IF = {"publishing_edition": "{row}.status IN ('published', 'unpublished')"}
#: Lists of editions, of which the same holds: the row of theirs says whether readers see it.
OF_EDITIONS = ("publishing_edition_sources", "publishing_edition_pictures")
#: What holds who wrote in a text: of no concern to readers, and written with each draft.
WRITERS = "publishing_edition_writers"


class ReadersNeverSee(models.Model):
    """A table that no public page reads, so that a new row in it leaves finished pages as they are."""

    class Meta:
        abstract = True


def number() -> int | None:
    """The version now; None where nothing was ever counted. One query."""
    with django_connection.cursor() as cursor:
        cursor.execute(f"SELECT number FROM {TABLE}")  # noqa: S608 - a name of our own
        row = cursor.fetchone()
    return row[0] if row else None


def tables(connection: Any) -> list[str]:
    """The tables of the floor and of the rooms that public pages may read, as far as they exist."""
    existing = set(connection.introspection.table_names())
    found = []
    for model in connection.introspection.get_migratable_models():
        ours = isinstance(apps.get_app_config(model._meta.app_label), Declaring)
        if ours and not issubclass(model, ReadersNeverSee) and model._meta.db_table != TABLE:
            several = (field.m2m_db_table() for field in model._meta.local_many_to_many)
            found += [model._meta.db_table, *several]
    return sorted(existing.intersection(found) - {WRITERS})


def follow(connection: Any) -> None:
    """Make the triggers of every such table, and raise the version: whatever changed without them is seen now."""
    if TABLE not in connection.introspection.table_names():
        return
    statements = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in statements(tables(connection)):
            cursor.execute(statement)
        cursor.execute(f"UPDATE {TABLE} SET number = number + 1")  # noqa: S608 - a name of our own


def leave(connection: Any) -> None:
    """Drop the triggers, so that tables can be rebuilt and the version itself may go."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for name, table in _there(cursor, connection.vendor):
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def missing(connection: Any) -> list[str]:
    """The tables that should have triggers and have not all."""
    with connection.cursor() as cursor:
        there = {name for name, _ in _there(cursor, connection.vendor)}
    return [table for table in tables(connection) if not there.issuperset(_name(table, verb) for verb in VERBS)]


def _there(cursor: Any, vendor: str) -> list[tuple[str, str]]:
    """Our triggers, each with its table."""
    if vendor == "postgresql":
        cursor.execute("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
    else:
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    return [(name, table) for name, table in cursor.fetchall() if name.endswith(ENDING)]


def _name(table: str, verb: str) -> str:
    return f"{table}_{verb.lower()}{ENDING}"


def _edition_is_seen(key: str) -> str:
    """The condition that readers see the edition of this key."""
    condition = SEEN_IF["publishing_edition"].format(row="edition")
    return f"EXISTS (SELECT 1 FROM publishing_edition edition WHERE edition.id = {key} AND {condition})"  # noqa: S608


def _when(table: str, verb: str) -> str:
    condition = _edition_is_seen("{row}.edition_id") if table in OF_EDITIONS else SEEN_IF.get(table, "")
    rows = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}[verb]
    return f"WHEN ({' OR '.join(condition.format(row=row) for row in rows)})" if condition else ""


def _on_sqlite(seen: list[str]) -> Iterator[str]:
    for table in seen:
        for verb in VERBS:
            yield f"""CREATE TRIGGER {_name(table, verb)} AFTER {verb} ON {table} {_when(table, verb)}
                BEGIN UPDATE {TABLE} SET number = number + 1; END"""  # noqa: S608 - names of our own


def _on_postgresql(seen: list[str]) -> Iterator[str]:
    """Deferred, so that a transaction holds the one row of the version for its last moment alone: two may wait for
    each other, but never in a circle.
    """
    yield _function("raise")
    # WHEN takes no subquery here.
    yield _function("raise_if_seen", f"AND {_edition_is_seen('COALESCE(NEW.edition_id, OLD.edition_id)')}")
    for table in seen:
        of_edition = table in OF_EDITIONS
        for verb in VERBS:
            yield f"""CREATE CONSTRAINT TRIGGER {_name(table, verb)} AFTER {verb} ON {table}
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {"" if of_edition else _when(table, verb)}
                EXECUTE FUNCTION {TABLE}_{"raise_if_seen" if of_edition else "raise"}()"""
        yield f"""CREATE TRIGGER {_name(table, "truncate")} AFTER TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_raise()"""


def _function(name: str, and_if: str = "") -> str:
    return f"""CREATE OR REPLACE FUNCTION {TABLE}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('portal.raised_in', true) IS DISTINCT FROM pg_current_xact_id()::text {and_if} THEN
                PERFORM set_config('portal.raised_in', pg_current_xact_id()::text, true);
                UPDATE {TABLE} SET number = number + 1;
                PERFORM pg_notify('{CHANNEL}', '');
            END IF;
            RETURN NULL;
        END $$"""  # noqa: S608 - names of our own
