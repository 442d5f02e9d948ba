"""A site that runs what landed once gets what a release corrects, and keeps what its staff edited."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

from portal.publishing.models import AuditEntry, ContentVersion, ShippedRow
from therapies.models import TherapyFact

from . import databases, landed
from .test_loading import load

pytestmark = pytest.mark.slow

OURS = ("faq", "immune", "pages", "publishing", "therapies")
#: Values that differ from one site to another: keys of rows, what hangs on them, and what a row was called then.
OF_ONE_SITE = {"row", "before", "after", "leader", "about"}

#: Where a fact that a site has of its own shows.
OWN = ("therapies.TherapyFact", "publishing.SearchEntry")

type Rows = Counter[tuple[str, ...]]


def content() -> dict[str, Rows]:
    """All rows of each table, with names in the place of keys, and without the moments at which they came."""
    names: dict[Any, dict[Any, str]] = {}

    def told(row: models.Model, field: Any) -> str:
        if not field.is_relation:
            return str(getattr(row, field.name))
        other = field.related_model
        if other not in names:  # a version by its page: its own name tells the day on which it came
            names[other] = {one.pk: str(getattr(one, "page", one)) for one in other._base_manager.all()}
        return names[other].get(getattr(row, field.attname), "")

    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in OURS and model not in (AuditEntry, ContentVersion, ShippedRow):
            fields = [
                field
                for field in model._meta.concrete_fields
                if not (field.primary_key or field.name in OF_ONE_SITE or isinstance(field, models.DateTimeField))
            ]
            rows = model._base_manager.all()
            found[model._meta.label] = Counter(tuple(told(row, field) for field in fields) for row in rows)
    return found


@pytest.fixture
def fresh(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Rows]]:
    """The content of a new site, to compare with."""
    if connection.vendor != "sqlite":
        pytest.skip("The sites that ran what landed are databases of SQLite's.")
    with django_db_blocker.unblock():
        yield content()


def corrected(shipped: dict[str, dict[str, Any]]) -> list[int]:
    """The facts whose value is another one than this site was shipped, by their rows in it."""
    facts = ShippedRow.objects.filter(key__startswith="therapies.fact:", key__in=shipped)
    return [fact.row for fact in facts if fact.values["value"] != shipped[fact.key]["value"]]


@pytest.mark.parametrize("dump", landed.DUMPS, ids=lambda dump: dump.name.partition(".")[0])
def test_a_site_that_runs_what_landed_gets_every_correction_and_keeps_its_own(dump, fresh, tmp_path):
    shipped = dict(ShippedRow.objects.values_list("key", "values"))
    landed.restore(dump, tmp_path / "site.sqlite3")
    with databases.connected(f"sqlite:///{tmp_path / 'site.sqlite3'}"):
        edited, *others = corrected(shipped)
        assert others, "nothing to arrive"
        TherapyFact.objects.filter(pk=edited).update(value="As this site has it")

        call_command("migrate", verbosity=0)
        assert "     1 edited by staff, left alone" in load()
        upgraded = content()
        lacking = {table: fresh[table] - rows for table, rows in upgraded.items() if fresh[table] - rows}
        added = {table: rows - fresh[table] for table, rows in upgraded.items() if rows - fresh[table]}
        # What this site has of its own is one fact, and its therapy is found by it.
        assert {table: rows.total() for table, rows in lacking.items()} == dict.fromkeys(OWN, 1)
        for table in OWN:
            [own] = added.pop(table)
            assert "as this site has it" in " ".join(own).lower()
        # What readers saw before stays as history, with the sources that it cited.
        assert set(added) <= {"publishing.Edition", "publishing.Edition_sources", "publishing.Source"}
        assert all("replaced" in version for version in added["publishing.Edition"])

        again = load()
        assert "     1 edited by staff, left alone" in again and "new" not in again and "updated" not in again
        assert content() == upgraded
