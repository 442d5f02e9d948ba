"""/api/v1/: it answers what the tables, the files and the pages say, and says in words what it cannot answer."""

import datetime
import json
import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker

from faq.models import Question
from portal.pages.api import openapi, parameters, problems
from portal.pages.clients import network_of
from portal.publishing import actions, kept, rooms
from portal.publishing.models import Page
from portal.publishing.open_data import counting
from therapies.models import Biomarker, Cancer, Therapy

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[1]
TABLES = tuple(rooms.open_tables())
A_DAY = datetime.date(2019, 2, 28)
QUESTIONS = 4  # to the database, for a list


def told(client, address, status=200, **headers):
    response = client.get(address.replace("http://testserver", ""), headers=headers)
    assert response.status_code == status, (address, response.content[:500])
    return response.json()


def walk(client, address):
    """All rows from an address on, as a client finds them that knows “next” alone."""
    found = []
    while address:
        answer = told(client, address)
        found += answer["data"]
        address = answer["next"]
    return found


def problem(client, address, kind, status=None, method="get", **headers):
    """The answer to what cannot be answered, which holds to RFC 9457 and to its own declaration."""
    response = getattr(client, method)(address, headers=headers)
    answer = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*" and response["Cache-Control"] == "no-store"
    assert answer["type"] == f"http://testserver/data/api/#{kind}", answer
    assert response.status_code == answer["status"] == problems.KINDS[kind].status == (status or answer["status"])
    assert answer["title"] and answer["detail"].endswith((".", "?"))
    return answer


@pytest.fixture
def document(client):
    return told(client, "/api/v1/openapi.json")


# Rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", [None, A_DAY], ids=["today", "a past day"])
@pytest.mark.parametrize("name", TABLES)
def test_a_list_has_the_rows_of_its_table(client, name, on):
    table = rooms.open_tables()[name]
    query = f"?limit=200{f'&on={on}' if on else ''}"
    if on and not table.has_history:
        said = problem(client, f"/api/v1/{name}/{query}", "unknown-parameter")
        assert "today only" in said["detail"] and "on" not in said["allowed"]
        return
    assert walk(client, f"/api/v1/{name}/{query}") == list(table.stream(on))
    assert told(client, f"/api/v1/{name}/{query}")["as_of"] == str(on or timezone.localdate())


