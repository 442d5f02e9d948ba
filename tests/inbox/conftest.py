"""A pending change, its address in the inbox, and who opens it."""

import datetime

import pytest

from portal.publishing.models import Change
from therapies.models import ApprovalEvent

INBOX = "/desk/inbox/"
MARCH_1 = datetime.date(2026, 3, 1)


@pytest.fixture
def change(use, source, pending):
    return pending(ApprovalEvent, indication=use, kind="accelerated-approval", date=MARCH_1, source=source)


@pytest.fixture
def address(change):
    return change.get_absolute_url()


@pytest.fixture
def sam(desk, second_data_editor):
    return desk(second_data_editor)


def confirm(client, address, **sent):
    return client.post(address, {"do": "confirm", "seen": client.get(address).context["seen"], **sent})


def state(change) -> str:
    return Change.objects.get(pk=change.pk).state
