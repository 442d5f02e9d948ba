"""The registrars' way to record: a pasted notice becomes drafts that a person compares, then facts that wait."""

import datetime

import pytest
from django.test import RequestFactory

from portal.publishing import actions
from portal.publishing.models import AuditEntry
from therapies.desk import preview
from therapies.figures import Figures
from therapies.models import ApprovalEvent


@pytest.fixture
def waiting(use, source, registrar):
    event = ApprovalEvent(indication=use, kind="approval", date=datetime.date(2024, 3, 1), source=source)
    event.full_clean()
    return actions.record(event, by=registrar)


# What the site would say ------------------------------------------------------------------------------


def test_effects_tell_what_confirming_changes_and_leave_nothing(waiting):
    entries, before = AuditEntry.objects.count(), Figures().approved_uses()
    effects = preview.effects([waiting])
    numbers = {number.label: (number.before, number.after) for number in effects.numbers}
    assert numbers["approved uses"] == (before, before + 1)
    assert [(use.before, use.after) for use in effects.uses] == [("Not on the site", "Approved")]
    addresses = {place.address for place in effects.places}
    assert {"/therapies/pembrolizumab/", "/cancers/neuroblastoma/", "/approvals/", "/"} <= addresses
    waiting.refresh_from_db()
    assert waiting.waits and waiting.recorded_by
    assert Figures().approved_uses() == before and AuditEntry.objects.count() == entries


def test_a_page_is_shown_as_it_will_be_and_stays_as_it_was(waiting, client, registrar):
    request = RequestFactory().get("/desk/preview/")
    request.user = registrar
    page = preview.page_as_if(request, [waiting], waiting.indication.therapy)
    assert "After everything else" in page.content.decode() and preview.BANNER in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert "After everything else" not in client.get("/therapies/pembrolizumab/").content.decode()
    page = preview.page_as_if(request, [waiting], waiting.indication.cancer)
    assert "After everything else" in page.content.decode()
