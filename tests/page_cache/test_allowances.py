"""Whoever asks for what can be made up without end gets a small part of the time; nobody else notices."""

import time

import pytest

from portal.serving import page_cache
from portal.serving.allowances import Allowances
from portal.serving.page_cache import PageCache
from portal.serving.rendering import Limits, Slots

from .asking import OF_STAFF, ask, at_once, until

MADE_UP = Limits(1, waiting=5, seconds=4, lingering=1)


def laborious(site):
    """The same program, which needs the processor for twenty milliseconds."""

    def application(environ, start):
        end = time.thread_time() + 0.02
        while time.thread_time() < end:
            pass
        return site(environ, start)

    return application


@pytest.fixture
def cache(site, content, monkeypatch, settings):
    """So small a part of the time that nothing is paid back while a test runs, on however busy a machine."""
    settings.MADE_UP_PERCENT = 0.1
    monkeypatch.setattr(Slots, "MOMENT", 0.01)
    monkeypatch.setattr(Allowances, "AT_ONCE", 0.05)
    return PageCache(laborious(site), content, made_up=MADE_UP)


def search(cache, word, **headers):
    return ask(cache, "/therapies/", f"q={word}", **headers)[0][:3]


def test_who_asks_for_one_made_up_page_after_another_is_refused_when_the_allowance_is_used_up(cache, site):
    assert [search(cache, f"word{number}") for number in range(6)] == ["200"] * 3 + ["503"] * 3
    assert site.asked.total() == 3  # who is refused costs no render


def test_meanwhile_pages_as_they_are_and_other_clients_are_answered(cache):
    for number in range(4):
        last = search(cache, f"word{number}")
    assert last == "503"
    assert search(cache, "word0") == "200"  # finished, so it costs nothing
    assert ask(cache, "/about/")[0] == "200 OK"
    assert search(cache, "other", REMOTE_ADDR="203.0.113.7") == "200"


def test_a_page_that_nobody_wrote_counts_like_a_search(cache):
    for number in range(3):
        search(cache, f"word{number}")
    assert ask(cache, "/nothing-of-ours/")[0].startswith("503")


@pytest.mark.slow
def test_who_waits_for_its_part_of_the_time_is_answered_again(site, content, monkeypatch):
    monkeypatch.setattr(Slots, "MOMENT", 1)
    monkeypatch.setattr(Allowances, "AT_ONCE", 0.01)
    cache = PageCache(laborious(site), content, made_up=MADE_UP)
    cache.allowances = Allowances(percent=4)  # twenty milliseconds are ten too many, and paid for in a quarter second
    assert [search(cache, "one"), search(cache, "two")] == ["200", "200"]


def test_the_networks_of_one_person_share_an_allowance(cache):
    found = [search(cache, f"word{number}", REMOTE_ADDR=f"2001:db8:1:2::{number}") for number in range(4)]
    assert found == ["200"] * 3 + ["503"]
    assert search(cache, "other", REMOTE_ADDR="2001:db8:1:3::1") == "200"


