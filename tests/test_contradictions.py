"""When a fact changes, the sentences that it may make untrue become tasks, until the text or a person settles them."""

import datetime
import time

import pytest

from portal.publishing import actions, contradictions, sentences
from portal.publishing.models import Contradiction
from therapies.models import ApprovalEvent, Cancer, Indication, Therapy, TherapyFact

from .conftest import ANSWER

pytestmark = pytest.mark.django_db


def event(use, source, kind="approval", **words):
    return ApprovalEvent(indication=use, kind=kind, date=datetime.date(2026, 9, 1), source=source, **words)


def use_of(therapy, cancer):
    therapy, cancer = Therapy.objects.get(slug=therapy), Cancer.objects.get(slug=cancer)
    return Indication.objects.create(therapy=therapy, cancer=cancer, code="in-a-test", setting="In a test")


@pytest.fixture
def says(question, published):
    """Puts sentences before readers."""

    def says(*said):
        return published(question, **(ANSWER | {"answer": "".join(f"<p>{one}</p>" for one in said)}))

    return says


def found(fact):
    return {one.text for one in contradictions.suspects(fact)}


def test_sentences_are_those_that_readers_see():
    rich = "<p>FDA, e.g. in the U.S. today, counts [[approved-uses]] uses. Is &amp; <em>that</em> all?</p>"
    rich += "<ul><li>No</li></ul>"
    assert sentences.split(rich, True) == (
        "FDA, e.g. in the U.S. today, counts … uses.",
        "Is & that all?",
        "No",
    )


NEUROBLASTOMA = {
    "Pembrolizumab is not approved for neuroblastoma.": True,
    "Keytruda was never approved for neuroblastoma.": True,  # an alias
    "FDA looked at pembrolizumab for neuroblastoma in 2019.": True,  # a year
    "No immunotherapy is approved for neuroblastoma.": True,  # names the cancer alone, and says that there is none
    "Four immunotherapies are approved for neuroblastoma.": True,
    "Pembrolizumab is approved for 17 kinds of cancer.": True,  # names the therapy alone, and counts
    "Neuroblastoma begins before the age of five in most children.": False,  # a number that counts no therapies
    "After the first treatment of neuroblastoma, rest.": False,
    "Pembrolizumab enters through a vein every three weeks.": False,
    "Pembrolizumab has [[uses-of: pembrolizumab]] approved uses.": False,  # a computed number follows by itself
    "Nivolumab is not approved for glioblastoma.": False,
    "Pembrolizumabish and neuroblastomatous are no names; not approved, the only ones.": False,  # whole words
}


def test_an_approval_casts_doubt_on_what_names_its_therapy_or_its_cancer_and_says_there_is_none(says, use, source):
    before = found(event(use, source))
    says(*NEUROBLASTOMA)
    new = found(event(use, source)) - before
    assert new == {text for text, doubted in NEUROBLASTOMA.items() if doubted}


def test_the_closest_sentences_come_first_and_say_which_words_matched(says, use, source):
    says("No immunotherapy is approved for neuroblastoma.", "Pembrolizumab is not approved for neuroblastoma.")
    first, *_ = contradictions.suspects(event(use, source))
    assert first.text == "Pembrolizumab is not approved for neuroblastoma."
    assert first.why == "“Pembrolizumab”, “neuroblastoma”, “not approved”"


#: Measured on the shipped texts. A list that grows beyond this drowns whoever has to read it.
CASES = {
    ("pembrolizumab", "neuroblastoma", "approval"): 4,
    ("ipilimumab", "melanoma", "withdrawn"): 4,
    ("atezolizumab", "bladder-cancer", "withdrawn"): 6,
    ("pembrolizumab", "melanoma", "approval"): 5,
}


@pytest.mark.parametrize("case", CASES)
def test_the_list_is_short_on_the_shipped_texts_and_quick(case, source):
    therapy, cancer, kind = case
    fact = event(use_of(therapy, cancer), source, kind)
    assert 1 <= len(found(fact)) <= CASES[case]
    start = time.process_time()
    contradictions.suspects(fact)
    assert time.process_time() - start < 1.5  # it takes 0.03 to 0.13 s of the processor: a guard against running away


