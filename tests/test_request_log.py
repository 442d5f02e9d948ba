"""One line of JSON for each request: enough to find what happened, nothing that tells of the person who asked."""

import io
import json
import logging
import threading

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import RequestFactory

from portal.pages.discretion import WithoutLinks
from portal.serving import database, observing, page_cache
from portal.serving.counting import tally
from portal.serving.front import Front
from portal.serving.json_lines import JsonLines
from portal.serving.page_cache import PageCache
from portal.serving.rendering import Limits

from .like_django import PAGE, Content, Site

SECRET = "c2VjcmV0LXRva2Vu"


@pytest.fixture
def lines(settings):
    """What is logged as JSON, by a handler like that of the settings."""
    settings.LOG_FORMAT, settings.LOG_HITS = "json", 0
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(WithoutLinks())
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def content():
    return Content()


@pytest.fixture
def front(lines, site, content, monkeypatch):
    monkeypatch.setattr(page_cache, "is_signed_in", lambda environ: False)  # which asks the database
    return Front(PageCache(site, content), {})


def ask(front, path="/about/", method="GET", **more):
    """Status and headers of an answer."""
    environ = RequestFactory(HTTP_HOST="testserver").generic(method, path, **more).environ
    told = []
    list(front(environ, lambda status, headers, *error: told.extend((status, dict(headers)))))
    return told


# What a line tells -----------------------------------------------------------------------------


def test_a_line_names_the_request_and_says_what_became_of_it(front, lines):
    _, headers = ask(front)
    (line,) = lines()
    assert line.pop("ms") >= 0 and line.pop("at").startswith("20")
    assert line == {
        "level": "INFO",
        "logger": "portal.requests",
        "request": headers["X-Request-ID"],
        "method": "GET",
        "path": "/about/",
        "status": 200,
        "kind": "render",
        "bytes": len(PAGE),
    }


def test_a_line_tells_nothing_of_the_person(front, lines):
    personal = {
        "QUERY_STRING": "cancer=melanoma",
        "HTTP_USER_AGENT": "Firefox-of-somebody",
        "HTTP_COOKIE": f"sessionid={SECRET}",
        "HTTP_AUTHORIZATION": f"Bearer {SECRET}",
        "HTTP_REFERER": "https://search.example/?q=melanoma",
        "HTTP_X_FORWARDED_FOR": "203.0.113.7",
        "REMOTE_ADDR": "203.0.113.7",
    }
    ask(front, **personal)
    told = json.dumps(lines())
    assert len(lines()) == 1
    assert [one for one in ("melanoma", "Firefox", SECRET, "203.0.113", "search") if one in told] == []


@pytest.mark.parametrize(
    "path", [f"/review/{SECRET}/", f"/review/{SECRET}/page/", f"/account/choose-password/2a/{SECRET}/"]
)
def test_links_that_open_something_stay_out_of_every_line(front, lines, path):
    ask(front, path)
    logging.getLogger("django.request").error("Internal Server Error: %s", path)
    try:
        raise ValueError(f"nothing at {path}")
    except ValueError:
        logging.getLogger("portal").exception("It stumbled.")
    assert len(lines()) == 3 and SECRET not in json.dumps(lines())


def test_whatever_is_in_a_path_is_one_line(front, lines):
    ask(front, '/a%0A{"level": "x"}%E2%80%A8%FF/' + "long" * 500)
    (line,) = lines()
    assert line["path"].startswith('/a\n{"level": "x"}') and len(line["path"]) == observing.LONGEST_PATH


# Which requests have one ------------------------------------------------------------------------


def test_of_finished_pages_one_in_so_many_has_a_line(lines, settings, site, content):
    settings.LOG_HITS = 10
    front = Front(PageCache(site, content), {})
    for _ in range(31):
        ask(front)
    assert [line["kind"] for line in lines()] == ["render", "hit", "hit", "hit"]


def test_whoever_asks_for_a_finished_page_in_ever_new_words_fills_no_log(front, lines):
    for number in range(20):
        ask(front, HTTP_ACCEPT_ENCODING=f"made-up-{number}", QUERY_STRING=f"made-up={number}")
    assert [line["kind"] for line in lines()] == ["render"]


def test_a_slow_finished_page_always_has_one(front, lines, monkeypatch):
    ask(front)
    ask(front)
    monkeypatch.setattr(observing, "SLOW", 0)
    ask(front)
    assert [line["kind"] for line in lines()] == ["render", "hit"]


