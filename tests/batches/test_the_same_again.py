"""What was answered once is not asked again, and what is new is."""

import pytest

from portal.publishing import actions as floor
from therapies.compare.findings import proposal_of
from therapies.compare.proposals import FactCorrection, NewFact
from therapies.desk import actions
from therapies.models import Batch, TherapyClass, TherapyFact

from .. import fda_files as files
from ..fda_files import BOOK, similar
from ..imports import accept, keep, row_of
from .conftest import FILES, send, values

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_same_file_says_nothing_new_even_after_its_rows_were_accepted(dana, data_editor):
    send(dana, BOOK)
    batch = Batch.objects.get()
    kind = str(TherapyClass.objects.all()[0].pk)
    choices = {row.pk: {"class": kind} for row in batch.rows.filter(bucket="new therapy")}
    for bucket in batch.rows.values_list("bucket", flat=True).distinct().order_by():
        actions.accept(batch, bucket=bucket, choices=choices, by=data_editor)
    assert not batch.rows.unanswered().exists()
    page = send(dana, BOOK)[1]
    assert f'Nothing new: this same file was read before. <a href="/desk/files/{batch.pk}/?again=1">' in page
    assert Batch.objects.count() == 1
    assert "Nothing new: this same file was read before" in dana.get(f"{FILES}{batch.pk}/?again=1").content.decode()


def test_the_same_file_is_a_new_batch_once_our_facts_changed(dana):
    send(dana, BOOK)
    TherapyFact.objects.filter(kind="market-status", therapy__slug="pembrolizumab").update(value="discontinued")
    assert "Nothing new" not in send(dana, BOOK)[1]
    assert Batch.objects.count() == 2


def test_what_was_skipped_stays_skipped_in_the_next_release(book, data_editor, second_data_editor):
    row = row_of(book, "Newsimilar")
    actions.skip(book, [row.pk], by=data_editor, because="It was never sold.")
    later = keep(files.purple_book(files.keytruda(), files.keytruda(), similar()), by=second_data_editor)
    again = row_of(later, "Newsimilar")
    assert (again.answer, again.answered_by, again.answered_because) == ("skipped", data_editor, "It was never sold.")
    assert again.line != row.line and again.key == row.key
    actions.reopen(again, by=second_data_editor)
    third = keep(files.purple_book(similar()), by=second_data_editor)
    assert row_of(third, "Newsimilar") in third.rows.unanswered(), "who opened it again wants to be asked"


def test_what_was_accepted_is_not_proposed_by_the_next_release(data_editor):
    drugs = keep(files.drugs_zip(), by=data_editor, name="drugs.zip")
    change = accept(drugs, "supplement 99", data_editor)[1].change
    assert (*values(change), change.after["date"]) == ("supplement", "BLA125514 supplement 99", "2016-02-03")
    later = keep(files.drugs_zip(date=(2018, 7, 3, 0, 0, 0)), by=data_editor)
    again = row_of(later, "supplement 99")
    assert again not in later.rows.unanswered() and again.change == change
    actions.undo(later, by=data_editor, because="Wrong month.")
    change.refresh_from_db()
    assert change.is_pending, "undoing the later one takes back nothing of the earlier"


def test_the_same_file_is_a_new_batch_once_it_asks_for_something_else(data_editor, second_data_editor):
    """The row of the first batch would correct a fact that is gone."""
    data = files.whole_purple_book(files.keytruda(status="Disc"), files.product(**files.QLEX, status="Disc"))
    first = keep(data, by=data_editor)
    fact = TherapyFact.objects.get(kind="market-status", therapy__slug="pembrolizumab")
    assert proposal_of(row_of(first, "Disc")) == FactCorrection(fact.pk, value="discontinued")
    gone = floor.propose_removal(fact, by=data_editor, because="Nobody read it.")
    floor.confirm(gone, by=second_data_editor)
    again = keep(data, by=data_editor)
    assert again != first
    assert proposal_of(row_of(again, "Disc")) == NewFact("pembrolizumab", "market-status", "discontinued")
    assert keep(data, by=data_editor) == again


def test_a_later_release_whose_rows_were_answered_before_says_nothing_new_either(data_editor):
    accept(keep(files.drugs_zip(), by=data_editor), "supplement 99", data_editor)
    later = files.drugs_zip(date=(2018, 7, 3, 0, 0, 0))
    assert keep(later, by=data_editor) == keep(later, by=data_editor)
