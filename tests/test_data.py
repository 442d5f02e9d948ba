"""/data/: the files say what the pages say, in every format, of every day."""

import csv
import datetime
import functools
import hashlib
import io
import json
import re
import sqlite3
import zipfile
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.pages.models import SiteSettings
from portal.publishing import content_version, rooms
from portal.publishing.models import Source
from portal.publishing.open_data import changes, counting, whole
from portal.publishing.open_data.lists import of_day, with_lists
from portal.publishing.spreadsheets import unguarded
from therapies.models import ApprovalEvent, Indication

pytestmark = pytest.mark.django_db
A_DAY = datetime.date(2019, 2, 28)
DAYS = ["", "?on=2019-02-28"]


def sent(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return b"".join(response.streaming_content) if response.streaming else response.content


def in_csv(content):
    """A CSV file as another program reads it that knows our guard."""
    head, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [dict(zip(head, map(unguarded, line), strict=True)) for line in lines]


@functools.cache
def package(query=""):
    """Made once, since each test begins with the same content; none asks for it after a change."""
    return sent(Client(), f"/data/files/all.zip{query}")


def packaged(query=""):
    with zipfile.ZipFile(io.BytesIO(package(query))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# What there is ----------------------------------------------------------------------------


@pytest.mark.parametrize("query", DAYS, ids=["today", "a past day"])
def test_page_files_package_and_database_have_the_same_rows(client, query):
    on = A_DAY if query else None
    shown = {table.name: number for table, number in client.get(f"/data/{query}").context["tables"]}
    assert set(shown) == set(of_day(on)) and len(shown) > (11 if on else 16)
    files = packaged(query)
    description = json.loads(files["datapackage.json"])
    told = {one["name"]: one["rows"] for one in description["resources"]}
    assert shown == {name: told[name] for name in shown} and set(told) == set(with_lists(on))
    assert told == {name: len(in_csv(files[f"{name}.csv"])) for name in told}
    store = sqlite3.connect(":memory:")
    store.deserialize(sent(client, f"/data/files/all.sqlite3{query}"))
    found = {name: store.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in told}  # noqa: S608
    assert found == told
    assert store.execute("PRAGMA foreign_key_check").fetchall() == []
    assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert dict(store.execute("SELECT * FROM about_data"))["digest"] == description["portal"]["digest"]


@pytest.mark.parametrize("query", DAYS, ids=["today", "a past day"])
def test_files_and_pages_say_through_which_day_decisions_were_checked(client, query):
    """Later ones may be missing, also from data that are called those of today."""
    day = SiteSettings.checked_through()
    assert day
    package = json.loads(sent(client, f"/data/datapackage.json{query}"))
    assert package["portal"]["checked_through"] == day.isoformat()
    assert f"FDA decisions were checked through {day.isoformat()}; later ones may be missing." in package["description"]
    said = rf"We checked FDA decisions through\s+<time[^>]*{day.isoformat()}"
    for page in (f"/data/{query}", "/data/changes/?from=2026-01-01&to=2026-01-02"):
        assert re.search(said, sent(client, page).decode())


def test_the_same_data_are_the_same_file(client, monkeypatch):
    """A download that broke off goes on later, and nobody takes a copy for another."""
    first, now = package(), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + datetime.timedelta(seconds=3))
    assert sent(client, "/data/files/all.zip") == first


def test_the_dictionary_tells_of_every_column(client):
    page = sent(client, "/data/").decode()
    for table in rooms.open_tables().values():
        part = re.search(rf'<section id="{table.name}">(.*?)</section>', page, re.S)[1]
        assert re.findall(r'<th scope="row"[^>]*><code>(.*?)</code>', part) == [field.name for field in table.columns]
    assert "BSD 3-Clause License" in page


@pytest.mark.parametrize("query", DAYS, ids=["today", "a past day"])
def test_every_format_says_the_same(client, query):
    for name in ("uses", "events", "facts", "use_biomarkers"):
        lines = [json.loads(line) for line in sent(client, f"/data/files/{name}.ndjson{query}").splitlines()]
        whole_json = json.loads(sent(client, f"/data/files/{name}.json{query}"))
        assert whole_json == {"table": name, "on": str(A_DAY) if query else None, "rows": lines} and lines
        cells = in_csv(sent(client, f"/data/files/{name}.csv{query}"))
        as_cells = [
            {
                key: "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                for key, value in row.items()
            }
            for row in lines
        ]
        assert cells == as_cells


def test_a_cell_that_would_be_a_formula_is_none(client):
    cited = ApprovalEvent.objects.public().values_list("source", flat=True)[0]
    Source.objects.filter(pk=cited).update(read_as="=HYPERLINK(1)")
    page = sent(client, "/data/files/sources.csv").decode()
    assert ",'=HYPERLINK(1)" in page and ",=HYPERLINK" not in page


@pytest.mark.slow
def test_frictionless_finds_nothing_wrong(client, tmp_path):
    from frictionless import validate

    for number, query in enumerate(DAYS):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, content in packaged(query).items():
            (folder / name).write_bytes(content)
        report = validate(str(folder / "datapackage.json"))
        assert report.valid and report.stats["tasks"] == len(with_lists(A_DAY if query else None)), report.to_summary()


def test_the_description_alone_leads_to_the_files(client):
    described = json.loads(sent(client, "/data/datapackage.json?on=2019-02-28"))
    for one in described["resources"]:
        assert sent(client, one["path"].removeprefix("http://testserver"))
    assert described["licenses"][0]["name"] == "BSD-3-Clause"


# Days, versions and mistakes --------------------------------------------------------------


def test_the_digest_can_be_checked_by_hand_and_moves_with_the_facts(client):
    lines = sent(client, "/data/digests.txt").decode()
    told = dict(reversed(line.split("  ")) for line in lines.splitlines())
    for name in ("uses.ndjson", "sources.ndjson"):
        assert hashlib.sha256(sent(client, f"/data/files/{name}")).hexdigest() == told[name]
    digest = hashlib.sha256(lines.encode()).hexdigest()
    assert digest in sent(client, "/data/").decode()
    assert json.loads(packaged()["datapackage.json"])["portal"]["digest"] == digest
    Indication.objects.filter(short_id="v29jqt4d").update(setting="Something else")
    assert counting.digest(counting.count_all(None)) != digest


@pytest.mark.parametrize("on", ["x", "2019-02-30", "2999-01-01", "1000-01-01"])
@pytest.mark.parametrize("path", ["", "files/uses.csv", "files/all.zip", "datapackage.json", "digests.txt"])
def test_a_bad_day_is_answered_in_words(client, path, on):
    said = sent(client, f"/data/{path}?on={on}", 400).decode()
    assert re.search(r"Enter the date as|is in the future|don’t go back before", said)


def test_today_may_be_named(client):
    today = timezone.localdate().isoformat()
    assert sent(client, f"/data/files/uses.csv?on={today}") == sent(client, "/data/files/uses.csv")
    assert "Texts of pages" in sent(client, f"/data/?on={today}").decode()


def test_texts_of_a_past_day_are_not_made_up(client):
    assert b"today only" in sent(client, "/data/files/texts.csv?on=2019-02-28", 400)
    assert "texts.csv" not in packaged("?on=2019-02-28")


@pytest.mark.parametrize("path", ["uses.xml", "nothing.csv", "all.rar", "changes.zip?from=2019-01-01&to=2019-02-01"])
def test_what_there_is_not_is_not_found(client, path):
    sent(client, f"/data/files/{path}", 404)


# Changes ----------------------------------------------------------------------------------


def test_changes_lead_from_one_day_to_the_other():
    """Whoever has the tables of the first day and the changes has those of the second."""
    earlier, later = A_DAY, datetime.date(2020, 7, 1)
    found = list(changes.between(earlier, later))
    for name, table in of_day(earlier).items():
        rows = {table.place(row): dict(row) for row in table.stream(earlier)}
        for one in [one for one in found if one.table == name]:
            if one.what == changes.REMOVED:
                del rows[one.key]
                continue
            row = rows.setdefault(one.key, dict.fromkeys(table.by_name) | dict(zip(table.order, one.key, strict=True)))
            assert all(row[column] == old for column, (old, _) in one.columns.items())
            row |= {column: new for column, (_, new) in one.columns.items()}
        pages = "page" in table.by_name
        told = {table.place(row): {k: v for k, v in row.items() if k != "page"} for row in table.stream(later)}
        assert {key: {k: v for k, v in row.items() if k != "page" or not pages} for key, row in rows.items()} == told


def test_the_page_of_changes_tells_of_the_decisions_between(client):
    shown = client.get("/data/changes/?from=2019-06-01&to=2019-02-28")  # in either order
    new = {one.key[0] for one in shown.context["changes"] if one.table == "events"}
    between = ApprovalEvent.objects.public().filter(date__gt="2019-02-28", date__lte="2019-06-01")
    assert new == set(between.values_list("short_id", flat=True))
    rows = in_csv(sent(client, "/data/files/changes.csv?from=2019-02-28&to=2019-06-01"))
    lines = sent(client, "/data/files/changes.ndjson?from=2019-02-28&to=2019-06-01").splitlines()
    assert len(lines) == shown.context["number"] == len({(row["table"], row["key"]) for row in rows})
    decisions, uses = [(table.name, sort) for table, sort, _ in shown.context["counted"]][:2]
    assert decisions == ("events", "added") and uses == ("uses", "added")
    assert "<strong>New</strong> in FDA’s decisions:" in shown.content.decode()
    same = client.get("/data/changes/?from=2019-02-28&to=2019-02-28").content.decode()
    assert "Nothing that this site tells of changed" in same


def test_many_changes_begin_with_decisions_and_what_became_of_uses(client):
    shown = client.get("/data/changes/?from=2019-02-28&to=2026-01-31").context
    assert len(shown["changes"]) < shown["number"] and {one.table for one in shown["changes"]} == {"events"}
    order = [table.name for table in changes.tables(A_DAY)]
    assert order.index("uses") < order.index("further_sources") and order[-1] == "sources"


@pytest.mark.parametrize("query", ["from=x&to=2019-01-01", "from=2019-01-01", "to=2999-01-01&from=2019-01-01"])
def test_bad_days_of_changes_are_answered_in_words(client, query):
    sent(client, f"/data/changes/?{query}", 400)
    said = sent(client, f"/data/files/changes.csv?{query}", 400).decode()
    assert re.search(r"Enter (a|the) date|is in the future", said)


# How files are sent -----------------------------------------------------------------------


@pytest.mark.parametrize("file", ["uses.csv", "all.zip", "changes.csv"])
def test_a_file_for_another_question_than_was_asked_is_not_sent(client, file):
    days = "from=2019-01-01&to=2019-02-28" if file == "changes.csv" else "on=2019-02-28"
    said = sent(client, f"/data/files/{file}?{days}&therapy=pembrolizumab", 400).decode()
    assert said.startswith("“therapy” is no parameter of this address. It takes:")
    assert "was given 2 times" in sent(client, f"/data/files/{file}?{days}&{days}", 400).decode()
    assert client.options(f"/data/files/{file}").status_code == 405


def test_the_name_of_a_file_tells_its_day(client):
    for query, name in (
        ("uses.csv?on=2019-02-28", "uses-2019-02-28.csv"),
        ("changes.csv?from=2019-02-28&to=2019-01-01", "changes-2019-01-01-2019-02-28.csv"),
    ):
        told = client.get(f"/data/files/{query}")["Content-Disposition"]
        assert told == f'attachment; filename="{name}"'


def test_any_site_may_read_a_file_and_nobody_keeps_an_old_one(client):
    response = client.get("/data/files/classes.csv")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "default-src 'none'" in response["Content-Security-Policy"] and not response.cookies
    for address in ("/data/files/classes.csv", "/data/files/all.zip?on=2019-02-28"):
        tag = client.get(address)["ETag"]
        again = client.get(address, headers={"if-none-match": tag})
        assert again.status_code == 304 and again["ETag"] == tag and not again.content
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {content_version.TABLE} SET number = number + 1")  # noqa: S608
        assert client.get(address, headers={"if-none-match": tag}).status_code == 200
    assert client.get("/data/files/classes.csv?on=2019-02-28")["ETag"] != client.get("/data/files/classes.csv")["ETag"]


def test_a_file_that_facts_moved_under_is_made_anew(monkeypatch, client):
    numbers = iter([1, 2, 2, 2])
    monkeypatch.setattr(content_version, "number", lambda: next(numbers))
    made = []
    whole.settled(lambda: made.append(io.BytesIO()) or made[-1])
    assert len(made) == 2 and made[0].closed and not made[1].closed
    monkeypatch.setattr(content_version, "number", iter(range(100)).__next__)
    said = sent(client, "/data/files/all.zip?on=2019-02-28", 503).decode()
    assert "Ask again in a minute" in said


def test_files_ask_few_questions(client):
    for path, most in {"all.zip": 80, "uses.csv": 6, "all.sqlite3?on=2019-02-28": 40}.items():
        with CaptureQueriesContext(connection) as asked:
            sent(client, f"/data/files/{path}")
        assert len(asked) <= most, path


# What a researcher makes of them ----------------------------------------------------------


def test_three_tables_made_of_the_files_are_those_of_the_pages(client):
    """Decisions by year, uses in force by cancer, and accelerated approvals that were withdrawn, from CSV alone."""
    files = packaged()
    events, uses, cancers = (in_csv(files[f"{name}.csv"]) for name in ("events", "uses", "cancers"))
    by_year = Counter(event["date"][:4] for event in events)
    page = client.get("/approvals/?year=all").context["decisions"]
    assert by_year == Counter(str(row.step.event.date.year) for row in page.rows)
    also = in_csv(files["use_also_cancers.csv"])
    parents = {cancer["id"]: cancer["parent"] for cancer in cancers}
    for cancer in ("melanoma", "lung-cancer", "follicular-lymphoma"):
        named = {(use["id"], use["cancer"]) for use in uses} | {(row["use"], row["cancer"]) for row in also}
        those = {use for use, one in named if cancer in (one, parents[one])}
        in_force = {use["id"] for use in uses if use["in_force"] == "true"} & those
        shown = client.get(f"/cancers/{cancer}/").context["current"]
        assert in_force == {use.indication.short_id for row in shown for use in (row, *row.twins)}
    early = {event["use"] for event in events if event["kind"] == "accelerated-approval"}
    ended = {event["use"] for event in events if event["kind"] == "withdrawn"} & early
    listed = client.get("/approvals/?kind=withdrawn&year=all").context["decisions"].rows
    assert ended == {
        row.use.indication.short_id for row in listed if any(e.kind == "accelerated-approval" for e in row.use.events)
    }
    assert ended
