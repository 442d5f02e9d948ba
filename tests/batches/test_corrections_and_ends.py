"""A file's corrections, ends and conversions wait like those of a person."""

import datetime

import pytest

from portal.publishing import actions as floor
from portal.publishing.models import Change
from therapies.compare.findings import proposal_of
from therapies.compare.proposals import NewEvent
from therapies.desk import actions
from therapies.models import ApprovalEvent, Indication, TherapyFact

from .. import fda_files as files
from ..fda_files import REVOKED
from ..imports import accept, keep
from .conftest import known, told, values

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


LUMOXITI = {"brand": "Lumoxiti", "name": "moxetumomab pasudotox", "approved": "13-Sep-18"}


def test_a_correction_waits_and_so_does_its_reverse(data_editor, second_data_editor, client):
    fact = TherapyFact.objects.get(therapy__slug="pembrolizumab", kind="market-status")
    before = known()

    def taken_off():
        return "Taken off the market" in client.get("/therapies/pembrolizumab/").content.decode()

    batch = keep(REVOKED, by=data_editor)
    done, row = accept(batch, "Voluntarily Revoked", data_editor)
    change = row.change
    assert (done.corrected, change.row, change.after["value"], known()) == (1, fact.pk, "withdrawn", before)
    assert change.is_pending and "Voluntarily Revoked" in change.because and change.source == batch.source
    floor.confirm(change, by=second_data_editor)
    fact.refresh_from_db()
    assert taken_off() and (fact.value, fact.source) == ("withdrawn", batch.source)

    done = actions.undo(batch, by=data_editor, because="The file was wrong.")
    back = change.reversed_by.get()
    assert (done.corrected, back.is_pending) == (1, True) and taken_off(), "readers see no difference yet"
    floor.confirm(back, by=second_data_editor)
    assert told(known()) == told(before) and not taken_off()


def test_another_value_does_not_keep_the_day_of_the_old_one(data_editor, second_data_editor):
    fact = TherapyFact.objects.get(therapy__slug="moxetumomab-pasudotox", kind="market-status")
    before, sold = known(), files.product(number="761104", **LUMOXITI)
    batch = keep(files.purple_book(sold), by=data_editor)
    change = accept(batch, "moxetumomab-pasudotox: Rx", data_editor)[1].change
    floor.confirm(change, by=second_data_editor)
    was = str(fact.date)
    fact.refresh_from_db()
    assert (fact.value, fact.date, was) == ("marketed", None, "2023-07-31")
    actions.undo(batch, by=data_editor, because="No.")
    floor.confirm(change.reversed_by.get(), by=second_data_editor)
    assert told(known()) == told(before)


def test_a_number_that_brings_a_brand_proposes_both(data_editor):
    data = files.purple_book(files.product(number="103767", brand="Ontak", name="denileukin diftitox"))
    batch = keep(data, by=data_editor)
    group = accept(batch, "Ontak", data_editor)[1].change.group()
    assert [values(change) for change in group] == [("application", "BLA103767"), ("brand", "Ontak")]
    assert keep(data, by=data_editor) == batch, "the same file has nothing new"
    actions.undo(batch, by=data_editor, because="No.")
    assert not Change.objects.pending().filter(proposed_by=data_editor).exists()


def test_what_somebody_changed_since_is_not_undone_but_told(data_editor, second_data_editor):
    batch = keep(REVOKED, by=data_editor)
    change = accept(batch, "Voluntarily Revoked", data_editor)[1].change
    floor.confirm(change, by=second_data_editor)
    fact = TherapyFact.objects.get(pk=change.row)
    other = floor.propose_change(fact, {"value": "discontinued"}, by=second_data_editor, because="Only sales ended.")
    floor.confirm(other, by=data_editor)
    done = actions.undo(batch, by=data_editor, because="The file was wrong.")
    fact.refresh_from_db()
    assert fact.value == "discontinued" and "has been changed since" in done.told[0]
    assert not change.reversed_by.exists()


def test_what_rests_on_another_source_now_outlives_its_batch(book, data_editor, second_data_editor, source):
    change = accept(book, "Newsimilar", data_editor)[1].change
    floor.confirm(change, by=second_data_editor)
    fact = TherapyFact.objects.get(value="Newsimilar")
    other = floor.propose_change(fact, {"source": source}, by=data_editor, because="The letter says so.", source=source)
    floor.confirm(other, by=second_data_editor)
    done = actions.undo(book, by=data_editor, because="The file was cut short.")
    assert (done.made, done.corrected) == (0, 0) and "has been changed since" in done.told[0]
    assert TherapyFact.objects.get(value="Newsimilar").source == source


@pytest.fixture
def accelerated(use, source, confirmed):
    return confirmed(ApprovalEvent, indication=use, kind="accelerated-approval", date="2021-03-03", source=source)


def test_an_end_or_conversion_of_the_one_use_of_its_day_is_an_event(accelerated, use, data_editor):
    ended = keep(
        files.page(files.WITHDRAWN, [["Keytruda (pembrolizumab)", "For a test", "3/3/2021", "4/4/2023"]]),
        by=data_editor,
    )
    change = accept(ended, "Keytruda", data_editor)[1].change
    assert change.governed is ApprovalEvent and change.is_pending and "For a test" in change.because
    assert change.after | {"indication": use.pk, "kind": "withdrawn", "date": "2023-04-04"} == change.after
    actions.undo(ended, by=data_editor, because="Wrong use.")
    change.refresh_from_db()
    assert change.is_rejected and change.rejected_because == "Wrong use."
    verified = files.page(files.VERIFIED, [["Keytruda (pembrolizumab)", "For a test", "3/3/2021", "5/5/2023"]])
    proposal = proposal_of(keep(verified, by=data_editor).rows.get())
    assert proposal == NewEvent(use.pk, "converted", datetime.date(2023, 5, 5))


@pytest.mark.parametrize("state", ["confirmed", "pending"])
def test_with_two_uses_of_the_day_a_person_must_say_which(accelerated, use, source, data_editor, request, state):
    other = Indication.objects.create(therapy=use.therapy, cancer=use.cancer, code="other--test", setting="Another")
    record = request.getfixturevalue(state)
    record(ApprovalEvent, indication=other, kind="accelerated-approval", date=accelerated.date, source=source)
    batch = keep(
        files.page(files.WITHDRAWN, [["Keytruda (pembrolizumab)", "A use", "3/3/2021", "4/4/2023"]]), by=data_editor
    )
    assert batch.rows.get().proposal is None


def test_a_decision_that_is_pending_is_not_corrected_by_a_file(use, source, data_editor, pending):
    """There is no row to correct yet: whoever answers it in the queue corrects it there."""
    pending(ApprovalEvent, indication=use, kind="approval", date="2021-03-03", source=source)
    early = files.page(files.ONGOING, [["Keytruda (pembrolizumab)", "For a test", "3/3/2021", "", ""]])
    row = keep(early, by=data_editor).rows.get()
    assert (row.reason, row.proposal) == ("regular-in-our-data", None)
