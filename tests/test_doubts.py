"""When a fact changes, the sentences that it may make untrue become tasks, until the text or a person settles them."""

import datetime

import pytest

from portal.publishing import actions, doubts, values
from portal.publishing.models import Change, SentenceInDoubt
from therapies.models import ApprovalEvent, Cancer, Indication, Therapy, TherapyFact

from .conftest import ANSWER
from .machine import steps_in_the_time_of

pytestmark = pytest.mark.django_db


SEPTEMBER_1 = datetime.date(2026, 9, 1)


def proposed(model, **given):
    """A change that asks for a new row, without storing it."""
    after = {name: values.to_plain(value) for name, value in given.items()}
    return Change(verb="add", model=model._meta.label_lower, after=after)


def decision(use, kind="approval"):
    return proposed(ApprovalEvent, indication=use, kind=kind, date=SEPTEMBER_1)


def use_of(therapy, cancer):
    therapy, cancer = Therapy.objects.get(slug=therapy), Cancer.objects.get(slug=cancer)
    return Indication.objects.create(therapy=therapy, cancer=cancer, code="in-a-test", setting="In a test")


@pytest.fixture
def says(question, published):
    """Puts sentences before readers."""

    def says(*said):
        return published(question, **(ANSWER | {"answer": "".join(f"<p>{one}</p>" for one in said)}))

    return says


def found(change):
    return {one.text for one in doubts.suspects(change)}