def test_every_other_request_has_one(lines, site, content):
    front = Front(PageCache(site, content, pages=Limits(1, 0, 0.01), others=Limits(1, 0, 0.01)), {})
    ask(front)
    ask(front, method="POST")
    content.number = None
    ask(front)
    content.number = 2
    front.application.pages._free.acquire()
    ask(front, "/glossary/")
    assert [(line["kind"], line["status"]) for line in lines()] == [
        ("render", 200),
        ("pass", 200),
        ("last copy", 200),
        ("busy", 503),
    ]


def test_a_program_that_fails_has_a_line_with_500(front, lines, site):
    def fails(environ, start):
        raise RuntimeError("nothing")

    front.application.application = fails
    with pytest.raises(RuntimeError):
        ask(front, "/admin/")
    assert lines()[-1]["status"] == 500


def test_without_json_no_request_has_a_line(settings, lines, site, content):
    settings.LOG_FORMAT = "text"
    front = Front(PageCache(site, content), {})
    ask(front)
    ask(front)
    assert lines() == []


# Names of requests ------------------------------------------------------------------------------


def test_only_a_proxy_may_name_a_request(lines, settings, site, content):
    theirs = {"HTTP_X_REQUEST_ID": "req-0123456789.abc"}
    assert ask(Front(PageCache(site, content), {}), **theirs)[1]["X-Request-ID"] != "req-0123456789.abc"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    behind = Front(PageCache(site, content), {})
    assert ask(behind, **theirs)[1]["X-Request-ID"] == "req-0123456789.abc"
    for name in ("short", "a" * 65, "with blank in it", 'quo"te-quote', "line\nline-line", ""):
        assert ask(behind, method="POST", HTTP_X_REQUEST_ID=name)[1]["X-Request-ID"] != name


def test_a_finished_page_has_a_name_only_if_it_has_a_line(lines, settings, site, content):
    settings.LOG_HITS = 2
    front = Front(PageCache(site, content), {})
    named = [ask(front)[1].get("X-Request-ID") for _ in range(5)]
    assert [line["request"] for line in lines()] == [name for name in named if name]
    assert [bool(name) for name in named] == [True, True, False, True, False]


def test_what_is_logged_on_the_way_bears_the_name_of_the_request(front, lines):
    def django(environ, start):
        logging.getLogger("django.request").warning("Something")
        start("200 OK", [])
        return []

    front.application.application = django
    _, headers = ask(front, "/admin/")
    logging.getLogger("portal").warning("Something else")
    inside, request, outside = lines()
    assert inside["request"] == request["request"] == headers["X-Request-ID"]
    assert "request" not in outside


# Counting ----------------------------------------------------------------------------------------


def test_every_request_is_counted_by_what_it_was(front):
    def counted():
        after = tally.requests()
        return {name: number for name in after if (number := after[name] - before.get(name, 0))}

    before = tally.requests()
    _, headers = ask(front)
    for _ in range(5):
        ask(front)
    ask(front, HTTP_IF_NONE_MATCH=headers["ETag"])
    ask(front, method="POST")
    assert counted() == {("render", "2xx"): 1, ("hit", "2xx"): 5, ("hit", "3xx"): 1, ("pass", "2xx"): 1}


def test_no_finished_page_is_lost_from_the_count_when_many_threads_count(front):
    ask(front)
    before = tally.requests()["hit", "2xx"]
    threads = [threading.Thread(target=lambda: [ask(front) for _ in range(100)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.requests()["hit", "2xx"] - before == 800


# The database ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_slow_query_is_told_by_its_shape(client, settings, monkeypatch, lines):
    told = lambda: [line for line in lines() if line["logger"] == "portal.serving.database"]  # noqa: E731
    settings.SLOW_QUERY_MS = 0
    client.get("/about/")
    assert told() == []
    settings.SLOW_QUERY_MS = 0.000001
    client.get("/about/")
    assert told() and all(line["level"] == "WARNING" and line["ms"] >= 0 and "SELECT" in line["sql"] for line in told())


@pytest.mark.django_db
def test_the_shape_of_a_query_has_no_values(settings, lines):
    settings.SLOW_QUERY_MS = 0.000001
    with connection.execute_wrapper(database.timed):
        list(User.objects.filter(username__in=["Edith", "Edna"], pk__lt=4711).extra(where=["'It''s Edith' <> '0815'"]))
    told = json.dumps(lines())
    assert "auth_user" in told and [one for one in ("Edith", "Edna", "4711", "0815", "It'") if one in told] == []


def test_a_database_that_fails_is_counted_once():
    def fails(*args):
        raise error

    for error, counts in ((OperationalError("away"), 1), (ValueError("not of the database"), 0)):
        before = tally.database_errors
        with pytest.raises(type(error)):
            database.timed(fails, "SELECT 1", (), False, {})
        database.DatabaseWatch(lambda request: None).process_exception(None, error)
        assert tally.database_errors - before == counts
