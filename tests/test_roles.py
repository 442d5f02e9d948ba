"""Who may do what at the desk: the table of roles, tried on every page of the admin."""

import pytest
from django.contrib import admin
from django.urls import reverse

from portal.publishing import actions
from portal.publishing.models import Edition, Fact, Page, Status

from .conftest import ANSWER, person
from .forms import filled

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda m: m._meta.label)


def opens(client, model, page="changelist", *args) -> bool:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
    response = client.get(address)
    assert response.status_code in (200, 302, 403), address
    return response.status_code == 200


def test_without_a_role_nothing_opens(desk, django_user_model):
    client = desk(django_user_model.objects.create_user("nobody", password="x", is_staff=True))
    assert not any(opens(client, model) for model in MODELS)


def test_editors_write_text_and_change_no_fact(desk, editor):
    client = desk(editor)
    for model in MODELS:
        if issubclass(model, Page):
            assert opens(client, model)
        if issubclass(model, Fact):
            assert opens(client, model) and not opens(client, model, "add")
    assert not editor.has_perm("faq.publish_answeredition")
    assert not opens(client, django_user(client))


def django_user(client):
    return next(model for model in MODELS if model._meta.label == "auth.User")


def test_reviewers_publish_every_kind_of_text(reviewer):
    for model in Edition.__subclasses__():
        for kind in [model, *model.__subclasses__()]:
            if not kind._meta.abstract:
                assert reviewer.has_perm(f"{kind._meta.app_label}.publish_{kind._meta.model_name}"), kind


def test_registrars_record_and_confirm_and_publish_nothing(desk, registrar):
    client = desk(registrar)
    for model in MODELS:
        if issubclass(model, Fact):
            assert opens(client, model, "add")
    assert registrar.has_perm("therapies.confirm_approvalevent")
    assert not registrar.has_perm("therapies.publish_therapyedition")
    assert not registrar.has_perm("therapies.change_therapyedition")


def test_nobody_deletes_a_fact_or_an_edition(administrator):
    deleting = [p for p in administrator.get_all_permissions() if ".delete_" in p]
    assert not any("edition" in p or "event" in p or "fact" in p for p in deleting)


def test_the_administrator_opens_everything(desk, administrator):
    client = desk(administrator)
    assert all(opens(client, model) for model in MODELS)


@pytest.mark.parametrize("who", ["editor", "reviewer", "registrar", "administrator"])
def test_the_desk_greets_each_role_with_its_work(desk, who, request, django_assert_max_num_queries):
    user = request.getfixturevalue(who)
    client = desk(user)
    with django_assert_max_num_queries(80):
        page = client.get("/admin/").content.decode()
    assert user.username in page
    assert ("Your drafts" in page) == (who != "registrar")
    assert ("To review and publish" in page) == (who in ("reviewer", "administrator"))
    assert ("to confirm" in page) == (who in ("registrar", "administrator"))


# Nobody publishes their own words -------------------------------------------------------------


@pytest.mark.parametrize("who", ["its author", "another editor", "a registrar"])
def test_a_crafted_button_publishes_nothing_for_who_may_not(desk, question, editor, registrar, who):
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER)
    actions.submit(draft, by=editor)
    address = f"/admin/faq/question/{question.pk}/change/"
    sent = filled(desk(editor).get(address), _publish="Publish")
    people = {"its author": editor, "another editor": person("Eric", "Editor"), "a registrar": registrar}
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
