"""Numbers for Prometheus, behind a token: those of every process of the machine, whichever is asked."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from django.test import RequestFactory

from portal.serving.board import Board
from portal.serving.counting import tally
from portal.serving.front import in_front_of
from portal.serving.metrics import text
from portal.serving.samples import FAMILIES, Sample
from portal.serving.versions import PostgresVersion

from .like_django import Site

TOKEN = "a long token of the operator"
SERIES = re.compile(r'([a-z_]+)\{([a-z_]+="[^"\\]*"(?:,[a-z_]+="[^"\\]*")*)\} (-?[0-9.e+-]+)')


@pytest.fixture
def front(site, settings):
    settings.METRICS_TOKEN = TOKEN
    found = in_front_of(Site())
    yield found
    found.own["/metrics"].board.close()


def ask(front, path="/metrics", authorization=f"Bearer {TOKEN}", method="GET", **more):
    headers = {"HTTP_AUTHORIZATION": authorization} if authorization else {}
    environ = RequestFactory(HTTP_HOST="testserver", **headers).generic(method, path, **more).environ
    told = []
    body = b"".join(front(environ, lambda status, headers: told.extend((status, dict(headers)))))
    return told[0], told[1], body.decode()


def read(page: str) -> dict[str, float]:
    """Each series as it is written, without its process, and its value."""
    lines = [line for line in page.splitlines() if not line.startswith("#")]
    found = [SERIES.fullmatch(line) for line in lines]
    assert all(found), "every line is a series"
    return {f"{one[1]} {re.sub(',?process=.[^,]*', '', one[2])}".strip(): float(one[3]) for one in found}


# Who may read it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent", [None, "", "Bearer", "Bearer wrong", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN} ", "Bearer ü"]
)
def test_without_the_token_there_is_nothing(front, sent):
    status, headers, body = ask(front, authorization=sent)
    assert status == "404 Not Found" and "portal" not in body and headers["Cache-Control"] == "no-store"


def test_where_no_token_is_set_there_is_no_such_address(site, settings):
    settings.METRICS_TOKEN = ""
    front = in_front_of(Site())
    assert "/metrics" not in front.own and not (settings.VAR_DIR / "metrics").exists()


# What it tells -----------------------------------------------------------------------------------


def test_it_is_the_text_form_of_prometheus(front):
    status, headers, page = ask(front)
    assert status == "200 OK" and headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = re.findall(r"^# TYPE (\w+) (counter|gauge|histogram)$", page, re.M)
    assert len(families) == len(set(families)) == len(FAMILIES)
    for name, kind in families:
        block = page.split(f"# TYPE {name} {kind}\n")[1].split("# HELP")[0]
        assert all(line.startswith(name) for line in block.splitlines()), "the series of a family stand together"
    assert page.endswith("\n") and read(page)


def test_requests_renders_pages_and_slots_are_counted(front):
    before = read(ask(front)[2])
    for path in ("/about/", "/about/", "/about/", "/glossary/"):
        ask(front, path, authorization=None)
    after = read(ask(front)[2])
    grown = {name: after[name] - before.get(name, 0) for name in after}
    assert grown['portal_requests_total kind="render",status="2xx"'] == 2
    assert grown['portal_requests_total kind="hit",status="2xx"'] == 2
    assert grown["portal_render_seconds_count"] == grown['portal_render_seconds_bucket le="+Inf"'] == 2
    assert grown['portal_cache_pages query="no"'] == 2 and grown['portal_cache_bytes query="no"'] > 1000
    assert after['portal_slots_in_use slots="pages"'] == after['portal_slots_waiting slots="pages"'] == 0
    assert after["portal_content_version"] > 0 and after["portal_content_version_age_seconds"] < 60
    assert after["process_resident_memory_bytes"] > 2**20 and after["process_cpu_seconds_total"] > 0


def test_taken_places_are_told(front):
    slots = front.application.pages
    with slots.one(), slots.one():
        assert slots.taken() == (2, 0)
        assert read(ask(front)[2])['portal_slots_in_use slots="pages"'] == 2
    assert slots.taken() == (0, 0)


def test_the_bounds_of_renders_grow():
    for seconds in (0.001, 0.01, 0.3, 99):
        tally.render(seconds)
    within, _ = tally.renders()
    assert within == sorted(within) and within[-1] - within[-2] >= 1


def test_a_version_that_was_never_known_has_no_age():
    assert PostgresVersion({}).age() is None


# Several processes ---------------------------------------------------------------------------------


def board(folder, value) -> Board:
    return Board(folder, lambda: [Sample("portal_content_version", "", {}, value)])


def test_whichever_process_is_asked_tells_of_all(tmp_path):
    boards = [board(tmp_path, number) for number in range(3)]
    for one in boards:
        one.leave()
    told = [text(one.all()) for one in boards]
    assert told[0] == told[1] == told[2]
    assert len(re.findall(r"^portal_content_version\{", told[0], re.M)) == 3


@pytest.mark.slow
def test_a_process_that_was_killed_is_told_of_no_more(tmp_path):
    program = (
        "import sys, time, pathlib; sys.path.insert(0, '.'); import django; django.setup();"
        "from portal.serving.board import Board;"
        "held = Board(pathlib.Path(sys.argv[1]), lambda: []); held.leave(); print('left', flush=True); time.sleep(60)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    words = [sys.executable, "-c", program, str(tmp_path)]
    process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "left\n"
    here = board(tmp_path, 1)
    here.leave()
    assert len(here.all()) == 2
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert list(here.all()) == [here.process]
    assert {path.stem for path in here.folder.iterdir()} == {here.process}


def test_what_a_container_of_another_name_left_goes(tmp_path):
    former = tmp_path / "a-container"
    former.mkdir()
    for ending in ("lock", "json"):
        (former / f"7-abcd.{ending}").touch()
    here = board(tmp_path, 1)
    here.leave()
    assert list(tmp_path.iterdir()) == [here.folder] and list(here.all()) == [here.process]


def test_a_file_that_cannot_be_read_hides_that_process_only(tmp_path):
    here, other = board(tmp_path, 1), board(tmp_path, 2)
    here.leave()
    other.leave()
    other.folder.joinpath(f"{other.process}.json").write_text('[["portal_')
    assert list(here.all()) == [here.process]


def test_a_process_leaves_its_numbers_by_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(Board, "EVERY", 0.01)
    here = board(tmp_path, 7)
    here.start()
    while not (files := list(tmp_path.rglob("*.json"))):
        time.sleep(0.01)
    assert json.loads(files[0].read_text()) == [["portal_content_version", "", {}, 7]]
    here.close()


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path):
    (tmp_path / "metrics").write_text("a file")
    here = board(tmp_path / "metrics", 7)
    here.close()
    here._leave()
    assert list(here.all()) == [here.process]
