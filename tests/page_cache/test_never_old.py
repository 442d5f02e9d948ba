"""No page is older than content or day, but for the last good copy while the database is away, which says so."""

import datetime
import time

import pytest
from django.utils import timezone

from portal.serving import page_cache

from ..like_django import PAGE
from .asking import ask


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


def test_a_page_of_a_clock_that_was_days_ahead_goes_once_it_is_put_right(cache, site, monkeypatch):
    """It tells of another “today”, and would have stood until that day is over."""
    now = time.time()
    monkeypatch.setattr(page_cache.time, "time", lambda: now + 2 * 86_400)
    monkeypatch.setattr(
        page_cache, "_next_midnight", lambda: datetime.datetime.fromtimestamp(now + 3 * 86_400, datetime.UTC)
    )
    ask(cache)
    monkeypatch.setattr(page_cache.time, "time", lambda: now)
    ask(cache)
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