@pytest.mark.parametrize("name", TABLES)
def test_each_row_has_an_address(client, name):
    table = rooms.open_tables()[name]
    found = list(table.stream())
    for row in (found[0], found[len(found) // 2], found[-1]):
        assert told(client, openapi.row_address(table, row))["data"] == row
    address = openapi.row_address(table, found[0])
    response = client.get(f"{address.rstrip('/')}?on=2020-01-01")  # a stroke that was forgotten
    assert response.status_code == 301 and response["Location"] == f"http://testserver{address}?on=2020-01-01"


@pytest.mark.parametrize("name", TABLES)
def test_filters_are_those_of_the_table(client, name):
    table = rooms.open_tables()[name]
    for one in [name for name, field in table.filters.items() if field in table.fields]:
        value = next(row[one] for row in table.stream() if row[one] not in (None, []))
        value = str(value[0] if isinstance(value, list) else value)
        value = value.lower() if value in ("True", "False") else value
        rows = walk(client, f"/api/v1/{name}/?limit=200&{one}={value.replace('&', '%26')}")
        assert rows == list(table.stream(asked={one: value})) != []


def test_filters_narrow_together_and_of_a_day(client):
    uses = walk(client, "/api/v1/uses/?therapy=pembrolizumab&in_force=true&on=2019-02-28&limit=5")
    assert uses and {use["therapy"] for use in uses} == {"pembrolizumab"} and all(use["in_force"] for use in uses)
    assert all(use["first_approved"] <= "2019-02-28" for use in uses)


def test_pages_neither_repeat_nor_leave_out_when_rows_come_between(client):
    first = told(client, "/api/v1/cancers/?limit=10")
    before = [row["id"] for row in first["data"]]
    rest = [row["id"] for row in walk(client, first["next"])]
    assert len({*before, *rest}) == len(before) + len(rest)
    Page.objects.filter(slug="melanoma", page_kind="therapies.cancer").update(slug="aaa-comes-first")
    Page.objects.filter(slug=before[-1], page_kind="therapies.cancer").update(slug="aab-so-does-this")
    assert [row["id"] for row in walk(client, first["next"])] == [one for one in rest if one != "melanoma"]


def test_the_former_key_of_a_page_leads_to_it(client, editor, reviewer):
    actions.confirm(actions.move(Therapy.objects.get(slug="olaratumab"), "olara", by=editor).pending, by=reviewer)
    response = client.get("/api/v1/therapies/olaratumab/?on=2019-02-28")
    assert response.status_code == 301
    assert response["Location"] == "http://testserver/api/v1/therapies/olara/?on=2019-02-28"
    assert told(client, response["Location"])["data"]["name"] == "olaratumab"


def test_a_client_that_follows_the_description_alone_rebuilds_a_published_table(client, document):
    """Approved uses by therapy: which addresses there are, how to filter and how to go on, the description says."""

    def address_of(operation):
        paths = document["paths"].items()
        return document["servers"][0]["url"] + next(p for p, o in paths if o["get"]["operationId"] == operation)

    uses = walk(client, address_of("list_uses") + "?in_force=true")
    therapies = {row["id"]: row for row in walk(client, address_of("list_therapies"))}
    counted = {key: sum(use["therapy"] == key for use in uses) for key in therapies}
    assert {key for key, number in counted.items() if number} == {k for k, t in therapies.items() if t["approved"]}
    for key in ("pembrolizumab", "blinatumomab", "olaratumab"):
        shown = client.get(f"/therapies/{key}/").context["current"]
        assert counted[key] == len(shown), key


# Counts -----------------------------------------------------------------------------------


def test_the_api_its_description_the_data_package_and_the_page_count_alike(client, document):
    listed = told(client, "/api/v1/")
    rows = {one["name"]: one["rows"] for one in listed["data"]}
    assert rows == {name: document["paths"][f"/{name}/"]["get"]["x-rows"] for name in rows}
    page = client.get("/data/")
    assert rows == {table.name: number for table, number in page.context["tables"]}
    assert listed["digest"] == page.context["digest"]
    assert rows == {one["name"]: one["rows"] for one in client.get("/data/api/").context["tables"]}
    assert rows["uses"] == len(walk(client, "/api/v1/uses/?limit=200"))
    assert {one["name"]: one["digest"] for one in listed["data"]} == {
        name: one.digest for name, one in counting.count_all(None).items()
    }


# The description --------------------------------------------------------------------------


def resolved(document, schema):
    """A schema with all that it points to."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "components": document["components"]}


def test_the_description_names_every_address_and_column_once(document):
    assert document["openapi"] == "3.1.0"
    tables = rooms.open_tables()
    assert {*document["paths"]} == {"/", *(f"/{n}/" for n in tables), *map(openapi.row_path, tables.values())}
    operations = [one["get"]["operationId"] for one in document["paths"].values()]
    assert len({*operations}) == len(operations)
    for table in tables.values():
        schema = document["components"]["schemas"][table.one.title().replace("_", "")]
        assert list(schema["properties"]) == schema["required"] == [field.name for field in table.columns]
        for field in table.columns:
            assert schema["properties"][field.name]["description"].startswith(field.about)
        asked = [one["name"] for one in document["paths"][f"/{table.name}/"]["get"]["parameters"]]
        assert asked == [*(["on"] if table.has_history else []), *table.filters, "limit", "cursor"]


@pytest.mark.parametrize("name", TABLES)
def test_answers_and_examples_hold_to_their_schema(client, document, name):
    table = rooms.open_tables()[name]
    paths = document["paths"]
    for path, address in (
        (f"/{name}/", f"/api/v1/{name}/?limit=200"),
        (openapi.row_path(table), openapi.row_address(table, next(table.stream()))),
    ):
        shown = paths[path]["get"]["responses"]["200"]["content"]["application/json"]
        check = Draft202012Validator(resolved(document, shown["schema"]), format_checker=FormatChecker())
        for answer in (told(client, address), shown["example"]):
            assert [error.message for error in check.iter_errors(answer)] == []


def test_every_example_of_the_description_can_be_asked(client, document):
    for path, one in document["paths"].items():
        known = one["get"].get("parameters", [])
        for parameter in known:
            if parameter["in"] == "query" and "example" in parameter:
                value = parameter["example"]
                value = str(value).lower() if isinstance(value, bool) else value
                assert client.get(f"/api/v1{path}", {parameter["name"]: value}).json()["data"], (path, parameter)


def test_problems_of_the_description_hold_to_their_schema(document):
    check = Draft202012Validator(resolved(document, {"$ref": "#/components/schemas/Problem"}))
    told_of = set()
    for response in document["components"]["responses"].values():
        for name, example in response["content"]["application/problem+json"]["examples"].items():
            check.validate(example["value"])
            told_of.add(name)
    assert told_of == {*problems.KINDS} - {"wrong-method"}  # which no operation can come to


# What cannot be answered ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "kind", "words"),
    [
        ("/api/v1/uses/?on=2019-2-30", "bad-date", "year-month-day"),
        ("/api/v1/uses/?on=2999-01-01", "bad-date", "future"),
        ("/api/v1/events/?year=0000", "bad-value", "from 1900 to 9999"),
        ("/api/v1/events/?month=13", "bad-value", "from 1 to 12"),
        ("/api/v1/uses/?on=1066-01-01", "bad-date", "1900"),
        ("/api/v1/uses/v29jqt4d/?on=soon", "bad-date", "year-month-day"),
        ("/api/v1/uses/?on=", "bad-value", "empty"),
        ("/api/v1/uses/?therapie=pembrolizumab", "unknown-parameter", "therapie"),
        ("/api/v1/uses/?setting=x", "unknown-parameter", "setting"),
        ("/api/v1/uses/v29jqt4d/?limit=1", "unknown-parameter", "limit"),
        ("/api/v1/?on=2019-02-28", "unknown-parameter", "on"),
        ("/api/v1/openapi.json?x=1", "unknown-parameter", "x"),
        ("/api/v1/uses/?limit=1&limit=2", "repeated-parameter", "2 times"),
        ("/api/v1/uses/?limit=0", "bad-value", "1 to 200"),
        ("/api/v1/uses/?limit=201", "bad-value", "1 to 200"),
        ("/api/v1/uses/?limit=٣", "bad-value", "1 to 200"),
        ("/api/v1/uses/?in_force=yes", "bad-value", "yes"),
        ("/api/v1/events/?kind=magic", "bad-value", "magic"),
        ("/api/v1/events/?year=MMXX", "bad-value", "whole number"),
        ("/api/v1/uses/?therapy=a%00b", "bad-value", "hold"),
        (f"/api/v1/uses/?therapy={'x' * 501}", "bad-value", "too long"),
        ("/api/v1/uses/?cursor=x", "bad-cursor", "uses"),
        ("/api/v1/uses/?cursor=WyJ4Il0.x", "bad-cursor", "uses"),
        ("/api/v1/uses/?therapy=nothing-of-that-name", "no-such-key", "nothing-of-that-name"),
        ("/api/v1/uses/nothing/", "no-such-row", "nothing"),
        ("/api/v1/uses/v29jqt4d/?on=1990-01-01", "no-such-row", "1990-01-01"),
        ("/api/v1/facts/pembrolizumab/", "no-such-row", "pembrolizumab"),
        ("/api/v1/uses/a%00b/", "no-such-row", "uses"),
        ("/api/v1/nothing/", "no-such-table", "nothing"),
        ("/api/v1/nothing", "no-such-table", "nothing"),
        ("/api/v1/nothing/at/all/", "no-such-table", "nothing"),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(client, address, kind, words):
    answer = problem(client, address, kind)
    assert words in answer["detail"]


def test_no_filter_tells_that_a_public_row_points_to_a_page_that_is_a_draft(client):
    drug = Therapy.objects.get(slug="pembrolizumab")
    hidden = {
        "therapies": Therapy.objects.create(slug="draft-drug", name="draft drug", therapy_class=drug.therapy_class),
        "biomarkers": Biomarker.objects.create(slug="draft-test", name="draft test"),
        "cancer": Cancer.objects.create(slug="draft-cancer", name="A draft", plain_name="a draft", ctgov_condition="x"),
    }
    Question.objects.get(slug="types").therapies.add(hidden["therapies"])
    use = drug.indications.filter(events__isnull=False).first()
    use.biomarkers.add(hidden["biomarkers"])
    use.also_cancers.add(hidden["cancer"])
    for name, table in rooms.open_tables().items():
        for by in hidden.keys() & table.filters.keys():
            asked = f"/api/v1/{name}/?{by}="
            draft = problem(client, asked + hidden[by].slug, "no-such-key")
            assert draft | {"detail": draft["detail"].replace(hidden[by].slug, "nothing")} == problem(
                client, f"{asked}nothing", "no-such-key"
            )


def test_a_cursor_of_another_table_and_one_that_somebody_wrote_are_refused(client):
    cursor = urlsplit(told(client, "/api/v1/cancers/?limit=1")["next"]).query.partition("cursor=")[2]
    assert told(client, f"/api/v1/cancers/?limit=1&cursor={cursor}")["data"]
    problem(client, f"/api/v1/uses/?cursor={cursor}", "bad-cursor")
    problem(client, f"/api/v1/cancers/?cursor={cursor[:-1]}{'A' if cursor[-1] != 'A' else 'B'}", "bad-cursor")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_can_only_be_read(client, method):
    for address in ("/api/v1/", "/api/v1/uses/", "/api/v1/uses/v29jqt4d/", "/api/v1/nothing/"):
        answer = problem(client, address, "wrong-method", 405, method)
        assert method.upper() in answer["detail"]
        assert getattr(client, method)(address)["Allow"] == "GET, HEAD, OPTIONS"


def test_whoever_takes_no_json_is_told_so(client):
    problem(client, "/api/v1/uses/", "not-acceptable", 406, accept="text/html")
    for accept in ("application/json", "*/*", "application/*", "text/html, application/json;q=0.1"):
        assert client.get("/api/v1/uses/?limit=1", headers={"accept": accept}).status_code == 200


def test_an_address_that_asks_too_often_waits(client, settings):
    cache.clear()
    settings.API_REQUESTS_PER_MINUTE = 3
    for _ in range(3):
        told(client, "/api/v1/topics/")
    answer = problem(client, "/api/v1/topics/", "too-many-requests", 429)
    assert "3 requests a minute" in answer["detail"]
    assert 1 <= int(client.get("/api/v1/topics/")["Retry-After"]) <= 60
    other = client.get("/api/v1/topics/", REMOTE_ADDR="2001:db8::1")
    assert other.status_code == 200
    settings.API_REQUESTS_PER_MINUTE = 0
    assert client.get("/api/v1/topics/").status_code == 200
    cache.clear()


def test_of_ipv6_a_network_counts_as_one_and_no_address_is_kept():
    def network(address):
        return network_of({"REMOTE_ADDR": address})

    assert network("2001:db8::1") == network("2001:db8::ffff:1")
    assert network("2001:db8:0:1::1") != network("2001:db8::1")
    assert network("192.0.2.1") != network("192.0.2.2")


# How answers are sent ---------------------------------------------------------------------


def test_whoever_has_an_answer_gets_no_body(client):
    response = client.get("/api/v1/uses/v29jqt4d/")
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate" and not response.cookies
    again = client.get("/api/v1/uses/v29jqt4d/", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304 and not again.content and again["ETag"] == response["ETag"]
    assert client.get("/api/v1/uses/v29jqt4d/", headers={"if-none-match": '"other"'}).status_code == 200
    assert client.head("/api/v1/uses/v29jqt4d/").status_code == 200


def test_pages_of_any_site_may_ask(client):
    response = client.get("/api/v1/uses/?limit=1", headers={"origin": "https://other.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    asked = client.options("/api/v1/uses/", headers={"access-control-request-headers": "if-none-match"})
    assert asked.status_code == 204 and "If-None-Match" in asked["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in asked.headers
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("name", TABLES)
def test_a_list_asks_few_questions(client, name, monkeypatch):
    """Once what tables share has been made, which is done once for all requests until the content changes."""
    if connection.vendor != "sqlite":
        pytest.skip("the content version is raised at the end of a transaction")
    kept._held = None, {}
    monkeypatch.setattr(kept, "may_be_shared", lambda: True)
    client.get(f"/api/v1/{name}/?limit=1")
    for query in ("", "?limit=200", "?on=2019-02-28" if rooms.open_tables()[name].has_history else ""):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/api/v1/{name}/{query}").status_code == 200
        assert len(asked) <= QUESTIONS, [one["sql"][:200] for one in asked]
    kept._held = None, {}


# What the documents show ------------------------------------------------------------------


EXAMPLE = re.compile(r"^curl .*$", re.M)
DOCUMENT = (ROOT / "docs/api.md").read_text()


@pytest.mark.parametrize("line", EXAMPLE.findall(DOCUMENT))
def test_every_documented_example_runs(client, line):
    words = shlex.split(line, comments=True)
    (address,) = [word for word in words if word.startswith("https://portal.example/")]
    headers = dict(word.split(": ", 1) for word in words if ": " in word)
    refused = re.search(r"# (\d{3})", line)
    status = int(refused[1]) if refused else 200
    response = client.get(address.removeprefix("https://portal.example"), headers=headers)
    assert response.status_code == status, response.content[:300]
    assert response.json()


def test_the_documented_answer_is_the_one_that_comes(client):
    """But for the day of today."""
    (shown,) = re.findall(r"```json\n(.*?)```", DOCUMENT, re.S)
    expected = json.loads(shown)
    (address,) = re.findall(r"<!-- the answer to (\S+) -->", DOCUMENT)
    assert told(client, address) == expected


def test_the_document_names_every_problem_and_the_limits():
    assert {*re.findall(r"^\| `([a-z-]+)` \|", DOCUMENT, re.M)} >= {*problems.KINDS}
    assert f"{parameters.USUAL} rows" in DOCUMENT and f"{parameters.MOST}" in DOCUMENT


def test_the_page_shows_every_table_problem_and_filter(client):
    page = client.get("/data/api/").content.decode()
    for name in problems.KINDS:
        assert f'id="{name}"' in page
    for name, table in rooms.open_tables().items():
        assert f'id="{name}"' in page and f"/api/v1/{name}/" in page
        assert all(f"<code>{one}</code>" in page for one in table.filters)
    assert "<script" not in re.sub(r'<script (type="application/ld|src=)', "", page)
