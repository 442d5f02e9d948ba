"""How staff sign in: throttled, without sign-up, with a second factor, and afresh before what matters."""

import re
import time
from urllib.parse import unquote

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.db.models import Q
from django.test import Client
from django.urls import Resolver404, resolve

from portal.accounts.adapter import SecondFactors
from portal.publishing import actions
from portal.publishing.models import AuditEntry, Status

from .conftest import ANSWER
from .forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(10)]
PASSWORD = "a long passphrase"
HOUR = 3600


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def required(settings):
    settings.REQUIRE_MFA = True


@pytest.fixture
def secret(editor) -> str:
    """The key of the app that the editor has set up, with recovery codes beside it."""
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    RecoveryCodes.activate(editor)
    return secret


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(client: Client, name: str = "Edith", password: str = PASSWORD, **more):
    return client.post("/account/login/", {"login": name, "password": password, **more})


def told() -> list[tuple[str, str, str]]:
    entries = AuditEntry.objects.filter(Q(kind="auth.user") | Q(verb="sign-in failed"))
    return list(entries.order_by("pk").values_list("name", "verb", "detail"))


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


# The second factor -------------------------------------------------------------------------


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


# A fresh sign-in ---------------------------------------------------------------------------


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