def test_sentences_are_those_that_readers_see():
    rich = "<p>FDA, e.g. in the U.S. today, counts [[approved-uses]] uses. Is &amp; <em>that</em> all?</p>"
    rich += "<ul><li>No</li></ul>"
    assert doubts.split(rich, True) == (
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


def test_an_approval_casts_doubt_on_what_names_its_therapy_or_its_cancer_and_says_there_is_none(says, use):
    before = found(decision(use))
    says(*NEUROBLASTOMA)
    new = found(decision(use)) - before
    assert new == {text for text, doubted in NEUROBLASTOMA.items() if doubted}


def test_the_closest_sentences_come_first_and_say_which_words_matched(says, use):
    says("No immunotherapy is approved for neuroblastoma.", "Pembrolizumab is not approved for neuroblastoma.")
    first, *_ = doubts.suspects(decision(use))
    assert first.text == "Pembrolizumab is not approved for neuroblastoma."
    assert first.why == "“Pembrolizumab”, “neuroblastoma”, “not approved”"


#: Measured on the shipped texts. A list that grows beyond this drowns whoever has to read it.
CASES = {
    ("pembrolizumab", "neuroblastoma", "approval"): 5,
    ("ipilimumab", "melanoma", "withdrawn"): 4,
    ("atezolizumab", "bladder-cancer", "withdrawn"): 6,
    ("pembrolizumab", "melanoma", "approval"): 6,
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_list_is_short_on_the_shipped_texts_and_quick(case, db):
    therapy, cancer, kind = case
    change = decision(use_of(therapy, cancer), kind)
    assert 1 <= len(found(change)) <= CASES[case]
    assert steps_in_the_time_of(lambda: doubts.suspects(change)) < 100  # it takes 3 to 12: a guard against running away


@pytest.mark.parametrize(
    ("said", "is_a_claim"),
    [
        ("Children can get pembrolizumab only if they're at least 12.", False),
        ("You can get pembrolizumab only if your cancer is melanoma.", True),
        ("Neuroblastoma with HLA-A*02:01 uses another test.", False),
    ],
)
def test_an_age_and_a_type_of_tissue_are_no_claims_about_uses(says, use, said, is_a_claim):
    says(said)
    assert (said in found(decision(use))) is is_a_claim


def test_a_withdrawal_casts_doubt_on_whatever_names_both(says, use):
    said = "Doctors follow pembrolizumab with scans in neuroblastoma."
    says(said)
    assert said in found(decision(use, "withdrawn")) and said not in found(decision(use))


def test_the_end_of_sales_casts_doubt_on_what_names_the_therapy_alone(db):
    olaratumab = Therapy.objects.get(slug="olaratumab")
    texts = found(proposed(TherapyFact, therapy=olaratumab, kind="market-status", value="withdrawn"))
    assert "An antibody called olaratumab was once approved together with chemotherapy." in texts
    assert len(texts) <= 5


def test_a_correction_casts_doubt_on_what_says_the_old_value_and_the_new(says, use, source, confirmed, data_editor):
    confirmed(ApprovalEvent, indication=use, kind="approval", date=SEPTEMBER_1, source=source)
    old, new = "Pembrolizumab is approved for neuroblastoma.", "Pembrolizumab is not approved for glioblastoma."
    says(old, new)
    told = {"by": data_editor, "because": "The letter names this one."}
    change = actions.propose_change(use, {"cancer": Cancer.objects.get(slug="glioblastoma")}, **told)
    assert {old, new} <= found(change)


@pytest.fixture
def change(use, source, pending):
    return pending(ApprovalEvent, indication=use, kind="approval", date=SEPTEMBER_1, source=source)


def test_confirming_makes_tasks_once_and_a_new_text_ends_them(says, change, second_data_editor):
    said = "Pembrolizumab is not approved for neuroblastoma."
    says(said)
    assert not SentenceInDoubt.objects.exists(), "what is only proposed makes no task"
    actions.confirm(change, by=second_data_editor)
    task = SentenceInDoubt.objects.get(sentence=said)
    assert (task.change, task.raised_by) == (change, second_data_editor)
    assert task.about.startswith("New: Approval, September 1, 2026: pembrolizumab for Neuroblastoma")
    assert said in {task.row.sentence for task in doubts.open_tasks()}
    says("Pembrolizumab may be given for neuroblastoma.")
    assert said not in {task.row.sentence for task in doubts.open_tasks()}


def test_taking_away_what_readers_saw_makes_tasks_too(says, change, data_editor, second_data_editor):
    said = "Pembrolizumab was approved for neuroblastoma in 2026."
    says(said)
    actions.confirm(change, by=second_data_editor)
    SentenceInDoubt.objects.all().delete()
    event = ApprovalEvent.objects.get(pk=change.row)
    removal = actions.propose_removal(event, by=data_editor, because="The letter is about another drug.")
    actions.confirm(removal, by=second_data_editor)
    assert SentenceInDoubt.objects.get(sentence=said).about.startswith("Removed: Approval, September 1, 2026")


def test_what_takes_a_change_back_ends_its_tasks(says, change, data_editor, second_data_editor):
    old, newer = "Pembrolizumab is not approved for neuroblastoma.", "Pembrolizumab is now approved for neuroblastoma."
    says(old)
    actions.confirm(change, by=second_data_editor)
    says(old, newer)  # written after the change, so it may say what is now taken back
    back = actions.reverse(change, by=data_editor, because="The letter is about another drug.")
    actions.confirm(back, by=second_data_editor)
    first = SentenceInDoubt.objects.get(sentence=old, change=change)
    assert (first.settled_by, first.settled_because) == (second_data_editor, "The change was taken back.")
    assert newer in {task.row.sentence for task in doubts.open_tasks()}


def test_a_refused_confirmation_makes_no_task(says, change, data_editor):
    says("Pembrolizumab is not approved for neuroblastoma.")
    with pytest.raises(actions.Refused):
        actions.confirm(change, by=data_editor)
    assert not SentenceInDoubt.objects.exists()


@pytest.fixture
def task(says, change, second_data_editor):
    said = "Pembrolizumab is not approved for neuroblastoma."
    says(said)
    actions.confirm(change, by=second_data_editor)
    return SentenceInDoubt.objects.get(sentence=said)


def test_a_sentence_that_still_holds_is_settled_with_a_reason(task, desk, editor):
    client = desk(editor)
    page = client.post("/desk/sentences/", {"do": "settle", "row": task.pk, "because": " "})
    assert "Say why the sentence is still true" in page.content.decode()
    sent = {"do": "settle", "row": task.pk, "because": "It speaks of 2019."}
    client.post("/desk/sentences/", sent)
    again = client.post("/desk/sentences/", sent)  # a second click
    assert "already checked this sentence" in again.content.decode()
    task.refresh_from_db()
    assert (task.settled_by, task.settled_because) == (editor, "It speaks of 2019.")


def test_one_click_opens_a_draft_that_says_why(task, desk, editor, question):
    client = desk(editor)
    assert task.sentence in client.get("/admin/").content.decode()
    form = client.post("/desk/sentences/", {"do": "draft", "row": task.pk}, follow=True).content.decode()
    draft = question.open_edition()
    assert draft.created_by == editor and draft.change_note.startswith("Updated. New: Approval")
    assert form.count(task.sentence) >= 2  # said on top, and in the words to mend
    client.post("/desk/sentences/", {"do": "draft", "row": task.pk})  # a second click opens the same draft
    assert question.open_edition() == draft


def test_a_data_editor_starts_no_draft(task, desk, data_editor, question):
    page = desk(data_editor).get("/desk/sentences/").content.decode()
    assert task.sentence in page and "Fix it in a draft" not in page and "Editors see this list" in page
    assert desk(data_editor).post("/desk/sentences/", {"do": "draft", "row": task.pk}).status_code == 403
    assert question.open_edition() is None
