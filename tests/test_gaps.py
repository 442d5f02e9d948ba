"""The gap radar: what FDA's files state and our data does not explain, asked of the facts as they are now."""

import datetime
import re

import pytest
from django.utils import timezone

from portal.publishing import actions, doubts
from portal.publishing.models import Change, SentenceInDoubt, Source
from therapies.compare.claims import LabelVersion
from therapies.compare.findings import finding_of
from therapies.compare.reasons import Reason
from therapies.desk import gaps, synchronised
from therapies.desk.actions import skip
from therapies.models import ApprovalEvent, Batch, BatchRow, DrugLabel, Indication, Therapy, TherapyFact

from . import fda_files as files
from .imports import keep

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GAP = datetime.date(2016, 2, 3)  # the made-up supplement 99 of tests/fda_files.py


@pytest.fixture
def drugs(data_editor):
    return keep(files.drugs_zip(), by=data_editor)


@pytest.fixture
def page(desk, data_editor):
    client = desk(data_editor)
    return lambda query="": client.get(f"/desk/gaps/{query}").content.decode()


def seen(slug="pembrolizumab"):
    return {found.therapy.slug: found for found in gaps.report_gaps(synchronised.batches()).therapies}.get(slug)


def test_without_a_file_it_says_where_to_get_one_and_claims_nothing(page):
    text = page()
    assert "no gaps are known" in text and "No therapy has a gap" not in text
    assert "https://purplebooksearch.fda.gov/downloads" in text and "drugsfda-data-files" in text


def test_supplements_stand_beside_what_we_record_and_the_unexplained_day_leads_to_recording(drugs, page):
    counted = next(iter(seen().counted.values()))
    assert (counted.application, counted.supplements, counted.explained) == ("BLA125514", 2, 1)
    row = BatchRow.objects.get(date=GAP)
    assert [(filed.date, filed.row) for filed in seen().days.values()] == [(GAP, row.pk)]
    text = " ".join(page().split())
    assert "BLA125514: FDA counts 2 efficacy supplements; our data explains the dates of 1." in text
    assert "BLA125514 supplement 99, February 3, 2016" in text
    assert "FDA added or changed a use of pembrolizumab, but this file doesn’t say which one." in text


def test_a_gap_closes_in_the_second_in_which_a_decision_is_proposed(drugs, use, pending, source):
    pending(ApprovalEvent, indication=use, kind="approval", date=GAP, source=source)
    assert BatchRow.objects.get(date=GAP).bucket == "new date", "the row stays as it was read"
    assert not seen().has_gap and next(iter(seen().counted.values())).explained == 2


def test_a_decision_on_a_use_that_is_pending_itself_closes_the_gap_too(drugs, use, pending, source):
    given = {"therapy": use.therapy, "cancer": use.cancer, "code": "neuroblastoma--new", "setting": "New"}
    new = pending(Indication, **given)
    pending(ApprovalEvent, indication=new, kind="approval", date=GAP, source=source)
    assert not seen().has_gap


def test_a_gap_is_there_again_once_what_was_proposed_is_rejected(drugs, use, pending, source, second_data_editor):
    change = pending(ApprovalEvent, indication=use, kind="approval", date=GAP, source=source)
    actions.reject(change, by=second_data_editor, because="The letter names another day.")
    assert GAP in seen().days


def test_a_gap_opens_when_the_event_that_explained_it_moves(drugs):
    explains = ApprovalEvent.objects.filter(indication__therapy__slug="pembrolizumab", date="2015-12-18")
    assert explains.update(date="2015-12-19")
    assert datetime.date(2015, 12, 18) in seen().days


def test_what_somebody_skipped_with_a_reason_is_no_gap(drugs, data_editor):
    row = BatchRow.objects.get(date=GAP)
    skip(row.batch, [row.pk], by=data_editor, because="A new dose.")
    assert not seen().has_gap


def test_an_undone_file_does_not_count(drugs, data_editor):
    undone = {"undone_at": timezone.now(), "undone_by": data_editor, "undone_because": "Wrong file."}
    Batch.objects.update(**undone)
    assert synchronised.batches() == [] and seen() is None


def test_the_newest_edition_of_a_file_counts_even_when_an_older_one_is_read_later(drugs, data_editor):
    rows = files.TABLES["Submissions.txt"][:-1]
    keep(files.drugs_zip(date=(2015, 1, 2, 0, 0, 0), Submissions=rows), by=data_editor, edition="2015-01-02")
    assert GAP in seen().days
    keep(files.drugs_zip(date=(2019, 1, 2, 0, 0, 0), Submissions=rows), by=data_editor, edition="2019-01-02")
    assert not seen().has_gap


# Labels ------------------------------------------------------------------------------------------


def test_a_label_newer_than_our_check_is_a_gap_and_an_older_one_is_not(data_editor, page):
    keep(files.answer(files.label(effective_time="20260401")), by=data_editor)
    assert not seen().labels
    keep(files.answer(files.label(effective_time="20261124")), by=data_editor)
    newer = BatchRow.objects.get(date="2026-11-24")
    finding = finding_of(newer)
    assert finding.claim == LabelVersion("BLA125514", "pembrolizumab", datetime.date(2026, 11, 24))
    assert (finding.bucket, finding.reason) == ("new date", Reason.LABEL_NEWER)
    assert finding.arguments == {"checked": "2026-04-30"}
    assert [filed.row for filed in seen().labels] == [newer.pk]
    assert "Labels newer than those that we have read" in page()


