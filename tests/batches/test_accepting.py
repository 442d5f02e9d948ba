"""Accepted rows are proposed with the file as their source; readers see none of it."""

import pytest
from django.db import IntegrityError

from portal.publishing import actions as floor
from portal.publishing.actions import Refused
from portal.publishing.models import AuditEntry, Change
from therapies.desk import actions
from therapies.models import Therapy, TherapyClass, TherapyFact

from .. import fda_files as files
from ..fda_files import similar
from ..imports import accept, keep, row_of
from .conftest import known, values

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize(
    ("words", "choices", "made"),
    [
        ("Newsimilar", {}, [("biosimilar", "Newsimilar")]),
        ("Newsimilar", {"kind": "form"}, [("form", "Newsimilar")]),
        ("Newsimilar", {"kind": "application"}, [("application", "BLA769999")]),
        ("Newsimilar", {"kind": "boxed-warning"}, [("biosimilar", "Newsimilar")]),  # not among the choices
        ("Lemtrada", {}, [("brand", "Lemtrada")]),
        (
            "Newmab",
            {"class": "1"},
            [
                ("application", "BLA769998"),
                ("brand", "Newmab"),
                ("first-approval", "2025-01-02"),
                ("market-status", "marketed"),
            ],
        ),
    ],
)
def test_accepting_proposes_facts_with_the_file_as_source(book, data_editor, words, choices, made):
    if "class" in choices:
        choices = {"class": str(TherapyClass.objects.all()[0].pk)}
    before = known(), Therapy.objects.count()
    done, row = accept(book, words, data_editor, **choices)
    assert (known(), Therapy.objects.count()) == before, "nothing but changes that are pending"
    group = list(Change.objects.filter(proposed_by=data_editor).order_by("pk"))
    facts = [change for change in group if change.governed is TherapyFact]
    assert [values(change) for change in facts] == made and done.made == len(made)
    assert all(change.is_pending and change.source == book.source for change in group)
    assert all(change.evidence.startswith(book.source.title) for change in group)
    assert (row.answer, row.answered_by, row.change) == ("accepted", data_editor, group[0])
    assert row.change.group() == group, "it is one line in the queue"
    assert AuditEntry.objects.filter(verb="proposed", by=data_editor).count() == len(group)
    assert AuditEntry.objects.get(verb="accepted", row=str(book.pk)).by == data_editor


def test_readers_see_nothing_of_what_was_accepted(client, book, data_editor):
    accept(book, "Newsimilar", data_editor)
    accept(book, "Newmab", data_editor, **{"class": str(TherapyClass.objects.all()[0].pk)})
    assert "Newsimilar" not in client.get("/therapies/bevacizumab/").content.decode()
    assert client.get("/therapies/ivonescimab/").status_code == 404
    assert "ivonescimab" not in client.get("/therapies/").content.decode()


def test_a_change_of_use_that_nobody_explained_is_on_no_page_for_readers(client, data_editor, second_data_editor):
    change = accept(keep(files.drugs_zip(), by=data_editor), "supplement 99", data_editor)[1].change
    before = client.get("/therapies/pembrolizumab/").content
    floor.confirm(change, by=second_data_editor)
    assert TherapyFact.objects.filter(kind="supplement", value="BLA125514 supplement 99").exists()
    assert client.get("/therapies/pembrolizumab/").content == before


def test_a_new_therapy_needs_a_class_and_until_then_nothing_is_recorded(book, data_editor):
    changes = Change.objects.count()
    rows = [row_of(book, words).pk for words in ("Newmab", "Newsimilar")]
    with pytest.raises(Refused, match="Choose a class for ivonescimab"):
        actions.accept(book, rows, by=data_editor)
    assert Change.objects.count() == changes and book.rows.filter(answer="accepted").count() == 0


