"""A change is rejected with a reason, corrected under another author’s name, or taken back by one that waits too."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from portal.publishing import actions
from portal.publishing.models import Change
from therapies.models import ApprovalEvent

from .conftest import MARCH_1, MARCH_2, Kind


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


def test_whoever_corrects_a_proposal_is_its_author(change, data_editor, second_data_editor):
    better = actions.amend(change, {change.pk: {"date": MARCH_2}}, by=second_data_editor)
    change.refresh_from_db()
    assert change.is_rejected and (better.replaces, better.proposed_by) == (change, second_data_editor)
    assert better.after == change.after | {"date": "2024-03-02"} and better.evidence == change.evidence
    with pytest.raises(actions.Refused, match="You proposed this change"):
        actions.confirm(better, by=second_data_editor)
    assert actions.confirm(better, by=data_editor).is_confirmed


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


def test_what_was_changed_since_is_not_taken_back(correction, decision, data_editor, second_data_editor):
    actions.confirm(correction, by=second_data_editor)
    with pytest.raises(actions.Refused, match="has been changed since"):
        actions.reverse(decision.change, by=data_editor, because="It was another drug.")
