"""The second factor: set up, asked for, kept as a cipher, and removed when it is lost."""

import re
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from portal.accounts.adapter import SecondFactors

from .doors import HOUR, PASSWORD, code, sign_in, told

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(10)]


def test_without_a_second_factor_nothing_of_the_desk_opens(required, client, editor):
    sign_in(client)
    for path in ("", "faq/question/", "faq/question/add/", "jsi18n/", "faq/", "nothing/"):
        assert "/admin/login/" in client.get(f"/admin/{path}").url, path
        assert "/admin/login/" in client.post(f"/admin/{path}", {"_save": 1}).url, path
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0] == "/account/"
    assert "set up two-step verification" in page.content.decode()


def test_somebody_sets_up_an_app_and_works(required, client, editor, django_capture_on_commit_callbacks):
    sign_in(client)
    page = client.get("/account/app/").content.decode()
    secret = re.search(r'<code class="secret">(\w+)</code>', page)[1]
    assert "data:image/svg+xml;base64," in page
    assert "That code is wrong" in client.post("/account/app/", {"code": "000000"}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        codes = client.post("/account/app/", {"code": code(secret)}, follow=True)
    assert len(re.findall(r"<li><code>\d{8}</code></li>", codes.content.decode())) == 10
    page = client.get("/admin/", follow=True)  # once, to see that the app works
    assert page.redirect_chain[-1][0].startswith("/account/confirm/code/")
    assert client.post("/account/confirm/code/?next=/admin/", {"code": code(secret)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert ("Edith", "two-step verification added", "authenticator app") in told()


def test_a_password_alone_does_not_come_in_where_an_app_is_set_up(client, secret):
    assert sign_in(client).url == "/account/login/code/"
    assert client.get("/admin/").status_code == 302
    assert "That code is wrong" in client.post("/account/login/code/", {"code": "123456"}).content.decode()
    assert client.post("/account/login/code/", {"code": code(secret)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert told() == [
        ("Edith", "sign-in failed", "verification code"),
        ("Edith", "signed in", "password, authenticator app"),
    ]


def test_a_code_of_the_app_works_once(required, secret):
    used = code(secret)
    for comes_in in (True, False):
        client = Client()
        sign_in(client)
        client.post("/account/login/code/", {"code": used})
        assert (client.get("/admin/").status_code == 200) == comes_in


def test_a_recovery_code_works_once(required, editor, secret):
    codes = Authenticator.objects.get(user=editor, type="recovery_codes").wrap().get_unused_codes()
    for comes_in in (True, False):
        client = Client()
        sign_in(client)
        client.post("/account/login/code/", {"code": codes[0]})
        assert (client.get("/admin/").status_code == 200) == comes_in


def test_codes_cannot_be_guessed_at_length(client, secret):
    sign_in(client)
    for guess in range(5):
        client.post("/account/login/code/", {"code": f"{guess:06}"})
    assert "Too many attempts" in client.post("/account/login/code/", {"code": code(secret)}).content.decode()
    assert client.get("/admin/").status_code == 302


def test_a_session_from_before_the_second_factor_must_show_it(required, desk, editor, secret):
    client = desk(editor)  # with the password
    page = client.get("/admin/", follow=True)
    assert unquote(page.redirect_chain[-1][0]) == "/account/confirm/code/?next=/admin/"


def test_who_has_a_passkey_is_asked_for_it_first_and_may_use_a_recovery_code(required, desk, editor):
    Authenticator.objects.create(user=editor, type="webauthn", data={})
    RecoveryCodes.activate(editor)
    assert unquote(desk(editor).get("/admin/login/").url) == "/account/confirm/passkey/?next=/admin/"


def test_an_administrator_removes_lost_factors_and_their_sessions_end(required, settings, desk, editor, secret):
    lost = Client()
    sign_in(lost)
    lost.post("/account/login/code/", {"code": code(secret)})
    assert lost.get("/admin/").status_code == 200
    Authenticator.objects.filter(user=editor).delete()
    assert lost.get("/admin/").status_code == 302


def test_the_local_demo_says_openly_that_it_asks_no_second_factor(client, desk, editor, settings):
    said = "This is a local demo, so two-step verification isn’t required."
    assert said in client.get("/account/login/").content.decode()
    assert said in desk(editor).get("/admin/").content.decode()
    settings.REQUIRE_MFA = True
    assert said not in client.get("/account/login/").content.decode()


def test_recovery_codes_and_the_app_are_shown_only_to_who_signed_in_lately(desk, editor, secret):
    client = desk(editor, ago=HOUR)
    for path in ("recovery-codes/", "recovery-codes/new/", "recovery-codes/download/", "app/remove/", "passkeys/add/"):
        assert client.get(f"/account/{path}").url.startswith("/account/confirm/"), path
    client.post("/account/confirm/", {"password": PASSWORD})
    assert client.get("/account/recovery-codes/").status_code == 200


def test_a_copy_of_the_database_gives_nobody_a_second_factor(editor):
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    seed = RecoveryCodes.activate(editor)
    kept = [row.data for row in Authenticator.objects.filter(user=editor)]
    assert len(kept) == 2 and secret not in str(kept) and not any(code in str(kept) for code in seed.get_unused_codes())
    assert TOTP(Authenticator.objects.get(user=editor, type="totp")).validate_code(code(secret))


@pytest.mark.parametrize("typed", ["123456", "12345678"])
def test_under_a_key_that_is_gone_no_code_fits_and_somebody_is_told_so(client, settings, secret, typed):
    """The key leaked and was replaced. What the old one encrypted was taken for a secret, which it could not be."""
    settings.SECRET_KEY = "another key " * 5
    sign_in(client)
    response = client.post("/account/login/code/", {"code": typed})
    assert response.status_code == 200 and "That code is wrong" in response.content.decode()
    assert client.post("/account/login/code/", {"code": code(secret)}).status_code == 200


def test_what_cannot_be_read_is_another_secret_each_time(settings):
    kept = SecondFactors().encrypt("a secret")
    settings.SECRET_KEY = "another key " * 5
    assert len({SecondFactors().decrypt(kept) for _ in range(3)}) == 3
    assert SecondFactors().decrypt("JBSWY3DPEHPK3PXP") == "JBSWY3DPEHPK3PXP"  # kept before there was a cipher
