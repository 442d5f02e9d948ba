"""Facts are recorded by one person and confirmed by another; readers see confirmed ones only."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.publishing import actions
from therapies import timeline
from therapies.figures import TherapyNumbers
from therapies.models import ApprovalEvent, Indication, Therapy, TherapyFact

Kind = ApprovalEvent.Kind


@pytest.fixture
def event(use, source, registrar):
    event = ApprovalEvent(indication=use, kind=Kind.ACCELERATED, date=datetime.date(2024, 3, 1), source=source)
    event.full_clean()
    return actions.record(event, by=registrar)


def test_a_recorded_event_is_hidden_until_a_second_person_confirms_it(event, registrar, second_registrar):
    before = TherapyNumbers().approved_uses()
    assert event not in ApprovalEvent.objects.public()
    with pytest.raises(actions.Refused, match="another person must confirm"):
        actions.confirm(event, by=registrar)
    actions.confirm(event, by=second_registrar)
    assert event in ApprovalEvent.objects.public()
    assert TherapyNumbers().approved_uses() == before + 1


def test_a_fact_is_confirmed_once(event, second_registrar, administrator):
    actions.confirm(event, by=second_registrar)
    with pytest.raises(actions.Refused, match="confirmed this fact already"):
        actions.confirm(event, by=administrator)


def test_a_changed_fact_waits_for_a_second_person_again(event, second_registrar):
    actions.confirm(event, by=second_registrar)
    event.date = datetime.date(2024, 3, 2)
    actions.record(event, by=second_registrar)
    assert not event.is_confirmed


@pytest.mark.parametrize("kind", [Kind.CONVERTED, Kind.WITHDRAWN])
def test_an_end_or_a_conversion_is_confirmed_after_what_it_stands_on(event, kind, source, registrar, second_registrar):
    later = ApprovalEvent(indication=event.indication, kind=kind, date=datetime.date(2025, 3, 1), source=source)
    later.because = "A further study ended."
    later.full_clean()
    actions.record(later, by=registrar)
    with pytest.raises(actions.Refused, match="Confirm that one first"):
        actions.confirm(later, by=second_registrar)
    actions.confirm(event, by=second_registrar)
    assert actions.confirm(later, by=second_registrar).is_confirmed


def test_nothing_stands_on_a_rejected_approval(event, source, registrar):
    actions.reject(event, by=registrar, because="It was another drug.")
    end = ApprovalEvent(indication=event.indication, kind=Kind.WITHDRAWN, date=datetime.date(2025, 3, 1), source=source)
    with pytest.raises(ValidationError, match="no approval to withdraw"):
        end.full_clean()


def test_a_fact_without_source_is_not_confirmed(second_registrar):
    fact = TherapyFact.objects.waiting().filter(source=None).first()
    with pytest.raises(actions.Refused, match="no source"):
        actions.confirm(fact, by=second_registrar)
    with pytest.raises(IntegrityError), transaction.atomic():
        TherapyFact.objects.filter(pk=fact.pk).update(confirmed_at="2026-01-01T00:00Z", confirmed_by=second_registrar)


def test_the_database_refuses_a_recorder_as_second_person(event, registrar):
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovalEvent.objects.filter(pk=event.pk).update(confirmed_at="2026-01-01T00:00Z", confirmed_by=registrar)


@pytest.mark.parametrize(
    ("kind", "date", "said"),
    [
        (Kind.WITHDRAWN, "2024-02-01", "cannot be withdrawn before"),
        (Kind.CONVERTED, "2024-02-01", "Only an accelerated approval can be converted"),
        (Kind.ACCELERATED, "2024-03-01", "recorded already"),
        (Kind.APPROVAL, "2999-01-01", "has not come yet"),
    ],
)
def test_what_cannot_have_happened_is_refused_with_a_sentence(event, source, kind, date, said):
    wrong = ApprovalEvent(indication=event.indication, kind=kind, date=datetime.date.fromisoformat(date), source=source)
    with pytest.raises(ValidationError, match=said):
        wrong.full_clean()


def test_an_event_needs_a_source(use):
    with pytest.raises(ValidationError, match="Every event needs a source"):
        ApprovalEvent(indication=use, kind=Kind.APPROVAL, date=datetime.date(2024, 3, 1)).full_clean()


def test_a_withdrawal_needs_an_approval(use, source):
    with pytest.raises(ValidationError, match="no approval to withdraw"):
        ApprovalEvent(indication=use, kind=Kind.WITHDRAWN, date=datetime.date(2024, 3, 1), source=source).full_clean()


def test_nothing_is_granted_after_a_withdrawal(event, source, registrar):
    end = ApprovalEvent(indication=event.indication, kind=Kind.WITHDRAWN, date=datetime.date(2025, 1, 1), source=source)
    end.because = "The further study did not confirm the benefit."
    end.full_clean()
    actions.record(end, by=registrar)
    again = ApprovalEvent(
        indication=event.indication, kind=Kind.APPROVAL, date=datetime.date(2025, 6, 1), source=source
    )
    with pytest.raises(ValidationError, match="record a new use"):
        again.full_clean()


@pytest.mark.parametrize(
    ("kind", "value"), [("market-status", "discontinued"), ("market-status", "withdrawn"), ("boxed-warning", "Yes")]
)
def test_what_patients_feel_needs_a_reason(kind, value, source, registrar, second_registrar):
    therapy = Therapy.objects.get(slug="naxitamab")
    therapy.facts.filter(kind=kind).delete()
    fact = TherapyFact(therapy=therapy, kind=kind, value=value, source=source)
    with pytest.raises(ValidationError, match="Patients are affected by this"):
        fact.full_clean()
    actions.record(fact, by=registrar)
    with pytest.raises(actions.Refused, match="nobody has said why"):
        actions.confirm(fact, by=second_registrar)
    fact.because = "The company stopped it."
    fact.full_clean()
    actions.record(fact, by=registrar)
    assert actions.confirm(fact, by=second_registrar).is_confirmed


@pytest.mark.parametrize(("kind", "value"), [("market-status", "discontinued"), ("boxed-warning", "Another one")])
def test_readers_never_see_two_answers_to_one_question(kind, value, source, registrar, second_registrar):
    there = TherapyFact.objects.get(therapy__slug="naxitamab", kind=kind)
    second = TherapyFact(therapy=there.therapy, kind=kind, value=value, source=source, because="FDA says so.")
    with pytest.raises(ValidationError, match=f"/desk/inbox/facts/{there.pk}/.*Correct that fact"):
        second.full_clean()
    there.value, there.because = value, "FDA says so."
    there.full_clean()  # the one that is there takes the new value
    actions.reject(there, by=second_registrar, because="It is another therapy.")
    second.value = "withdrawn"
    second.full_clean()


def test_a_change_of_what_readers_saw_needs_a_reason_of_its_own(event, second_registrar):
    actions.confirm(event, by=second_registrar)
    event.full_clean()  # nothing changed, so nothing is asked
    event.date = datetime.date(2024, 3, 2)
    with pytest.raises(ValidationError, match="Say in a sentence why it changes"):
        event.full_clean()
    event.because = "The letter is a day older."
    event.full_clean()


def test_a_fact_that_was_changed_meanwhile_is_not_confirmed_unseen(event, registrar, second_registrar):
    shown = ApprovalEvent.objects.get(pk=event.pk)
    actions.record(event, by=registrar)
    with pytest.raises(actions.Refused, match="changed this fact since you opened it"):
        actions.confirm(shown, by=second_registrar)
    assert not ApprovalEvent.objects.get(pk=event.pk).is_confirmed


def test_a_month_counts_from_its_last_day(use, source):
    event = ApprovalEvent(
        indication=use, kind=Kind.APPROVAL, date=datetime.date(2024, 2, 1), precision="month", source=source
    )
    event.full_clean()
    assert event.date == datetime.date(2024, 2, 29)


@pytest.mark.parametrize("typed", ["125514", "BLA 125514/S-004", "BLA12551", "125514.0"])
def test_an_application_number_is_written_as_fda_does(typed, db):
    fact = TherapyFact(therapy=Therapy.objects.first(), kind="application", value=typed)
    with pytest.raises(ValidationError, match="six digits"):
        fact.full_clean()


DAYS = [datetime.date(y, m, d) for y, m, d in [(1985, 1, 1), (2000, 6, 1), (2019, 2, 28), (2021, 10, 6), (2026, 10, 8)]]


@pytest.mark.parametrize("on", DAYS)
def test_the_database_and_the_timeline_agree_on_what_is_in_force(db, on):
    by_sql = set(Indication.objects.in_force(on).values_list("pk", flat=True))
    uses = timeline.uses(ApprovalEvent.objects.public().select_related("indication"), on)
    assert by_sql == {use.indication.pk for use in uses if use.in_force}
    slugs = set(Therapy.objects.approved(on).values_list("slug", flat=True))
    assert slugs == {row.therapy for row in TherapyNumbers().in_force(on)}


@pytest.mark.parametrize(
    ("kinds", "state", "words"),
    [
        ([Kind.ACCELERATED, Kind.CONVERTED], "converted", ["Accelerated approval", "Confirmed"]),
        ([Kind.APPROVAL, Kind.APPROVAL], "approved", ["Approved", "Widened"]),
        ([Kind.ACCELERATED, Kind.WITHDRAWN], "withdrawn", ["Accelerated approval", "Withdrawn"]),
        (
            [Kind.ACCELERATED, Kind.CONVERTED, Kind.APPROVAL],
            "converted",
            ["Accelerated approval", "Confirmed", "Widened"],
        ),
        ([], "none", []),
    ],
)
def test_events_tell_the_state_of_a_use(kinds, state, words):
    assert timeline.state(kinds) == state
    assert timeline.told(kinds) == words
