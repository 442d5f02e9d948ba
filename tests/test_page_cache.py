"""Finished pages in front of Django: never an old one, never one of somebody's own, one render however many ask."""

import datetime
import gzip
import io
import json
import threading
import time

import brotli
import pytest
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import RequestFactory
from django.utils import timezone

from faq.models import Question
from portal.pages import bodies
from portal.publishing import actions
from portal.publishing.models import ContentVersion
from portal.serving import asked, page_cache
from portal.serving.asked import page_asked
from portal.serving.page_cache import PageCache
from portal.serving.ready import REPEATED, ready_page
from portal.serving.rendering import Limits, Slots, too_busy

from .conftest import person
from .like_django import PAGE, Content, Site
from .test_content_version import written


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def content():
    return Content()


@pytest.fixture
def cache(site, content):
    return around(site, content)


def around(application, content, megabytes=4.0, at_once=2, waiting=8, seconds=5.0):
    pages, others = Limits(at_once, waiting, seconds), Limits(4, 16, 5)
    return PageCache(application, content, megabytes=megabytes, pages=pages, made_up=pages, others=others)


def ask(cache, path="/about/", query="", method="GET", **headers):
    """Status, headers by lower-case name, and body of an answer."""
    environ = RequestFactory(**{"HTTP_HOST": "testserver"} | headers).generic(method, path, QUERY_STRING=query).environ
    told = []
    body = b"".join(cache(environ, lambda status, headers: told.extend((status, headers))))
    return told[0], {name.lower(): value for name, value in told[1]}, body


# What is answered from memory --------------------------------------------------------------


def test_a_page_is_rendered_once_and_given_out_as_it_is(cache, site):
    answers = [ask(cache) for _ in range(5)]
    assert site.asked.total() == 1
    assert all(answer == answers[0] for answer in answers)
    status, headers, body = answers[0]
    assert (status, body, headers["x-frame-options"]) == ("200 OK", PAGE, "DENY")
    assert headers["content-length"] == str(len(PAGE))


def test_every_encoding_is_the_same_page_under_a_tag_of_its_own(cache):
    plain = ask(cache)
    packed = {name: ask(cache, HTTP_ACCEPT_ENCODING=f"deflate, {name};q=0.8") for name in ("gzip", "br")}
    assert gzip.decompress(packed["gzip"][2]) == brotli.decompress(packed["br"][2]) == plain[2]
    assert len({one[1]["etag"] for one in (plain, *packed.values())}) == 3
    assert ask(cache, HTTP_ACCEPT_ENCODING="br, gzip")[1]["content-encoding"] == "br"
    assert "content-encoding" not in ask(cache, HTTP_ACCEPT_ENCODING="br;q=0, gzip; q=0")[1]
    assert all("Accept-Encoding" in one[1]["vary"] for one in (plain, *packed.values()))


def test_who_has_the_page_already_gets_no_body(cache):
    _, headers, _ = ask(cache, HTTP_ACCEPT_ENCODING="br")
    for named in (headers["etag"], f'"other", W/{headers["etag"]}', "*"):
        status, told, body = ask(cache, HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=named)
        assert (status, body, told["etag"]) == ("304 Not Modified", b"", headers["etag"])
        assert "content-length" not in told
    assert ask(cache, HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH='"another"')[0] == "200 OK"


def test_who_has_the_page_is_told_no_more_than_that_it_holds(cache):
    """A copy keeps its other headers, so a page whose headers change has another tag."""
    _, headers, _ = ask(cache)
    told = ask(cache, HTTP_IF_NONE_MATCH=headers["etag"])[1]
    assert {"etag", "vary", "cache-control"} <= set(told) <= REPEATED
    policy = ("Content-Security-Policy", "default-src 'none'")
    assert ready_page(1, 0, 0, [policy], b"page").etag != ready_page(1, 0, 0, [], b"page").etag


def test_a_question_for_the_head_gets_the_same_headers(cache):
    status, headers, body = ask(cache, method="HEAD")
    assert (status, body) == ("200 OK", b"")
    assert headers == ask(cache)[1]


