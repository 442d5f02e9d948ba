"""Who may do what at the desk: the table of roles, tried on every page of the admin."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal import roles
from portal.publishing import actions
from portal.publishing.models import Fact, Governed, Page, Status
from therapies.models import ApprovalEvent, Indication, TherapyFact

from .conftest import ANSWER, person
from .forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]
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
        assert f'<a href="/desk/{AT_THE_DESK[model]}/{row.pk}/">Open under FDA data</a>' in form
        assert client.get(f"/desk/{AT_THE_DESK[model]}/{row.pk}/").status_code == 200


def test_nobody_deletes_a_fact_or_an_edition_or_writes_a_change_by_hand(administrator):
    permissions = administrator.get_all_permissions()
    deleting = [p for p in permissions if ".delete_" in p]
    assert not any("edition" in p or "event" in p or "fact" in p for p in deleting)
    assert {p for p in permissions if p.endswith("_change")} == {"publishing.view_change"}


@pytest.mark.slow
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


@pytest.mark.parametrize("pattern", ["therapies.tharapy", "nowhere.*", "everything"])
def test_a_table_of_roles_that_names_nothing_is_not_applied(monkeypatch, pattern):
    monkeypatch.setitem(roles.ROLES, "Editor", {"view": [pattern]})
    with pytest.raises(CommandError, match=r"names .* and there is no such model"):
        call_command("apply_roles")
