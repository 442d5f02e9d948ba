"""Many who ask at once cost one render; who would wait for long is told so; nobody takes the places of others."""

import io
import threading

import pytest

from portal.pages import bodies
from portal.serving.page_cache import PageCache
from portal.serving.rendering import Limits, Slots, too_busy

from .asking import around, ask, at_once, until


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


def test_whoever_waits_for_a_render_that_fails_gets_its_answer_and_asks_for_no_other(cache, site, monkeypatch):
    site.status, join, joined = "503 Service Unavailable", cache._joined, []
    monkeypatch.setattr(cache, "_joined", lambda *asked: joined.append(join(*asked)) or joined[-1])
    site.wait.clear()
    threads, found = at_once(20, lambda _: ask(cache)[0])
    until(lambda: len(joined) == 20)
    site.wait.set()
    for thread in threads:
        thread.join()
    assert found == [site.status] * 20 and site.asked.total() == 1
    site.status = "200 OK"
    assert ask(cache)[0] == "200 OK"


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
