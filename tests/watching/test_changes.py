"""What changed at FDA becomes one batch for people, once."""

import datetime

import pytest

from portal.publishing.models import AuditEntry, Change
from therapies.desk import actions
from therapies.models import ApprovalEvent, Batch, BatchRow, TherapyFact, WatchedFile
from therapies.watch import sources

from .. import fda_files as files
from .. import fda_server as fda
from ..imports import keep
from .quiet_day import (
    CBER,
    FILED,
    KEYTRUDA,
    LABELS,
    NOTICES,
    OPDIVO,
    ZIP,
    book,
    cber,
    known,
    label,
    zip_with_a_generic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_first_turn_makes_a_batch_of_each_file_and_no_fact(watch):
    facts, events = TherapyFact.objects.count(), ApprovalEvent.objects.count()
    pending = Change.objects.count()
    watch()
    kinds = list(Batch.objects.order_by("kind").values_list("kind", flat=True))
    assert set(kinds) <= {source.kind for source in sources.WATCHED} and "openfda-label" in kinds
    assert (TherapyFact.objects.count(), ApprovalEvent.objects.count()) == (facts, events)
    assert Change.objects.count() == pending, "rows wait for somebody to accept them"


def test_a_batch_says_that_the_watch_brought_it_and_from_where(watched, desk, data_editor):
    batch = Batch.objects.get(kind="openfda-label")
    assert batch.read_by is None and batch.name == "2 answers from api.fda.gov"
    assert batch.source.url == "https://api.fda.gov/drug/label.json" and batch.source.official
    assert batch.source.read_as.startswith("fetched 2 answers from api.fda.gov, SHA-256 ")
    entry = AuditEntry.objects.get(verb="read", kind="therapies.batch", row=str(batch.pk))
    assert (entry.by, entry.name) == (None, "the watch")
    page = desk(data_editor).get(f"/desk/files/{batch.pk}/").content.decode()
    assert "by the watch," in page and "label of June 1, 2026" in page


def test_a_second_turn_with_no_change_makes_no_batch(watched, server):
    before, asked = Batch.objects.count(), len(server.asked)
    lines = watched()
    assert Batch.objects.count() == before
    assert len(server.asked) == 2 * asked
    assert [line for line in lines if not line.endswith("asked, 0 changed.")] == []


def test_a_turn_of_another_day_asks_for_what_is_new_alone(watched, server):
    server.asked.clear()
    watched()
    asked = dict(server.asked)
    assert asked[KEYTRUDA]["If-None-Match"] == '"k1"'
    assert asked[book()]["If-Modified-Since"] == "Sun, 01 Nov 2026 06:00:00 GMT"


def test_a_change_makes_exactly_one_batch(watched, server):
    before = set(Batch.objects.values_list("pk", flat=True))
    server.moods[KEYTRUDA] = fda.holding(label("20261127"), etag='"k2"')
    watched()
    [batch] = Batch.objects.exclude(pk__in=before)
    assert batch.kind == "openfda-label" and batch.rows_read == 1
    assert batch.rows.get(bucket="new date").date == datetime.date(2026, 11, 27)
    assert known(KEYTRUDA).batch == batch and known(OPDIVO).batch != batch
    watched()
    assert Batch.objects.count() == len(before) + 1


def test_changes_of_several_labels_on_one_day_are_one_batch(watched, server):
    before = Batch.objects.count()
    server.moods[KEYTRUDA] = fda.holding(label("20261127"))
    server.moods[OPDIVO] = fda.holding(label("20261126", "BLA125554", "Opdivo", "NIVOLUMAB"))
    watched()
    assert Batch.objects.count() == before + 1
    assert Batch.objects.latest("pk").rows.filter(bucket="new date").count() == 2


def test_another_stamp_or_order_is_no_change(watched, server):
    before, changed_at = Batch.objects.count(), known(KEYTRUDA).changed_at
    content = files.answer(files.label(effective_time="20260601"), updated="2026-07-24")
    server.moods[KEYTRUDA] = fda.holding(content, etag='"k2"')
    rows = [[*files.NOTICE[:2], "05/27/2022"]]
    server.moods[NOTICES] = fda.holding(files.page(["Title", "Description", "Date"], rows, title="Anew"))
    watched()
    assert Batch.objects.count() == before
    file = known(KEYTRUDA)
    assert file.etag == '"k2"' and file.changed_at == changed_at


def test_a_change_that_asks_nothing_new_is_remembered_without_a_batch(watched, server):
    before, digest = Batch.objects.count(), known(ZIP).digest
    server.moods[ZIP] = fda.holding(zip_with_a_generic())
    lines = watched()
    assert Batch.objects.count() == before
    assert known(ZIP).digest != digest and f"Drugs@FDA: nothing to answer in {ZIP}." in lines


def test_a_new_therapy_on_cber_s_list_comes_to_people(watched, server):
    server.moods[CBER] = fda.holding(cber("KYMRIAH (tisagenlecleucel)", "NEWCEL (novocabtagene autoleucel)"))
    watched()
    batch = Batch.objects.filter(kind="cellular-products").latest("pk")
    row = batch.rows.get(bucket="new therapy")
    assert row.proposal["name"] == "novocabtagene autoleucel" and batch.source.url == CBER


def test_what_is_asked_again_waits_once(watched, server, desk, data_editor):
    """Each batch holds its whole file, as an upload does, so a question that nobody answered is in several."""
    twice = {"submission_type": "SUPPL", "submission_number": "500", "submission_status": "AP"}
    twice |= {"submission_status_date": "20261102", "submission_class_code": "EFFICACY"}
    address, filed = FILED.format("BLA125514"), files.drugsfda()
    server.moods[address] = fda.holding(files.answer(filed | {"submissions": [*filed["submissions"], twice]}))
    watched()
    thrice = twice | {"submission_number": "501", "submission_status_date": "20261103"}
    server.moods[address] = fda.holding(files.answer(filed | {"submissions": [*filed["submissions"], twice, thrice]}))
    watched()
    first, second = Batch.objects.filter(kind="openfda-drugsfda").order_by("-pk")[:2][::-1]
    assert (first.rows.unanswered().count(), second.rows.unanswered().count()) == (1, 2)
    assert BatchRow.objects.unanswered().asked_last().filter(batch__in=[first, second]).count() == 2
    page = desk(data_editor).get("/desk/files/").content.decode()
    assert page.index("2 open rows") < page.index(f"/desk/files/{first.pk}/") < page.index("No open rows")
    actions.undo(second, by=data_editor, because="Wrong.")
    assert first.rows.unanswered().asked_last().count() == 1, "what was undone asks nothing"


def test_of_drugs_at_fda_only_what_is_ours_is_kept(watch, server):
    server.moods[ZIP] = fda.holding(zip_with_a_generic())
    watch()
    rows = Batch.objects.get(kind="drugs-at-fda").rows
    assert rows.exists() and not rows.filter(bucket="not ours", therapies=[]).exists()


def test_an_undone_batch_may_come_again_with_the_next_change(watched, server, data_editor):
    batch = Batch.objects.get(kind="openfda-label")
    actions.undo(batch, by=data_editor, because="Wrong.")
    server.moods[KEYTRUDA] = fda.holding(label("20261127"))
    watched()
    assert Batch.objects.filter(kind="openfda-label", undone_at=None).count() == 1


def test_what_was_skipped_in_an_upload_is_not_asked_again(watch, server, data_editor):
    batch = keep(label("20260601"), by=data_editor)
    actions.skip(batch, batch.rows.values_list("pk", flat=True), by=data_editor, because="Checked.")
    del server.moods[OPDIVO]
    watch()
    assert Batch.objects.filter(kind="openfda-label").count() == 1


def test_every_application_of_ours_is_asked(watch, server, monkeypatch):
    monkeypatch.undo()
    fda.at_public_address(monkeypatch)
    watch()
    labels = [address for address in server.addresses() if "/label.json" in address]
    assert len(labels) == len(set(labels)) > 100 and {KEYTRUDA, OPDIVO} <= set(labels)


def test_an_application_that_is_no_longer_ours_is_forgotten(watched):
    WatchedFile.objects.create(kind="openfda-label", address=LABELS.format("BLA999999"))
    watched()
    assert not WatchedFile.objects.filter(address=LABELS.format("BLA999999")).exists()
