"""An approval that somebody entered, once it is confirmed, and once another day is proposed for it."""

import datetime

import pytest

from portal.publishing import actions
from therapies.models import ApprovalEvent

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
