"""The portal behind its real server, with the flags of ``make run``: clients that misbehave, a worker that dies, an end
that loses nothing, and a page that is never older than its commit.
"""

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

import pytest
from environ import Env

from .databases import database, server

ROOT = Path(__file__).parents[1]
FLAGS = re.search(r"--workers 1 (.*--no-ws)", (ROOT / "Makefile").read_text())[1].split()  # type: ignore[index]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(type(server()).__name__ == "Postgres", reason="one database is enough for the server's part"),
]


class Served:
    """A server of the portal on a database of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.database = Env.db_url_config(url)["NAME"]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = os.environ | {
            "DATABASE_URL": url,
            "PORTAL_DEV": "1",
            "PORTAL_VAR": str(folder),
            "TICK_EVERY": "0",
        }
        (folder / "static").mkdir()
        environment["PORTAL_DEBUG"] = "0"
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        self.log = folder / "server.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, "--workers", "1", *FLAGS, "tests.serving_plainly:application"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )
        for _ in range(600):
            with suppress(OSError):
                self.get("/livez")
                return
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def get(
        self, path: str, method: str = "GET", timeout: float = 30, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with closing(connection):
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    @property
    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [pid for pid in map(int, children) if "granian" in Path(f"/proc/{pid}/cmdline").read_text()] or [
            int(children[-1])
        ]


@pytest.fixture(scope="module")
def portal(template, tmp_path_factory, worker_id):
    folder = tmp_path_factory.mktemp("served")
    with database(f"served-{worker_id}", folder, like=template) as url:
        served = Served(url, folder)
        yield served
        served.process.send_signal(signal.SIGTERM)
        served.process.wait(30)


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


def test_forms_that_arrive_drop_by_drop_do_not_stop_readers(portal):
    portal.get("/about/")
    slow = []
    for _ in range(40):
        one = socket.create_connection(("127.0.0.1", portal.port))
        one.sendall(b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nlogin=")
        slow.append(one)
    try:
        assert [portal.get("/about/", timeout=10)[0] for _ in range(20)] == [200] * 20
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
    assert portal.get("/about/", method)[0] in (200, 400, 403, 405, 413, 501)
    assert portal.get("/about/")[2] == before


def test_a_part_of_a_page_is_the_whole_page(portal):
    assert portal.get("/about/", Range="bytes=0-10")[0] == 200
    assert portal.get("/about/", "HEAD")[2] == b""


def test_no_reader_gets_an_older_page_than_the_last_commit(portal):
    """A writer commits, and everybody who asks after that moment sees it: 1,000 reads of 50 commits."""
    old: Counter[bool] = Counter()

    def read(line: str) -> None:
        for _ in range(5):
            old[line.encode() not in portal.get("/about/")[2]] += 1

    with closing(sqlite3.connect(portal.database, timeout=30, isolation_level=None)) as writer:
        before = writer.execute("SELECT tagline FROM pages_sitesettings").fetchone()[0]
        for number in range(50):
            writer.execute("UPDATE pages_sitesettings SET tagline = ?", (f"Commit {number} of the test",))
            readers = [threading.Thread(target=read, args=(f"Commit {number} of the test",)) for _ in range(4)]
            for one in readers:
                one.start()
            for one in readers:
                one.join()
        writer.execute("UPDATE pages_sitesettings SET tagline = ?", (before,))
    assert old == {False: 1000}


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
        served = Served(url, tmp_path)
        answers: list[tuple[int, bytes]] = []

        def ask(path: str) -> None:
            status, _, body = served.get(path)
            answers.append((status, body))

        asking = [threading.Thread(target=ask, args=(f"/approvals/?year={year}",)) for year in range(2015, 2021)]
        for one in asking:
            one.start()
        time.sleep(0.05)
        served.process.send_signal(signal.SIGTERM)
        for one in asking:
            one.join()
        served.process.wait(30)
    assert all(status == 200 and body.rstrip().endswith(b"</html>") for status, body in answers)
    assert len(answers) == 6