def test_behind_a_proxy_it_is_the_client_that_counts(cache, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    through = [search(cache, f"word{number}", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}") for number in range(5)]
    assert through == ["200"] * 5


def test_where_no_address_tells_whose_request_it_is_it_is_answered(cache):
    assert search(cache, "word", REMOTE_ADDR="") == "200"
    assert search(cache, "other", REMOTE_ADDR="no address") == "200"


def test_an_operator_can_lift_the_limit(site, content, settings, monkeypatch):
    monkeypatch.setattr(Allowances, "AT_ONCE", 0.05)
    settings.MADE_UP_PERCENT = 0
    cache = PageCache(laborious(site), content, made_up=MADE_UP)
    assert {search(cache, f"word{number}") for number in range(6)} == {"200"}


def test_clients_without_end_fill_no_memory(cache, monkeypatch):
    monkeypatch.setattr(Allowances, "CLIENTS", 3)
    assert {search(cache, f"word{number}", REMOTE_ADDR=f"203.0.113.{number}") for number in range(9)} == {"200"}
    assert len(cache.allowances._paid) == 3


UNKNOWN_SESSION = {"HTTP_COOKIE": "sessionid=made-up"}


@pytest.mark.parametrize(
    ("path", "query", "method", "headers"),
    [
        ("/therapies/", "q={}", "GET", UNKNOWN_SESSION),
        ("/about/", "", "GET", UNKNOWN_SESSION),
        ("/about/", "", "GET", {"HTTP_COOKIE": "messages=made-up"}),
        ("/therapies/", "q={}", "GET", {"HTTP_AUTHORIZATION": "Basic made-up"}),
        ("/therapies/", "q={}&more=" + "x" * 2000, "GET", {}),
        ("/nothing-of-ours/", "page={}", "GET", {}),
        ("/nothing-of-ours/{}/", "", "POST", {}),
        ("/desk/nothing-{}/", "", "GET", UNKNOWN_SESSION),
        ("/therapies/", "q={}", "OPTIONS", {}),
        ("/about/", "", "GET", {"HTTP_HOST": "elsewhere.example"}),
    ],
)
def test_nobody_gets_past_it_by_what_no_finished_page_answers(cache, site, path, query, method, headers):
    def answers(number, **more):
        status, _, _ = ask(cache, path.format(number), query.format(number), method, **headers, **more)
        return status[:3]

    assert [answers(number) for number in range(6)] == ["200"] * 3 + ["503"] * 3
    assert site.asked.total() == 3
    assert answers(7, REMOTE_ADDR="203.0.113.7") == "200"


@pytest.mark.parametrize(
    ("path", "query", "method", "headers"),
    [
        ("/account/login/", "next=/desk/", "GET", {}),
        ("/account/login/", "", "POST", {}),
        ("/desk/", "", "GET", {"HTTP_COOKIE": "sessionid=abc"}),
        ("/static/site.css", "", "GET", {}),
    ],
)
def test_behind_an_address_that_used_it_up_people_still_sign_in_and_work(cache, path, query, method, headers):
    while search(cache, f"word{time.monotonic()}") == "200":
        pass
    assert ask(cache, path, query, method, **headers)[0] == "200 OK"


def test_behind_such_an_address_whoever_is_signed_in_reads_on_and_uses_nothing_up(cache):
    while search(cache, f"word{time.monotonic()}") == "200":
        pass
    staff = {"HTTP_COOKIE": OF_STAFF}
    assert [search(cache, f"theirs{number}", **staff) for number in range(6)] == ["200"] * 6
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    assert [search(cache, f"theirs{number}", **staff, **elsewhere) for number in range(6)] == ["200"] * 6
    assert search(cache, "of a reader", **elsewhere) == "200"


def test_a_database_that_is_away_is_not_asked_who_somebody_is(cache, content, monkeypatch):
    def asked(environ):
        raise AssertionError("it was asked")

    monkeypatch.setattr(page_cache, "is_signed_in", asked)
    content.number = None
    assert search(cache, "word", HTTP_COOKIE=OF_STAFF) == "200"


@pytest.fixture
def doors(cache, monkeypatch):
    """Twenty milliseconds at the sign-in are paid for in a second, half of which somebody may owe."""
    monkeypatch.setattr(Allowances, "AT_ONCE", 0.01)
    cache.doors.allowances = Allowances(percent=2)
    return cache


def seconds_for(cache, number, path="/account/login/", **headers):
    before = time.monotonic()
    assert {ask(cache, path, **headers)[0] for _ in range(number)} == {"200 OK"}
    return time.monotonic() - before


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/account/login/", {}),
        ("/admin/", {}),
        ("/account/login/", UNKNOWN_SESSION),
        ("/review/made-up/", {"HTTP_AUTHORIZATION": "Basic made-up"}),
    ],
)
def test_who_asks_for_the_sign_in_without_end_stands_in_line_and_is_not_refused(doors, path, headers):
    assert seconds_for(doors, 3, path, **headers) > 1.4  # half a second and a whole one
    assert seconds_for(doors, 1, path, **headers, REMOTE_ADDR="203.0.113.7") < 0.9
    assert search(doors, "word") == "200"  # an allowance of its own


