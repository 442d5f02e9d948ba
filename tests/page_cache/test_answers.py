"""Finished pages: one render, the same bytes, and nothing of whoever asks."""

import gzip
import json

import brotli
import pytest

from portal.serving.ready import REPEATED, ready_page
from portal.serving.rendering import too_busy

from ..like_django import PAGE
from .asking import ask


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


def test_letters_that_are_sent_as_they_are_are_the_same_words(cache, site):
    """A browser writes them as %C3%A9, and other programs often don't."""
    for query in ("q=caf%C3%A9", "q=café".encode().decode("latin-1")):
        ask(cache, "/therapies/", query)
    ask(cache, "/therapies/", b"q=caf\xe9".decode("latin-1"))  # no UTF-8: Django reads it so, too
    assert site.asked == {"/therapies/?q=caf%C3%A9": 1}


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