def test_a_withdrawal_casts_doubt_on_whatever_names_both(says, use, source):
    said = "Doctors follow pembrolizumab with scans in neuroblastoma."
    says(said)
    assert said in found(event(use, source, "withdrawn")) and said not in found(event(use, source))


def test_the_end_of_sales_casts_doubt_on_what_names_the_therapy_alone(source):
    fact = TherapyFact(therapy=Therapy.objects.get(slug="olaratumab"), kind="market-status", value="withdrawn")
    texts = found(fact)
    assert "An antibody called olaratumab was once approved here, together with chemotherapy." in texts
    assert len(texts) <= 5


def test_confirming_makes_tasks_once_and_a_new_text_ends_them(says, use, source, registrar, second_registrar):
    said = "Pembrolizumab is not approved for neuroblastoma."
    says(said)
    fact = actions.confirm(actions.record(event(use, source), by=registrar), by=second_registrar)
    assert said in {task.row.sentence for task in contradictions.open_tasks()}
    number = Contradiction.objects.count()
    actions.raise_contradictions(fact, by=registrar)
    assert Contradiction.objects.count() == number
    says("Pembrolizumab may be given for neuroblastoma.")
    assert said not in {task.row.sentence for task in contradictions.open_tasks()}


def test_taking_away_what_readers_saw_makes_tasks_too(says, use, source, registrar, second_registrar):
    said = "Pembrolizumab was approved for neuroblastoma in 2026."
    says(said)
    fact = actions.confirm(actions.record(event(use, source), by=registrar), by=second_registrar)
    Contradiction.objects.all().delete()
    actions.reject(fact, by=registrar, because="The letter is about another drug.")
    task = Contradiction.objects.get(sentence=said)
    assert task.about.startswith("Not confirmed any more: Approval, September 1, 2026")


def test_a_refused_confirmation_makes_no_task(says, use, source, registrar):
    says("Pembrolizumab is not approved for neuroblastoma.")
    with pytest.raises(actions.Refused):
        actions.confirm(actions.record(event(use, source), by=registrar), by=registrar)
    assert not Contradiction.objects.exists()


@pytest.fixture
def task(says, use, source, registrar, second_registrar):
    said = "Pembrolizumab is not approved for neuroblastoma."
    says(said)
    actions.confirm(actions.record(event(use, source), by=registrar), by=second_registrar)
    return Contradiction.objects.get(sentence=said)


def test_a_sentence_that_still_holds_is_settled_with_a_reason(task, desk, editor):
    client = desk(editor)
    page = client.post("/desk/sentences/", {"do": "settle", "row": task.pk, "because": " "})
    assert "Say why the sentence still holds" in page.content.decode()
    sent = {"do": "settle", "row": task.pk, "because": "It speaks of 2019."}
    client.post("/desk/sentences/", sent)
    again = client.post("/desk/sentences/", sent)  # a second click
    assert "settled this sentence already" in again.content.decode()
    task.refresh_from_db()
    assert (task.settled_by, task.settled_because) == (editor, "It speaks of 2019.")


def test_one_click_opens_a_draft_that_says_why(task, desk, editor, question):
    client = desk(editor)
    assert task.sentence in client.get("/admin/").content.decode()
    form = client.post("/desk/sentences/", {"do": "draft", "row": task.pk}, follow=True).content.decode()
    draft = question.open_edition()
    assert draft.created_by == editor and draft.change_note.startswith("Brought up to date with what FDA did: Approval")
    assert form.count(task.sentence) >= 2  # said on top, and in the words to mend
    client.post("/desk/sentences/", {"do": "draft", "row": task.pk})  # a second click opens the same draft
    assert question.open_edition() == draft


def test_a_registrar_starts_no_draft(task, desk, registrar, question):
    page = desk(registrar).get("/desk/sentences/").content.decode()
    assert task.sentence in page and "Write a draft" not in page and "Editors see this list" in page
    assert desk(registrar).post("/desk/sentences/", {"do": "draft", "row": task.pk}).status_code == 403
    assert question.open_edition() is None
