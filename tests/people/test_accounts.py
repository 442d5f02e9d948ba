"""People are added with a role, changed, deactivated, and helped when they have lost their phone."""

import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from portal.accounts import actions
from portal.publishing import audit
from portal.publishing.models import AuditEntry
from portal.roles import ROLES

from ..conftest import person
from .conftest import PEOPLE, add, choose, form_on, link_on, page_of, role, save, told, works_with

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


# Adding ------------------------------------------------------------------------------------


def test_one_form_adds_a_person_who_can_work_at_once(desk, administrator, client):
    page = add(desk(administrator), first_name="Nora", last_name="Lee", email="nora@clinic.example")
    nora = User.objects.get(username="nora")
    assert (nora.get_full_name(), nora.email, nora.groups.get().name) == ("Nora Lee", "nora@clinic.example", "Editor")
    assert "Nora Lee has been added" in page.content.decode()
    assert choose(client, link_on(page)).url == "/admin/"
    assert client.get("/admin/faq/question/add/").status_code == 200
    assert client.get(PEOPLE).status_code == 403


def test_a_person_is_added_with_a_role(desk, administrator):
    page = add(desk(administrator), roles=())
    assert "Choose at least one role." in page.content.decode()
    assert not User.objects.filter(username="nora").exists()


def test_only_who_has_a_role_comes_in_and_nobody_ticks_a_box_for_it(desk, administrator, editor):
    client = desk(administrator)
    assert 'name="is_staff"' not in client.get(page_of(editor)).content.decode()
    save(client, editor, roles=[], is_staff="on", is_superuser="on")
    editor.refresh_from_db()
    assert (editor.is_staff, editor.is_superuser) == (False, False)
    assert "None, without a role" in client.get(PEOPLE).content.decode()
    save(client, editor, roles=[role("Reviewer").pk])
    editor.refresh_from_db()
    assert editor.is_staff and editor.has_perm("publishing.publish_edition")


def test_a_name_that_differs_in_capitals_only_is_refused(desk, administrator, editor, reviewer):
    client = desk(administrator)
    for page in (add(client, "EDITH"), save(client, reviewer, username="edith")):
        assert "Someone already has this username." in page.content.decode()


