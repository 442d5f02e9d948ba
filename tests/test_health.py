"""Whoever runs the portal can ask whether it lives and whether it is ready, also while all its places are taken."""

import datetime
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.utils import timezone

from portal.publishing.models import AuditEntry
from portal.serving import health
from portal.serving.front import Front, in_front_of
from portal.serving.health import Health, livez, readyz
from portal.serving.versions import VersionUnknown


class Known:
    """A version that is known."""

    def now(self) -> int:
        return 1


class Unknown:
    def now(self) -> int:
        raise VersionUnknown


def ask(application, path="/readyz", method="GET", **headers):
    environ = RequestFactory(**headers).generic(method, path).environ
    told = []
    body = b"".join(application(environ, lambda status, headers: told.extend((status, dict(headers)))))
    return told[0], told[1], body


def found(version=None):
    """What a fresh look finds, by name."""
    return Health(version or Known()).now().found


@pytest.fixture
def asked(monkeypatch):
    """How often the database was looked at."""
    looks = []
    monkeypatch.setattr(health, "migrations", lambda: looks.append(1) or "ok")
    return looks


def test_a_portal_that_is_whole_is_ready(site):
    status, headers, body = ask(in_front_of(None))
    assert status == "200 OK" and headers["Cache-Control"] == "no-store"
    assert json.loads(body) == {
        "ready": True,
        **dict.fromkeys(("database", "disk", "static", "migrations", "content", "clock"), "ok"),
    }


def test_the_process_that_answers_lives(site):
    assert ask(in_front_of(None), "/livez")[::2] == ("200 OK", b"ok\n")
    assert ask(in_front_of(None), "/livez", "HEAD")[::2] == ("200 OK", b"")


def test_any_host_and_plain_http_may_ask(site, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert ask(in_front_of(None), HTTP_HOST="10.0.0.7:8000")[0] == "200 OK"


def test_both_answer_while_every_place_of_django_is_taken(site):
    def never(environ, start):
        raise AssertionError("Django was asked")

    answers = in_front_of(never)
    for slots in (answers.application.pages, answers.application.others):
        while slots._free.acquire(blocking=False):
            pass
    assert ask(answers, "/livez")[0] == ask(answers)[0] == "200 OK"


def test_without_a_cache_of_pages_they_answer_as_well(site, settings):
    settings.PAGE_CACHE_MB = 0
    assert ask(in_front_of(None))[0] == "200 OK"


def test_whatever_else_is_asked_there_goes_on_to_django(site):
    def django(environ, start):
        start("404 Not Found", [])
        return [b"django"]

    answers = Front(django, {"/livez": livez})
    for method, path in (("POST", "/livez"), ("GET", "/livez/"), ("GET", "/readyz2"), ("GET", "/")):
        assert ask(answers, path, method)[2] == b"django"


# What is looked at ---------------------------------------------------------------------------


def test_a_migration_that_is_not_applied_is_missed_and_one_of_a_later_release_is_not(site):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = '0099_later' WHERE app = 'faq' AND name LIKE '0001%'")
    assert found()["migrations"] == "missing"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = '0001_initial' WHERE name = '0099_later'")
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('faq', '0099_later', '2026-11-30 00:00:00')"
        )
    assert found()["migrations"] == "ok"


def test_content_that_nothing_follows_is_not_ready(site):
    with connection.cursor() as cursor:
        on = " ON faq_question" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER faq_question_update_seen{on}")
    assert found()["content"] == "unfollowed"
    assert found(Unknown())["content"] == "unknown"


def test_a_disk_without_room_is_full(site, settings, monkeypatch, tmp_path):
    monkeypatch.setattr(health, "LEAST_FREE", 2**80)
    assert found()["disk"] == "full"
    settings.VAR_DIR = tmp_path / "nowhere"
    assert found()["disk"] == "away"


def test_a_clock_that_is_behind_the_audit_trail_is_wrong(site):
    soon = timezone.now() + datetime.timedelta(seconds=health.CLOCKS_DIFFER / 2)
    AuditEntry.objects.create(at=soon, verb="exported")
    assert found()["clock"] == "ok", "clocks of two machines differ a little"
    AuditEntry.objects.create(at=timezone.now() + datetime.timedelta(hours=1), verb="exported")
    assert found()["clock"] == "behind"


def test_a_clock_before_the_release_is_wrong(site, monkeypatch):
    monkeypatch.setattr(health, "_released", lambda: timezone.localdate() + datetime.timedelta(days=1))
    assert found()["clock"] == "before the release"


def test_the_release_is_the_newest_of_the_changelog():
    assert health._released() >= datetime.date(2026, 11, 28)


def test_a_database_that_fails_is_away(site, monkeypatch):
    def fails():
        raise OperationalError("password=secret")

    monkeypatch.setattr(health, "migrations", fails)
    status, _, body = ask(readyz(Health(Known())))
    assert status == "503 Service Unavailable"
    assert json.loads(body) == {"ready": False, "database": "away", "disk": "ok", "static": "ok"}


def test_a_database_that_stalls_is_away_and_holds_up_one_look_only(site, monkeypatch):
    answered, looks = threading.Event(), []
    monkeypatch.setattr(health, "migrations", lambda: looks.append(1) or (answered.wait(60) and "ok"))
    monkeypatch.setattr(Health, "PATIENCE", 0.05)
    monkeypatch.setattr(Health, "KEEP", 0.0)
    ready = Health(Known())
    assert [ready.now().found["database"] for _ in range(5)] == ["away"] * 5
    assert len(looks) == 1
    answered.set()
    ready._looking.join()
    monkeypatch.setattr(Health, "PATIENCE", 60)
    assert ready.now().is_ready


def test_while_somebody_looks_others_get_the_last_answer_at_once(site, monkeypatch):
    ready = Health(Known())
    assert ready.now().is_ready
    answered = threading.Event()
    monkeypatch.setattr(Health, "KEEP", 0.0)
    monkeypatch.setattr(health, "migrations", lambda: answered.wait(60) and "ok")
    looker = threading.Thread(target=ready.now)
    looker.start()
    while not ready._looking.is_alive():
        pass
    assert ready.now().is_ready, "and it did not wait for the database"
    answered.set()
    looker.join()


# What an attacker gets from it ---------------------------------------------------------------


def test_whoever_asks_all_the_time_does_not_load_the_database(site, asked):
    ready = Health(Known())
    with ThreadPoolExecutor(8) as pool:
        assert all(one.is_ready for one in pool.map(lambda _: ready.now(), range(200)))
    assert len(asked) == 1


def test_the_answer_holds_words_of_ours_only(site):
    for version in (Known(), Unknown()):
        body = ask(readyz(Health(version)))[2].decode()
        assert re.fullmatch(r'[a-z\s{}:,"]+', body)
