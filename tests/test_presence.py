"""Who has a page open is told who else has, and when it was saved last. Whoever falls silent is forgotten."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq.models import Question
from portal.publishing import actions
from portal.publishing.models import Edition, Presence

from .conftest import ANSWER

pytestmark = pytest.mark.slow


@pytest.fixture
def draft(question: Question, editor: User) -> Edition:
    draft = actions.start_draft(question, by=editor)
    return actions.save_draft(draft, by=editor, **ANSWER)


def here(client: Client, row: Any) -> Any:
    return client.post(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_present", args=[row.pk]))


def test_who_has_a_page_open_is_told_who_else_has(draft, desk, editor, reviewer):
    first, second = desk(editor), desk(reviewer)
    assert here(first, draft.page).content == b""
    told = here(second, draft.page).content.decode()
    assert told == "Edith has this page open, too. Last saved just now, by Edith."
    actions.return_for_changes(actions.submit(draft, by=editor), by=reviewer, because="Shorter.")
    assert "just now, by you." in here(first, draft.page).content.decode()
    assert (
        "Rosa has this page open, too."
        in first.get(reverse("admin:faq_question_change", args=[draft.page.pk])).content.decode()
    )
    assert "open now at Rosa" in first.get(reverse("admin:index")).content.decode()


def test_whoever_falls_silent_is_gone_and_forgotten(draft, desk, editor, reviewer):
    here(desk(reviewer), draft.page)
    Presence.objects.update(at=timezone.now() - datetime.timedelta(seconds=91))
    assert here(desk(editor), draft.page).content == b""
    assert list(Presence.objects.values_list("person", flat=True)) == [editor.pk]


def test_presence_is_told_only_to_those_who_may_see_the_page(draft, desk, data_editor, client, django_user_model):
    nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)
    assert here(desk(nobody), draft.page).status_code == 403
    assert here(client, draft.page).status_code == 302
    assert not Presence.objects.exists()
    assert desk(data_editor).get(reverse("admin:faq_question_present", args=[draft.page.pk])).status_code == 405
