"""A new database comes from one migration of each app, which can be taken back, and which knows every table."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from portal.publishing.models import AuditEntry

from . import databases

OURS = ("faq", "immune", "pages", "publishing", "therapies")


@pytest.fixture
def empty(django_db_setup: None, django_db_blocker, tmp_path) -> Iterator[None]:
    """A database without a table."""
    with (
        django_db_blocker.unblock(),
        databases.database("migrated", tmp_path, like=None) as address,
        databases.connected(address),
    ):
        yield


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.split("_")[0] in OURS}


def test_every_app_has_one_migration():
    found = sorted(key for key in MigrationLoader(None).disk_migrations if key[0] in OURS)
    assert found == [(app, "0001_initial") for app in OURS]


def test_the_migrations_apply_from_nothing_and_can_be_taken_back(empty):
    call_command("migrate", verbosity=0)
    made = tables()
    assert {"publishing_page", "publishing_edition", "publishing_change", "therapies_approvalevent"} <= made
    entry = AuditEntry.objects.create(verb="tested")
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(verb="forged")
    for app in OURS:
        call_command("migrate", app, "zero", verbosity=0)
    assert tables() == set()
    call_command("migrate", verbosity=0)
    assert tables() == made


def test_no_table_has_changed_since(db):
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
