"""FDA's files at the desk: a file becomes a batch; its rows are accepted, skipped or undone; readers see none of it."""

import datetime
import gc
import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from portal.publishing import actions as floor
from portal.publishing.actions import Refused
from portal.publishing.models import AuditEntry, Change
from therapies.compare.findings import proposal_of
from therapies.compare.proposals import FactCorrection, NewEvent, NewFact
from therapies.desk import actions
from therapies.fda import recognise
from therapies.models import ApprovalEvent, Batch, Indication, Therapy, TherapyClass, TherapyFact

from . import fda_files as files
from .fda_files import BOOK, REVOKED, similar
from .imports import accept, keep, row_of, rows_of_ours

pytestmark = pytest.mark.django_db
FILES = "/desk/files/"

LUMOXITI = {"brand": "Lumoxiti", "name": "moxetumomab pasudotox", "approved": "13-Sep-18"}


def send(client, data, name="purple.csv"):
    response = client.post(FILES, {"file": SimpleUploadedFile(name, data)})
    return response, response.getvalue().decode()


def known():
    """Everything that our facts say: what readers may see, with the change that each rests on."""
    columns = ("pk", "therapy", "kind", "value", "date", "source", "because", "confirmed_at", "change")
    return list(TherapyFact.objects.order_by("pk").values_list(*columns))


def told(facts):
    """What facts tell, whichever change they rest on."""
    return [fact[:6] for fact in facts]


def values(change):
    return change.after["kind"], change.after["value"]


# A file comes in ----------------------------------------------------------------------------------------


def test_a_file_becomes_a_batch_and_nothing_else(dana, data_editor):
    facts, therapies = known(), Therapy.objects.count()
    response, page = send(dana, BOOK)
    batch = Batch.objects.get()
    assert "6 rows read" in page and f'content="0; url=/desk/files/{batch.pk}/"' in page
    assert (batch.kind, batch.sha256, batch.size) == ("purple-book", hashlib.sha256(BOOK).hexdigest(), len(BOOK))
    assert (batch.read_by, batch.name, batch.rows_read) == (data_editor, "purple.csv", 6)
    assert f"file purple.csv, SHA-256 {batch.sha256}" == batch.source.read_as and batch.source.official
    buckets = dict.fromkeys(batch.rows.values_list("bucket", flat=True))
    assert list(buckets) == ["agrees", "new therapy", "new application or form", "conflicts with ours", "unreadable"]
    assert known() == facts and Therapy.objects.count() == therapies
    assert AuditEntry.objects.get(verb="read").by == data_editor
    assert response["Content-Encoding"] == "identity" and "no-store" in response["Cache-Control"]


def test_progress_is_told_before_anything_is_stored(dana, monkeypatch):
    monkeypatch.setattr("therapies.desk.upload.LINE_EVERY", 2)
    before = rows_of_ours()
    response = dana.post(FILES, {"file": SimpleUploadedFile("purple.csv", BOOK)})
    stream = iter(response.streaming_content)
    lines = [next(stream).decode() for _ in range(3)]
    assert "If you leave, nothing is saved" in lines[0] and "Opening the file" in lines[1]
    assert re.fullmatch(r"<p>2 rows read, \d+ s</p>\n", lines[2])
    assert rows_of_ours() == before
    response._iterator = iter(())  # the browser goes away
    del stream
    gc.collect()
    assert rows_of_ours() == before


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "This file is empty"),
        (b"%PDF-1.7 and so on", "but this is a PDF"),
        (b"one,two\n1,2\n", "expected"),
        (files.answer(files.label())[:-30], "expected"),  # it breaks off only at its end
        (files.purple_book(), "This file has no rows, so nothing was stored."),
        (b"x" * (recognise.UPLOAD + 2**20), "A file can be up to 20 MB. This one is 21.0 MB."),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence_and_the_form_again(dana, data, said):
    before = rows_of_ours()
    page = send(dana, data)[1]
    assert said in page and 'type="file"' in page and "There is a problem" in page
    assert rows_of_ours() == before


def test_no_file_and_two_files_are_told(dana):
    assert "Choose a file first." in dana.post(FILES, {}).content.decode()
    two = [SimpleUploadedFile(name, BOOK) for name in ("a.csv", "b.csv")]
    assert "Upload one file at a time. 2 arrived." in dana.post(FILES, {"file": two}).content.decode()
    assert not Batch.objects.exists()


def test_what_no_reader_foresaw_is_one_sentence_too(dana, monkeypatch):
    def broken(*args):
        raise KeyError("a column")

    monkeypatch.setattr("therapies.compare.comparison.FileComparison.result", broken)
    assert "for a reason we didn’t expect (KeyError)" in send(dana, BOOK)[1]
    assert not Batch.objects.exists()


def test_names_of_files_and_products_are_text_on_every_page(dana):
    name = "<script>alert(1)</script>\u202e.csv"
    page = send(dana, files.purple_book(files.keytruda(number="<img src=x onerror=alert(2)>")), name)[1]
    batch = Batch.objects.get()
    pages = [
        page,
        dana.get(FILES).content.decode(),
        dana.get(f"{FILES}{batch.pk}/?bucket=unreadable").content.decode(),
    ]
    for shown in pages:
        assert "<script>alert" not in shown and "<img src=x" not in shown and "\u202e" not in shown
    assert "&lt;img src=x onerror=alert(2)&gt;" in pages[-1]


# The same again -----------------------------------------------------------------------------------------


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


# Accepting ----------------------------------------------------------------------------------------------


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


# Corrections, withdrawals, conversions --------------------------------------------------------------------


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


# Undoing ------------------------------------------------------------------------------------------------


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
