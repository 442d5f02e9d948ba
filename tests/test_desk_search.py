"""Search in the lists of the desk: whole texts, drafts too, however the words are typed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from faq.models import Question
from portal.pages.models import Term
from portal.publishing import actions
from portal.publishing.models import SearchMiss
from therapies.models import Cancer, Therapy, TherapyFact

from .conftest import ANSWER

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]
WORDS = "<p>Some people have Sjögren <strong>syn</strong>drome, and dry eyes.</p>"


@pytest.fixture
def find(desk, editor):
    """The pages of a kind that a search finds, by key, in the order of the list."""
    client = desk(editor)

    def find(model, typed: str, **filters: str) -> list[int]:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        page = client.get(reverse(f"{name}_changelist"), {"q": typed} | filters)
        assert page.status_code == 200
        return [row.pk for row in page.context["cl"].result_list]

    return find


@pytest.mark.parametrize(
    "typed", ["sjogren", "SJÖGREN", "Sjo\u0308gren", "syndrome", "SJÖGREN  dry", "eyes sjögren", "is this new sjogren"]
)
def test_a_text_is_found_by_its_words_whatever_accents_and_case_are_typed(find, question, published, typed):
    published(question, **ANSWER | {"answer": WORDS})
    assert find(Question, typed) == [question.pk]


@pytest.mark.parametrize("typed", ["sjogrenx", "sjogren wet", "strong", "<p>", "<strong>", "%", "_", "\\", "'\"--"])
def test_what_no_text_says_finds_nothing(find, question, published, typed):
    published(question, **ANSWER | {"answer": WORDS})
    assert question.pk not in find(Question, typed)


def test_drafts_are_searched_and_what_was_replaced_or_discarded_is_not(find, question, published, editor):
    published(question, **ANSWER | {"answer": WORDS})
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, answer="<p>Zebra.</p>")
    assert find(Question, "zebra") == find(Question, "sjogren") == [question.pk]
    actions.discard(draft, by=editor)
    assert find(Question, "zebra") == []
    published(question, answer="<p>Other words.</p>")
    assert find(Question, "sjogren") == []


def test_a_word_stands_in_many_texts_and_each_page_is_listed_once(find, db):
    thyroid = {term.pk for term in Term.objects.published() if "thyroid" in str(term.live.words).lower()}
    found = find(Term, "THYROID")
    assert set(found) == thyroid and len(found) == len(thyroid) >= 2


def test_names_and_facts_are_found_beside_the_texts(find, db):
    melanoma = Cancer.objects.get(slug="melanoma")
    assert melanoma.pk in find(Cancer, "Melanoma")
    keytruda = Therapy.objects.get(slug="pembrolizumab")
    assert keytruda.pk in find(Therapy, "keytruda")
    assert len(found := find(Therapy, "pembrolizumab")) == len(set(found))


def test_a_search_is_narrowed_by_the_state_of_the_text(find, question, published, editor):
    published(question, **ANSWER | {"answer": WORDS})
    assert find(Question, "sjogren", state="published") == [question.pk]
    assert find(Question, "sjogren", state="draft") == []
    actions.start_draft(question, by=editor)
    assert find(Question, "sjogren", state="draft") == [question.pk]
    assert find(Question, "sjogren", state="gone") == []


def test_a_search_asks_no_more_questions_than_the_list(desk, editor, db):
    client, address = desk(editor), reverse("admin:pages_term_changelist")
    client.get(address)
    counts = []
    for asked in ({}, {"q": "cell"}):
        with CaptureQueriesContext(connection) as queries:
            client.get(address, asked)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1


def test_one_search_finds_pages_drafts_and_changes_as_far_as_a_person_may_look(
    desk, editor, question, published, pending, source, client
):
    published(question, **ANSWER | {"question": "Is a zebrafish new?"})
    draft = actions.start_draft(Question.objects.get(slug="types"), by=editor)
    actions.save_draft(draft, by=editor, in_short="A zebrafish is none.")
    therapy = Therapy.objects.get(slug="pembrolizumab")
    pending(TherapyFact, therapy=therapy, kind="brand", value="Zebrafish", source=source)
    found = desk(editor).get("/desk/search/", {"q": "zebrafish"}).context
    assert [one.words for one in found["pages"]] == ["Is a zebrafish new?"]
    assert [one.note for one in found["versions"]] == ["Question · draft"]
    assert "Zebrafish" in found["changes"][0].words
    assert client.get("/desk/search/", {"q": "zebrafish"}).status_code == 302
    assert desk(editor).get("/desk/search/", {"q": "zebrafsh"}).context["pages"], "misspelled, too"


def test_words_that_readers_asked_for_in_vain_are_shown_to_editors(desk, editor):
    SearchMiss.objects.create(digest="a", days=3, words="flubber")
    SearchMiss.objects.create(digest="b", days=2)
    page = desk(editor).get("/desk/search/").content.decode()
    assert "flubber" in page and page.count("days, last on") == 1
