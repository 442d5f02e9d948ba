"""Undoing a batch rejects what is pending, and asks a second person for what is not."""

import pytest

from portal.publishing import actions as floor
from portal.publishing.actions import Refused
from portal.publishing.models import Change
from therapies.desk import actions
from therapies.models import Batch, Therapy, TherapyClass

from ..fda_files import BOOK
from ..imports import accept
from .conftest import send

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_undoing_rejects_what_is_pending_closes_the_batch_and_the_file_may_come_again(dana, book, data_editor):
    changes = [accept(book, words, data_editor)[1].change for words in ("Newsimilar", "Lemtrada")]
    with pytest.raises(Refused, match="Say why"):
        actions.undo(book, by=data_editor, because="  ")
    done = actions.undo(book, by=data_editor, because="The file was cut short.")
    assert (done.made, done.corrected) == (2, 0)
    for change in changes:
        change.refresh_from_db()
        assert change.rejected_because == "The file was cut short."
    with pytest.raises(Refused, match="was undone"):
        accept(book, "Newsimilar", data_editor)
    with pytest.raises(Refused, match="was undone"):
        actions.undo(book, by=data_editor, because="Again.")
    assert "Nothing new" not in send(dana, BOOK)[1]
    again = Batch.objects.order_by("pk").last()
    assert again != book
    done, row = accept(again, "Newsimilar", data_editor)
    assert done.made == 1 and row.change.is_pending and row.change not in changes


def test_of_a_new_therapy_that_is_pending_undoing_leaves_nothing(book, data_editor):
    accept(book, "Newmab", data_editor, **{"class": str(TherapyClass.objects.all()[0].pk)})
    actions.undo(book, by=data_editor, because="No.")
    assert not Therapy.objects.filter(name="ivonescimab").exists()
    assert not Change.objects.pending().filter(proposed_by=data_editor).exists()


def test_a_new_therapy_that_was_confirmed_goes_with_its_facts_once_a_second_person_agrees(
    book, data_editor, second_data_editor
):
    change = accept(book, "Newmab", data_editor, **{"class": str(TherapyClass.objects.all()[0].pk)})[1].change
    floor.confirm(change, by=second_data_editor)
    actions.undo(book, by=data_editor, because="No.")
    assert Therapy.objects.filter(name="ivonescimab").exists()
    change.refresh_from_db()
    floor.confirm(change.reversed_by.get(), by=second_data_editor)
    assert not Therapy.objects.filter(name="ivonescimab").exists()
    assert not Change.objects.pending().filter(verb="remove").exists()