def test_nothing_of_whoever_asks_reaches_the_page(cache, site):
    ask(cache, HTTP_COOKIE="theme=dark; csrftoken=secret", HTTP_USER_AGENT="a phone", HTTP_X_FORWARDED_FOR="1.2.3.4")
    (seen,) = site.seen
    assert not {name for name in seen if name.startswith("HTTP_")} - {"HTTP_HOST"}
    assert "REMOTE_ADDR" not in seen


@pytest.mark.parametrize("query", ["utm_source=x", "a=1&b=2", "=", "%00", "q=", "ON=2020-01-01", "x[on]=1"])
def test_a_parameter_that_the_address_does_not_know_makes_no_other_page(cache, site, query):
    assert ask(cache)[2] == ask(cache, query=query)[2]
    assert site.asked == {"/about/?": 1}


def test_parameters_in_another_order_are_the_same_page(cache, site):
    for query in (
        "cancer=melanoma&on=2020-01-01",
        "on=2020-01-01&cancer=melanoma",
        "x=1&cancer=melanoma&on=2020-01-01",
    ):
        ask(cache, "/therapies/", query)
    assert site.asked == {"/therapies/?cancer=melanoma&on=2020-01-01": 1}


def test_what_programs_ask_keeps_every_parameter_and_tells_who_asks(cache, site):
    """There an unknown parameter is an error, and whoever has an answer made is counted."""
    for query in ("b=1&a=2", "a=2&b=1"):
        ask(cache, "/api/v1/uses/", query, REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert site.asked == {"/api/v1/uses/?a=2&b=1": 1}
    assert (site.seen[0]["REMOTE_ADDR"], site.seen[0]["HTTP_X_FORWARDED_FOR"]) == ("192.0.2.1", "198.51.100.1")
    assert not len(cache.memories[False])  # no number of them takes the place of a page for readers
    ask(cache, "/api/v1/uses/", "a=2&b=1", HTTP_ACCEPT="text/html")
    assert site.asked["/api/v1/uses/?a=2&b=1"] == 2 and "HTTP_ACCEPT" in site.seen[1]  # Django says what is wrong


def test_programs_are_told_in_their_own_form_that_too_many_ask():
    told = []
    (body,) = too_busy({"REQUEST_METHOD": "GET", "PATH_INFO": "/api/v1/uses/"}, lambda *parts: told.extend(parts))
    assert told[0].startswith("503") and dict(told[1])["Content-Type"] == "application/problem+json"
    assert json.loads(body)["type"].endswith("#busy") and dict(told[1])["Retry-After"] == "5"


# What is not -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/about/", "POST", {}),
        ("/about/", "OPTIONS", {}),
        ("/about/", "GET", {"HTTP_COOKIE": "a=1; sessionid=abc"}),
        ("/about/", "GET", {"HTTP_COOKIE": "messages=abc"}),
        ("/about/", "GET", {"HTTP_AUTHORIZATION": "Basic abc"}),
        ("/about/", "GET", {"HTTP_HOST": "elsewhere.example"}),
        ("/admin/", "GET", {}),
        ("/desk/", "GET", {}),
        ("/account/login/", "GET", {}),
        ("/review/a-token/", "GET", {}),
        ("/static/site.css", "GET", {}),
        ("/media/pictures/0/1.png", "GET", {}),
    ],
)
def test_what_is_of_one_person_or_no_page_goes_to_django_each_time(cache, site, path, method, headers):
    for _ in range(2):
        ask(cache, path, method=method, **headers)
    assert site.asked.total() == 2
    assert site.seen[0].get("HTTP_COOKIE", "") == headers.get("HTTP_COOKIE", "")


@pytest.mark.parametrize(
    ("status", "header"),
    [
        ("404 Not Found", None),
        ("302 Found", ("Location", "/")),
        ("500 Internal Server Error", None),
        ("200 OK", ("Set-Cookie", "csrftoken=a")),
        ("200 OK", ("Cache-Control", "no-store")),
        ("200 OK", ("Cache-Control", "private, max-age=60")),
    ],
)
def test_an_answer_for_now_or_for_one_is_kept_by_nobody(cache, site, status, header):
    site.status, site.headers = status, [*Site.headers, *([header] if header else [])]
    for _ in range(2):
        assert ask(cache)[0] == status
    assert site.asked.total() == 2


