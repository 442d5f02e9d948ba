"""A server's connections to SQLite: one request hands them to the next, but none that may tell anything else."""

import sqlite3

import pytest
from django.db import OperationalError

from portal.operating.tables import opened
from portal.serving.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db


def holding(path, number):
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE told (number)")
        made.execute("INSERT INTO told VALUES (?)", [number])
    made.close()
    return path


@pytest.fixture
def request_of(tmp_path, monkeypatch):
    """A new thread's way to the file."""
    monkeypatch.setattr(DatabaseWrapper, "idle", [])
    holding(tmp_path / "portal.sqlite3", 1)
    yield lambda: opened({"ENGINE": "portal.serving.sqlite", "NAME": str(tmp_path / "portal.sqlite3")})
    while DatabaseWrapper.idle:
        DatabaseWrapper.idle.pop()[0].close()


def asked(way, sql="SELECT number FROM told"):
    with way.cursor() as cursor:
        return cursor.execute(sql).fetchone()[0]


def ends(way):
    """As Django does after each request."""
    used = way.connection
    way.close_if_unusable_or_obsolete()
    way.close()
    return used


def test_the_next_request_uses_what_the_last_one_opened(request_of):
    first = request_of()
    assert asked(first) == 1
    used = ends(first)
    second = request_of()
    assert asked(second) == 1 and second.connection is used
    third = request_of()
    assert asked(third) == 1 and third.connection is not used, "two requests never share one"


def test_it_sees_what_others_committed_meanwhile(request_of, tmp_path):
    first = request_of()
    asked(first)
    ends(first)
    with sqlite3.connect(tmp_path / "portal.sqlite3") as other:
        other.execute("UPDATE told SET number = 2")
    other.close()
    assert asked(request_of()) == 2


def test_a_file_that_was_put_in_its_place_is_opened_anew(request_of, tmp_path):
    first = request_of()
    asked(first)
    ends(first)
    holding(tmp_path / "restored", 3).replace(tmp_path / "portal.sqlite3")
    assert asked(request_of()) == 3
    assert not DatabaseWrapper.idle


def test_none_is_used_again_after_an_error_or_inside_a_transaction(request_of):
    wrong = request_of()
    with pytest.raises(OperationalError):
        asked(wrong, "SELECT number FROM nothing")
    ends(wrong)
    half = request_of()
    half.ensure_connection()
    half.connection.execute("BEGIN IMMEDIATE")
    half.connection.execute("UPDATE told SET number = 4")
    ends(half)
    assert not DatabaseWrapper.idle
    assert asked(request_of()) == 1


def test_a_process_keeps_a_few(request_of):
    many = [request_of() for _ in range(DatabaseWrapper.KEPT + 2)]
    assert {asked(one) for one in many} == {1}
    for one in many:
        ends(one)
    assert len(DatabaseWrapper.idle) == DatabaseWrapper.KEPT
