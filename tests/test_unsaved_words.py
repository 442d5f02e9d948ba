"""The words in the form of a page are seen as readers would see them, before anybody saves them."""

import datetime

import pytest
from django.forms.models import model_to_dict
from django.utils import timezone

from faq.models import Question
from portal.publishing import actions
from portal.publishing.models import AuditEntry, Edition, SavedDraft
from therapies.models import Therapy

from .conftest import ANSWER
from .public import PAGE_MODELS, a_page

pytestmark = pytest.mark.sampled(4)

TYPED = {"editions-0-in_short": "Typed, and saved by nobody.", "editions-0-answer": "<p>At length.</p>"}


def address(page) -> str:
    opts = page._meta
    return f"/admin/{opts.app_label}/{opts.model_name}/{page.pk}/preview-words/"


def stored() -> list[int]:
    return [model.objects.count() for model in (Edition, AuditEntry, SavedDraft)]


def test_the_real_page_shows_what_was_typed_and_nothing_is_stored(desk, editor, question, published, client):
    published(question, **ANSWER)
    before = stored()
    response = desk(editor).post(address(question), TYPED | {"editions-0-question": "Is this newer?"})
    page = response.content.decode()
    assert response.status_code == 200 and "Preview of unsaved words. Readers don’t see this." in page
    assert "Is this newer?</h1>" in page and "Typed, and saved by nobody." in page and "At length." in page
    assert stored() == before and question.open_edition() is None
    assert "Typed, and saved by nobody." not in client.get(question.get_absolute_url()).content.decode()


def test_a_draft_keeps_its_words_and_the_sources_are_those_in_the_form(desk, editor, question, source):
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER)
    page = desk(editor).post(address(question), TYPED | {"editions-0-sources": [source.pk, "x"]}).content.decode()
    assert "Typed, and saved by nobody." in page and source.title in page
    draft.refresh_from_db()
    assert draft.words["in_short"] == ANSWER["in_short"] and not draft.sources.exists()


@pytest.mark.slow
@pytest.mark.parametrize("model", PAGE_MODELS, ids=lambda model: model.__name__)
def test_every_kind_of_page_is_shown(desk, administrator, editor, model):
    page = a_page(model, by=editor, second=administrator)
    words = {f"editions-0-{part.name}": "Typed alone." for part in model.PARTS if "address" not in part.name}
    response = desk(administrator).post(address(page), words)
    assert response.status_code == 200 and "Typed alone." in response.content.decode()


def adding(model) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


@pytest.mark.parametrize("model", PAGE_MODELS, ids=lambda model: model.__name__)
def test_a_page_that_is_only_being_added_is_shown_too_and_nothing_is_stored(desk, administrator, editor, model):
    like, staff = a_page(model, by=editor, second=administrator), desk(administrator)
    before = (stored(), model.objects.count())
    form = staff.get(f"{adding(model)}add/").context["adminform"].form
    given = {**model_to_dict(like, form.fields), "slug": "brand-new", "name": "Brand new", "page_number": None}
    words = {f"editions-0-{part.name}": "Typed alone." for part in model.PARTS if "address" not in part.name}
    typed = {name: [row.pk for row in value] if isinstance(value, list) else value for name, value in given.items()}
    sent = {name: value for name, value in typed.items() if value not in (None, False)} | words
    response = staff.post(f"{adding(model)}preview-words/", sent)
    assert response.status_code == 200 and "Typed alone." in response.content.decode(), response.content
    assert (stored(), model.objects.count()) == before


def test_a_preview_of_a_new_page_says_what_the_form_still_lacks(desk, editor, data_editor):
    response = desk(editor).post(f"{adding(Question)}preview-words/", TYPED)
    assert response.status_code == 409 and "Topic: This field is required." in response.content.decode()
    for model in (Question, Therapy):  # who may add a therapy may not write its text
        assert desk(data_editor).post(f"{adding(model)}preview-words/", TYPED).status_code == 403


def test_it_stands_in_a_frame_of_this_site_and_no_cache_keeps_it(desk, editor, question):
    response = desk(editor).post(address(question), TYPED)
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in response.headers["Cache-Control"] and response.headers["X-Robots-Tag"] == "noindex"


def test_only_who_may_write_the_page_sees_it(desk, data_editor, editor, question, client):
    assert client.post(address(question), TYPED).status_code == 302
    assert desk(data_editor).post(address(question), TYPED).status_code == 403
    assert desk(editor).get(address(question)).status_code == 405


def test_locked_words_are_not_previewed(desk, editor, reviewer, question):
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, **ANSWER)
    actions.submit(draft, by=editor)
    actions.schedule(draft, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    response = desk(editor).post(address(question), TYPED)
    assert response.status_code == 409 and "scheduled" in response.content.decode()
    assert "preview-button" not in desk(editor).get(f"/admin/faq/question/{question.pk}/change/").content.decode()


def test_what_was_typed_is_cleaned_first(desk, editor, question):
    evil = '<p>Text</p><script>alert(1)</script><img src=x onerror="alert(1)">'
    page = (
        desk(editor).post(address(question), {"editions-0-answer": evil, "editions-0-in_short": evil}).content.decode()
    )
    assert "<script>alert" not in page and "<img src=x" not in page


def test_the_form_offers_it_to_writers(desk, editor, data_editor, question):
    form = f"/admin/faq/question/{question.pk}/change/"
    assert f'formaction="{address(question)}"' in desk(editor).get(form).content.decode()
    assert "preview-button" not in desk(data_editor).get(form).content.decode()
    new = desk(editor).get(f"{adding(Question)}add/").content.decode()
    assert f'formaction="{adding(Question)}preview-words/"' in new
