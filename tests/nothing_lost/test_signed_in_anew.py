"""What was sent after a session ended comes back, and can be sent again."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from therapies.models import Therapy

from ..forms import filled, form_in
from .conftest import CHANGED, Window

pytestmark = pytest.mark.slow


@pytest.fixture
def strict(editor: User) -> Client:
    """A browser whose tokens are checked, as everywhere outside of tests."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    return client


def test_words_sent_after_the_session_ended_come_back_and_can_be_sent_again(draft, strict, editor):
    tab = Window(strict, draft.page).type(in_short='Mine & "yours".')
    del strict.cookies["sessionid"]
    response = strict.post(tab.address, tab.fields | {"_submit": ["x"]})
    html = response.content.decode()
    assert response.status_code == 403 and "You were signed out" in html and "Send again" in html
    strict.force_login(editor)
    again = form_in(html)
    assert again["editions-0-in_short"] == ['Mine & "yours".'] and again["_submit"] == ["x"]
    assert strict.post(tab.address, again).status_code == 302
    draft.refresh_from_db()
    assert (draft.words["in_short"], draft.status) == ('Mine & "yours".', "in-review")


def test_words_at_the_desk_of_data_editors_come_back_too(strict, data_editor):
    typed = {"csrfmiddlewaretoken": "x" * 64, "draft": ["0", "1"], "use-1-setting": "Typed for long", "record": ""}
    strict.logout()
    response = strict.post("/desk/record/", typed, headers={"Origin": "http://testserver"})
    html = response.content.decode()
    assert response.status_code == 403 and "Send again" in html and 'value="Typed for long"' in html
    file = strict.post("/desk/files/", {"csrfmiddlewaretoken": "x" * 64}, headers={"Origin": "http://testserver"})
    assert "Send again" not in file.content.decode(), "a file cannot be sent again"


def test_a_token_that_changed_with_a_new_sign_in_costs_one_press_more(draft, strict, editor):
    tab = Window(strict, draft.page).type(in_short="Mine.")
    tab.fields["csrfmiddlewaretoken"] = ["x" * 64]
    response = strict.post(tab.address, tab.fields, headers={"Origin": "http://testserver"})
    again = form_in(response.content.decode())
    assert response.status_code == 403 and "You are signed in as <strong>Edith</strong>" in response.content.decode()
    assert strict.post(tab.address, again).status_code == 302
    draft.refresh_from_db()
    assert draft.words["in_short"] == "Mine."


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_that_another_site_sends_is_never_offered_again(draft, strict, headers):
    tab = Window(strict, draft.page).type(in_short="Of a stranger.")
    tab.fields["csrfmiddlewaretoken"] = ["x" * 64]
    response = strict.post(tab.address, tab.fields, headers=headers)
    assert response.status_code == 403 and "Of a stranger." not in response.content.decode()


def test_a_password_is_never_shown_again(strict):
    data = {"username": "Edith", "password": "a long passphrase", "csrfmiddlewaretoken": "x" * 64}
    response = strict.post(reverse("admin:login"), data, headers={"Origin": "http://testserver"})
    assert response.status_code == 403 and "a long passphrase" not in response.content.decode()


def test_only_a_save_tells_the_browser_to_forget_its_copy(draft, window, editor, reviewer):
    tab = window(editor, draft.page)
    stale = window(editor, draft.page).type(in_short="Too late.", kept="abc-1")
    tab.type(in_short="Mine.")
    tab.fields["kept"] = ["abc-2"]
    tab.press()
    assert tab.browser.cookies["kept"].value == "abc-2"
    stale.fields["kept"] = ["abc-1"]
    stale.press()
    assert "kept" not in stale.browser.cookies


def test_rows_that_somebody_chose_meanwhile_stay_chosen(draft, desk, editor):
    """They lie in a table of their own, so that no column of the row tells of them."""
    question, (first, second, third) = draft.page, Therapy.objects.all()[:3]
    question.therapies.set([first])
    browser, address = desk(editor), reverse("admin:faq_question_change", args=[question.pk])
    sent = filled(browser.get(address))
    question.therapies.set([first, second])  # somebody else does
    browser.post(address, sent | {"order": 7})
    assert set(question.therapies.all()) == {first, second}, "of two who changed different fields, both are right"
    page = browser.post(address, sent | {"therapies": [first.pk, third.pk]}).content.decode()
    assert CHANGED in page and set(question.therapies.all()) == {first, second}


def test_a_page_has_one_draft_however_many_are_sent(draft, desk, editor):
    browser, address = desk(editor), reverse("admin:faq_question_change", args=[draft.page_id])
    sent = filled(browser.get(address)) | {"editions-TOTAL_FORMS": 2, "editions-1-question": "Another?"}
    assert "submit at most 1 form" in browser.post(address, sent).content.decode()
