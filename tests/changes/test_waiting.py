"""What one person wants readers to see waits until a second person confirms it. The row stays as it is meanwhile."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from faq.models import Question, Topic
from portal.pages.models import SiteSettings
from portal.publishing import actions, audit, values
from portal.publishing.models import Change
from therapies.figures import TherapyNumbers
from therapies.models import ApprovalEvent, Biomarker, Indication, Therapy, TherapyFact

from .conftest import BECAUSE, MARCH_1, MARCH_2, Kind, on

# A new row ---------------------------------------------------------------------------------


def test_a_proposal_is_no_row_until_a_second_person_confirms_it(change, data_editor, second_data_editor):
    before = TherapyNumbers().approved_uses()
    assert change.is_pending and not ApprovalEvent.objects.filter(date=MARCH_1, kind=Kind.ACCELERATED).exists()
    actions.confirm(change, by=second_data_editor)
    event = ApprovalEvent.objects.get(pk=change.row)
    assert event in ApprovalEvent.objects.public() and TherapyNumbers().approved_uses() == before + 1
    assert (event.change, event.source, event.because) == (change, change.source, "A test asked for it.")
    assert (change.confirmed_by, change.confirmed_alone) == (second_data_editor, False)


def test_its_author_does_not_confirm_it(change, data_editor):
    with pytest.raises(actions.Refused, match="You proposed this change, so another person must confirm it"):
        actions.confirm(change, by=data_editor)
    assert Change.objects.get(pk=change.pk).is_pending and change.row is None


@pytest.mark.parametrize("other_way", [False, True])
def test_whoever_set_up_the_account_of_the_other_is_told_to_everybody(
    desk, change, data_editor, second_data_editor, editor, other_way
):
    sam = desk(second_data_editor)
    assert "set up" not in sam.get(change.get_absolute_url()).content.decode()
    made, maker = (data_editor, second_data_editor) if other_way else (second_data_editor, data_editor)
    audit.note("added", made, by=maker)
    said = f"{maker} set up {made}’s account, and one of them checks the other’s work here."
    assert said in sam.get(change.get_absolute_url()).content.decode()
    actions.confirm(change, by=second_data_editor)
    assert said in desk(editor).get(change.get_absolute_url()).content.decode()
    assert audit.of(change.governed(pk=change.row)).get(verb="confirmed").detail.endswith(said)


def test_an_account_that_was_set_up_through_another_one_is_told_as_well(
    desk, change, data_editor, second_data_editor, editor, administrator
):
    audit.note("added", administrator, by=data_editor)
    audit.note("added", editor, by=administrator)
    sam = desk(second_data_editor)
    assert "set up" not in sam.get(change.get_absolute_url()).content.decode()
    audit.note("added", data_editor, by=administrator)  # round in a circle
    audit.note("password link made", second_data_editor, by=administrator)
    way = f"{administrator} set up {second_data_editor}’s account, and {data_editor} set up {administrator}’s account"
    assert (
        f"{way}, and one of them checks the other’s work here." in sam.get(change.get_absolute_url()).content.decode()
    )


def test_a_second_click_proposes_nothing_and_somebody_else_is_told(change, data_editor, second_data_editor):
    given = on(change.after["indication"], Kind.ACCELERATED, MARCH_1, change.source)
    given["indication"] = Indication.objects.get(pk=given["indication"])
    told = {"source": change.source, "because": "A test asked for it."}
    assert actions.propose_new(ApprovalEvent, given, by=data_editor, **told) == change
    with pytest.raises(actions.Refused, match=r"Dana already proposed this. It is pending"):
        actions.propose_new(ApprovalEvent, given, by=second_data_editor, **told)


def test_a_fact_needs_a_source_when_it_is_proposed(use, pending):
    with pytest.raises(ValidationError, match="Every fact needs a source"):
        pending(ApprovalEvent, indication=use, kind=Kind.APPROVAL, date=MARCH_1)


def test_what_came_with_the_software_without_a_source_is_not_confirmed(second_data_editor):
    change = Change.objects.pending().filter(source=None).first()
    with pytest.raises(actions.Refused, match="has no source"):
        actions.confirm(change, by=second_data_editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        TherapyFact.objects.create(therapy=Therapy.objects.first(), kind="brand", value="Without a source")


def test_a_change_is_answered_once(change, second_data_editor, administrator):
    again = Change.objects.get(pk=change.pk)
    actions.confirm(change, by=second_data_editor)
    for verb, told in ((actions.confirm, {}), (actions.reject, {"because": "Late."})):
        with pytest.raises(actions.Refused, match="Someone else already confirmed this"):
            verb(again, by=administrator, **told)


# Another value of a row --------------------------------------------------------------------


def test_readers_see_the_old_value_until_the_new_one_is_confirmed(correction, decision, second_data_editor):
    decision.refresh_from_db()
    assert decision.date == MARCH_1 and decision in ApprovalEvent.objects.public()
    assert (correction.before, correction.after) == ({"date": "2024-03-01"}, {"date": "2024-03-02"})
    actions.confirm(correction, by=second_data_editor)
    decision.refresh_from_db()
    assert (decision.date, decision.because, decision.change) == (MARCH_2, BECAUSE, correction)


def test_a_correction_of_what_readers_see_needs_a_reason_of_its_own(decision, data_editor):
    with pytest.raises(ValidationError, match="say in a sentence why it should change"):
        actions.propose_change(decision, {"date": MARCH_2}, by=data_editor)


def test_the_same_rows_in_a_list_are_no_change(use, change, data_editor):
    tests = Biomarker.objects.all()
    use.biomarkers.set(tests)
    with pytest.raises(actions.Refused, match="nothing to change"):
        actions.propose_change(use, {"biomarkers": tests.order_by("?")}, by=data_editor, because=BECAUSE)
    assert values.to_plain([change, 100, 9]) == [9, 100, {"change": change.pk}]


def test_the_same_value_is_no_change(decision, data_editor):
    with pytest.raises(actions.Refused, match="nothing to change"):
        actions.propose_change(decision, {"date": MARCH_1}, by=data_editor, because=BECAUSE)


def test_a_row_that_moved_meanwhile_is_not_overwritten(correction, decision, administrator, second_data_editor):
    other = actions.propose_change(
        decision, {"date": datetime.date(2024, 3, 3)}, by=administrator, because="Read again."
    )
    actions.confirm(other, by=second_data_editor)
    with pytest.raises(actions.Refused, match=r"This has changed since the change was proposed \(Date\)"):
        actions.confirm(correction, by=second_data_editor)
    decision.refresh_from_db()
    assert decision.date == datetime.date(2024, 3, 3) and Change.objects.get(pk=correction.pk).is_pending


def test_several_fields_of_a_row_wait_apart(editor, reviewer):
    site = SiteSettings.objects.get()
    name = actions.propose_change(site, {"name": "Another name"}, by=editor)
    words = actions.propose_change(site, {"disclaimer": "Ask your doctor."}, by=editor)
    for change in (words, name):
        actions.confirm(change, by=reviewer)
    site.refresh_from_db()
    assert (site.name, site.disclaimer) == ("Another name", "Ask your doctor.")


def test_many_to_many_fields_wait_as_well(editor, reviewer):
    page = Question.objects.published().first()
    therapies = list(Therapy.objects.order_by("?")[:2])
    before = set(page.therapies.all())
    change = actions.propose_change(page, {"therapies": therapies}, by=editor)
    assert set(page.therapies.all()) == before
    actions.confirm(change, by=reviewer)
    assert set(page.therapies.all()) == set(therapies)


@pytest.mark.parametrize(
    ("kind", "value"), [("market-status", "discontinued"), ("market-status", "withdrawn"), ("boxed-warning", "Yes")]
)
def test_what_affects_patients_needs_a_reason(kind, value, source, pending):
    therapy = Therapy.objects.get(slug="naxitamab")
    therapy.facts.filter(kind=kind).delete()
    given = {"therapy": therapy, "kind": kind, "value": value, "source": source}
    with pytest.raises(ValidationError, match="This change affects patients, so it needs a reason"):
        pending(TherapyFact, because=" ", **given)
    assert pending(TherapyFact, because="The company stopped it.", **given).affects_patients


# A removal ---------------------------------------------------------------------------------


def test_a_removal_waits_and_keeps_what_was_there(decision, data_editor, second_data_editor):
    removal = actions.propose_removal(decision, by=data_editor, because="It was another drug.")
    assert decision in ApprovalEvent.objects.public()
    actions.confirm(removal, by=second_data_editor)
    assert not ApprovalEvent.objects.filter(pk=decision.pk).exists()
    assert removal.before["date"] == "2024-03-01" and removal.row == decision.pk


def test_what_readers_see_is_not_removed_without_a_reason(decision, data_editor):
    with pytest.raises(ValidationError, match="say in a sentence why it should change"):
        actions.propose_removal(decision, by=data_editor)


def test_a_row_that_others_point_to_stays_and_says_so(question, administrator, reviewer):
    removal = actions.propose_removal(question.topic, by=administrator)
    with pytest.raises(actions.Refused, match="refers to it"):
        actions.confirm(removal, by=reviewer)
    assert Topic.objects.filter(pk=question.topic_id).exists()


def test_a_use_goes_with_its_decisions_or_not_at_all(use, decision, data_editor, second_data_editor):
    told = {"by": data_editor, "because": "It is no use."}
    with pytest.raises(ValidationError, match="FDA decisions rest on this use"):
        actions.propose_removal(use, **told)
    first = actions.propose_removal(decision, **told)
    removal = actions.propose_removal(use, **told)
    with pytest.raises(actions.Refused, match="FDA decisions rest on this use"):
        actions.confirm(removal, by=second_data_editor)
    assert Indication.objects.filter(pk=use.pk).exists()
    actions.confirm(first, by=second_data_editor)
    actions.confirm(removal, by=second_data_editor)
    assert not Indication.objects.filter(pk=use.pk).exists()


def test_a_removal_of_what_is_gone_is_refused(decision, data_editor, administrator, second_data_editor):
    first = actions.propose_removal(decision, by=data_editor, because="It was another drug.")
    correction = actions.propose_change(decision, {"date": MARCH_2}, by=administrator, because=BECAUSE)
    actions.confirm(first, by=second_data_editor)
    with pytest.raises(actions.Refused, match="is no longer there"):
        actions.confirm(correction, by=second_data_editor)
