"""A link lets its owner choose a password: it is shown once, works once, and opens nothing else."""

import datetime
import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client

from .conftest import PASSWORD, PEOPLE, add, choose, link_on, page_of, save, told, works_with

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_nobody_but_its_owner_ever_knows_a_password(desk, administrator):
    client = desk(administrator)
    assert 'type="password"' not in client.get(f"{PEOPLE}add/").content.decode()
    add(client)
    assert not User.objects.get(username="nora").has_usable_password()


def test_a_link_is_shown_once_and_kept_nowhere(desk, administrator):
    client = desk(administrator)
    page = add(client)
    key = link_on(page).split("/")[-2]
    assert "no-store" in page["Cache-Control"]
    nora = User.objects.get(username="nora")
    for path in (PEOPLE, page_of(nora), page_of(nora, "history"), "/admin/publishing/auditentry/"):
        assert key not in client.get(path).content.decode()
    assert not any(key in "".join(entry) for entry in told(nora))


def test_a_link_works_once(desk, administrator, client):
    link = link_on(add(desk(administrator)))
    choose(client, link)
    again = choose(Client(), link, "the passphrase of a thief")
    assert again.status_code == 200 and "This link doesn’t work" in again.content.decode()
    assert works_with(PASSWORD)


def test_a_page_that_was_open_when_the_link_was_used_changes_nothing(desk, administrator):
    link, late = link_on(add(desk(administrator))), Client()
    form = late.get(link, follow=True).request["PATH_INFO"]
    choose(Client(), link)
    page = late.post(form, {"password1": "the passphrase of a thief", "password2": "the passphrase of a thief"})
    assert "This link doesn’t work" in page.content.decode() and works_with(PASSWORD)


def test_looking_at_a_link_does_not_use_it_up(desk, administrator, client):
    """Mail programs open links to see where they lead."""
    link = link_on(add(desk(administrator)))
    for _ in range(3):
        Client().get(link, follow=True)
        Client().head(link, follow=True)
    assert choose(client, link).url == "/admin/"


def test_a_link_ends_after_three_days(desk, administrator, client, monkeypatch):
    link = link_on(add(desk(administrator)))
    later = datetime.datetime.now() + datetime.timedelta(days=3, minutes=1)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert "This link doesn’t work" in client.get(link).content.decode()


def test_a_new_link_ends_the_one_before_it(desk, administrator, client):
    office = desk(administrator)
    first = link_on(add(office))
    second = link_on(office.post(page_of(User.objects.get(username="nora"), "password")))
    assert "This link doesn’t work" in client.get(first).content.decode()
    assert choose(client, second).url == "/admin/"


def test_a_link_for_one_person_opens_no_other_account(desk, administrator, editor, client):
    uid, key = link_on(add(desk(administrator))).split("/")[-3:-1]
    theirs = link_on(desk(administrator).post(page_of(editor, "password"))).split("/")[-3]
    assert uid != theirs
    page = client.get(f"/account/choose-password/{theirs}/{key}/")
    assert "This link doesn’t work" in page.content.decode()


def test_the_link_of_a_deactivated_account_opens_nothing(desk, administrator, client):
    office = desk(administrator)
    link = link_on(add(office))
    office.post(page_of(User.objects.get(username="nora"), "deactivate"), {"because": "Added by mistake."})
    assert "This link doesn’t work" in client.get(link).content.decode()


def test_correcting_a_mistake_in_the_address_leaves_the_link_as_it_is(desk, administrator, client):
    office = desk(administrator)
    link = link_on(add(office, email="nora@clinc.example"))
    save(office, User.objects.get(username="nora"), email="nora@clinic.example")
    assert choose(client, link).url == "/admin/"


def test_a_weak_password_is_refused_with_a_reason_and_the_link_still_works(desk, administrator, client):
    link = link_on(add(desk(administrator), "nora.winterbottom"))
    assert "at least 12 characters" in choose(client, link, "short").content.decode()
    assert "too similar to the username" in choose(client, link, "nora.winterbottom1").content.decode()
    assert choose(client, link).url == "/admin/"


def test_the_page_of_a_link_has_no_link_in_its_address_and_none_in_the_logs(desk, administrator, client, caplog):
    link = link_on(add(desk(administrator)))
    assert client.get(link).url == re.sub(r"[^/]+/$", "set-password/", link)
    assert client.put(link).status_code == 405
    logged = [record.getMessage() for record in caplog.records]
    assert len(logged) == 1 and logged[0].startswith("Method Not Allowed") and link.split("/")[-2] not in logged[0]


def test_a_link_that_is_tried_where_somebody_is_signed_in_changes_nothing(desk, administrator):
    office = desk(administrator)
    link = link_on(add(office))
    page = office.get(link)
    assert "You’re signed in already" in page.content.decode()
    assert office.get("/admin/").status_code == 200
    assert choose(Client(), link).url == "/admin/"


def test_who_lost_a_password_gets_a_link_and_what_opened_the_account_before_no_longer_does(desk, administrator, editor):
    theirs, office = desk(editor), desk(administrator)
    asked = office.get(page_of(editor, "password"))
    assert "The current password stops working now" in asked.content.decode()
    assert works_with("a long passphrase", "Edith")
    link = link_on(office.post(page_of(editor, "password")))
    assert theirs.get("/admin/").status_code == 302
    signed_in = Client().post("/account/login/", {"login": "Edith", "password": "a long passphrase"})
    assert "don’t match" in signed_in.content.decode()
    assert choose(Client(), link).url == "/admin/"


def test_a_link_does_not_stand_in_for_two_step_verification(desk, administrator, editor, client):
    TOTP.activate(editor, generate_totp_secret())
    RecoveryCodes.activate(editor)
    link = link_on(desk(administrator).post(page_of(editor, "password")))
    assert choose(client, link).url == "/account/login/code/"
    assert client.get("/admin/").status_code == 302


def test_who_comes_with_a_link_sets_up_two_step_verification_where_it_is_required(
    desk, administrator, client, settings
):
    link = link_on(add(desk(administrator)))
    settings.REQUIRE_MFA = True
    choose(client, link)
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0] == "/account/"
    assert "One more step: set up two-step verification." in page.content.decode()


def test_every_step_of_coming_in_is_told(desk, administrator, client):
    choose(client, link_on(add(desk(administrator))))
    assert told(User.objects.get(username="nora")) == [
        ("Ada", "added", "as Editor"),
        ("Ada", "password link made", ""),
        ("nora", "password chosen", "with a password link"),
        ("nora", "signed in", "password link"),
    ]
