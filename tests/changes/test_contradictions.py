"""What cannot be true, by itself or beside other rows, is refused with a sentence."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from portal.publishing import actions
from therapies.models import ApprovalEvent, Indication, Therapy, TherapyFact

from .conftest import MARCH_1, Kind, on


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
