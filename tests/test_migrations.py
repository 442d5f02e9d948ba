"""A new database comes from one migration of each app, which can be taken back, and which knows every table."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from portal.operating.verifying import digest_of_code, frozen
from portal.publishing.models import AuditEntry, Source
from therapies.models import Therapy, TherapyFact

from . import databases

OURS = ("faq", "immune", "pages", "publishing", "therapies")
ROOT = Path(__file__).parents[1]


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


def test_every_migration_is_frozen():
    files = [path for place in ("*", "portal/*") for path in ROOT.glob(f"{place}/migrations/0*.py")]
    files += [ROOT / "portal/publishing/triggers.py"]
    found = {str(path.relative_to(ROOT)): digest_of_code(path) for path in files}
    assert found == frozen(), "Add the line of a new migration. If one that landed differs, write a further migration."


def test_a_digest_is_the_same_with_every_python(monkeypatch, tmp_path):
    """Python 3.13.5 writes this f-string otherwise than 3.13.0, so that every new installation on Debian 13 failed."""
    for name in ("unparse", "dump"):  # what a Python writes is its own affair
        monkeypatch.delattr(f"ast.{name}")
    said, laid_out = tmp_path / "said.py", tmp_path / "laid_out.py"
    said.write_text("""new = f"INSERT ({rows('new')})"\n""")
    laid_out.write_text("""# A remark.\nnew = (\n    f'INSERT ({rows("new")})'\n)\n""")
    assert digest_of_code(said) == digest_of_code(laid_out) == "adb7aec8c6d971d8"
    laid_out.write_text("""new = f"INSERT ({rows('old')})"\n""")
    assert digest_of_code(laid_out) != digest_of_code(said)


def test_every_app_begins_with_one_migration_and_each_later_one_says_what_it_does():
    found = sorted(key for key in MigrationLoader(None).disk_migrations if key[0] in OURS)
    assert [key for key in found if key[1].startswith("0001")] == [(app, "0001_initial") for app in OURS]
    assert [name for _, name in found if "_auto_" in name] == []


@pytest.mark.slow
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


@pytest.mark.parametrize(
    ("title", "as_of"),
    [
        ("FDA Purple Book, March 2025 edition", "2025-03-31"),
        ("Drugs@FDA, June 26, 2018", "2018-06-26"),
        ("Federal Register 85:43587; Drugs@FDA snapshot Jul 2026", "2026-07-31"),
        ("Drugs@FDA, June 31, 2018", None),
        ("goodrx.com/pegintron", None),
    ],
)
def test_a_source_of_an_earlier_release_keeps_the_age_that_its_title_told(db, title, as_of):
    source = Source.objects.create(title=title)
    importlib.import_module("portal.publishing.migrations.0004_source_as_of").fill(apps, None)
    source.refresh_from_db()
    assert (source.as_of and source.as_of.isoformat()) == as_of


@pytest.mark.parametrize(
    ("kind", "value", "note", "application", "center"),
    [
        ("form", "Keytruda Later (pembrolizumab)", "subcutaneous; BLA769999", "BLA769999", ""),
        ("form", "Keytruda Later (BLA769999)", "", "BLA769999", ""),
        ("application", "BLA769999", "CDER; second original application", "", "CDER"),
        ("application", "BLA769999", "CBER", "", "CBER"),
        ("brand", "Keytruda Later", "CDER; BLA769999", "", ""),
    ],
)
def test_a_fact_of_an_earlier_release_keeps_what_its_note_told(db, source, kind, value, note, application, center):
    told = {"therapy": Therapy.objects.first(), "kind": kind, "value": value, "note": note, "source": source}
    fact = TherapyFact.objects.create(**told, confirmed_at=timezone.now())
    importlib.import_module("therapies.migrations.0008_numbers_and_centers").fill(apps, None)
    fact.refresh_from_db()
    assert (fact.application, fact.center) == (application, center)
