"""The index of the search: the verbs write it, and it holds what readers see."""

import pytest

from faq.models import Question
from portal.pages.models import Section
from portal.publishing import actions, rooms
from portal.publishing.models import SearchEntry
from portal.publishing.search import indexing
from portal.publishing.search.suggesting import suggest
from therapies.fact_kinds import FactKind
from therapies.models import Therapy, TherapyFact

from ..conftest import ANSWER
from ..public import PAGE_MODELS
from .asking import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(15)]


def test_the_verbs_write_the_index(question, published, reviewer):
    zebra = ANSWER | {"question": "Is a zebrafish new?"}
    edition = published(question, **zebra)
    assert addresses("zebrafish") == ["/faq/a-new-question/"]
    draft = actions.start_draft(question, by=reviewer)
    actions.save_draft(draft, by=reviewer, answer="<p>Quagga.</p>")
    assert addresses("quagga", exactly=True) == []
    actions.discard(draft, by=reviewer)
    actions.unpublish(edition, by=reviewer, because="It was out of date.")
    assert addresses("zebrafish", exactly=True) == [] and indexing.faults() == []


def test_a_page_keeps_its_title_beside_the_other_names_that_its_kind_declares(question, published, monkeypatch):
    kinds = [kind._replace(found_by=("slug",)) if kind.model is Question else kind for kind in rooms.page_kinds()]
    monkeypatch.setattr(rooms, "page_kinds", lambda: kinds)
    published(question, **ANSWER | {"question": "Is a zebrafish new?"})
    entry = SearchEntry.objects.get(page=question)
    assert entry.title == "Is a zebrafish new?"
    assert [name for _, name, *_ in entry.names][:2] == ["Is a zebrafish new?", "a-new-question"]


def test_a_confirmed_name_is_found_and_one_that_waits_is_not(pending, second_data_editor, source):
    therapy = Therapy.objects.get(slug="pembrolizumab")
    change = pending(TherapyFact, therapy=therapy, kind=FactKind.BRAND, value="Xyzzymab", source=source)
    assert addresses("xyzzymab", exactly=True) == [] and suggest("xyzzym") == []
    actions.confirm(change, by=second_data_editor)
    assert addresses("xyzzymab") == ["/therapies/pembrolizumab/"] and indexing.faults() == []


@pytest.mark.slow
def test_moved_pages_are_found_at_their_new_addresses(editor, administrator):
    """One of each kind. No page moves while another takes its address from it."""
    for model in PAGE_MODELS:
        if model is not Section:  # which is a part of a larger page
            pages = model.objects.published()
            page = pages.filter(slug="melanoma").first() or pages.first()
            actions.confirm(actions.move(page, f"moved-{page.slug}", by=editor).pending, by=administrator)
    assert addresses("melanoma")[0] == "/cancers/moved-melanoma/"
    assert indexing.faults() == []


def test_faults_are_told_and_mended():
    SearchEntry.objects.filter(address="/cancers/melanoma/").update(title="Other", heads="other")
    SearchEntry.objects.filter(address="/faq/types/").delete()
    SearchEntry.objects.create(address="/nowhere/", title="Nowhere", heads="nowhere")
    assert [fault.split()[0] for fault in indexing.faults()] == ["/nowhere/", "/faq/types/", "/cancers/melanoma/"]
    assert indexing.rebuild() == 3 and indexing.faults() == [] and indexing.rebuild() == 0
    assert addresses("nowhere", exactly=True) == []


def test_everything_that_readers_see_is_in_the_index():
    shown = {page.get_absolute_url() for page in Question.objects.published()}
    assert shown <= set(SearchEntry.objects.values_list("address", flat=True))
