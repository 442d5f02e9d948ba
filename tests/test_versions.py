"""How a server process learns that the content has another version, from the database itself."""

import gc
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import psycopg
import pytest
from django.db import ConnectionHandler
from environ import Env

from portal.serving.versions import PostgresVersion, SqliteVersion, VersionUnknown, of_database

from .databases import database, server

ON_POSTGRESQL = type(server()).__name__ == "Postgres"
CHANGE = "UPDATE publishing_source SET official = official WHERE id = (SELECT min(id) FROM publishing_source)"


@pytest.fixture
def url(template, tmp_path, worker_id):
    with database(f"versions-{worker_id}", tmp_path, like=template) as url:
        yield url


@pytest.fixture
def version(url):
    if not ON_POSTGRESQL:
        yield SqliteVersion(Env.db_url_config(url)["NAME"])
    else:
        version = PostgresVersion({"conninfo": url})
        yield version
        version.close()


def connected(url):
    return psycopg.connect(url) if ON_POSTGRESQL else closing(sqlite3.connect(Env.db_url_config(url)["NAME"]))


def another(version, before, seconds=1.0):
    """The number as soon as it is another one; that from before if it stays."""
    end = time.monotonic() + seconds
    while (now := version.now()) == before and time.monotonic() < end:
        time.sleep(0.002)
    return now


def test_a_change_is_known_once_it_is_committed_and_not_before(url, version):
    before = version.now()
    with connected(url) as other:
        other.execute(CHANGE)
        assert another(version, before, 0.1) == before
        other.commit()
        assert another(version, before) == before + 1


def test_what_is_rolled_back_is_not_known(url, version):
    before = version.now()
    with connected(url) as other:
        other.execute(CHANGE)
        other.rollback()
    assert another(version, before, 0.1) == before


@pytest.mark.skipif(not ON_POSTGRESQL, reason="on SQLite each row raises the number")
def test_a_transaction_raises_the_number_once(url, version):
    before = version.now()
    with connected(url) as other:
        other.execute("UPDATE publishing_source SET official = official")
        other.execute("UPDATE publishing_page SET slug = slug")
        other.commit()
    assert another(version, before) == before + 1


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite lets one transaction write at a time")
def test_two_transactions_that_meet_each_other_s_rows_both_end(url):
    with connected(url) as first, connected(url) as second:
        first.execute(
            "UPDATE publishing_source SET official = official WHERE id = (SELECT min(id) FROM publishing_source)"
        )
        second.execute(
            "UPDATE publishing_source SET official = official WHERE id = (SELECT max(id) FROM publishing_source)"
        )
        second.execute("UPDATE publishing_page SET slug = slug WHERE id = (SELECT max(id) FROM publishing_page)")
        first.commit()
        second.commit()


@pytest.mark.skipif(ON_POSTGRESQL, reason="a file is SQLite's")
def test_another_file_in_the_place_of_the_database_is_noticed(url, version, tmp_path):
    before = version.now()
    path = Env.db_url_config(url)["NAME"]
    with closing(sqlite3.connect(tmp_path / "restored.sqlite3")) as other:
        other.executescript(
            "CREATE TABLE publishing_contentversion (number); INSERT INTO publishing_contentversion VALUES (-5)"
        )
    (tmp_path / "restored.sqlite3").replace(path)
    assert another(version, before) == -5


@pytest.mark.skipif(ON_POSTGRESQL, reason="a file is SQLite's")
def test_a_database_that_is_away_is_said_to_be_and_found_again(url, version, tmp_path):
    before = version.now()
    path = server(tmp_path).path(f"versions-{url.rpartition('versions-')[2].removesuffix('.sqlite3')}")
    path.rename(tmp_path / "away")
    version._looked = 0.0
    with pytest.raises(VersionUnknown):
        version.now()
    (tmp_path / "away").rename(path)
    assert version.now() == before


WRITER = """import sqlite3, sys
writer = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
for line in sys.stdin:
    for statement in line.split(";"):
        writer.execute(statement).fetchall()
    number = writer.execute("SELECT number FROM publishing_contentversion").fetchone()[0]
    print(number, flush=True)
"""


@pytest.mark.skipif(ON_POSTGRESQL, reason="a file is SQLite's")
def test_no_commit_of_another_process_is_missed_whatever_becomes_of_the_log(url, version):
    path = Env.db_url_config(url)["NAME"]
    with closing(sqlite3.connect(path)) as first:
        first.execute("PRAGMA journal_mode=WAL")
    assert version.now() and version._index, "it looks at the index"
    further = ["PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA wal_checkpoint(RESTART)", "VACUUM", "PRAGMA wal_checkpoint"]
    command = [sys.executable, "-c", WRITER, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        for number in range(1000):
            statements = CHANGE if number % 50 else f"{further[number // 50 % 4]};{CHANGE}"
            print(statements, file=writer.stdin, flush=True)
            assert version.now() in (told := int(writer.stdout.readline()), told - 1)
            assert version.now() == told
        writer.stdin.close()
    index = version._index
    with closing(sqlite3.connect(path)) as last:  # it can’t take the index along, for somebody reads
        last.execute(CHANGE)
        last.commit()
    assert version.now() == told + 1 and version._index is index


@pytest.mark.skipif(ON_POSTGRESQL, reason="a file is SQLite's")
def test_the_locks_of_sqlite_hold_beside_it(url, version):
    """They would be lost if anything closed a descriptor of the index."""
    path = Env.db_url_config(url)["NAME"]
    with closing(sqlite3.connect(path)) as ours:
        ours.execute("PRAGMA journal_mode=WAL")
        ours.execute("BEGIN IMMEDIATE")
        SqliteVersion(path).now()
        gc.collect()
        code = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
        other = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False)
        assert "database is locked" in other.stderr


@pytest.mark.skipif(ON_POSTGRESQL, reason="a file is SQLite's")
def test_without_a_log_every_request_asks(url, version):
    path = Env.db_url_config(url)["NAME"]
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        before = version.now()
        assert version._index is None
        other.execute(CHANGE)
        other.commit()
        assert version.now() == before + 1


@pytest.mark.skipif(not ON_POSTGRESQL, reason="PostgreSQL is a server")
def test_a_server_that_drops_the_connection_is_asked_again(url, version):
    before = version.now()
    with connected(url) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        other.commit()
        other.execute(CHANGE)
        other.commit()
    assert another(version, before, 5) == before + 1


def test_a_server_that_never_answers_makes_the_version_unknown():
    version = PostgresVersion({"host": "127.0.0.1", "port": 1, "dbname": "none"})
    with pytest.raises(VersionUnknown):
        version.now()
    version.close()


def test_it_is_heard_by_a_connection_as_safe_as_every_other():
    """Certificates and time-outs that somebody set hold for whoever listens, too."""
    options = {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem", "tcp_user_timeout": 10_000}
    known = Env.db_url_config("postgres://portal:secret@db.example/portal") | {"OPTIONS": options}
    listening = of_database(ConnectionHandler({"default": known})["default"])
    assert options.items() <= listening.connect.items()
    assert (listening.connect["host"], listening.connect["user"]) == ("db.example", "portal")
