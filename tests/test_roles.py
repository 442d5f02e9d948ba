"""Who may do what at the desk: the table of roles, tried on every page of the admin."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal.publishing import actions
from portal.publishing.models import AuditEntry, Fact, Governed, Page, Status
from therapies.models import ApprovalEvent, Indication, TherapyFact

from .conftest import ANSWER, person
from .forms import filled

pytestmark = pytest.mark.django_db
AT_THE_DESK = {ApprovalEvent: "decisions", TherapyFact: "facts", Indication: "uses"}
MODELS = sorted(admin.site._registry, key=lambda m: m._meta.label)


def opens(client, model, page="changelist", *args) -> bool:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
    response = client.get(address)
    assert response.status_code in (200, 302, 403), address
    return response.status_code == 200


def test_without_a_role_nothing_opens(desk, django_user_model):
    client = desk(django_user_model.objects.create_user("nobody", password="x", is_staff=True))
    assert not any(opens(client, model) for model in MODELS)


def may(user, verb, model) -> bool:
    return user.has_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}")


def test_editors_write_text_and_change_no_fact(desk, editor):
    client = desk(editor)
    for model in MODELS:
        if issubclass(model, Page):
            assert opens(client, model)
        if issubclass(model, Fact):
            assert opens(client, model) and not may(editor, "add", model) and not may(editor, "change", model)
    assert editor.has_perm("publishing.change_edition") and not editor.has_perm("publishing.publish_edition")
    assert not [permission for permission in editor.get_all_permissions() if ".confirm_" in permission]
    assert not opens(client, User)


def test_reviewers_publish_texts_and_confirm_what_editors_change_around_them(editor, reviewer):
    assert reviewer.has_perm("publishing.publish_edition")
    for model in MODELS:
        if issubclass(model, Governed) and may(editor, "change", model):
            assert may(reviewer, "confirm", model), model


def test_data_editors_enter_and_confirm_and_publish_nothing(desk, data_editor):
    client = desk(data_editor)
    for model in MODELS:
        if issubclass(model, Fact):
            assert opens(client, model)
            assert all(may(data_editor, verb, model) for verb in ("add", "change", "confirm"))
    assert not data_editor.has_perm("publishing.publish_edition")
    assert not data_editor.has_perm("publishing.change_edition")


@pytest.mark.parametrize("who", ["data_editor", "administrator"])
def test_the_admin_shows_facts_and_the_desk_changes_them(desk, who, request):
    client = desk(request.getfixturevalue(who))
    for model in (ApprovalEvent, TherapyFact, Indication):
        row = model.objects.first()
        assert not opens(client, model, "add") and not opens(client, model, "delete", row.pk)
        form = client.get(f"/admin/therapies/{model._meta.model_name}/{row.pk}/change/").content.decode()
        assert f'<a href="/desk/{AT_THE_DESK[model]}/{row.pk}/">Open at the desk</a>' in form
        assert client.get(f"/desk/{AT_THE_DESK[model]}/{row.pk}/").status_code == 200


def test_nobody_deletes_a_fact_or_an_edition_or_writes_a_change_by_hand(administrator):
    permissions = administrator.get_all_permissions()
    deleting = [p for p in permissions if ".delete_" in p]
    assert not any("edition" in p or "event" in p or "fact" in p for p in deleting)
    assert {p for p in permissions if p.endswith("_change")} == {"publishing.view_change"}


def test_the_administrator_opens_everything(desk, administrator):
    client = desk(administrator)
    assert all(opens(client, model) for model in MODELS)


@pytest.mark.parametrize("who", ["editor", "reviewer", "data_editor", "administrator"])
def test_the_desk_greets_each_role_with_its_work(desk, who, request, django_assert_max_num_queries):
    user = request.getfixturevalue(who)
    client = desk(user)
    with django_assert_max_num_queries(80):
        page = client.get("/admin/").content.decode()
    assert user.username in page
    assert ("Your drafts" in page) == (who != "data_editor")
    assert ("To review and publish" in page) == (who in ("reviewer", "administrator"))
    assert ("Changes to confirm" in page) == (who in ("data_editor", "administrator"))


# Nobody publishes their own words -------------------------------------------------------------


@pytest.mark.parametrize("who", ["its author", "another editor", "a data editor"])
def test_a_crafted_button_publishes_nothing_for_who_may_not(desk, question, editor, data_editor, who):
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER)
    actions.submit(draft, by=editor)
    address = f"/admin/faq/question/{question.pk}/change/"
    sent = filled(desk(editor).get(address), _publish="Publish")
    people = {"its author": editor, "another editor": person("Eric", "Editor"), "a data editor": data_editor}
    desk(people[who]).post(address, sent)
    draft.refresh_from_db()
    assert draft.status == Status.IN_REVIEW


def test_a_reviewer_who_wrote_in_a_text_cannot_publish_it_by_a_crafted_button(desk, question, editor, reviewer):
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER)
    actions.submit(draft, by=editor)
    actions.save_draft(draft, by=reviewer, in_short="My own words.")
    client = desk(reviewer)
    address = f"/admin/faq/question/{question.pk}/change/"
    page = client.post(address, filled(client.get(address), _publish="Publish"), follow=True)
    assert "another person must publish it" in page.content.decode()
    draft.refresh_from_db()
    assert draft.status == Status.IN_REVIEW


# Nobody gives themselves more -----------------------------------------------------------------


def account(client, person, **changes):
    """Send the form of an account as a browser does, with changes that it may not offer."""
    address = f"/admin/auth/user/{person.pk}/change/"
    sent = filled(client.get(address), _save="Save", **changes)
    person.refresh_from_db()
    return client.post(address, sent, follow=True)


def test_an_administrator_opens_an_account_with_roles_and_it_is_told(desk, administrator):
    client = desk(administrator)
    new = {
        "username": "Nora",
        "usable_password": "true",
        "password1": "a long passphrase",
        "password2": "a long passphrase",
    }
    client.post("/admin/auth/user/add/", new, follow=True)
    nora = User.objects.get(username="Nora")
    account(client, nora, is_staff="on", groups=[Group.objects.get(name="Editor").pk])
    assert nora.groups.get().name == "Editor" and nora.has_perm("publishing.add_edition")
    entries = AuditEntry.objects.filter(kind="auth.user", row=str(nora.pk)).order_by("pk")
    assert [(entry.name, entry.verb) for entry in entries] == [("Ada", "added"), ("Ada", "changed")]
    assert "Now: active, staff, Editor." in entries[1].detail


@pytest.mark.parametrize("changes", [{"is_superuser": "on"}, {"user_permissions": ["1"]}])
def test_an_administrator_makes_nobody_a_superuser(desk, administrator, editor, changes):
    account(desk(administrator), editor, is_staff="on", **changes)
    editor.refresh_from_db()
    assert not editor.is_superuser and not editor.user_permissions.exists()


def test_an_administrator_hands_on_no_role_beyond_their_own(desk, administrator, editor):
    powerful = Group.objects.create(name="Powerful")
    powerful.permissions.add(Permission.objects.get(codename="delete_therapy"))
    page = account(desk(administrator), editor, groups=[powerful.pk])
    assert "not one of the available choices" in page.content.decode()
    assert not editor.groups.filter(name="Powerful").exists()


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_changes_their_own_roles(desk, administrator, superuser):
    administrator.is_superuser = superuser
    administrator.save()
    editors = Group.objects.get(name="Editor").pk
    client = desk(administrator)
    account(client, administrator, first_name="Adalbert", groups=[editors])
    administrator.refresh_from_db()
    assert administrator.first_name == "Adalbert"
    assert [group.name for group in administrator.groups.all()] == ["Administrator"]
    assert administrator.is_active and administrator.is_superuser == superuser
    assert client.get(f"/admin/auth/user/{administrator.pk}/delete/").status_code == 403
    assert client.get(f"/admin/auth/user/{administrator.pk}/password/").url == "/account/password/"


@pytest.mark.parametrize("page", ["change", "delete", "password"])
def test_an_account_that_may_more_is_closed_to_an_administrator(desk, administrator, django_user_model, page):
    root = django_user_model.objects.create_superuser("root", password="kept")
    client = desk(administrator)
    response = client.post(f"/admin/auth/user/{root.pk}/{page}/", {"post": "yes", "username": "mine"})
    assert response.status_code == 403
    chosen = {"action": "forget_second_factors", "_selected_action": root.pk}
    assert client.post("/admin/auth/user/", chosen).status_code == 403


def test_an_administrator_changes_roles_below_their_own_and_puts_in_nothing_beyond(desk, administrator):
    client = desk(administrator)
    own, editors = Group.objects.get(name="Administrator"), Group.objects.get(name="Editor")
    assert client.post(f"/admin/auth/group/{own.pk}/change/", {"name": "Mine"}).status_code == 403
    beyond = Permission.objects.get(codename="delete_therapy")
    sent = {"name": "Editor", "permissions": [beyond.pk], "_save": "Save"}
    page = client.post(f"/admin/auth/group/{editors.pk}/change/", sent)
    assert "not one of the available choices" in page.content.decode()
    assert beyond not in editors.permissions.all()


def test_a_name_that_differs_in_capitals_only_is_refused(desk, administrator, editor, reviewer):
    page = account(desk(administrator), reviewer, username="edith")
    assert "Somebody has this name already" in page.content.decode()


def test_an_administrator_helps_somebody_who_has_lost_their_phone(desk, administrator, editor):
    TOTP.activate(editor, generate_totp_secret())
    client = desk(administrator)
    assert "second factor" in client.get("/admin/auth/user/").content.decode()
    chosen = {"CHANGE_FORM-action": "forget_second_factors", "_selected_action": editor.pk}
    page = client.post(f"/admin/auth/user/{editor.pk}/change/", chosen, follow=True)
    assert "Edith can now set up a new second factor." in page.content.decode()
    assert not Authenticator.objects.filter(user=editor).exists()
    assert AuditEntry.objects.get(verb="second factor removed", row=str(editor.pk)).name == "Ada"


def test_the_server_can_help_when_no_administrator_can(administrator):
    TOTP.activate(administrator, generate_totp_secret())
    said = StringIO()
    call_command("forget_second_factors", "Ada", stdout=said)
    assert said.getvalue() == "Ada: second factors removed\n"
    assert not Authenticator.objects.filter(user=administrator).exists()
    assert AuditEntry.objects.get(verb="second factor removed").name == "the server"
    with pytest.raises(CommandError, match="There is no account named Nobody"):
        call_command("forget_second_factors", "Nobody")


def test_secrets_of_second_factors_are_on_no_page_of_the_desk(desk, administrator, editor):
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    client = desk(administrator)
    for path in ("user/", f"user/{editor.pk}/change/", f"user/{editor.pk}/delete/"):
        assert secret not in client.get(f"/admin/auth/{path}").content.decode()
    assert "authenticator" not in client.get("/admin/").content.decode().lower()