def test_a_label_that_nobody_read_stays_a_gap_whatever_was_checked_against_it(data_editor, second_data_editor):
    libtayo = files.label("BLA761097", "Libtayo", "CEMIPLIMAB", effective_time="20261124")
    keep(files.answer(libtayo), by=data_editor)
    checked = Source.objects.create(title="Label of cemiplimab", kind="label", official=True, read_on="2026-11-24")
    fact = TherapyFact.objects.get(therapy__slug="cemiplimab", kind="boxed-warning")
    change = actions.propose_change(
        fact, {"source": checked}, by=data_editor, because="The newest label says the same.", source=checked
    )
    actions.confirm(change, by=second_data_editor)
    assert seen("cemiplimab").labels, "its uses were not read"
    DrugLabel.objects.create(
        therapy=Therapy.objects.get(slug="cemiplimab"),
        application="BLA761097",
        brand="Libtayo",
        effective="2026-11-24",
        source=checked,
    )
    assert not seen("cemiplimab").has_gap


def test_the_box_of_a_label_is_no_day_of_a_decision(data_editor, page):
    box = ["WARNING: FATAL INFUSION-RELATED REACTIONS"]
    keep(files.answer(files.label("BLA103705", "Rituxan", "RITUXIMAB", boxed_warning=box)), by=data_editor)
    assert BatchRow.objects.filter(date="2026-01-15", arguments__isnull=False).count() == 2
    assert seen("rituximab").labels and not seen("rituximab").days


def test_each_product_at_openfda_has_a_file_of_its_own(data_editor):
    keep(files.answer(files.label(effective_time="20261124")), by=data_editor)
    keep(files.answer(files.label("BLA125377", "Yervoy", "IPILIMUMAB", effective_time="20261124")), by=data_editor)
    assert seen().labels and seen("ipilimumab").labels


# The page ----------------------------------------------------------------------------------------


def test_only_therapies_with_gaps_are_shown_unless_all_are_asked_for(data_editor, page):
    keep(files.purple_book(files.keytruda()), by=data_editor)
    assert 'id="gap-pembrolizumab"' not in page() and "No therapy has a gap." in page()
    assert 'id="gap-pembrolizumab"' in page("?show=all")
    assert "Therapies in none of the files" in page() and "nivolumab" in page()


def test_the_number_of_questions_does_not_grow(drugs, data_editor, page, django_assert_max_num_queries):
    page()
    with django_assert_max_num_queries(19):
        page()
    keep(
        files.purple_book(files.keytruda(), files.product(number="125377", brand="Yervoy", name="ipilimumab")),
        by=data_editor,
    )
    for number, brand, name in (("BLA125377", "Yervoy", "IPILIMUMAB"), ("BLA125554", "Opdivo", "NIVOLUMAB")):
        keep(files.answer(files.label(number, brand, name, effective_time="20261124")), by=data_editor)
    with django_assert_max_num_queries(19):
        page("?show=all")


# The overview ------------------------------------------------------------------------------------


def test_the_overview_counts_what_waits_for_whom(desk, data_editor, second_data_editor, use, source, drugs, pending):
    def work(person):
        return desk(person).get("/desk/").context["waiting"]

    waiting = Change.objects.pending().leading().count()
    pending(ApprovalEvent, indication=use, kind="approval", date="2020-01-02", source=source)
    given = {"therapy": use.therapy, "kind": "synonym", "value": "a new name", "source": source}
    rejected = actions.propose_new(TherapyFact, given, by=second_data_editor)
    actions.reject(rejected, by=data_editor, because="No label says so.")
    mine, other = work(data_editor), work(second_data_editor)
    assert (mine["mine"], mine["rejected"], mine["files"], mine["gaps"]) == (1, 0, 1, 1)
    assert (other["mine"], other["rejected"]) == (0, 1)
    assert other["others"] == mine["others"] + 1 <= waiting + 1, "the one that Dana proposed"
    text = desk(data_editor).get("/desk/").content.decode()
    for number, words in ((1, "yours, waiting for a second person"), (1, "of FDA’s files has open rows")):
        assert re.search(rf'"work-number">{number}</span> <a href="[^"]+">{words}</a>', text)
    assert "therapy has gaps</a>" in text and "Nothing of yours was rejected." in text
    assert "a new name" in text and "rejected" in text and "Last synchronized with" in text


def test_the_overview_asks_a_fixed_number_of_questions(desk, data_editor, drugs, django_assert_max_num_queries):
    client = desk(data_editor)
    client.get("/desk/")
    with django_assert_max_num_queries(37):
        client.get("/desk/")


def test_a_sentence_that_readers_no_longer_see_is_not_counted(desk, data_editor, pending, use, source):
    change = pending(ApprovalEvent, indication=use, kind="approval", date="2020-01-02", source=source)
    page = Therapy.objects.get(slug="pembrolizumab")
    seen = next(iter(doubts.published({page.pk})))
    for sentence in (seen.text, "Nobody reads this any more."):
        SentenceInDoubt.objects.create(page=page, part=seen.part, sentence=sentence, change=change)
    page = desk(data_editor).get("/desk/")
    assert page.context["waiting"]["sentences"] == 1 and "sentence in doubt after a change" in page.content.decode()


def test_who_only_reads_is_offered_nothing_to_record(desk, editor):
    text = desk(editor).get("/desk/").content.decode()
    assert "Enter an FDA decision" not in text and "See the gaps" in text
