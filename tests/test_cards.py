"""Cards of a use: the one page that other sites may frame, and how they learn of it."""

import datetime
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.publishing import actions
from therapies.models import ApprovalEvent, Indication, Therapy

from .public import QUESTIONS

pytestmark = pytest.mark.django_db


def card_of(use) -> str:
    return reverse("therapies:card", args=[use.short_id])


def page_of(use) -> str:
    return reverse("therapies:use", args=[use.short_id])


@pytest.fixture
def approved(db):
    return Therapy.objects.get(slug="tebentafusp").indications.get()


def test_a_card_may_stand_in_a_frame_and_no_other_page(client, approved):
    response = client.get(card_of(approved))
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "X-Frame-Options" not in response.headers and not response.cookies
    page = client.get(approved.therapy.get_absolute_url())
    usual = page.headers["Content-Security-Policy"]
    assert policy.replace("frame-ancestors *", "frame-ancestors 'none'") == usual
    assert page.headers["X-Frame-Options"] == "DENY"
    both = ("Cross-Origin-Resource-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Referrer-Policy")
    assert all(response.headers[name] == page.headers[name] for name in both)
    text = response.content.decode()
    assert "<form" not in text and "<script" not in text and "<button" not in text
    for other in ("/uses/nothing/card/", page_of(approved)):
        assert client.get(other).headers["X-Frame-Options"] == "DENY"


def test_a_card_says_what_was_decided_and_what_is_no_longer_so(client, approved):
    text = client.get(card_of(approved)).content.decode()
    assert "FDA has approved this use." in text and "January 25, 2022" in text and "boxed warning" in text
    assert "not medical advice" in text and f"/therapies/tebentafusp/#use-{approved.pk}" in text
    ended = client.get(card_of(Therapy.objects.get(slug="olaratumab").indications.get())).content.decode()
    assert "no longer approved" in ended and "FDA has approved" not in ended
    early = Indication.objects.in_force().filter(last_event="accelerated-approval")[0]
    for address in (card_of(early), page_of(early)):
        assert "approved this use early" in client.get(address).content.decode()


def test_a_use_that_nobody_confirmed_has_no_card(client, use, source, pending):
    pending(ApprovalEvent, indication=use, kind="approval", date=datetime.date(2024, 1, 1), source=source)
    assert client.get(card_of(use)).status_code == 404
    assert client.get("/oembed", {"url": f"http://testserver{page_of(use)}"}).status_code == 404


def test_a_use_of_a_therapy_that_was_taken_away_has_no_card(client, approved, reviewer):
    actions.unpublish(approved.therapy.live_edition(), by=reviewer, because="It was out of date.")
    assert client.get(card_of(approved)).status_code == 404


def test_oembed_answers_as_it_should(client, approved):
    card = f"http://testserver{card_of(approved)}"
    for shown in (card_of(approved), page_of(approved)):
        page = client.get(shown).content.decode()
        [way] = re.findall(r'type="application/json\+oembed"[^>]* href="([^"]*)"', page)
        assert client.get(html.unescape(way)).json()["type"] == "rich"
    for address in (card, f"http://testserver{page_of(approved)}"):
        told = client.get("/oembed", {"url": address, "maxwidth": "400", "format": "json"}).json()
        assert (told["version"], told["type"], told["width"], told["height"]) == ("1.0", "rich", 400, 440)
        assert f'src="{card}"' in told["html"] and "<script" not in told["html"] and told["title"] in told["html"]
    assert client.get("/oembed", {"url": card, "format": "xml"}).status_code == 501
    assert client.get("/oembed", {"url": card, "format": "9"}).status_code == 400
    wrong = ("", "http://other.example/therapies/tebentafusp/", "http://testserver/admin/", "http://testserver/x/")
    for address in (
        *wrong,
        "http://testserver/therapies/tebentafusp/",
        "http://[/",
        "http://testserver/therapies/%00/",
    ):
        assert client.get("/oembed", {"url": address}).status_code == 404, address
    assert client.get("/oembed", {"url": card, "maxwidth": "-1"}).json()["width"] == 560


def test_a_card_asks_the_database_as_little_as_a_page(client, approved):
    for address in (card_of(approved), f"/oembed?url=http://testserver{card_of(approved)}"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= QUESTIONS
