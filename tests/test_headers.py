"""What every kind of answer tells browsers, files and errors among them, and what no answer tells."""

import datetime

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.pages import headers, views

from .public import EXAMPLES, FIXED

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """Every header that is promised, with what it must hold."""
    return {
        "Content-Security-Policy": "frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=()",
        "Referrer-Policy": "",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def lacks(response, told):
    return {name: response.get(name) for name, holds in told.items() if holds not in (response.get(name) or "–")}


@pytest.mark.sampled(12)
@pytest.mark.parametrize(
    ("address", "status"),
    [
        *((reverse(name), 200) for name in FIXED),
        *((address, 200) for address in EXAMPLES[:3]),
        *(("/nowhere/", 404), ("/admin/", 302), ("/account/login/", 200), ("/feeds/approvals.atom", 200)),
        *(("/media/pictures/1/1.webp", 404), ("/static/nothing.css", 404), ("/review/nobody/", 404)),
    ],
)
def test_an_answer_of_any_kind(address, status, told):
    response = Client().get(address)
    assert response.status_code == status and lacks(response, told) == {}


def test_a_static_file(told, settings, tmp_path):
    (tmp_path / "site.css").write_text("p {}")
    settings.STATIC_ROOT, settings.WHITENOISE_AUTOREFRESH, settings.WHITENOISE_USE_FINDERS = tmp_path, True, False
    response = Client().get("/static/site.css")
    assert response.status_code == 200 and lacks(response, told) == {}
    assert "Access-Control-Allow-Origin" not in response


def test_an_error_of_a_page(told, monkeypatch):
    monkeypatch.setattr(views, "figures_of", lambda *args: 1 / 0)
    response = Client(raise_request_exception=False).get("/glossary/antibody/")
    assert response.status_code == 500 and lacks(response, told) == {}


def test_an_error_on_the_way_to_a_page(told, monkeypatch):
    def down(*args):
        raise DatabaseError

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", down)
    browser = Client(raise_request_exception=False)
    browser.cookies["sessionid"] = "made-up-session"
    response = browser.get("/admin/")
    assert response.status_code == 500 and lacks(response, told) == {}


def test_a_name_that_is_not_ours(told):
    assert lacks(Client().get("/", headers={"Host": "elsewhere.example"}), told) == {}


def test_nothing_is_asked_of_a_browser_that_chromium_does_not_know():
    """It would say so in the console of every page."""
    assert "browsing-topics" not in headers.UNUSED and "interest-cohort" not in headers.UNUSED


def test_the_map_and_the_feeds_are_asked_for_again_each_time():
    """Or a page that was unpublished would stand in a proxy's copy of the map."""
    for address in ("/sitemap.xml", "/feeds/approvals.atom", "/robots.txt"):
        assert "max-age=3600" not in Client().get(address).get("Cache-Control", ""), address


@pytest.mark.parametrize("address", ["/", "/about/", "/search/?q=melanoma", "/nowhere/", "/therapies", "/sitemap.xml"])
def test_no_proxy_keeps_what_somebody_got_who_sent_a_cookie(address, editor):
    """Also one that heeds no Vary, as some networks do."""
    staff, stranger = Client(), Client()
    staff.force_login(editor)
    stranger.cookies["messages"] = "made-up"
    for browser in (staff, stranger):
        control = browser.get(address)["Cache-Control"]
        is_the_same_for_all = address == "/sitemap.xml"
        assert control == "no-store" or ("max-age=0" in control and ("private" in control or is_the_same_for_all))
    assert "private" not in Client().get(address).get("Cache-Control", "")


def test_whoever_finds_a_hole_learns_whom_to_tell(settings):
    """RFC 9116: a contact, and a day within the year up to which it is good."""
    file = Client().get("/.well-known/security.txt")
    told = dict(line.split(": ", 1) for line in file.content.decode().splitlines())
    assert file["Content-Type"] == "text/plain; charset=utf-8" and told["Contact"] == settings.SECURITY_CONTACT
    assert told["Canonical"] == "http://testserver/.well-known/security.txt"
    ends = datetime.datetime.fromisoformat(told["Expires"])
    assert datetime.timedelta(days=30) < ends - timezone.now() < datetime.timedelta(days=365)


def test_without_a_contact_the_file_is_not_there(settings):
    settings.SECURITY_CONTACT = ""
    assert Client().get("/.well-known/security.txt").status_code == 404
