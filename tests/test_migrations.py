"""A new database comes from one migration of each app, which can be taken back, and which knows every table."""

import ast
import hashlib
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from portal.publishing.models import AuditEntry, Source
from therapies.models import Therapy, TherapyFact

from . import databases

OURS = ("faq", "immune", "pages", "publishing", "therapies")
ROOT = Path(__file__).parents[1]
#: Every migration and the triggers that they make, with a digest of the code, whatever its layout. Whoever writes one
#: adds its line, and changes it until it lands. From then on it may have run somewhere: the line stays as it is.
FROZEN = {
    "faq/migrations/0001_initial.py": "85aaceb80010decb",
    "immune/migrations/0001_initial.py": "51cb9e535ddb4264",
    "portal/pages/migrations/0001_initial.py": "6eb11f989ba62023",
    "portal/pages/migrations/0002_plain_words.py": "e35c250e8fcbcf56",
    "portal/pages/migrations/0003_contact.py": "b706e4546e81e1f9",
    "portal/pages/migrations/0004_natural_words.py": "36df38167e49b70b",
    "portal/publishing/migrations/0001_initial.py": "749c04a35330f391",
    "portal/publishing/migrations/0002_plain_words.py": "f45378be6dcc0f59",
    "portal/publishing/migrations/0003_warnings_beside_a_change.py": "4065182f9f5e37f2",
    "portal/publishing/migrations/0004_source_as_of.py": "873fab78f9ce5164",
    "portal/publishing/migrations/0005_values_of_sources.py": "1f3155a4c9ec6a98",
    "portal/publishing/migrations/0006_content_version.py": "767017d1c6654b76",
    "portal/publishing/triggers.py": "9c7c5bd25bc64e1c",
    "therapies/migrations/0001_initial.py": "9cb2fc0629bd2e46",
    "therapies/migrations/0002_use_in_plain_words.py": "a254cc1f2f17fc7d",
    "therapies/migrations/0003_revoked_licenses.py": "995c31f0cab32fa3",
    "therapies/migrations/0004_labels.py": "0e8533845359f37b",
    "therapies/migrations/0005_terms_that_change.py": "b33d7f69274c28db",
    "therapies/migrations/0006_watch.py": "f883cf2c807ba556",
    "therapies/migrations/0007_further_sources.py": "cac239c1209a1b49",
    "therapies/migrations/0008_numbers_and_centers.py": "fa6935e508f9b4c7",
    "therapies/migrations/0009_stages_in_the_readers_words.py": "219e414c30bea193",
    "therapies/migrations/0010_kinds_of_test_results.py": "19e16bb894b19a20",
    "therapies/migrations/0011_natural_words.py": "e9ad915b3396a432",
    "therapies/migrations/0012_lists_of_side_effects.py": "1ea05205537e2e7d",
}


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


def digest(path: Path) -> str:
    code = ast.unparse(ast.parse(path.read_text()))
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def test_every_migration_is_frozen():
    files = [path for place in ("*", "portal/*") for path in ROOT.glob(f"{place}/migrations/0*.py")]
    files += [ROOT / "portal/publishing/triggers.py"]
    found = {str(path.relative_to(ROOT)): digest(path) for path in files}
    assert found == FROZEN, "Add the line of a new migration. Where one that landed differs, write a further migration."


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
