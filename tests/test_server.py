"""The portal behind its real server, with the flags of ``make run``: clients that misbehave, a worker that dies, an end
that loses nothing, and a page that is never older than its commit.
"""

import http.client
import os
import signal
import socket
import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from .databases import database, server
from .load import after_commits, mixed
from .served import Served, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(type(server()).__name__ == "Postgres", reason="one database is enough for the server's part"),
]


@pytest.fixture(scope="module")
def portal(template, tmp_path_factory, worker_id):
    folder = tmp_path_factory.mktemp("served")
    with database(f"served-{worker_id}", folder, like=template) as url, served(url, folder) as portal:
        yield portal


def test_clients_that_never_finish_their_request_take_nothing_from_others(portal):
    portal.get("/about/")
    half_open = []
    for number in range(150):
        one = socket.create_connection(("127.0.0.1", portal.port))
        if number % 2:
            one.sendall(b"GET /about/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        half_open.append(one)
    try:
        assert [portal.get("/about/", timeout=10)[0] for _ in range(20)] == [200] * 20
    finally:
        for one in half_open:
            one.close()


@pytest.mark.parametrize("path", ["/account/login/", f"/media/pictures/{'0' * 32}/100.png", "/data/files/uses.csv"])
def test_forms_that_arrive_drop_by_drop_do_not_stop_readers_and_people_at_the_desk(portal, path):
    portal.get("/about/")
    slow = []
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken={'a' * 32}\r\n"  # or the form is not read
    kind = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n"
    for _ in range(150):
        one = socket.create_connection(("127.0.0.1", portal.port))
        one.sendall(f"{head}{kind}\r\nlogin=".encode())
        slow.append(one)
    try:
        assert [portal.get("/about/", timeout=10)[0] for _ in range(20)] == [200] * 20
        known = {"Cookie": "sessionid=of-somebody"}
        assert [portal.get("/account/login/", timeout=10, **known)[0] for _ in range(20)] == [200] * 20
    finally:
        for one in slow:
            one.close()


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        ("/about/;x", {404}),
        ("/about%2f", {404, 301, 200}),
        ("//about/", {404}),
        ("/about/%00", {404, 400}),
        ("/about/?on=%ed%a0%80", {200}),
        ("/therapies/?q=%ff", {200, 400}),
        ("/%2e%2e/etc/passwd", {404}),
        ("/static/%2e%2e/portal.sqlite3", {404}),
        ("/media/pictures/../../portal.sqlite3", {404}),
    ],
)
def test_an_odd_address_is_answered_and_becomes_no_other_page(portal, path, statuses):
    plain = portal.get("/about/")[2]
    assert portal.get(path)[0] in statuses
    assert portal.get("/about/")[2] == plain


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded", "X-Host", "Accept-Language"]
)
def test_a_header_that_names_no_page_gets_into_none(portal, name):
    plain = portal.get("/cancers/melanoma/")[2]
    assert portal.get("/cancers/melanoma/", **{name: "evil.example"})[2] == plain
    assert portal.get("/approvals/", **{name: "evil.example"})[2] == portal.get("/approvals/")[2]
    assert b"evil.example" not in portal.get("/approvals/")[2]


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "TRACE", "PATCH"])
def test_a_page_is_there_to_be_read_alone(portal, method):
    before = portal.get("/about/")[2]
    assert portal.get("/about/", method)[0] == (200 if method == "OPTIONS" else 405)
    assert portal.get("/about/")[2] == before


@pytest.mark.parametrize(
    "path",
    ["/", "/therapies/?q=mab", "/nowhere/", "/account/login/", "/static/none.css", "/data/digests.txt", "/livez"],
)
def test_no_answer_names_the_software_of_the_server(portal, path):
    for known in ({}, {"If-None-Match": "*"}):
        assert portal.get(path, **known)[1]["server"] == "portal"


def test_a_part_of_a_page_is_the_whole_page(portal):
    assert portal.get("/about/", Range="bytes=0-10")[0] == 200
    assert portal.get("/about/", "HEAD")[2] == b""


def test_no_reader_gets_an_older_page_than_the_last_commit(portal):
    """A writer commits, and everybody who asks after that moment sees it: 10,000 reads of 100 commits."""
    with closing(sqlite3.connect(portal.database, timeout=30, isolation_level=None)) as writer:
        before = writer.execute("SELECT tagline FROM pages_sitesettings").fetchone()[0]

        def commit(line: str) -> None:
            writer.execute("UPDATE pages_sitesettings SET tagline = ?", (line,))

        found = after_commits([portal.port], commit, commits=100, reads=100, at_once=True)
        commit(before)
    assert (found.number, found.old) == (10_000, 0)


def test_readers_get_every_page_while_somebody_publishes(portal, tmp_path):
    """``MINUTES=10 make bench-serving`` does it for as long as that."""
    variables = os.environ | {
        "DATABASE_URL": f"sqlite:///{portal.database}",
        "PORTAL_DEV": "1",
        "PORTAL_VAR": str(tmp_path),
    }
    (worker,) = portal.workers
    found = mixed(portal.port, worker, variables, seconds=25, every=2)
    assert (found.faults, len(found.times) > 100, found.published > 3) == ([], True, True)
    _, middle, end = found.memory
    assert end < 1.3 * middle


def test_readers_go_on_while_somebody_holds_the_database(portal):
    with closing(sqlite3.connect(portal.database, timeout=30, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        try:
            assert portal.get("/faq/")[0] == portal.get("/immune/")[0] == 200
        finally:
            writer.execute("ROLLBACK")


def test_the_last_copy_is_shown_while_the_database_is_away(portal, tmp_path):
    page = portal.get("/glossary/")[2]
    path = Path(portal.database)
    with path.open("rb+") as file:
        head = file.read(100)
        file.seek(0)
        file.write(b"\0" * 100)
    try:
        time.sleep(0.6)
        status, _, body = portal.get("/glossary/")
        assert status == 200 and (body == page or "can’t check" in body.decode())
    finally:
        with path.open("rb+") as file:
            file.write(head)
    time.sleep(0.6)
    assert portal.get("/glossary/")[2] == page


def test_a_worker_that_is_killed_is_followed_by_another(portal):
    (worker,) = portal.workers
    os.kill(worker, signal.SIGKILL)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(OSError, http.client.HTTPException):
            if portal.get("/about/", timeout=5)[0] == 200:
                return
        time.sleep(0.2)
    raise AssertionError("No worker came.")


def test_whoever_is_being_answered_when_the_server_ends_gets_the_whole_page(template, tmp_path, worker_id):
    with database(f"ended-{worker_id}", tmp_path, like=template) as url:
        ending = Served(url, tmp_path)
        answers: list[tuple[int, bytes]] = []

        def ask(path: str) -> None:
            status, _, body = ending.get(path)
            answers.append((status, body))

        asking = [threading.Thread(target=ask, args=(f"/approvals/?year={year}",)) for year in range(2015, 2021)]
        for one in asking:
            one.start()
        time.sleep(0.05)
        ending.process.send_signal(signal.SIGTERM)
        for one in asking:
            one.join()
        ending.process.wait(30)
    assert all(status == 200 and body.rstrip().endswith(b"</html>") for status, body in answers)
    assert len(answers) == 6