def test_an_answer_that_nobody_keeps_is_packed_as_well(cache, site):
    site.status = "404 Not Found"
    _, headers, body = ask(cache, HTTP_ACCEPT_ENCODING="br, gzip")
    assert (headers["content-encoding"], gzip.decompress(body)) == ("gzip", PAGE)
    assert headers["content-length"] == str(len(body))
    assert "content-encoding" not in ask(cache)[1]


def test_memory_is_bounded_and_made_up_queries_push_out_no_page(site, content):
    cache = around(site, content, megabytes=0.05)
    ask(cache)
    for number in range(200):
        ask(cache, "/therapies/", f"q={number}")
    assert all(memory.size <= memory.limit for memory in cache.memories.values())
    assert len(cache.memories[True]) > 2
    ask(cache)
    assert site.asked["/about/?"] == 1


# Never an old page -------------------------------------------------------------------------


def test_after_a_change_the_page_is_rendered_anew(cache, site, content):
    ask(cache)
    site.body, content.number = b"new", 2
    assert ask(cache)[2] == b"new"
    assert site.asked.total() == 2


def test_what_was_rendered_while_something_changed_is_rendered_again(cache, site, content):
    """The version is read first: the page may be of before or after, so it counts as of before."""

    def changing(environ, start):
        content.number += 1
        return site(environ, start)

    cache.application = changing
    ask(cache)
    cache.application = site
    ask(cache)
    ask(cache)
    assert site.asked.total() == 2


