"""A sheet for the doctor: made from what somebody chose, shown once, and kept nowhere."""

import logging

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.publishing import actions
from portal.serving.asked import page_asked
from therapies.models import Cancer, Therapy, TherapyFact
from therapies.visit import LARGEST, OWN_WORDS

from .test_bodies import send

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(6)]
ADDRESS = "/my-visit/"
CHOSEN = {"cancer": "melanoma", "therapy1": "pembrolizumab", "therapy2": "ipilimumab", "results": ["braf-v600"]}


def test_a_sheet_tells_uses_warnings_signs_and_questions_and_holds_what_somebody_wrote(client):
    with CaptureQueriesContext(connection) as asked:
        response = client.post(ADDRESS, CHOSEN | {"words": "May I fly?\n\nAnd swim?"})
    page = response.content.decode()
    assert response.status_code == 200 and len(asked) <= 8, len(asked)
    assert "For my visit: Melanoma" in page and "BRAF V600" in page
    assert '<li dir="auto">May I fly?</li><li dir="auto">And swim?</li>' in page
    assert "Pembrolizumab (Keytruda" in page and "Ipilimumab (Yervoy)" in page
    assert '<time datetime="2014-09-04">' in page and "https://www.fda.gov/" in page and "Drugs@FDA" in page
    assert page.count("When to call: ") == 1, "both are of one class"
    assert "Questions to ask about ipilimumab" in page and "Call 911" in page
    assert "/my-visit/?cancer=melanoma&amp;result=braf-v600&amp;therapy=pembrolizumab,ipilimumab</a>" in page


def asked_about(client, **chosen):
    page = client.post(ADDRESS, chosen).content.decode()
    return page.partition('<section class="visit-ask">')[2].partition("</section>")[0]


def test_what_to_ask_about_a_cancer_follows_from_the_facts(client):
    asked = asked_about(client, cancer="bladder-cancer")
    assert "Some of these uses are only for" in asked and "muscle-invasive bladder cancer" in asked
    assert "As the first treatment" in asked and "/trials/?cancer=bladder-cancer" in asked
    lung = asked_about(client, cancer="non-small-cell-lung-cancer")
    assert "depend on one: " in lung and "PD-L1" in lung and "approved early (accelerated approval)" in lung
    assert "PD-L1" not in asked_about(client, cancer="non-small-cell-lung-cancer", results=["pd-l1"])
    without = asked_about(client, cancer="melanoma", therapy1="tebentafusp")
    assert "approved early" not in without and "clinical trial" in without


def test_a_result_that_no_use_depends_on_is_told_so_and_the_boxes_stand_behind_one_line(client):
    chosen = {"cancer": "bladder-cancer", "results": ["braf-v600"]}
    told = "None of the uses for bladder cancer today depends on this result."
    assert told in client.post(ADDRESS, chosen).content.decode()
    chosen = {"cancer": "stomach-cancer", "results": ["her2-positive"]}
    assert "None of the uses" not in client.post(ADDRESS, chosen).content.decode()
    folded = client.get(ADDRESS).content.decode()
    assert '<details class="fold choices-fold"><summary>Test results on your report' in folded
    assert '<details class="fold choices-fold" open>' in client.get(f"{ADDRESS}?result=pd-l1").content.decode()


def test_nothing_of_it_is_kept_anywhere(client, caplog):
    with caplog.at_level(logging.DEBUG):
        response = client.post(ADDRESS, CHOSEN | {"words": "xyzzy"})
        client.post(ADDRESS, {"words": "xyzzy" * 1000})
    assert response["Cache-Control"] == "no-store" and response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert "xyzzy" not in caplog.text
    link = response.content.decode().partition("Make this sheet again later")[2].partition("</details>")[0]
    assert "xyzzy" not in link
    filled = client.get(f"{ADDRESS}?cancer=melanoma&therapy=pembrolizumab,ipilimumab&result=braf-v600&words=xyzzy")
    page = filled.content.decode()
    assert filled["Cache-Control"] == "no-store" and "xyzzy" not in page
    for value in ("melanoma", "pembrolizumab", "ipilimumab"):
        assert f'<option value="{value}" selected>' in page
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": ADDRESS, "HTTP_HOST": "localhost"}
    assert page_asked(environ) is None, "no form passes through the memory of finished pages"
    asked = page_asked(environ | {"REQUEST_METHOD": "GET", "QUERY_STRING": "words=xyzzy&therapy=a,b&cancer=c"})
    assert asked and asked.query == "cancer=c&therapy=a%2Cb"


