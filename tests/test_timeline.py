"""What follows from decisions: the state of a use, and what is in force on a day."""

import datetime

import pytest

from therapies import timeline
from therapies.figures import TherapyNumbers
from therapies.models import ApprovalEvent, Indication, Therapy

Kind = ApprovalEvent.Kind
DAYS = [datetime.date(y, m, d) for y, m, d in [(1985, 1, 1), (2000, 6, 1), (2019, 2, 28), (2021, 10, 6), (2026, 10, 8)]]


@pytest.mark.parametrize("day", DAYS)
def test_the_database_and_the_timeline_agree_on_what_is_in_force(db, day):
    by_sql = set(Indication.objects.in_force(day).values_list("pk", flat=True))
    uses = timeline.uses(ApprovalEvent.objects.public().select_related("indication"), day)
    assert by_sql == {use.indication.pk for use in uses if use.in_force}
    slugs = set(Therapy.objects.approved(day).values_list("slug", flat=True))
    assert slugs == {row.therapy for row in TherapyNumbers().in_force(day)}


@pytest.mark.parametrize(
    ("kinds", "state", "words"),
    [
        ([Kind.ACCELERATED, Kind.CONVERTED], "converted", ["Accelerated approval", "Confirmed"]),
        ([Kind.APPROVAL, Kind.APPROVAL], "approved", ["Approved", "Expanded"]),
        ([Kind.ACCELERATED, Kind.WITHDRAWN], "withdrawn", ["Accelerated approval", "Withdrawn"]),
        ([Kind.APPROVAL, Kind.REVOKED], "revoked", ["Approved", "License revoked"]),
        (
            [Kind.ACCELERATED, Kind.CONVERTED, Kind.APPROVAL],
            "converted",
            ["Accelerated approval", "Confirmed", "Expanded"],
        ),
        ([], "none", []),
    ],
)
def test_events_tell_the_state_of_a_use(kinds, state, words):
    assert timeline.state(kinds) == state
    assert timeline.told(kinds) == words
