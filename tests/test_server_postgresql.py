"""Two servers of the portal on one PostgreSQL: pages no older than a commit that was heard of, and a share of its
connections that has an end.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress

import psycopg
import pytest
from django.db import connection

from portal.serving.connections import WAIT_FOR_A_LOCK, waiting_for_locks
from portal.serving.page_cache import OTHERS
from portal.serving.versions import PostgresVersion

from .databases import database, server
from .load import after_commits
from .served import served
from .stalling import stalling

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(type(server()).__name__ != "Postgres", reason="it is about PostgreSQL"),
]
LISTENING = 1  # connection of each server, beside those that its threads share
MOST = 10


@pytest.fixture(scope="module")
def address(template, tmp_path_factory, worker_id):
    with database(f"served-{worker_id}", tmp_path_factory.mktemp("served"), like=template) as url:
        yield url


@pytest.fixture(scope="module")
def portals(address, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    with served(address, folder / "one") as one, served(address, folder / "other") as other:
        yield [one, other]


@pytest.fixture
def writer(address):
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def test_no_server_shows_an_older_page_once_it_has_heard_of_a_commit(portals, writer):
    """10,000 reads of 100 commits, half of them from each server."""

    def commit(line: str) -> None:
        writer.execute("UPDATE pages_sitesettings SET tagline = %s", [line])

    found = after_commits([one.port for one in portals], commit, commits=100, reads=100, at_once=False)
    assert (found.number, found.old) == (10_000, 0)
    print(f"heard within {max(found.lags):.3f} s, half within {sorted(found.lags)[50]:.3f} s")


def taken(writer) -> int:
    """Connections to the database, without the one that asks."""
    told = writer.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return told.fetchone()[0]


def test_threads_share_a_few_connections_however_many_ask(portals, writer):
    for portal in portals:
        assert portal.get("/therapies/?q=first", timeout=120)[0] == 200
    portal, stop, most, answers = portals[0], threading.Event(), [], []

    def ask(number: int) -> None:
        while not stop.is_set():
            with suppress(OSError):
                answers.append(portal.get(f"/therapies/?q=word{number}x{len(answers)}")[0])
                answers.append(portal.get("/account/login/")[0])

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(60)]
    for one in asking:
        one.start()
    end = time.monotonic() + 120
    while answers.count(200) < 1500 and time.monotonic() < end:
        most.append(taken(writer))
        time.sleep(0.1)
    stop.set()
    for one in asking:
        one.join()
    assert answers.count(200) >= 1500
    idle = LISTENING + 2  # of the other server
    assert LISTENING + idle <= max(most) <= MOST + LISTENING + idle
    assert portal.get("/faq/")[0] == 200


def test_connections_that_the_database_ended_are_replaced_without_a_fault(portals, writer):
    for number in range(3):
        writer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        for portal in portals:
            assert portal.get(f"/therapies/?year={2015 + number}")[0] == 200
            assert portal.get("/account/login/")[0] == 200


def test_a_table_that_somebody_locks_holds_up_no_other_page_and_who_asks_for_its_pages_is_told_soon(portals, writer):
    """As a migration does while it rebuilds the table."""
    portal, there, new = portals[0], "/therapies/nivolumab/", "/therapies/ipilimumab/"
    assert portal.get(there)[0] == 200
    with writer.transaction(), ThreadPoolExecutor(9) as readers:
        with psycopg.connect(writer.info.dsn, autocommit=True) as another:
            another.execute("UPDATE publishing_contentversion SET number = number + 1")
        writer.execute("LOCK TABLE therapies_approvalevent IN ACCESS EXCLUSIVE MODE")
        time.sleep(1)
        begun = time.monotonic()
        asking = [readers.submit(portal.get, address) for address in (there, new) for _ in range(4)]
        meanwhile = readers.submit(portal.get, "/about/").result()
        assert meanwhile[0] == 200 and time.monotonic() - begun < 2 * WAIT_FOR_A_LOCK
        for one in asking[:4]:
            assert one.result()[0] == 200 and "can’t check" in one.result()[2].decode()
        for one in asking[4:]:
            assert one.result()[0] == 503 and one.result()[1]["retry-after"]
        assert time.monotonic() - begun < 2 * WAIT_FOR_A_LOCK
    assert "can’t check" not in portal.get(there)[2].decode() and portal.get(new)[0] == 200


@pytest.mark.django_db
def test_the_desk_waits_for_a_lock_as_long_as_for_any_answer_and_pages_for_all_do_not():
    waits = []
    for is_for_all in (False, True, True, False):
        with waiting_for_locks(is_for_all=is_for_all), connection.cursor() as cursor:
            waits.append(cursor.execute("SHOW lock_timeout").fetchone()[0])
    assert waits == ["0", "3s", "3s", "0"]


def test_a_database_that_says_nothing_stops_neither_readers_nor_files_and_others_are_told(address, tmp_path):
    """It neither answers nor hangs up, so nothing but the clock can notice."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static/sign.txt").write_text("There.")
    with stalling(address) as way, served(way.url, tmp_path) as portal:
        assert portal.get("/glossary/")[0] == portal.get("/account/login/")[0] == 200
        way.stall()
        time.sleep(PostgresVersion.FORGET + 1)
        with ThreadPoolExecutor(30) as strangers:
            asking = [strangers.submit(portal.get, f"/faq/?q=word{number}", timeout=90) for number in range(30)]
            for _ in range(5):
                begun = time.monotonic()
                assert "can’t check" in portal.get("/glossary/")[2].decode()
                assert portal.get("/static/sign.txt")[2] == b"There."
                assert time.monotonic() - begun < OTHERS.seconds / 4
            told, waiting = wait(asking, OTHERS.seconds + 10)
            assert {one.result()[0] for one in told} == {503} and len(waiting) <= OTHERS.at_once
            way.flow()
            assert {one.result()[0] for one in waiting} <= {200}
        while "can’t check" in portal.get("/glossary/")[2].decode():
            time.sleep(0.2)
        assert portal.get("/account/login/")[0] == 200
