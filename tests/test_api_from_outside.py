"""The API behind its real server and its finished pages, as programs meet it that know its description alone."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.publishing import rooms

from .databases import database, server
from .served import served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(type(server()).__name__ == "Postgres", reason="tests/test_api.py asks PostgreSQL the same"),
]
TESTS = Path(__file__).parent
EXAMPLES = os.environ.get("API_EXAMPLES", "5")  # for each address


@pytest.fixture(scope="module")
def portal(template, tmp_path_factory, worker_id):
    folder = tmp_path_factory.mktemp("api")
    with (
        database(f"api-{worker_id}", folder, like=template) as url,
        served(url, folder, API_REQUESTS_PER_MINUTE="0") as one,
    ):
        yield one


def test_whatever_the_description_allows_or_forbids_is_answered_as_it_says(portal, tmp_path):
    tool = [sys.executable, "-m", "schemathesis.cli", "run", f"{portal.address}/api/v1/openapi.json"]
    bounded = ["--max-examples", EXAMPLES, "--seed", "1", "--suppress-health-check", "all", "--no-shrink"]
    told = subprocess.run(
        [*tool, *bounded, "--continue-on-failure", "--no-color"],
        cwd=tmp_path,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "api_hooks", "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout[-5000:] + told.stderr[-2000:]
    assert f"Tested: {1 + 2 * len(rooms.open_tables())}" in told.stdout
    assert " 500 " not in portal.log.read_text()


def cursor_in(address):
    return parse_qs(urlsplit(address).query)["cursor"][0]


def test_a_generated_client_rebuilds_a_published_table(portal, tmp_path, monkeypatch):
    """Therapies with an approved use, by their number of uses, as the page of therapies tells them."""
    (tmp_path / "openapi.json").write_bytes(portal.get("/api/v1/openapi.json")[2])
    tool = [sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--meta", "none"]
    told = subprocess.run([*tool, "--output-path", "portal_api"], cwd=tmp_path, capture_output=True, text=True)
    assert told.returncode == 0 and "Warning" not in told.stdout, told.stdout + told.stderr
    monkeypatch.syspath_prepend(tmp_path)
    client = importlib.import_module("portal_api.client").Client(base_url=f"{portal.address}/api/v1")

    def every(table, **asked):
        ask = importlib.import_module(f"portal_api.api.{table}.list_{table}").sync
        answer = ask(client=client, limit=200, **asked)
        found = [*answer.data]
        while answer.next_:
            answer = ask(client=client, limit=200, cursor=cursor_in(answer.next_), **asked)
            found += answer.data
        return found

    uses, therapies = every("uses", in_force=True), every("therapies", approved=True)
    assert {use.therapy for use in uses} == {therapy.id for therapy in therapies}
    page = portal.get("/data/files/uses.ndjson")[2]
    rows = [json.loads(line) for line in page.splitlines()]
    assert {use.id: use.first_approved.isoformat() for use in uses} == {
        row["id"]: row["first_approved"] for row in rows if row["in_force"]
    }
    one = importlib.import_module("portal_api.api.uses.get_use").sync("v29jqt4d", client=client).data
    assert (one.therapy, one.cancer, one.state.value) == ("pembrolizumab", "melanoma", "converted")


def test_finished_answers_are_for_those_who_ask_rightly(portal):
    path = "/api/v1/uses/?therapy=pembrolizumab&limit=5"
    first, again = portal.get(path), portal.get("/api/v1/uses/?limit=5&therapy=pembrolizumab")
    assert first[0] == again[0] == 200 and first[1]["etag"] == again[1]["etag"]
    assert portal.get(path, **{"If-None-Match": first[1]["etag"]})[0] == 304
    assert portal.get(path, method="HEAD")[2] == b""
    assert portal.get(path, Accept="text/html")[0] == 406
    assert portal.get(f"{path}&utm_source=x")[0] == 400  # on a page for people it would be dropped
    assert portal.get(path, method="POST")[0] == 405
    assert first[1]["access-control-allow-origin"] == "*"