def test_it_asks_for_no_token_and_takes_no_form_from_another_site():
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ADDRESS, CHOSEN).status_code == 200
    for header in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        response = strict.post(ADDRESS, CHOSEN | {"words": "Call 555"}, headers=header)
        assert response.status_code == 403 and "Call 555" not in response.content.decode()
    for header in (
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "null"},
        {"Origin": "http://testserver"},
    ):
        assert strict.post(ADDRESS, CHOSEN, headers=header).status_code == 200


HOSTILE = "<script>alert(1)</script>\u202eevil\u2066 \x00\ud83d\ude00 ' \" {{ x }}"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Choose a cancer, a therapy, or a test result"),
        ({"words": "a" * 5000}, "This is too long for the sheet: 5000 characters"),
        ({"words": "\N{CJK UNIFIED IDEOGRAPH-4E00}" * 5000}, "This is too long for the sheet"),
        ({"cancer": "<b>x</b>", "words": "mine"}, "is not in this list"),
        ({"results": ["no-such"], "words": "mine"}, "is not in this list"),
        ({"therapy2": "no-such", "words": "mine"}, "is not in this list"),
    ],
)
def test_what_cannot_be_taken_is_told_and_nothing_is_lost(client, sent, told):
    response = client.post(ADDRESS, sent)
    page = response.content.decode()
    assert response.status_code == 400 and told in page and "<b>x</b>" not in page
    assert sent.get("words", "") in page and response["Cache-Control"] == "no-store"


def test_hostile_words_are_words(client):
    page = client.post(ADDRESS, {"words": HOSTILE.encode("utf-8", "replace").decode()}).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "\x00" not in page
    assert page.count("{{ x }}") == 2, "on the sheet, and in the form below it"
    assert OWN_WORDS < 5000 < LARGEST


def test_a_body_that_is_too_large_is_refused_unread(data_editor, desk):
    for browser in (Client(), desk(data_editor)):
        assert send(browser, ADDRESS, LARGEST + 1, "application/x-www-form-urlencoded").status_code == 413


def test_what_readers_cannot_see_is_neither_offered_nor_told(client, reviewer):
    for page in (Therapy.objects.get(slug="ipilimumab"), Cancer.objects.get(slug="uveal-melanoma")):
        actions.unpublish(page.live_edition(), by=reviewer, because=actions.WHY_UNPUBLISHED[0])
    form = client.get(f"{ADDRESS}?therapy=ipilimumab,xyzzy-secret&cancer=uveal-melanoma").content.decode()
    assert "ipilimumab" not in form and "uveal-melanoma" not in form and "xyzzy" not in form
    response = client.post(ADDRESS, CHOSEN)
    assert response.status_code == 400 and "Yervoy" not in response.content.decode()


def test_a_warning_is_never_silent(client):
    TherapyFact.objects.filter(therapy__slug="pembrolizumab", kind="boxed-warning").delete()
    page = client.post(ADDRESS, CHOSEN).content.decode()
    assert "we have not checked this label yet" in page
    assert "boxed warning, in short:" in client.post(ADDRESS, {"therapy1": "blinatumomab"}).content.decode()


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("/therapies/pembrolizumab/", "?therapy=pembrolizumab"),
        ("/cancers/melanoma/", "?cancer=melanoma"),
        ("/biomarkers/pd-l1/", "?result=pd-l1"),
        ("/", ""),
    ],
)
def test_pages_lead_to_it_filled_in(client, page, query):
    assert f'href="{ADDRESS}{query}"' in client.get(page).content.decode()
