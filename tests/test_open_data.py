"""Public tables: what they declare is what they hold, on every day, in few queries."""

import datetime
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from portal.publishing import rooms
from portal.publishing.open_data.declaring import AT_ONCE, BOOLEAN, DATE, INTEGER, LIST, OBJECT
from therapies import timeline
from therapies.decisions import DecisionRecord
from therapies.models import Therapy, TherapyClass

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
A_DAY = datetime.date(2019, 2, 28)
TABLES = tuple(rooms.open_tables())
TYPES = {BOOLEAN: bool, INTEGER: int, LIST: list, OBJECT: dict}


def rows(name, on=None, **asked):
    return list(rooms.open_tables()[name].stream(on, asked))


def fits(field, value):
    if value is None:
        return not field.required
    if field.kind == DATE:
        return str(datetime.date.fromisoformat(value)) == value
    if field.kind == OBJECT and list(value) != sorted(value):
        return False  # databases keep them in different orders, and digests must not differ
    return type(value) is TYPES.get(field.kind, str) and (not field.one_of or value in field.one_of)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("on", [None, A_DAY], ids=["today", "a past day"])
def test_rows_are_as_declared(name, on):
    table = rooms.open_tables()[name]
    found = rows(name, on)
    assert found, f"The shipped content has no row of {name}, so nothing here was tried."
    for row in found:
        assert list(row) == [field.name for field in table.columns]
        wrong = {field.name: row[field.name] for field in table.columns if not fits(field, row[field.name])}
        assert wrong == {}, row
    for field in table.columns:
        if field.unique:
            assert len({row[field.name] for row in found}) == len(found), field.name
    places = [table.place(row) for row in found]
    assert all(one < next_one for one, next_one in pairwise(places))  # in one order everywhere, and none twice


@pytest.mark.parametrize("on", [None, A_DAY], ids=["today", "a past day"])
def test_what_points_to_a_row_finds_it(on):
    tables = {name: t for name, t in rooms.open_tables().items() if t.has_history or not on}
    data = {name: rows(name, on) for name in tables}
    for name, table in tables.items():
        for field in [field for field in table.fields if field.to]:
            (key,) = tables[field.to].order
            keys = {row[key] for row in data[field.to]}
            values = [row[field.name] for row in data[name] if row[field.name] is not None]
            named = {one for value in values for one in value} if field.kind == LIST else {*values}
            assert named <= keys, (name, field.name)


def test_each_source_is_named_by_something():
    tables = rooms.open_tables()
    named = set()
    for name, table in tables.items():
        for field in [field for field in table.fields if field.to == "sources"]:
            for row in rows(name):
                named |= {*row[field.name]} if field.kind == LIST else {row[field.name]}
    assert {row["id"] for row in rows("sources")} == named - {None}


@pytest.mark.parametrize("name", TABLES)
def test_the_page_of_a_row_is_there(name, client):
    table = rooms.open_tables()[name]
    if table.address:
        found = rows(name)
        assert all(resolve(row["page"]) for row in found)
        assert client.get(found[-1]["page"]).status_code == 200


@pytest.mark.parametrize("on", [None, A_DAY, datetime.date(1997, 1, 1)])
def test_decisions_and_uses_are_those_of_the_page_of_approvals(on):
    uses, decisions = DecisionRecord().on(on or TODAY())
    told = {row["id"]: (row["word"], row["date"]) for row in rows("events", on)}
    assert told == {one.step.event.short_id: (one.step.word, str(one.step.event.date)) for one in decisions}
    assert {row["id"]: row["state"] for row in rows("uses", on)} == {u.indication.short_id: u.state for u in uses}
    settings = {row["id"]: row["setting"] for row in rows("uses", on)}
    assert settings == {use.indication.short_id: use.terms.setting for use in uses}


def test_a_filter_leaves_what_its_column_says():
    every = rows("uses")
    assert rows("uses", therapy="pembrolizumab") == [row for row in every if row["therapy"] == "pembrolizumab"]
    assert rows("uses", in_force="true") == [row for row in every if row["in_force"]]
    assert rows("uses", in_force="false", therapy="pembrolizumab") == [
        row for row in every if not row["in_force"] and row["therapy"] == "pembrolizumab"
    ]
    assert rows("events", year="2014") == [row for row in rows("events") if row["year"] == 2014]
    assert rows("events", year="x") == []
    assert rows("sources", official="true") == [row for row in rows("sources") if row["official"]]
    assert rows("therapies", approved="false") == [row for row in rows("therapies") if not row["approved"]]
    with pytest.raises(KeyError):
        rows("uses", setting="x")


