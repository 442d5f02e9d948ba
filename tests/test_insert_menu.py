"""Figures in a text, and the Insert menu that offers them."""

import re

import pytest
from django.apps import apps
from django.forms import ModelForm, modelform_factory
from django.http import QueryDict
from django.utils.http import urlencode

from faq.models import Question
from portal.pages.models import Term
from portal.publishing import prose
from portal.publishing.models import Edition
from portal.publishing.page_forms import DraftForm, of_kind
from portal.publishing.rooms import Declaration

from .conftest import ANSWER

pytestmark = pytest.mark.django_db
AnswerForm: type[ModelForm] = modelform_factory(Edition, form=of_kind(DraftForm, Question), fields=["change_note"])


def form(**typed: str) -> ModelForm:
    return AnswerForm(QueryDict(urlencode(ANSWER | typed)), instance=Edition(page=Question.objects.first()))


def test_a_figure_is_filled_in_between_tags_and_never_inside_one():
    html = '<p><a href="/x/" title="[[as-of]] &quot;>[[as-of]]">[[approved-therapies: 2019-02-28]]</a></p>'
    assert prose.render(html) == html.replace("[[approved-therapies: 2019-02-28]]", "46")


@pytest.mark.parametrize(
    "broken", ["[[as-of", "[[as-of]", "[[<strong>as-of</strong>]]", "[[as-of: [[as-of]]]]", "[[ ]]"]
)
def test_brackets_that_are_no_figure_are_refused(broken):
    assert "There is no live number called" in str(form(answer=f"<p>{broken}</p>").errors["answer"])
    assert "There is no live number called" in str(
        form(in_short=broken.replace("<strong>", "").replace("strong", "")).errors
    )


def test_a_line_that_shows_no_figures_refuses_them():
    assert "Live numbers don’t work in this field." in str(
        form(question="Are there [[approved-therapies]]?").errors["question"]
    )


def test_the_other_words_for_a_term_take_no_figures(desk, editor):
    assert [part.name for part in Term.PARTS if part.quotes and not part.is_rich] == ["in_short"]
    page = desk(editor).get("/admin/pages/term/add/").content.decode()
    assert page.count("data-insert=") == 1 and re.search(r'name="editions-0-in_short"[^>]*data-insert', page)


def test_the_insert_menu_says_in_plain_words_what_there_is_and_what_readers_see_now(desk, editor):
    response = desk(editor).get("/admin/publishing/picture/insertions/")
    offered = {line["text"]: line for line in response.json()["insertions"]}
    assert "no-store" in response.headers["Cache-Control"]
    assert offered["[[approved-therapies]]"]["label"] == "Number of therapies approved today"
    melanoma = offered["[[therapies-for: melanoma]]"]
    assert (melanoma["group"], melanoma["label"]) == ("Number of therapies approved for a cancer", "Melanoma")
    assert melanoma["now"] == prose.Figures().resolve("therapies-for", "melanoma")
    assert offered["[[first-approval: pembrolizumab]]"]["now"] == "September 4, 2014"


def test_everything_that_the_menu_offers_can_be_inserted(db):
    texts = [line.text for line in prose.Figures().menu()]
    assert len(texts) > 200 and prose.unknown_figures(" ".join(texts)) == []
    in_menu = {match["name"] for text in texts for match in prose.FIGURE.finditer(text)}
    assert {name for name, (_, figure) in prose.quotable().items() if figure.label} == in_menu


def test_rooms_may_suggest_words_of_their_own(monkeypatch):
    told = Declaration(insertions=lambda: [prose.Insertion("T cell", "T cell", "A word of the glossary")])
    monkeypatch.setattr(apps.get_app_config("faq"), "declared", told)
    assert prose.Insertion("T cell", "T cell", "A word of the glossary") in prose.Figures().menu()


def test_the_menu_asks_few_queries_and_readers_cannot_open_it(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        prose.Figures().menu()
    assert client.get("/admin/publishing/picture/insertions/").status_code == 302


def test_the_editor_brings_the_styles_that_it_needs_in_the_admin(desk, editor):
    assert "django_prose_editor/overrides.css" in desk(editor).get("/admin/faq/question/add/").content.decode()


def test_the_menu_comes_to_every_running_text_of_a_form_and_to_no_title(desk, editor):
    page = desk(editor).get("/admin/faq/question/add/").content.decode()
    assert page.count('data-insert="/admin/publishing/picture/insertions/"') == 1
    assert '"Insert":{"address":"/admin/publishing/picture/insertions/"}' in page.replace("&quot;", '"')
