"""People and roles at the desk: added with a role, let in by a link, changed by those above them, in plain words."""

import datetime
import html
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group, Permission, User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from portal.accounts import actions
from portal.publishing import audit
from portal.publishing.models import AuditEntry
from portal.roles import DESCRIPTIONS, ROLES

from .conftest import person
from .forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PEOPLE = "/admin/auth/user/"
PASSWORD = "quite a new passphrase"
#: Words of the machinery, which nobody at the desk should have to know.
MACHINERY = ("staff", "superuser", "hash", "group", "permission", "token", "is_active", "currently", "salt", "pbkdf2")


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


@pytest.fixture
def root(django_user_model: Any) -> User:
    """Somebody who may do everything, as ``createsuperuser`` makes them."""
    return django_user_model.objects.create_superuser("root", password="kept")


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def add(client: Client, name: str = "nora", roles: tuple[str, ...] = ("Editor",), **more: str) -> Any:
    sent = {"username": name, "roles": [role(name).pk for name in roles], "_save": "Save"}
    return client.post(f"{PEOPLE}add/", sent | more)


def page_of(person: User, step: str = "change") -> str:
    return f"{PEOPLE}{person.pk}/{step}/"


def form_on(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form of an account: what it showed, and changes that it may not offer."""
    form = page.context["adminform"].form
    showed = {form.add_initial_prefix(name): value for name, value in form.initial.items() if name in form.fields}
    return filled(page, _save="Save", **showed) | changes


def save(client: Client, person: User, **changes: Any) -> Any:
    return client.post(page_of(person), form_on(client.get(page_of(person)), **changes), follow=True)


def link_on(page: Any) -> str:
    """The password link that a page shows."""
    return html.unescape(re.search(r'id="password-link" value="http://testserver(.+?)"', page.content.decode())[1])


def choose(client: Client, link: str, password: str = PASSWORD) -> Any:
    """Open a link and choose a password with it."""
    form = client.get(link, follow=True)
    typed = {"password1": password, "password2": password}
    return client.post(form.request["PATH_INFO"], typed)


def works_with(password: str, name: str = "nora") -> bool:
    return User.objects.get(username=name).check_password(password)


def told(about: User) -> list[tuple[str, str, str]]:
    return list(audit.of(about).order_by("pk").values_list("name", "verb", "detail"))


def words_of(page: Any) -> str:
    """What a page shows, in small letters: its text, and what stands in its buttons."""
    content = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", page.content.decode())
    shown = re.findall(r'(?:value|placeholder|alt|title|aria-label)="([^"]*)"', content)
    return html.unescape(" ".join([re.sub(r"(?s)<[^>]+>", " ", content), *shown])).lower()


# Adding -----------------------------------------------------------------------------------


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


# The link ---------------------------------------------------------------------------------


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


# Changing ---------------------------------------------------------------------------------


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


# A lost phone -----------------------------------------------------------------------------


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


# Nobody gives more than they have, and nobody changes what they may do themselves -----------


@pytest.fixture
def powerful(db: None) -> Group:
    """A role that lets people do something that no administrator may."""
    made = Group.objects.create(name="Powerful")
    made.permissions.add(Permission.objects.get(codename="delete_therapy"))
    return made


@pytest.mark.parametrize("changes", [{"is_superuser": "on"}, {"user_permissions": ["1"]}, {"groups": ["1"]}])
def test_no_crafted_form_gives_anything_but_roles(desk, administrator, editor, changes):
    save(desk(administrator), editor, **changes)
    editor.refresh_from_db()
    assert not editor.is_superuser and not editor.user_permissions.exists()
    assert [group.name for group in editor.groups.all()] == ["Editor"]


def test_an_administrator_hands_on_no_role_beyond_their_own(desk, administrator, editor, powerful):
    client = desk(administrator)
    assert "Powerful" not in client.get(page_of(editor)).content.decode()
    page = save(client, editor, roles=[powerful.pk])
    assert "not one of the available choices" in page.content.decode()
    assert "not one of the available choices" in add(client, roles=("Powerful",)).content.decode()
    assert not User.objects.filter(groups=powerful).exists()


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_changes_their_own_roles(desk, administrator, superuser):
    administrator.is_superuser = superuser
    administrator.save()
    client = desk(administrator)
    page = client.get(page_of(administrator)).content.decode()
    assert "You can’t change your own roles or grant ones you don’t have." in page
    save(client, administrator, first_name="Adalbert", roles=[role("Editor").pk])
    administrator.refresh_from_db()
    assert administrator.first_name == "Adalbert"
    assert [group.name for group in administrator.groups.all()] == ["Administrator"]
    assert administrator.is_active and administrator.is_superuser == superuser
    assert client.get(page_of(administrator, "delete")).status_code == 403
    for step in ("password", "two-step", "deactivate", "reactivate"):
        assert client.post(page_of(administrator, step), {"because": "Mine."}).url == "/account/"
    assert works_with("a long passphrase", "Ada")


@pytest.mark.parametrize("step", ["change", "delete", "password", "two-step", "deactivate", "reactivate"])
def test_an_account_that_may_more_is_closed_to_an_administrator(desk, administrator, root, step):
    response = desk(administrator).post(page_of(root, step), {"post": "yes", "username": "mine", "because": "Mine."})
    assert response.status_code == 403
    root.refresh_from_db()
    assert root.is_active and works_with("kept", "root")


def test_nothing_on_a_page_leads_to_a_closed_door(desk, administrator, root, editor):
    """Also of an account that one may only look at, and of one's own."""
    client = desk(administrator)
    for shown in (root, administrator, editor):
        page = client.get(page_of(shown)).content.decode()
        links = set(re.findall(rf'href="({PEOPLE}[^"?]+)', page))
        assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)
        assert ("can do more on this site than you can" in page) == (shown == root)


