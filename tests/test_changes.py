"""What one person wants readers to see waits until a second person confirms it. The row stays as it is meanwhile."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from faq.models import Question, Topic
from portal.pages.models import SiteSettings
from portal.publishing import actions, audit, values
from portal.publishing.links import SIGN
from portal.publishing.models import AuditEntry, Change, Source
from therapies.figures import TherapyNumbers
from therapies.models import ApprovalEvent, Biomarker, Cancer, Indication, Therapy, TherapyFact

from . import databases
from .conftest import person

Kind = ApprovalEvent.Kind
MARCH_1, MARCH_2 = datetime.date(2024, 3, 1), datetime.date(2024, 3, 2)
BECAUSE = "The letter names this day."


@pytest.fixture
def change(use, source, pending):
    """Somebody has entered an accelerated approval that we did not have."""
    return pending(ApprovalEvent, indication=use, kind=Kind.ACCELERATED, date=MARCH_1, source=source)


@pytest.fixture
def decision(change, second_data_editor):
    """The same once it is confirmed."""
    actions.confirm(change, by=second_data_editor)
    return ApprovalEvent.objects.get(pk=change.row)


@pytest.fixture
def correction(decision, data_editor):
    """Somebody has proposed another day for it."""
    return actions.propose_change(decision, {"date": MARCH_2}, by=data_editor, because=BECAUSE)


def on(use, kind, date, source):
    return {"indication": use, "kind": kind, "date": date, "source": source}


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


# What cannot be true beside other rows -----------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "date", "said"),
    [
        (Kind.WITHDRAWN, "2024-02-01", "cannot be withdrawn before"),
        (Kind.REVOKED, "2024-02-01", "it cannot end before"),
        (Kind.CONVERTED, "2024-02-01", "Only an accelerated approval can be converted"),
        (Kind.APPROVAL, "2999-01-01", "has not come yet"),
    ],
)
@pytest.mark.parametrize("first", ["pending", "confirmed"])
def test_what_cannot_have_happened_is_refused_with_a_sentence(
    change, pending, second_data_editor, kind, date, said, first
):
    if first == "confirmed":
        actions.confirm(change, by=second_data_editor)
    use = Indication.objects.get(pk=change.after["indication"])
    day = datetime.date.fromisoformat(date)
    with pytest.raises(ValidationError, match=said):
        pending(ApprovalEvent, because="It ended.", **on(use, kind, day, change.source))


def test_a_decision_that_we_have_is_not_entered_again(decision, pending):
    with pytest.raises(ValidationError, match="We have this decision already"):
        pending(ApprovalEvent, **on(decision.indication, decision.kind, decision.date, decision.source))


@pytest.mark.parametrize(("kind", "verb"), [(Kind.WITHDRAWN, "withdraw"), (Kind.REVOKED, "end")])
def test_an_end_needs_an_approval(use, source, pending, kind, verb):
    with pytest.raises(ValidationError, match=f"no approval to {verb}"):
        pending(ApprovalEvent, **on(use, kind, MARCH_1, source))


@pytest.mark.parametrize("end", ApprovalEvent.ENDS)
@pytest.mark.parametrize(("kind", "said"), [(Kind.APPROVAL, "enter a new use"), (Kind.REVOKED, "Correct that")])
def test_nothing_comes_after_an_end(change, use, source, pending, end, kind, said):
    pending(ApprovalEvent, **on(use, end, datetime.date(2025, 1, 1), source))
    with pytest.raises(ValidationError, match=said):
        pending(ApprovalEvent, **on(use, kind, datetime.date(2025, 6, 1), source))


@pytest.mark.parametrize("kind", [Kind.CONVERTED, *ApprovalEvent.ENDS])
def test_an_end_or_a_conversion_is_confirmed_after_what_it_stands_on(
    change, use, kind, source, pending, second_data_editor
):
    later = pending(ApprovalEvent, **on(use, kind, datetime.date(2025, 3, 1), source))
    with pytest.raises(actions.Refused, match="Enter or confirm that"):
        actions.confirm(later, by=second_data_editor)
    actions.confirm(change, by=second_data_editor)
    assert actions.confirm(later, by=second_data_editor).is_confirmed


def test_nothing_stands_on_a_rejected_approval(change, use, source, pending, second_data_editor):
    actions.reject(change, by=second_data_editor, because="It was another drug.")
    with pytest.raises(ValidationError, match="no approval to withdraw"):
        pending(ApprovalEvent, **on(use, Kind.WITHDRAWN, datetime.date(2025, 3, 1), source))


def called_regular(decision, **told):
    actions.propose_change(decision, {"kind": Kind.APPROVAL}, **told)


@pytest.mark.parametrize("take", [actions.propose_removal, called_regular])
def test_a_decision_on_which_others_stand_is_not_taken_from_under_them(decision, confirmed, data_editor, take):
    confirmed(ApprovalEvent, **on(decision.indication, Kind.CONVERTED, datetime.date(2025, 3, 1), decision.source))
    with pytest.raises(ValidationError, match=r"Converted to regular approval, March 1, 2025.* rests on this decision"):
        take(decision, by=data_editor, because="It was another drug.")


def test_the_decisions_that_are_shipped_stand_on_one_another(db):
    for event in ApprovalEvent.objects.select_related("indication"):
        event.check_against(None)


@pytest.mark.parametrize(("kind", "value"), [("market-status", "discontinued"), ("boxed-warning", "Another one")])
def test_readers_never_see_two_answers_to_one_question(kind, value, source, pending, data_editor, second_data_editor):
    there = TherapyFact.objects.get(therapy__slug="naxitamab", kind=kind)
    second = {"therapy": there.therapy, "kind": kind, "value": value, "source": source}
    with pytest.raises(ValidationError, match=f"/desk/facts/{there.pk}/.*Correct that fact"):
        pending(TherapyFact, **second)
    change = actions.propose_change(there, {"value": value}, by=data_editor, because="FDA says so.", source=source)
    actions.confirm(change, by=second_data_editor)  # the one that is there takes the new value
    there.delete()
    waits = pending(TherapyFact, **second)
    with pytest.raises(ValidationError, match=f"/desk/changes/{waits.pk}/.*Answer that first"):
        pending(TherapyFact, **second | {"value": "unknown"})


def test_a_month_counts_from_its_last_day(use, source, confirmed):
    event = confirmed(ApprovalEvent, precision="month", **on(use, Kind.APPROVAL, datetime.date(2024, 2, 1), source))
    assert event.date == datetime.date(2024, 2, 29)


def test_what_had_come_by_a_month_counts_from_its_last_day_and_is_told_so(decision, source, confirmed):
    told = on(decision.indication, Kind.REVOKED, datetime.date(2025, 2, 1), source)
    end = confirmed(ApprovalEvent, precision="by", because="The company asked for it.", **told)
    assert end.affects_patients and end.date == datetime.date(2025, 2, 28)
    assert str(end).startswith("License revoked, by February 2025: pembrolizumab")
    for day, is_in_force in ((27, True), (28, False)):
        allowed = Indication.objects.in_force(datetime.date(2025, 2, day))
        assert allowed.filter(pk=decision.indication_id).exists() is is_in_force


@pytest.mark.parametrize("typed", ["125514", "BLA 125514/S-004", "BLA12551", "125514.0"])
def test_an_application_number_is_written_as_fda_does(typed, source, pending):
    with pytest.raises(ValidationError, match="six digits"):
        pending(TherapyFact, therapy=Therapy.objects.first(), kind="application", value=typed, source=source)


# Several that belong together --------------------------------------------------------------


@pytest.fixture
def group(source, data_editor):
    """A use that we do not have, and the decision that approves it: the decision points to the proposal of the use."""
    told = {"by": data_editor, "source": source}
    given = {"therapy": Therapy.objects.get(slug="naxitamab"), "cancer": Cancer.objects.get(slug="glioblastoma")}
    use = actions.propose_new(Indication, {**given, "code": "new", "setting": "A new setting"}, **told)
    decision = actions.propose_new(ApprovalEvent, on(use, Kind.APPROVAL, MARCH_1, source), **told)
    use.lead([decision])
    decision.refresh_from_db()
    return use, decision


def test_a_group_is_confirmed_as_one_and_its_new_rows_find_each_other(group, second_data_editor):
    _, decision = group
    assert [one.after.get("indication") for one in decision.group()] == [None, {"change": group[0].pk}]
    actions.confirm(decision, by=second_data_editor)  # whichever of them is opened
    event = ApprovalEvent.objects.get(change=decision)
    assert event.indication.setting == "A new setting"
    assert all(one.is_confirmed and one.row for one in Change.objects.filter(pk__in=[one.pk for one in group]))


def test_a_group_is_applied_whole_or_not_at_all(group, second_data_editor):
    use, decision = group
    after = decision.after | {"date": "2999-01-01"}
    Change.objects.filter(pk=decision.pk).update(after=after)
    with pytest.raises(actions.Refused, match="has not come yet"):
        actions.confirm(use, by=second_data_editor)
    assert not Indication.objects.filter(setting="A new setting").exists()
    assert {one.state for one in Change.objects.filter(pk__in=[use.pk, decision.pk])} == {"pending"}
    assert {one.row for one in Change.objects.filter(pk__in=[use.pk, decision.pk])} == {None}


def test_a_group_is_rejected_as_one(group, second_data_editor):
    actions.reject(group[1], by=second_data_editor, because="It is another drug.")
    assert {one.state for one in Change.objects.filter(pk__in=[one.pk for one in group])} == {"rejected"}


def test_who_proposed_any_of_a_group_confirms_none_of_it(group, administrator):
    Change.objects.filter(pk=group[1].pk).update(proposed_by=administrator)
    with pytest.raises(actions.Refused, match="You proposed this change"):
        actions.confirm(group[0], by=administrator)


def test_a_row_that_points_to_a_proposal_waits_for_it(source, data_editor, second_data_editor, group):
    use, _ = group
    more = on(use, Kind.APPROVAL, MARCH_2, source)
    apart = actions.propose_new(ApprovalEvent, more, by=data_editor, source=source)
    with pytest.raises(actions.Refused, match=r"depends on something that isn’t confirmed yet. Confirm that first"):
        actions.confirm(apart, by=second_data_editor)
    actions.confirm(use, by=second_data_editor)
    assert actions.confirm(apart, by=second_data_editor).is_confirmed


# Rejected, corrected, taken back --------------------------------------------------------


def test_a_rejection_needs_a_reason_and_stays(change, second_data_editor):
    with pytest.raises(actions.Refused, match="Say why"):
        actions.reject(change, by=second_data_editor, because="  ")
    actions.reject(change, by=second_data_editor, because="The letter is about another drug.")
    assert change in Change.objects.rejected() and change not in Change.objects.pending()
    with pytest.raises(actions.Refused, match="Sam already rejected this: The letter is about another drug"):
        actions.confirm(change, by=second_data_editor)


def test_its_author_may_take_it_back(change, data_editor):
    actions.reject(change, by=data_editor, because="I read the wrong line.")
    assert change.is_rejected and change.rejected_by == data_editor


def test_a_change_is_answered_once(change, second_data_editor, administrator):
    again = Change.objects.get(pk=change.pk)
    actions.confirm(change, by=second_data_editor)
    for verb, told in ((actions.confirm, {}), (actions.reject, {"because": "Late."})):
        with pytest.raises(actions.Refused, match="Someone else already confirmed this"):
            verb(again, by=administrator, **told)


def test_whoever_corrects_a_proposal_is_its_author(change, data_editor, second_data_editor):
    better = actions.amend(change, {change.pk: {"date": MARCH_2}}, by=second_data_editor)
    change.refresh_from_db()
    assert change.is_rejected and (better.replaces, better.proposed_by) == (change, second_data_editor)
    assert better.after == change.after | {"date": "2024-03-02"} and better.evidence == change.evidence
    with pytest.raises(actions.Refused, match="You proposed this change"):
        actions.confirm(better, by=second_data_editor)
    assert actions.confirm(better, by=data_editor).is_confirmed


def test_a_correction_of_a_group_keeps_it_together(group, second_data_editor, administrator):
    use, decision = group
    better = actions.amend(decision, {use.pk: {"setting": "Another setting"}}, by=second_data_editor)
    assert [one.replaces for one in better.group()] == [use, decision]
    actions.confirm(better, by=administrator)
    assert ApprovalEvent.objects.get(indication__setting="Another setting").date == MARCH_1


def test_a_correction_that_cannot_be_leaves_the_proposal(change, second_data_editor):
    with pytest.raises(ValidationError, match="has not come yet"):
        actions.amend(change, {change.pk: {"date": datetime.date(2999, 1, 1)}}, by=second_data_editor)
    assert Change.objects.get(pk=change.pk).is_pending and not change.replaced_by.exists()


def test_a_correction_changes_something(correction, second_data_editor):
    for same in ({}, {"date": MARCH_2}):
        with pytest.raises(actions.Refused, match="You didn’t change anything"):
            actions.amend(correction, {correction.pk: same}, by=second_data_editor)
    with pytest.raises(actions.Refused, match="We have this already"):
        actions.amend(correction, {correction.pk: {"date": MARCH_1}}, by=second_data_editor)
    assert Change.objects.get(pk=correction.pk).is_pending


def test_what_is_pending_is_taken_back_by_rejecting_it(change, data_editor):
    actions.reverse(change, by=data_editor, because="It was a draft of the letter.")
    assert change.is_rejected and not change.reversed_by.exists()


@pytest.mark.parametrize("verb", ["add", "change", "remove"])
def test_what_was_confirmed_is_taken_back_by_a_change_that_waits(
    decision, correction, data_editor, second_data_editor, verb
):
    if verb == "add":
        done = decision.change
    elif verb == "change":
        done = actions.confirm(correction, by=second_data_editor)
    else:
        done = actions.propose_removal(decision, by=data_editor, because="Another drug.")
        actions.confirm(done, by=second_data_editor)
    state = list(ApprovalEvent.objects.filter(indication=decision.indication).values())
    back = actions.reverse(done, by=second_data_editor, because="The letter was right.")
    assert back.is_pending and back.reverses == done
    assert list(ApprovalEvent.objects.filter(indication=decision.indication).values()) == state
    actions.confirm(back, by=data_editor)
    now = ApprovalEvent.objects.filter(indication=decision.indication).values_list("kind", "date")
    assert list(now) == ([] if verb == "add" else [(Kind.ACCELERATED, MARCH_1)])


def test_a_group_is_taken_back_as_one_the_last_row_first(group, second_data_editor, administrator):
    use, decision = group
    actions.confirm(use, by=second_data_editor)
    back = actions.reverse(use, by=second_data_editor, because="The notice was withdrawn.")
    assert [one.reverses for one in back.group()] == [decision, use]
    actions.confirm(back, by=administrator)
    assert not Indication.objects.filter(setting="A new setting").exists()


def test_what_was_changed_since_is_not_taken_back(correction, decision, data_editor, second_data_editor):
    actions.confirm(correction, by=second_data_editor)
    with pytest.raises(actions.Refused, match="has been changed since"):
        actions.reverse(decision.change, by=data_editor, because="It was another drug.")


# One person alone --------------------------------------------------------------------------


@pytest.fixture
def alone(settings, change, data_editor):
    """Confirmed by its author, in an organisation of one person."""
    settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES = True
    return actions.confirm(change, by=data_editor)


def test_a_setting_lets_one_person_confirm_and_the_change_keeps_it(alone, data_editor):
    assert alone.is_confirmed and alone.confirmed_alone and alone.confirmed_by == data_editor


def test_readers_are_told_beside_the_source_and_on_the_page_about_freshness(alone, client):
    said = "(confirmed by the person who entered it)"
    for address in ("/therapies/pembrolizumab/", "/cancers/neuroblastoma/", "/approvals/?year=all"):
        assert " ".join(client.get(address).content.decode().split()).count(said) == 1, address
    page = client.get("/therapies/pembrolizumab/").content.decode().replace("\n", " ")
    sources = page.split('id="sources"')[1]
    told = "official</span> A fact from this source was confirmed by the person who entered it."
    assert f'FDA letter of a test{SIGN}</a> <span class="badge">{told}' in sources
    told = "FDA decisions: 1 was confirmed by the person who entered it, without a second person."
    assert told in client.get("/about/freshness/").content.decode()


@pytest.mark.parametrize("kind", ["boxed-warning", "side-effects"])
def test_a_warning_that_one_person_confirmed_says_so_beside_its_source(settings, data_editor, client, source, kind):
    settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES = True
    fact = TherapyFact.objects.get(therapy__slug="naxitamab", kind=kind)
    change = actions.propose_change(fact, {"value": "Nausea"}, by=data_editor, because="Read again.", source=source)
    actions.confirm(change, by=data_editor)
    page = " ".join(client.get("/therapies/naxitamab/").content.decode().split())
    assert "Source: <cite>FDA letter of a test</cite>. Confirmed by the person who entered it." in page


def test_readers_are_told_how_many_names_and_links_one_person_changed(settings, administrator, client):
    settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES = True
    site = SiteSettings.objects.get()
    actions.confirm(actions.propose_change(site, {"name": "Ours"}, by=administrator), by=administrator)
    page = client.get("/about/freshness/").content.decode()
    assert "1 other change, such as names, links and settings of this site, was confirmed by the person" in page


def test_nothing_is_said_of_what_two_people_confirmed(decision, client):
    assert "confirmed by the person who" not in client.get("/therapies/pembrolizumab/").content.decode()
    assert "confirmed by the person who" not in client.get("/about/freshness/").content.decode()


def test_with_the_setting_the_screen_offers_its_author_to_confirm(settings, desk, data_editor, change):
    address, button = change.get_absolute_url(), 'value="confirm">Confirm: readers will see it'
    assert button not in desk(data_editor).get(address).content.decode()
    settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES = True
    page = desk(data_editor).get(address).content.decode()
    assert button in page and "the site tells readers that no second person did" in page


# Two people at once ------------------------------------------------------------------------


@pytest.fixture
def shared(template, tmp_path, worker_id, django_db_blocker):
    """A database to which several people write at the same moment, each by a connection of their own."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        copy = stack.enter_context(databases.database(f"{worker_id}-shared", tmp_path, like=template))
        stack.enter_context(databases.connected(copy))
        yield