def test_a_page_ends_with_the_day_of_the_site(cache, site, monkeypatch):
    ask(cache)
    tomorrow = page_cache._next_midnight().timestamp()
    monkeypatch.setattr(page_cache.time, "time", lambda: tomorrow - 1)
    ask(cache)
    assert site.asked.total() == 1
    monkeypatch.setattr(page_cache.time, "time", lambda: tomorrow)
    ask(cache)
    assert site.asked.total() == 2


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        ("2027-03-13T23:30-05:00", "2027-03-14T00:00-05:00"),
        ("2027-03-14T12:00-04:00", "2027-03-15T00:00-04:00"),  # a day of 23 hours
        ("2027-11-07T00:30-04:00", "2027-11-08T00:00-05:00"),  # a day of 25 hours
        ("2028-02-28T18:00-05:00", "2028-02-29T00:00-05:00"),
        ("2028-02-29T18:00-05:00", "2028-03-01T00:00-05:00"),
        ("2026-12-31T23:59-05:00", "2027-01-01T00:00-05:00"),
    ],
)
def test_the_day_ends_where_the_site_is_also_when_clocks_change(now, midnight, monkeypatch):
    moment = datetime.datetime.fromisoformat(now).astimezone(datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert page_cache._next_midnight() == datetime.datetime.fromisoformat(midnight)


# Many at once ------------------------------------------------------------------------------


def until(reached):
    for _ in range(10_000):
        if reached():
            return
        time.sleep(0.001)
    raise AssertionError("It never came to that.")


def at_once(number, work):
    found = []
    threads = [threading.Thread(target=lambda one=one: found.append(work(one))) for one in range(number)]
    for thread in threads:
        thread.start()
    return threads, found


def test_a_hundred_who_ask_for_one_page_cost_one_render(cache, site):
    site.wait.clear()
    threads, found = at_once(100, lambda _: ask(cache))
    until(lambda: site.asked)
    site.wait.set()
    for thread in threads:
        thread.join()
    assert site.asked.total() == 1
    assert [one[0] for one in found] == ["200 OK"] * 100


def test_who_would_wait_for_long_is_told_at_once_and_finished_pages_go_on(site, content):
    cache = around(site, content, at_once=1, waiting=2, seconds=10)
    ask(cache, "/about/")
    site.wait.clear()
    threads, found = at_once(3, lambda one: ask(cache, "/therapies/", f"q={one}"))
    until(lambda: not cache.made_up._places._value)
    status, headers, body = ask(cache, "/therapies/", "q=more")
    assert (status, headers["retry-after"], headers["cache-control"]) == ("503 Service Unavailable", "5", "no-store")
    assert b"Please try again" in body
    assert "style-src 'self'" in headers["content-security-policy"] and "permissions-policy" in headers
    assert ask(cache, "/about/")[0] == "200 OK"
    site.wait.set()
    for thread in threads:
        thread.join()
    assert [one[0] for one in found] == ["200 OK"] * 3


def test_who_sends_a_form_when_all_places_are_taken_is_told_that_nothing_was_saved(site, content):
    cache = PageCache(site, content, others=Limits(1, waiting=0, seconds=1))
    site.wait.clear()
    threads, _ = at_once(1, lambda _: ask(cache, "/account/login/", method="POST"))
    until(lambda: not cache.others._places._value)
    status, _, body = ask(cache, "/account/login/", method="POST")
    assert status == "503 Service Unavailable" and b"Nothing was saved" in body
    assert b"Nothing was saved" not in b"".join(too_busy({"REQUEST_METHOD": "GET"}, lambda *told: None))
    site.wait.set()
    threads[0].join()


class SlowBody(io.BytesIO):
    """What somebody sends drop by drop."""

    def __init__(self, content):
        super().__init__(content)
        self.goes_on = threading.Event()

    def read(self, size=-1):
        self.goes_on.wait(10)
        return super().read(size)


@pytest.mark.parametrize("path", ["/account/login/", "/media/pictures/a/1.png", "/data/files/uses.csv"])
def test_who_sends_a_form_slowly_takes_no_place_from_people_who_are_signed_in(site, content, path):
    few = Limits(1, waiting=0, seconds=1)
    cache = PageCache(site, content, others=few, streams=few, received=few)
    sent = SlowBody(b"words of an hour")
    slowly = {"wsgi.input": sent, "CONTENT_LENGTH": "16"}
    threads, answers = at_once(1, lambda _: ask(cache, path, method="POST", **slowly))
    until(lambda: not cache.received._places._value)
    assert not site.seen
    assert ask(cache, "/admin/")[0] == "200 OK"
    status, _, body = ask(cache, path, method="POST", **slowly)
    assert status == "503 Service Unavailable" and b"Nothing was saved" in body
    sent.goes_on.set()
    threads[0].join()
    assert answers[0][0] == "200 OK" and site.seen[-1]["wsgi.input"].read() == b"words of an hour"


def test_what_only_people_who_are_signed_in_may_send_is_left_where_it_is(cache, site):
    large = io.BytesIO()
    ask(cache, "/desk/files/", method="POST", **{"wsgi.input": large, "CONTENT_LENGTH": str(bodies.OF_STRANGERS + 1)})
    assert site.seen[0]["wsgi.input"] is large


def test_a_render_that_fails_lets_the_next_one_try(cache, site):
    def broken(environ, start):
        raise RuntimeError

    cache.application = broken
    with pytest.raises(RuntimeError):
        ask(cache)
    cache.application = site
    assert ask(cache)[0] == "200 OK"


# When the database is away -----------------------------------------------------------------


def test_the_last_good_copy_says_that_it_is_one(cache, site, content):
    ask(cache)
    content.number = None
    status, headers, body = ask(cache, HTTP_ACCEPT_ENCODING="br")
    assert (status, headers["cache-control"]) == ("200 OK", "no-store")
    assert "we can’t check whether anything has changed".encode() in body and b"words" in body
    assert site.asked.total() == 1
    content.number = 1
    assert ask(cache)[2] == PAGE


def test_a_page_that_fails_after_a_change_is_shown_as_it_was(cache, site, content):
    ask(cache)
    content.number, site.status = 2, "500 Internal Server Error"
    status, _, body = ask(cache)
    assert status == "200 OK" and "we can’t check".encode() in body


def test_a_page_that_nobody_asked_for_before_is_left_to_django(cache, site, content):
    content.number = None
    ask(cache)
    ask(cache)
    assert site.asked.total() == 2


def test_made_up_addresses_take_no_place_from_pages(site, content):
    none = Limits(0, waiting=0, seconds=0)
    cache = PageCache(site, content, made_up=none)
    for path, query in (("/nothing-of-ours/", ""), ("/therapies/", "q=word")):
        assert ask(cache, path, query)[0].startswith("503")
    assert ask(cache)[0].startswith("200")
    assert ask(cache, query="utm_source=mail")[0].startswith("200")
    assert ask(PageCache(site, content, pages=none), "/therapies/", "q=word")[0].startswith("200")


def test_who_lingers_gets_the_place_that_gets_free_meanwhile_and_nobody_else_waits(site, content, monkeypatch):
    monkeypatch.setattr(Slots, "MOMENT", 30)
    cache = PageCache(site, content, made_up=Limits(1, waiting=0, seconds=30, lingering=1))
    site.wait.clear()
    threads, found = at_once(2, lambda one: ask(cache, "/therapies/", f"q={one}"))
    until(lambda: not cache.made_up._places._value and not cache.made_up._lingering._value)
    assert ask(cache, "/therapies/", "q=more")[0].startswith("503")
    site.wait.set()
    for thread in threads:
        thread.join()
    assert [one[0] for one in found] == ["200 OK"] * 2


def test_who_lingered_in_vain_is_told_so_and_leaves_room_for_the_next(site, content, monkeypatch):
    monkeypatch.setattr(Slots, "MOMENT", 0.01)
    cache = PageCache(site, content, made_up=Limits(0, waiting=0, seconds=0, lingering=1))
    assert [ask(cache, "/therapies/", "q=word")[0][:3] for _ in range(3)] == ["503"] * 3
    assert cache.made_up._lingering._value == 1


def test_a_page_under_made_up_names_takes_no_memory_for_each(cache, site):
    for number in range(50):
        ask(cache, query=f"utm_source={number}")
    assert (len(cache._answers), site.asked.total()) == (0, 1)


def test_long_words_of_a_request_are_kept_by_nobody(cache, site):
    for number in range(50):
        ask(cache, HTTP_ACCEPT_ENCODING=f"gzip, made-up-{number}-{'x' * 10_000}")
    assert (len(cache._answers), site.asked.total()) == (0, 1)


def test_a_made_up_port_is_no_other_page(cache, site, settings):
    for host in ("testserver", *(f"testserver:{port}" for port in range(1, 50)), "TestServer", "testserver."):
        assert ask(cache, HTTP_HOST=host)[0] == "200 OK"
    assert (len(cache.memories[False]), site.asked.total()) == (1, 1)
    ask(cache, HTTP_HOST="somebody-else.example")
    assert site.asked.total() == 2  # Django refuses it, whatever is in memory


def test_no_memory_is_taken_by_the_views_of_long_addresses(cache):
    before = asked._view_of.cache_info().currsize
    for number in range(50):
        ask(cache, f"/{number}/{'x' * 10_000}/")
    assert asked._view_of.cache_info().currsize == before


# With the portal behind it -----------------------------------------------------------------


@pytest.fixture
def portal(db):
    class OfDatabase:
        def now(self):
            return ContentVersion.objects.get().number

    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield around(get_wsgi_application(), OfDatabase())
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def test_readers_see_a_text_at_the_request_after_it_is_published(portal, settings, question):
    settings.SECURE_SSL_REDIRECT = False
    address = question.get_absolute_url()
    edith, rosa = person("Edith", "Editor"), person("Rosa", "Reviewer")
    assert ask(portal, address)[0].startswith("404")
    edition = written(question, by=edith)
    assert ask(portal, address)[0].startswith("404")
    actions.publish(edition, by=rosa)
    assert b"It was written today" in ask(portal, address)[2]
    assert Question.objects.published().filter(pk=question.pk).exists()


@pytest.mark.parametrize("address", ["/", "/therapies/", "/therapies/pembrolizumab/", "/sitemap.xml", "/approvals/"])
def test_public_pages_are_kept(portal, settings, address, django_assert_num_queries):
    settings.SECURE_SSL_REDIRECT = False
    first = ask(portal, address)
    assert first[0] == "200 OK"
    with django_assert_num_queries(1):  # for the version, which this test reads by Django
        assert ask(portal, address) == first
    assert "cookie" not in first[1].get("vary", "").lower()


def test_a_query_that_cannot_be_told_apart_is_left_to_django():
    environ = RequestFactory().get("/therapies/", QUERY_STRING="&".join(f"a{one}=1" for one in range(60))).environ
    assert page_asked(environ | {"QUERY_STRING": "&".join(f"a{one}=1" for one in range(60))}) is None