def test_the_verbs_hold_the_rules_whatever_calls_them(administrator, editor, root, powerful):
    above, own = person("Alan", "Administrator"), [role("Editor")]
    above.groups.add(powerful)
    refused = [
        lambda: actions.add_person(User(username="nora"), roles=[powerful], by=administrator),
        lambda: actions.change_roles(editor, [powerful], by=administrator),
        lambda: actions.change_roles(administrator, own, by=administrator),
        lambda: actions.make_link(administrator, by=administrator),
        lambda: actions.remove_second_factors(administrator, by=administrator),
        lambda: actions.deactivate(administrator, by=administrator, because="Mine."),
        *(
            lambda other=other, verb=verb: verb(other, by=administrator)
            for other in (root, above)
            for verb in (
                actions.make_link,
                actions.remove_second_factors,
                lambda other, by: actions.change_roles(other, own, by=by),
                lambda other, by: actions.change_details(other, ["username"], by=by),
                lambda other, by: actions.deactivate(other, by=by, because="Above."),
                lambda other, by: actions.reactivate(other, by=by, because="Above."),
            )
        ),
    ]
    for attempt in refused:
        with pytest.raises(PermissionDenied):
            attempt()


# Roles ------------------------------------------------------------------------------------


def test_every_role_says_what_it_allows():
    assert DESCRIPTIONS.keys() == ROLES.keys()


def test_the_list_of_roles_says_what_each_allows_and_who_has_it(desk, administrator, editor):
    client = desk(administrator)
    page = html.unescape(client.get("/admin/auth/group/").content.decode())
    for name, words in DESCRIPTIONS.items():
        assert name in page and words in page
    page = client.get(f"/admin/auth/group/{role('Editor').pk}/change/").content.decode()
    assert f'<a href="{page_of(editor)}">Edith</a>' in page


@pytest.mark.parametrize("name", ROLES)
def test_people_are_greeted_with_their_role_as_it_is_written(desk, name):
    assert f"Your role: {name}." in desk(person("Pat", name)).get("/admin/").content.decode()


def test_a_role_is_explained_where_it_is_given(desk, administrator):
    page = html.unescape(desk(administrator).get(f"{PEOPLE}add/").content.decode())
    assert all(words in page for words in DESCRIPTIONS.values())


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_changes_a_role_at_the_desk_since_the_next_update_would_undo_it(desk, administrator, superuser):
    administrator.is_superuser = superuser
    administrator.save()
    client, before = desk(administrator), set(role("Editor").permissions.all())
    sent = {"name": "Editor", "permissions": [Permission.objects.first().pk], "_save": "Save", "post": "yes"}
    for page in (f"{role('Editor').pk}/change/", f"{role('Editor').pk}/delete/", "add/"):
        assert client.post(f"/admin/auth/group/{page}", sent).status_code == 403
    assert set(role("Editor").permissions.all()) == before


# Words ------------------------------------------------------------------------------------


def test_the_pages_of_people_and_roles_speak_plainly(desk, administrator, editor, root):
    client = desk(administrator)
    added = add(client, "nora")
    actions.deactivate(editor, by=administrator, because="Left.")
    call_command("apply_roles", stdout=StringIO())
    pages = {"added": added}
    paths = [PEOPLE, f"{PEOPLE}add/", "/admin/auth/", "/admin/auth/group/", page_of(administrator), page_of(root)]
    for row in ("nora", "Edith"):
        someone = User.objects.get(username=row)
        paths += [page_of(someone, step) for step in ("change", "history", "password", "delete")]
        paths += [page_of(someone, step) for step in ("deactivate", "reactivate", "two-step")]
    paths += [f"/admin/auth/group/{role('Editor').pk}/{page}/" for page in ("change", "history")]
    pages |= {path: client.get(path, follow=True) for path in paths}
    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(pages, 200)
    for path, page in pages.items():
        assert [word for word in MACHINERY if re.search(rf"\b{word}", words_of(page))] == [], path


def test_dates_stand_as_elsewhere_at_the_desk(desk, administrator, editor):
    editor.last_login = timezone.make_aware(datetime.datetime(2026, 5, 3, 14, 5))
    editor.save()
    client = desk(administrator)
    for path in (PEOPLE, page_of(editor)):
        assert "May 3, 2026, 14:05" in client.get(path).content.decode()


def test_the_templates_of_signing_in_keep_the_machinery_to_themselves():
    templates = Path(__file__).parents[1] / "templates"
    for path in [*(templates / "account").rglob("*"), *(templates / "mfa").rglob("*")]:
        if path.is_file():
            shown = re.sub(r"(?s)\{[%#{].*?[%#}]\}|<[^>]+>", " ", path.read_text()).lower()
            assert not [word for word in MACHINERY if re.search(rf"\b{word}\b", shown)], path
