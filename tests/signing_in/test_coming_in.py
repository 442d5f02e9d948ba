"""How staff sign in: throttled, without sign-up, through one door, and told of in the audit trail."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import Resolver404, resolve

from portal.publishing.models import AuditEntry

from .doors import PASSWORD, sign_in, told

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(10)]


# Coming in ---------------------------------------------------------------------------------


def test_the_desk_sends_a_stranger_to_the_sign_in_page_and_then_to_where_they_wanted(client, editor):
    response = client.get("/admin/faq/question/", follow=True)
    assert response.redirect_chain[-1][0] == "/account/login/?next=/admin/faq/question/"
    assert sign_in(client, next="/admin/faq/question/").url == "/admin/faq/question/"
    assert client.get("/admin/faq/question/").status_code == 200


def test_signing_in_lands_on_the_desk_and_begins_another_session(client, editor):
    client.get("/account/login/")
    client.session["kept"] = 1
    before = client.session.session_key
    assert sign_in(client).url == "/admin/"
    assert client.session.session_key != before


def test_a_sign_in_leads_to_no_other_site(client, editor):
    assert sign_in(client, next="https://elsewhere.example/").url == "/admin/"


def test_an_unknown_name_and_a_wrong_password_are_told_apart_by_nothing(editor):
    answers = []
    for name in ("Edith", "Nobody"):
        page = sign_in(Client(), name, "wrong").content.decode()
        answers.append(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", page))
    assert "don’t match" in answers[0] and answers[0] == answers[1]


def test_a_closed_account_does_not_come_in(client, editor):
    editor.is_active = False
    editor.save()
    response = client.post("/account/login/", {"login": "Edith", "password": PASSWORD}, follow=True)
    assert "This account is deactivated" in response.content.decode()
    assert client.get("/admin/").status_code == 302


def test_after_five_wrong_passwords_even_the_right_one_waits(client, editor):
    for _ in range(5):
        assert "don’t match" in sign_in(client, password="wrong").content.decode()
    assert "Too many attempts" in sign_in(client).content.decode()
    assert client.get("/admin/").status_code == 302


def test_one_address_cannot_try_many_names(client, editor):
    answers = [sign_in(client, f"name{i}", "wrong") for i in range(11)]
    assert "Too many attempts" in answers[-1].content.decode() and "Too many" not in answers[9].content.decode()


def test_the_page_for_too_many_attempts_says_what_to_do(client, editor):
    for i in range(31):
        response = sign_in(client, f"name{i}", "wrong")
    assert response.status_code == 429
    assert "Wait a few minutes, then try again." in response.content.decode()


def test_nobody_can_sign_up_and_no_other_page_of_the_library_has_an_address(client):
    for path in ("signup", "signup/passkey", "email", "confirm-email", "password/reset", "password/set", "2fa"):
        with pytest.raises(Resolver404):
            resolve(f"/account/{path}/")
        assert client.get(f"/account/{path}/").status_code == 404


def test_the_desk_has_no_second_door(client, editor):
    """The admin's own addresses for signing in, out and a new password lead to the pages that are throttled."""
    client.post("/admin/login/", {"username": "Edith", "password": PASSWORD})
    assert client.get("/admin/").status_code == 302
    sign_in(client)
    assert client.post("/admin/password_change/", {"old_password": PASSWORD}).url == "/account/password/"
    assert client.post("/admin/logout/").url == "/account/logout/"


def test_who_does_not_work_here_may_sign_in_but_the_desk_stays_closed(client, django_user_model):
    django_user_model.objects.create_user("Reader", password=PASSWORD)
    assert sign_in(client, "Reader").url == "/account/"
    assert client.get("/admin/", follow=True).status_code == 403


def test_who_has_no_role_is_told_so_and_finds_no_link_to_a_page_that_is_closed(client, django_user_model, secret):
    reader = django_user_model.objects.create_user("Reader", password=PASSWORD)
    TOTP.activate(reader, generate_totp_secret())
    RecoveryCodes.activate(reader)
    client.force_login(reader)
    assert "You don’t have a role on this site yet." in client.get("/account/").content.decode()
    for path in ("", "password/", "logout/", "app/", "app/remove/", "passkeys/", "recovery-codes/", "confirm/"):
        page = client.get(f"/account/{path}", follow=True).content.decode()
        assert not re.search(r'href="/(admin|desk)/', page), path


def test_a_new_password_ends_the_other_sessions(desk, editor):
    here, there = desk(editor), desk(editor)
    new = "quite another passphrase"
    assert "Your new password is saved" not in here.get("/account/").content.decode()
    here.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert "Your new password is saved." in here.get("/account/").content.decode()
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302
    assert told()[-1] == ("Edith", "password changed", "")


def test_a_short_password_is_refused_with_a_reason(desk, editor):
    typed = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    page = desk(editor).post("/account/password/", typed)
    assert "at least 12 characters" in page.content.decode()
    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)


def test_readers_get_no_cookie_from_the_machinery_of_signing_in(client):
    assert not client.get("/").cookies and not client.get("/nothing-here/").cookies


def test_pages_of_signing_in_are_kept_by_no_cache_and_have_the_policy_of_the_desk(client):
    response = client.get("/account/login/")
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


# The audit trail ---------------------------------------------------------------------------


def test_signing_in_and_out_is_told(client, editor):
    sign_in(client, "Edith", "wrong")
    sign_in(client)
    client.post("/account/logout/")
    assert told() == [
        ("Edith", "sign-in failed", "password"),
        ("Edith", "signed in", "password"),
        ("Edith", "signed out", ""),
    ]


def test_the_name_that_was_tried_is_cut_and_no_password_is_kept(client, db):
    sign_in(client, "x" * 5000, "a-secret-typed")
    sign_in(client, "y" * 149, "a-secret-typed")
    entries = [*AuditEntry.objects.values_list("name", "verb", "about", "detail")]
    assert entries and all(len(name) <= 150 for name, *_ in entries)
    assert not any("a-secret-typed" in part for entry in entries for part in entry)
