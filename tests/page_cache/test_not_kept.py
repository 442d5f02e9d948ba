"""What no cache may answer: pages of one person, answers for now, and what would fill memory."""

import datetime
import gzip

import pytest
from django.test import RequestFactory
from django.utils import timezone

from portal.serving import asked, page_cache
from portal.serving.asked import page_asked

from ..like_django import PAGE, Site
from .asking import around, ask


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


def test_a_page_under_made_up_names_takes_no_memory_for_each(cache, site):
    for number in range(50):
        ask(cache, query=f"utm_source={number}")
    assert (len(cache._answers), site.asked.total()) == (0, 1)


def test_long_words_of_a_request_are_kept_by_nobody(cache, site):
    for number in range(50):
        ask(cache, HTTP_ACCEPT_ENCODING=f"gzip, made-up-{number}-{'x' * 10_000}")
    assert (len(cache._answers), site.asked.total()) == (0, 1)


def test_no_page_of_before_stays_in_memory_for_whoever_asked_in_other_words(cache, site, content):
    """Each name held the page that it had been given, up to four thousand of them, beside what memory is bounded to."""
    for number in range(50):
        content.number += 1
        ask(cache, HTTP_ACCEPT_ENCODING=f"gzip, made-up-{number}")
    assert {answer.page.version for answer in cache._answers.values()} == {content.number}


def test_a_page_of_another_day_does_not_stay_either(cache, monkeypatch):
    begun = timezone.now()
    for day in range(50, 0, -1):
        monkeypatch.setattr(page_cache, "_next_midnight", lambda day=day: begun - datetime.timedelta(days=day))
        ask(cache, HTTP_ACCEPT_ENCODING=f"gzip, made-up-{day}")
    assert len(cache._answers) == 1


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


def test_a_query_that_cannot_be_told_apart_is_left_to_django():
    environ = RequestFactory().get("/therapies/", QUERY_STRING="&".join(f"a{one}=1" for one in range(60))).environ
    assert page_asked(environ | {"QUERY_STRING": "&".join(f"a{one}=1" for one in range(60))}) is None
