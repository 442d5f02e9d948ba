"""What SQLite counted of its rows: a page is found from its own, and nobody takes the numbers for content."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.operating.tables import filled, tables

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself, and plans in other words"),
]


def asked(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        return cursor.execute(sql).fetchall()


@pytest.mark.parametrize("address", ["/therapies/pembrolizumab/", "/cancers/melanoma/", "/biomarkers/pd-l1/"])
def test_no_page_is_found_by_way_of_every_text(client, address):
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    queries = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    plans = [step for sql in queries for *_, step in asked(f"EXPLAIN QUERY PLAN {sql}")]
    assert any("USING INDEX edition_one_published" in step for step in plans)
    assert not [step for step in plans if "edition_status" in step or "SCAN publishing_edition" in step]


def test_the_numbers_are_no_content():
    assert asked("SELECT count(*) FROM sqlite_stat1") > [(0,)]
    assert "sqlite_stat1" not in {*filled(connection), *(table.name for table in tables(connection))}


@pytest.mark.slow
def test_whoever_loads_counts():
    asked("DELETE FROM sqlite_stat1")
    call_command("load_content", verbosity=0)
    assert asked("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'publishing_edition'") > [(0,)]