def test_of_two_people_at_the_same_moment_one_confirms(shared):
    people = [person(name, "Administrator") for name in ("Ada", "Ben", "Cleo")]
    change = actions.propose_change(SiteSettings.objects.get(), {"name": "Ours"}, by=people.pop())

    def answer(somebody):
        try:
            return actions.confirm(Change.objects.get(pk=change.pk), by=somebody).confirmed_by
        except actions.Refused as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        told = list(pool.map(answer, people))
    winner = Change.objects.get(pk=change.pk).confirmed_by
    assert set(map(str, told)) == {str(winner), "Someone else already confirmed this. Nothing changed."}
    assert AuditEntry.objects.filter(verb="confirmed").count() == 1


# What the database holds by itself ---------------------------------------------------------


NOW = "2026-11-01T00:00Z"
REJECTED = {"rejected_at": NOW, "rejected_by": "other", "rejected_because": "Both."}


@pytest.mark.parametrize(
    "columns",
    [
        {"confirmed_at": NOW},
        {"confirmed_at": NOW, "confirmed_by": "author", "row": 1},
        {"confirmed_at": NOW, "confirmed_by": "other"},  # confirmed, and no row
        REJECTED | {"rejected_because": ""},
        {"rejected_because": "Why."},
        {"confirmed_at": NOW, "confirmed_by": "other", "row": 1} | REJECTED,
        {"verb": "ship"},
        {"verb": "change"},  # of no row
    ],
    ids=lambda columns: ",".join(columns),
)
def test_the_database_refuses(change, data_editor, second_data_editor, columns):
    people = {"author": data_editor, "other": second_data_editor}
    values = {name: people.get(value, value) for name, value in columns.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(**values)


def test_the_database_takes_an_answer_of_one_person_only_where_it_says_so(change, data_editor):
    told = {"confirmed_at": NOW, "confirmed_by": data_editor, "row": 1, "confirmed_alone": True}
    assert Change.objects.filter(pk=change.pk).update(**told) == 1


# What is remembered ------------------------------------------------------------------------


def test_the_history_of_a_row_keeps_old_and_new_values(correction, decision, second_data_editor):
    actions.confirm(correction, by=second_data_editor)
    told = [(entry.verb, entry.name, entry.detail) for entry in audit.of(decision)]
    assert told == [
        ("confirmed", "Sam", "Date: March 1, 2024 → March 2, 2024"),
        ("proposed", "Dana", "Date: March 1, 2024 → March 2, 2024"),
        ("confirmed", "Sam", audit.of(decision).last().detail),
    ]
    first = told[-1][-1]
    for words in (
        "Kind: nothing → Accelerated approval",
        "Date: nothing → March 1, 2024",
        "Source: nothing → FDA letter",
    ):
        assert words in first


def test_the_history_keeps_the_values_of_what_was_removed(decision, data_editor, second_data_editor):
    removal = actions.propose_removal(decision, by=data_editor, because="It was another drug.")
    actions.confirm(removal, by=second_data_editor)
    entry = AuditEntry.objects.filter(verb="confirmed").first()
    assert entry.about == removal.about and "Date: March 1, 2024 → nothing" in entry.detail


def test_the_history_of_the_site_tells_the_old_disclaimer(administrator, reviewer):
    site = SiteSettings.objects.get()
    old = site.disclaimer
    actions.confirm(actions.propose_change(site, {"disclaimer": "Ask."}, by=administrator), by=reviewer)
    assert audit.of(site).first().detail == f"Disclaimer: {old} → Ask."


def test_the_history_at_the_desk_shows_the_whole_of_long_values(desk, administrator, reviewer):
    site, ada = SiteSettings.objects.get(), desk(administrator)
    long = " ".join(f"Sentence {number} of a long disclaimer." for number in range(40))
    for words in (long, "Ask your cancer team."):
        change = actions.propose_change(SiteSettings.objects.get(), {"disclaimer": words}, by=administrator)
        actions.confirm(change, by=reviewer)
    page = ada.get(f"/admin/pages/sitesettings/{site.pk}/history/").content.decode()
    assert f"Disclaimer: {long} → Ask your cancer team." in page
    assert page.count("<details><summary>Disclaimer: ") >= 2, "long values are folded"


def test_the_history_tells_what_was_stored_at_once(editor):
    topic = Topic.objects.filter(questions__isnull=False).first()
    done = actions.revise(topic, {"order": topic.order + 7}, by=editor)
    assert (done.at_once, done.pending) == (["order"], None)
    assert audit.of(topic).first().detail == f"Order: {topic.order} → {topic.order + 7}"


# Rows around texts -------------------------------------------------------------------------


def test_of_a_row_that_readers_see_what_they_see_waits_and_the_rest_is_stored(editor):
    topic = Topic.objects.filter(questions__isnull=False).first()
    name = topic.name
    done = actions.revise(topic, {"name": "Another name", "order": 77}, by=editor)
    topic.refresh_from_db()
    assert (topic.name, topic.order) == (name, 77)
    assert done.pending.after == {"name": "Another name"}


def test_a_row_that_nobody_sees_is_changed_at_once(editor):
    topic = Topic.objects.create(name="New")
    assert actions.revise(topic, {"name": "Newer"}, by=editor) == (["name"], None)
    topic.refresh_from_db()
    assert topic.name == "Newer"


def test_a_source_is_seen_once_a_text_that_names_it_is_handed_over(question, editor, reviewer):
    source = Source.objects.create(title="A journal")
    draft = actions.start_draft(question, by=editor)
    words = {"question": "Is it?", "in_short": "It is.", "answer": "<p>Yes.</p>"}
    actions.save_draft(draft, by=editor, sources=[source], **words)
    assert not source.is_seen()
    actions.submit(draft, by=editor)
    assert source.is_seen(), "its words stay as the second person reads them"


def test_a_page_is_seen_from_the_moment_that_a_second_person_schedules_its_text(question, editor, reviewer):
    draft = actions.start_draft(question, by=editor)
    actions.save_draft(draft, by=editor, question="Is it?", in_short="It is.", answer="<p>Yes.</p>")
    actions.submit(draft, by=editor)
    assert not question.is_seen()
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)
    actions.schedule(draft, by=reviewer, at=later)
    assert question.is_seen(), "else its author could give it another address or topic before it goes public"