def test_uses_for_a_cancer_are_those_of_its_page(client):
    shown = client.get("/cancers/lung-cancer/").context
    listed = [use for row in (*shown["current"], *shown["former"]) for use in (row, *row.twins)]
    assert {row["id"] for row in rows("uses", cancer="lung-cancer")} == {use.indication.short_id for use in listed}


def held(row, column):
    return row[column] if isinstance(row[column], list) else [row[column]]


def said(value):
    """A value as the query of an address has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("on", [None, A_DAY], ids=["today", "a past day"])
@pytest.mark.parametrize("name", TABLES)
def test_a_filter_leaves_the_rows_that_have_its_value(name, on):
    """Some values that rows have, and each that a column may have; a cancer stands for its kinds, too."""
    table = rooms.open_tables()[name]
    found = rows(name, on)
    for column in [field for field in table.filters.values() if field in table.fields and field.name != "cancer"]:
        values = {said(value) for row in found for value in held(row, column.name) if value not in (None, "")}
        for value in {*sorted(values)[:5], *(column.one_of or ())}:
            fitting = [row for row in found if value in map(said, held(row, column.name))]
            assert rows(name, on, **{column.name: value}) == fitting, (column.name, value)


@pytest.mark.parametrize("name", ["uses", "events"])
def test_what_hangs_on_a_therapy_can_be_asked_for_by_its_class_and_type(name):
    for asked in ("class", "family"):
        key = rows("therapies")[0][asked]
        theirs = {row["id"] for row in rows("therapies", **{asked: key})}
        assert rows(name, **{asked: key}) == [row for row in rows(name) if row["therapy"] in theirs] != []


def test_decisions_can_be_asked_for_by_their_month():
    assert rows("events", month="2") == [row for row in rows("events") if row["date"][5:7] == "02"] != []


def test_a_page_goes_on_where_the_one_before_ended():
    table = rooms.open_tables()["facts"]
    every, found, after = rows("facts"), [], None
    while part := table.page(after=after, limit=100):
        found += part
        after = table.place(part[-1])
    assert found == every


#: Questions to the database for some hundred rows. One for each list, one for what decisions say, two for tests.
FEW = {"uses": 4, "therapies": 3, "labels": 12}


@pytest.mark.parametrize("name", TABLES)
def test_a_page_of_a_table_asks_few_questions(name):
    with CaptureQueriesContext(connection) as asked:
        found = rooms.open_tables()[name].page(limit=AT_ONCE)
    assert found, f"The shipped content has no row of {name}, so nothing here was tried."
    assert len(asked) <= FEW.get(name, 2), [query["sql"][:200] for query in asked]


def test_a_past_day_has_the_terms_of_that_day():
    changed = {row["event"]: row for row in rows("earlier_terms")}
    event = next(row for row in rows("events") if row["id"] in changed)
    before = datetime.date.fromisoformat(event["date"]) - datetime.timedelta(days=1)
    (then,) = [row for row in rows("uses", before) if row["id"] == event["use"]]
    assert {name: then[name] for name in ("setting", "biomarkers", "partners")} == {
        name: changed[event["id"]][name] for name in ("setting", "biomarkers", "partners")
    }
    assert event["id"] not in {row["event"] for row in rows("earlier_terms", before)}


def test_a_therapy_that_fda_has_decided_nothing_on_is_there_now_and_on_no_past_day(published):
    kind = TherapyClass.objects.get(slug="checkpoint-inhibitor")
    words = dict.fromkeys(("how_it_works", "what_to_know", "side_effects", "questions"), "<p>Words.</p>")
    published(Therapy.objects.create(slug="newest", name="newest", therapy_class=kind), in_short="Short.", **words)
    assert "newest" in {row["id"] for row in rows("therapies")}
    assert "newest" not in {row["id"] for row in rows("therapies", TODAY() - datetime.timedelta(days=1))}


def test_before_the_first_decision_there_is_neither_a_therapy_nor_a_name():
    before = datetime.date(1980, 1, 1)
    assert [name for name in ("therapies", "names", "facts", "uses", "events") if rows(name, before)] == []


def test_every_state_has_words():
    assert set(rooms.open_tables()["uses"].by_name["state"].one_of) == {*timeline.IN_FORCE, "withdrawn", "revoked"}