def test_a_new_therapy_and_its_facts_are_confirmed_together(book, data_editor, second_data_editor, client):
    kind = TherapyClass.objects.all()[0]
    change = accept(book, "Newmab", data_editor, **{"class": str(kind.pk)})[1].change
    floor.confirm(change, by=second_data_editor)
    therapy = Therapy.objects.get(name="ivonescimab")
    assert therapy.therapy_class == kind
    assert set(therapy.facts.values_list("kind", "value")) == {
        ("application", "BLA769998"),
        ("brand", "Newmab"),
        ("first-approval", "2025-01-02"),
        ("market-status", "marketed"),
    }
    assert client.get("/therapies/ivonescimab/").status_code == 404, "it has no text yet"


def test_accepting_twice_proposes_once_and_tells(book, data_editor, second_data_editor):
    accept(book, "Newsimilar", data_editor)
    changes = Change.objects.count()
    done, row = accept(book, "Newsimilar", second_data_editor)
    assert done.rows == 0 and "Dana already accepted it" in done.told[0]
    assert row.answered_by == data_editor and Change.objects.count() == changes


@pytest.mark.parametrize("confirmed_first", [False, True], ids=["pending", "confirmed"])
def test_a_fact_that_somebody_entered_meanwhile_is_found_and_stays_when_the_batch_is_undone(
    book, data_editor, second_data_editor, source, pending, confirmed_first
):
    given = {"therapy": Therapy.objects.get(slug="bevacizumab"), "kind": "biosimilar", "value": "Newsimilar"}
    by_hand = pending(TherapyFact, **given, source=source)
    if confirmed_first:
        floor.confirm(by_hand, by=second_data_editor)
    done, row = accept(book, "Newsimilar", data_editor)
    assert (done.rows, done.found, done.made, row.answer, row.change) == (1, 1, 0, "accepted", None)
    actions.undo(book, by=data_editor, because="The wrong month.")
    by_hand.refresh_from_db()
    assert (by_hand.is_pending, by_hand.is_confirmed) == (not confirmed_first, confirmed_first)
    assert not Change.objects.filter(verb="remove").exists()


@pytest.mark.parametrize("because", ["Never sold.", "Batch undone: this is what somebody typed."])
def test_a_fact_that_a_person_rejected_is_asked_about_only_by_whoever_opens_it_again(
    book, data_editor, second_data_editor, because
):
    change = accept(book, "Newsimilar", data_editor)[1].change
    floor.reject(change, by=second_data_editor, because=because)
    later = keep(files.purple_book(similar(), files.keytruda()), by=data_editor)
    row = row_of(later, "Newsimilar")
    assert (row.answer, row.answered_by, row.answered_because) == ("skipped", second_data_editor, because)
    done = accept(later, "Newsimilar", data_editor)[0]
    assert done.rows == 0 and "Sam already skipped it" in done.told[0]
    actions.reopen(row, by=data_editor)
    again = accept(later, "Newsimilar", data_editor)[1].change
    change.refresh_from_db()
    assert again != change and again.is_pending and change.is_rejected, "the rejection stays where it was"


def test_of_a_row_that_fails_in_the_middle_nothing_is_left(book, data_editor, monkeypatch):
    before, count = Change.objects.count(), []
    propose = floor.propose_new

    def break_at_the_second(*given, **told):
        count.append(given)
        if len(count) == 2:
            raise IntegrityError("somebody was quicker")
        return propose(*given, **told)

    monkeypatch.setattr(floor, "propose_new", break_at_the_second)
    with pytest.raises(IntegrityError):
        actions.accept(book, [row_of(book, words).pk for words in ("Newsimilar", "Lemtrada")], by=data_editor)
    assert Change.objects.count() == before and not book.rows.exclude(answer="").exists()


def test_a_row_that_cannot_be_is_passed_over_and_the_others_are_accepted(book, data_editor, monkeypatch):
    lemtrada = row_of(book, "Lemtrada")
    lemtrada.proposal |= {"therapy": "renamed"}
    lemtrada.save()
    rows = [row_of(book, "Newsimilar").pk, lemtrada.pk]
    done = actions.accept(book, rows, by=data_editor)
    lemtrada.refresh_from_db()
    assert (done.rows, lemtrada.answer) == (1, "") and "its therapy has another address now" in done.told[0]
