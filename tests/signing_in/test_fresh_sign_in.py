"""A sign-in that is old is asked for afresh before what matters, and nothing that was typed is lost over it."""

import time
from urllib.parse import unquote

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY

from portal.publishing import actions
from portal.publishing.models import Status

from ..conftest import ANSWER
from ..forms import filled
from .doors import HOUR, PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(10)]


def test_confirming_makes_a_sign_in_fresh_again(desk, administrator):
    client = desk(administrator, ago=HOUR)
    asked = client.get("/admin/auth/user/add/").url
    assert unquote(asked) == "/account/confirm/?next=/admin/auth/user/add/"
    assert "That isn’t your password" in client.post(asked, {"password": "wrong"}).content.decode()
    assert client.post(asked, {"password": PASSWORD}).url == "/admin/auth/user/add/"
    assert client.get("/admin/auth/user/add/").status_code == 200


def test_a_sign_in_is_fresh_for_as_long_as_the_setting_says(desk, administrator, settings):
    client = desk(administrator, ago=HOUR)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 2 * HOUR
    assert client.get("/admin/auth/user/add/").status_code == 200


@pytest.mark.parametrize("page", ["change", "delete", "password", "two-step", "deactivate"])
def test_accounts_ask_for_a_fresh_sign_in(desk, administrator, editor, secret, page):
    address = f"/admin/auth/user/{editor.pk}/{page}/"
    assert desk(administrator, ago=HOUR).get(address).url.startswith("/account/confirm/")
    assert desk(administrator).get(address).status_code == 200


def test_a_sign_in_that_grows_old_over_a_form_costs_nothing_that_was_typed(desk, administrator, editor):
    client = desk(administrator, ago=HOUR)
    page = client.post(
        f"/admin/auth/user/{editor.pk}/change/", {"username": "Edith", "first_name": "Typed at length", "_save": "Save"}
    )
    assert page.status_code == 200 and "Typed at length" in page.content.decode()
    assert '<a href="/account/confirm/" target="_blank">Confirm it’s you in another tab</a>' in page.content.decode()
    editor.refresh_from_db()
    assert editor.first_name == ""


def test_a_reason_that_was_typed_survives_a_sign_in_that_grows_old_over_it(desk, administrator, editor):
    address = f"/admin/auth/user/{editor.pk}/deactivate/"
    page = desk(administrator, ago=HOUR).post(address, {"because": "Left the hospital."})
    assert "Left the hospital." in page.content.decode() and "Confirm it’s you in another tab" in page.content.decode()
    editor.refresh_from_db()
    assert editor.is_active


def test_deleting_by_a_stale_sign_in_deletes_nobody(desk, administrator, editor):
    client = desk(administrator, ago=HOUR)
    assert client.post(f"/admin/auth/user/{editor.pk}/delete/", {"post": "yes"}).url.startswith("/account/confirm/")
    editor.refresh_from_db()


def test_the_records_of_another_person_do_not_count(desk, editor, administrator):
    client = desk(administrator, ago=HOUR)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] = time.time()
    session["account_authentication_methods_user"] = str(editor.pk)
    session.save()
    assert client.get("/admin/auth/user/add/").url.startswith("/account/confirm/")


def test_publish_with_an_old_sign_in_saves_first_then_asks_and_then_publishes(
    desk, question, editor, reviewer, settings
):
    settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES = True  # so that who presses the button may also have typed
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER)
    actions.submit(draft, by=editor)
    client = desk(reviewer, ago=HOUR)
    address = f"/admin/faq/question/{question.pk}/change/"
    page = client.get(address)
    words = next(name for name in filled(page) if name.endswith("-in_short"))
    asked = client.post(address, filled(page, **{words: "Typed and not lost."}, _publish="Publish"))
    assert unquote(asked.url) == f"/account/confirm/?next={address}"
    draft.refresh_from_db()
    assert (draft.words["in_short"], draft.status) == ("Typed and not lost.", Status.IN_REVIEW)
    page = client.post(asked.url, {"password": PASSWORD}, follow=True)
    assert page.request["PATH_INFO"] == address
    assert "What you typed is saved. Please press the button once more." in page.content.decode()
    client.post(address, filled(page, _publish="Publish"))
    draft.refresh_from_db()
    assert draft.status == Status.PUBLISHED


@pytest.mark.parametrize("button", ["_publish", "_schedule", "_unpublish", "_plan_unpublication"])
def test_every_button_that_decides_what_readers_see_asks_first_and_keeps_what_was_typed_for_it(
    desk, question, published, reviewer, button
):
    live = published(question, **ANSWER)
    client = desk(reviewer, ago=HOUR)
    address = f"/admin/faq/question/{question.pk}/change/"
    sent = filled(
        client.get(address), _unpublish_because="It was out of date.", _publish_at="2030-01-01T08:00", **{button: 1}
    )
    asked = unquote(unquote(client.post(address, sent).url))
    assert asked.startswith(f"/account/confirm/?next={address}?")
    assert "_unpublish_because=It+was+out+of+date." in asked and "_publish_at=2030-01-01T08:00" in asked
    live.refresh_from_db()
    assert (live.status, live.unpublish_at) == (Status.PUBLISHED, None)