def test_whoever_is_signed_in_stands_in_no_line(doors):
    assert seconds_for(doors, 6, "/desk/", HTTP_COOKIE=OF_STAFF) < 1.5


def test_a_password_that_takes_long_to_look_at_counts_for_little(doors, monkeypatch):
    """Those of a morning in one house would otherwise wait a quarter of a minute each."""
    monkeypatch.setattr(type(doors.doors), "MOST", 0.001)
    assert seconds_for(doors, 6) < 1.5


@pytest.mark.slow
def test_the_line_is_no_longer_than_the_threads_that_it_may_take(doors, monkeypatch):
    doors.doors.allowances = Allowances(percent=0.1)
    doors.doors._line = Slots(Limits(1, waiting=1, seconds=0.5, lingering=1))
    seconds_for(doors, 1)
    threads, found = at_once(8, lambda one: ask(doors, "/account/login/")[0][:3])
    until(lambda: len(found) >= 5)  # who finds no place is told so at once
    assert found[:5] == ["503"] * 5
    doors.doors.allowances = Allowances(percent=8)
    for thread in threads:
        thread.join()
    assert ask(doors, "/account/login/")[0] == "200 OK"


def test_programs_without_a_limit_have_none_here_however_they_ask(cache, settings):
    settings.API_REQUESTS_PER_MINUTE = 0
    for form in ("application/json", "text/html"):
        found = [ask(cache, "/api/v1/therapies/", f"q={number}", HTTP_ACCEPT=form)[0] for number in range(6)]
        assert {*found} == {"200 OK"}


@pytest.mark.slow
def test_a_client_that_used_it_up_keeps_nobody_waiting_for_the_page_that_it_is_refused(cache, monkeypatch):
    while search(cache, f"word{time.monotonic()}") == "200":
        pass
    monkeypatch.setattr(Slots, "MOMENT", 3)
    threads, refused = at_once(1, lambda one: search(cache, "shared"))
    until(lambda: not cache.made_up._lingering._value)  # it stands
    assert search(cache, "shared", REMOTE_ADDR="203.0.113.7") == "200"
    assert threads[0].is_alive()  # and still does
    for thread in threads:
        thread.join()
    assert len(refused) == 1  # finished by then, or refused: what matters is that nobody waited for it


def test_a_client_that_used_it_up_shares_what_another_renders(cache, site):
    while search(cache, f"word{time.monotonic()}") == "200":
        pass
    rendered = site.asked.total()
    site.wait.clear()
    threads, found = at_once(1, lambda one: search(cache, "shared", REMOTE_ADDR="203.0.113.7"))
    until(lambda: site.asked.total() > rendered)
    others, shared = at_once(1, lambda one: search(cache, "shared"))
    time.sleep(0.05)
    site.wait.set()
    for thread in (*threads, *others):
        thread.join()
    assert (found, shared, site.asked.total()) == (["200"], ["200"], rendered + 1)


@pytest.mark.parametrize("written", ["::ffff:203.0.113.{}", "64:ff9b::203.0.113.{}"])
def test_readers_whose_address_of_another_kind_is_written_as_ipv6_share_nothing(cache, written):
    found = [search(cache, f"word{number}", REMOTE_ADDR=written.format(number)) for number in range(6)]
    assert found == ["200"] * 6
    mapped = [search(cache, f"more{number}", REMOTE_ADDR=written.format(1)) for number in range(6)]
    assert mapped[-1] == "503"
    assert search(cache, "other", REMOTE_ADDR="203.0.113.1") == "503"  # the same person