def test_the_demo_has_one_account_for_each_role_and_they_can_sign_in(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    call_command("demo_accounts", stdout=StringIO())
    lines = (tmp_path / "accounts.txt").read_text().splitlines()[1:]
    assert sorted(re.search(r"\((.+)\)$", line)[1] for line in lines) == sorted(ROLES)
    for line in lines:
        name, password = line.split()[:2]
        assert client.post("/account/login/", {"login": name, "password": password}).url == "/admin/", name
        assert client.get("/admin/").status_code == 200
        client.logout()
    assert not User.objects.filter(is_superuser=True).exists()


# Changing ----------------------------------------------------------------------------------


def test_changes_are_told_in_words_and_addresses_of_people_are_not(desk, administrator, editor):
    client = desk(administrator)
    both = [role("Editor").pk, role("Reviewer").pk]
    save(client, editor, username="edith.b", email="edith@clinic.example", roles=both)
    assert told(editor) == [
        ("Ada", "changed", "username (Edith → edith.b), email address"),
        ("Ada", "roles changed", "Editor → Editor, Reviewer"),
    ]
    save(client, editor)
    assert len(told(editor)) == 2


def test_a_form_that_lay_open_gives_back_no_role_that_was_taken_away_meanwhile(desk, administrator, editor):
    client, second = desk(administrator), person("Alan", "Administrator")
    sent = form_on(client.get(page_of(editor)), first_name="Edith")
    actions.change_roles(editor, [role("Reviewer")], by=second)
    client.post(page_of(editor), sent)
    editor.refresh_from_db()
    assert (editor.first_name, editor.groups.get().name) == ("Edith", "Reviewer")


def test_deactivating_takes_a_reason_and_ends_sessions_at_once(desk, administrator, editor):
    theirs, client = desk(editor), desk(administrator)
    assert "This field is required." in client.post(page_of(editor, "deactivate")).content.decode()
    assert theirs.get("/admin/").status_code == 200
    page = client.post(page_of(editor, "deactivate"), {"because": "Left the hospital."}, follow=True)
    assert "Edith is deactivated" in page.content.decode()
    assert "Deactivated by Ada on " in page.content.decode() and ": Left the hospital." in page.content.decode()
    assert theirs.get("/admin/").status_code == 302
    assert told(editor) == [("Ada", "deactivated", "Left the hospital.")]


def test_somebody_who_comes_back_has_what_they_had(desk, administrator, editor):
    client = desk(administrator)
    client.post(page_of(editor, "deactivate"), {"because": "On leave."})
    client.post(page_of(editor, "reactivate"), {"because": "Back from leave."})
    editor.refresh_from_db()
    assert editor.is_active and editor.has_perm("publishing.add_edition") and works_with("a long passphrase", "Edith")
    assert told(editor)[-1] == ("Ada", "reactivated", "Back from leave.")


@pytest.mark.parametrize("step", ["deactivate", "two-step"])
def test_a_second_click_does_nothing_and_says_so(desk, administrator, editor, step):
    TOTP.activate(editor, generate_totp_secret())
    client = desk(administrator)
    client.post(page_of(editor, step), {"because": "Left."})
    page = client.post(page_of(editor, step), {"because": "Left."}, follow=True)
    assert "There is nothing left to do." in page.content.decode()
    assert len(told(editor)) == 1


def test_an_account_added_by_mistake_can_be_deleted_and_one_that_did_something_cannot(desk, administrator, editor):
    client = desk(administrator)
    add(client)
    nora = User.objects.get(username="nora")
    assert page_of(nora, "delete") in client.get(page_of(nora)).content.decode()
    client.post(page_of(nora, "delete"), {"post": "yes"})
    assert not User.objects.filter(username="nora").exists()
    assert AuditEntry.objects.filter(kind="auth.user", row=str(nora.pk)).first().verb == "deleted"
    audit.note("signed in", editor, by=editor)
    assert page_of(editor, "delete") not in client.get(page_of(editor)).content.decode()
    assert client.post(page_of(editor, "delete"), {"post": "yes"}).status_code == 403


def test_nobody_is_found_by_what_stands_in_place_of_their_password(desk, administrator):
    client = desk(administrator)
    add(client)
    assert client.get(PEOPLE, {"password__startswith": "!"}).status_code == 400


def test_the_list_is_narrowed_by_role_and_by_access(desk, administrator, editor, reviewer):
    client = desk(administrator)
    actions.deactivate(reviewer, by=administrator, because="Left.")

    def found(**by: Any) -> list[str]:
        return [row.username for row in client.get(PEOPLE, by).context["cl"].result_list]

    assert found(role=role("Editor").pk) == ["Edith"]
    assert found(access="deactivated") == ["Rosa"]
    assert "Edith" in found(access="new") and "Ada" not in found(access="new", role=role("Editor").pk)
    assert len(found(role="nonsense", access="nonsense")) == 3


def test_the_list_costs_the_same_for_many_people(desk, administrator, django_assert_max_num_queries):
    client = desk(administrator)
    for i in range(30):
        actions.add_person(User(username=f"person{i}"), roles=[role("Editor")], by=administrator)
    with django_assert_max_num_queries(16):
        client.get(PEOPLE)


# A lost phone ------------------------------------------------------------------------------


def test_an_administrator_helps_somebody_who_has_lost_their_phone(desk, administrator, editor):
    TOTP.activate(editor, generate_totp_secret())
    client = desk(administrator)
    assert "Authenticator app" in client.get(PEOPLE).content.decode()
    assert "recovery codes stop working" in client.get(page_of(editor, "two-step")).content.decode()
    page = client.post(page_of(editor, "two-step"), follow=True)
    assert "Edith can now set up two-step verification again." in page.content.decode()
    assert not Authenticator.objects.filter(user=editor).exists()
    assert told(editor) == [("Ada", "two-step verification removed", "all of it")]


def test_the_server_can_help_when_no_administrator_can(administrator):
    TOTP.activate(administrator, generate_totp_secret())
    said = StringIO()
    call_command("forget_second_factors", "Ada", stdout=said)
    assert said.getvalue() == "Ada: second factors removed\n"
    assert not Authenticator.objects.filter(user=administrator).exists()
    assert told(administrator) == [("the server", "two-step verification removed", "all of it")]
    with pytest.raises(CommandError, match="There is no account named Nobody"):
        call_command("forget_second_factors", "Nobody")


def test_secrets_of_second_factors_are_on_no_page_of_the_desk(desk, administrator, editor):
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    client = desk(administrator)
    for path in (PEOPLE, *(page_of(editor, step) for step in ("change", "delete", "two-step", "history"))):
        assert secret not in client.get(path).content.decode()
    assert "authenticator" not in client.get("/admin/").content.decode().lower()
