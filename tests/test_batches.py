"""FDA's files at the desk: a file becomes a batch; its rows are accepted, skipped or undone; readers see none of it."""

import datetime
import gc
import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from portal.publishing import actions as floor
from portal.publishing.actions import Refused
from portal.publishing.models import AuditEntry, Change
from therapies.compare.findings import finding_of, proposal_of
from therapies.compare.proposals import FactCorrection, NewEvent, NewFact
from therapies.desk import actions
from therapies.desk.wording_of_findings import claim_in_words
from therapies.fda import recognise
from therapies.models import ApprovalEvent, Batch, BatchRow, Indication, Therapy, TherapyClass, TherapyFact

from . import fda_files as files
from .imports import keep, rows_of_ours

pytestmark = pytest.mark.django_db
FILES = "/desk/files/"
SIMILAR = {
    "brand": "Newsimilar",
    "name": "bevacizumab-zzzz",
    "licence": "351(k) Biosimilar",
    "reference": "bevacizumab",
}

LUMOXITI = {"brand": "Lumoxiti", "name": "moxetumomab pasudotox", "approved": "13-Sep-18"}


def similar(number=769999, **cells):
    return files.product(number=str(number), approved="1-Jan-25", **(SIMILAR | cells))


BOOK = files.purple_book(
    files.keytruda(),
    similar(),
    files.product(number="769998", brand="Newmab", name="ivonescimab-abcd", approved="2-Jan-25"),
    files.product(number="103948", brand="Lemtrada", name="alemtuzumab", approved="7-May-01", status="Disc"),
    files.product(number="125554", brand="Opdivo", name="nivolumab", approved="22-Dec-14", status="Disc"),
    files.keytruda(number="wrong"),
)
REVOKED = files.purple_book(files.keytruda(licensure="Voluntarily Revoked", status=""))


def table(header, *row):
    return files.page(header, [row])


@pytest.fixture
def dana(desk, data_editor):
    return desk(data_editor)


@pytest.fixture
def book(data_editor):
    return keep(BOOK, by=data_editor)


def send(client, data, name="purple.csv"):
    response = client.post(FILES, {"file": SimpleUploadedFile(name, data)})
    return response, response.getvalue().decode()


def row_of(batch, words):
    """The row that states this."""
    [row] = [row for row in batch.rows.all() if words in claim_in_words(finding_of(row).claim)]
    return row


def accept(batch, words, by, **choices):
    row = row_of(batch, words)
    done = actions.accept(batch, [row.pk], choices={row.pk: choices}, by=by)
    return done, batch.rows.get(pk=row.pk)


def known():
    """Everything that our facts say: what readers may see, with the change that each rests on."""
    columns = ("pk", "therapy", "kind", "value", "date", "source", "because", "confirmed_at", "change")
    return list(TherapyFact.objects.order_by("pk").values_list(*columns))


def known_status():
    return TherapyFact.objects.get(therapy__slug="pembrolizumab", kind="market-status")


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
        ("Newsimilar", {"kind": "form"}, [("form", "Newsimilar (BLA769999)")]),
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


def test_a_fact_that_a_person_rejected_is_asked_about_only_by_whoever_opens_it_again(
    book, data_editor, second_data_editor
):
    change = accept(book, "Newsimilar", data_editor)[1].change
    floor.reject(change, by=second_data_editor, because="Never sold.")
    later = keep(files.purple_book(similar(), files.keytruda()), by=data_editor)
    row = row_of(later, "Newsimilar")
    assert (row.answer, row.answered_by, row.answered_because) == ("skipped", second_data_editor, "Never sold.")
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
        table(files.WITHDRAWN, "Keytruda (pembrolizumab)", "For a test", "3/3/2021", "4/4/2023"), by=data_editor
    )
    change = accept(ended, "Keytruda", data_editor)[1].change
    assert change.governed is ApprovalEvent and change.is_pending and "For a test" in change.because
    assert change.after | {"indication": use.pk, "kind": "withdrawn", "date": "2023-04-04"} == change.after
    actions.undo(ended, by=data_editor, because="Wrong use.")
    change.refresh_from_db()
    assert change.is_rejected and change.rejected_because == "Wrong use."
    row = files.VERIFIED, "Keytruda (pembrolizumab)", "For a test", "3/3/2021", "5/5/2023"
    proposal = proposal_of(keep(table(*row), by=data_editor).rows.get())
    assert proposal == NewEvent(use.pk, "converted", datetime.date(2023, 5, 5))


@pytest.mark.parametrize("state", ["confirmed", "pending"])
def test_with_two_uses_of_the_day_a_person_must_say_which(accelerated, use, source, data_editor, request, state):
    other = Indication.objects.create(therapy=use.therapy, cancer=use.cancer, code="other--test", setting="Another")
    record = request.getfixturevalue(state)
    record(ApprovalEvent, indication=other, kind="accelerated-approval", date=accelerated.date, source=source)
    batch = keep(table(files.WITHDRAWN, "Keytruda (pembrolizumab)", "A use", "3/3/2021", "4/4/2023"), by=data_editor)
    assert batch.rows.get().proposal is None


def test_a_decision_that_is_pending_is_not_corrected_by_a_file(use, source, data_editor, pending):
    """There is no row to correct yet: whoever answers it in the queue corrects it there."""
    pending(ApprovalEvent, indication=use, kind="approval", date="2021-03-03", source=source)
    early = table(files.ONGOING, "Keytruda (pembrolizumab)", "For a test", "3/3/2021", "", "")
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


# The pages ----------------------------------------------------------------------------------------------


@pytest.fixture
def answer(dana, book):
    def answer(**sent):
        response = dana.post(f"{FILES}{book.pk}/", sent, follow=True)
        return " ".join(response.content.decode().split())

    return answer


def test_an_editor_of_fdas_data_accepts_skips_and_reopens(answer, book):
    row, other = row_of(book, "Newsimilar"), row_of(book, "Lemtrada")
    assert "Select a row first" in answer(do="accept")
    page = answer(do="skip", row=row.pk, because="  ", bucket=row.bucket)
    assert "Say why our data stays as it is" in page and f'id="row-{row.pk}" checked' in page
    assert "1 row skipped" in answer(do="skip", row=row.pk, because="Never sold.", bucket=row.bucket)
    page = answer(bucket=row.bucket, page="1")
    assert "Skipped by Dana" in page and "Never sold." in page
    assert "The row is open again." in answer(reopen=row.pk, bucket=row.bucket)
    page = answer(**{"do": "accept", "row": [row.pk, other.pk], f"kind-{row.pk}": "form", "bucket": row.bucket})
    assert "2 rows accepted: 2 facts entered" in page and "Later form of the same drug" not in page.split("Dana")[0]
    change = BatchRow.objects.get(pk=row.pk).change
    assert f'href="/desk/changes/{change.pk}/"' in page and values(change)[0] == "form"


def test_a_bucket_is_accepted_only_after_it_said_what_it_makes(answer, book):
    page = answer(do="accept-all", bucket="new application or form")
    assert "Brand of a biosimilar: <strong>1</strong>" in page and "Brand name: <strong>1</strong>" in page
    assert not book.rows.filter(answer="accepted").exists()
    assert "2 rows accepted" in answer(do="accept-bucket", bucket="new application or form")
    assert "No rows were still open" in answer(do="accept-bucket", bucket="new application or form")


MONTH = [["Purple Book Monthly Historical Data Changes Report - October 2026", *[""] * (len(files.OLD) - 1)]]


def test_every_warning_and_what_it_would_change_stand_before_a_bucket_is_accepted(dana, data_editor):
    data = files.purple_book(
        files.keytruda(licensure="Voluntarily Revoked"),
        files.product(number="761158", brand="Blenrep", licensure="Voluntarily Revoked", approved="5-Aug-20"),
        files.keytruda(number="wrong"),
        before=MONTH,
    )
    batch = keep(data, by=data_editor)
    sent = {"do": "accept-all", "bucket": "FDA withdrew or revoked"}
    page = " ".join(dana.post(f"{FILES}{batch.pk}/", sent).content.decode().split())
    before = page.split("Accept all 2</button>")[0]
    for words in (
        "Before you accept anything",
        "The file has only 3 rows, so it is an excerpt and leaves things out.",
        "1 row of the file couldn’t be read, and may say something else.",
        "pembrolizumab: Voluntarily Revoked",
        "approved uses of pembrolizumab. Enter the decision for each of them, too. This file lists 1 presentation.",
        "Our data also has BLA761440, which is not in this file.",
        "Whether it is sold: marketed → withdrawn",
    ):
        assert words in before, words
    assert "The file has only 3 rows" in dana.get(f"{FILES}{batch.pk}/").content.decode()


def test_whoever_confirms_it_sees_the_same_warnings(desk, second_data_editor, data_editor):
    batch = keep(REVOKED, by=data_editor)
    change = accept(batch, "Voluntarily Revoked", data_editor)[1].change
    page = desk(second_data_editor).get(change.get_absolute_url())
    told = page.context["warnings"]
    assert told[0] == "This affects patients."
    for words in (
        "FDA revoked the license",
        "doesn’t say how old it is",
        "The file has only 1 row, so it is an excerpt",
    ):
        assert any(words in line for line in told), words
    better = floor.amend(change, {change.pk: {"value": "discontinued"}}, by=second_data_editor, because="Only sales.")
    assert better.warnings == change.warnings, "a corrected proposal keeps them"


def test_a_release_that_is_older_than_another_one_says_so(dana, data_editor):
    keep(files.drugs_zip(), by=data_editor)
    older = files.drugs_zip(Submissions=files.TABLES["Submissions.txt"][:2])
    batch = keep(older, by=data_editor)
    page = dana.get(f"{FILES}{batch.pk}/").content.decode()
    assert "A newer release was read here: Drugs@FDA, February 3, 2016." in page


def test_what_an_answer_of_openfda_leaves_out_is_said_before_it_is_accepted(dana, data_editor):
    page = dana.get(f"{FILES}{keep(files.answer(files.label(), total=6), by=data_editor).pk}/").content.decode()
    assert "The file contains 1 of the 6 results that openFDA has." in page


def test_our_source_may_have_become_newer_than_the_file_since_it_was_read(data_editor, second_data_editor, source):
    batch = keep(files.purple_book(files.keytruda(licensure="Voluntarily Revoked"), before=MONTH), by=data_editor)
    fact = TherapyFact.objects.get(therapy__slug="pembrolizumab", kind="market-status")
    source.read_on = "2026-11-20"
    source.save()
    told = {"by": data_editor, "because": "FDA says so.", "source": source}
    floor.confirm(floor.propose_change(fact, {"source": source}, **told), by=second_data_editor)
    done, row = accept(batch, "Voluntarily Revoked", data_editor)
    assert (done.rows, row.answer) == (0, "")
    assert "our source holds as of November 20, 2026 now, which is newer than this file." in done.told[0]


# A notice inside a file ---------------------------------------------------------------------------------

NOTICE = (
    '<a href="/drugs/a?utm_source=x">FDA approves pembrolizumab for a test</a>',
    "On May 8, 2026, the Food and Drug Administration granted accelerated approval to pembrolizumab (Keytruda, Merck) "
    "for adults with relapsed or refractory neuroblastoma.",
    "05/08/2026",
)


def test_a_notice_inside_a_file_fills_the_form_as_a_paste_does(dana, data_editor):
    batch = keep(table(["Webpage", "Description", "Date"], *NOTICE), by=data_editor)
    [row] = batch.rows.all()
    page = dana.get(f"/desk/record/?row={row.pk}").context["recording"]
    pasted = {"notice": "\n".join(("FDA approves pembrolizumab for a test", *NOTICE[1:])), "read": ""}
    same = dana.post("/desk/record/", pasted).context["recording"]
    [one], [other] = page.drafts, same.drafts
    assert {name: one.raw(name) for name in one.fields} == {name: other.raw(name) for name in other.fields}
    assert one.raw("therapy") == "pembrolizumab" and one.raw("kind") == "accelerated-approval"
    told = {name: page.source.raw(name) for name in ("notice", "address", "title")}
    assert told["address"] == "https://www.fda.gov/drugs/a" and told["notice"] == NOTICE[1]
    assert told["title"] == "FDA approves pembrolizumab for a test"


@pytest.mark.parametrize("kept", [True, False])
def test_the_words_of_the_notice_are_kept_beside_the_change(dana, desk, data_editor, second_data_editor, kept):
    batch = keep(table(["Webpage", "Description", "Date"], *NOTICE), by=data_editor)
    [row] = batch.rows.all()
    page = dana.get(f"/desk/record/?row={row.pk}").context["recording"]
    sent = {f"use-0-{name}": page.drafts[0].raw(name) or "" for name in page.drafts[0].fields}
    sent |= {"use-0-compared": "on", "use-0-cancer": "Neuroblastoma", "use-0-setting": "A test", "use-0-stage": "later"}
    sent |= {"row": row.pk, "draft": "0", "record": "", "notice": NOTICE[1] if kept else ""}
    sent |= {"address": page.source.raw("address"), "title": page.source.raw("title")}
    for name in ("use-0-biomarkers", "use-0-children", "use-0-month_only", "use-0-another"):
        sent.pop(name)
    response = dana.post("/desk/record/", sent)
    assert response.status_code == 302, [form.errors for form in response.context["recording"].drafts]
    row.refresh_from_db()
    assert row.answer == "accepted" and row.change.evidence == NOTICE[1]
    assert row.change.source.url == "https://www.fda.gov/drugs/a"
    screen = desk(second_data_editor).get(row.change.get_absolute_url())
    assert NOTICE[1] in screen.content.decode()
    assert any("Our data has no FDA decision on pembrolizumab" in line for line in screen.context["warnings"])


def test_what_is_no_decision_is_entered_by_hand_as_a_fact(dana, data_editor):
    batch = keep(files.purple_book(files.keytruda(status="Disc")), by=data_editor)
    address, fact = f"{FILES}{batch.pk}/?bucket=conflicts with ours", known_status()
    assert re.search(rf'href="/desk/facts/{fact.pk}/"\s[^>]*>Correct our fact</a>', dana.get(address).content.decode())
    fact.delete()
    page = dana.get(address).content.decode()
    assert f'href="/desk/facts/new/?therapy={fact.therapy_id}&amp;kind=market-status"' in page


def test_what_was_chosen_is_still_there_when_the_class_is_missing(answer, book):
    row = row_of(book, "Newmab")
    page = answer(do="accept", row=row.pk, bucket="new therapy")
    assert "Choose a class for ivonescimab" in page and f'id="row-{row.pk}" checked' in page
    kind = TherapyClass.objects.all()[1]
    assert "1 row accepted: 4 facts entered" in answer(
        **{"do": "accept", "row": row.pk, f"class-{row.pk}": kind.pk, "bucket": "new therapy"}
    )
    row.refresh_from_db()
    assert row.change.governed is Therapy and row.change.after["therapy_class"] == kind.pk


def test_undoing_says_what_readers_see_now_and_what_will_wait(answer, book, data_editor, second_data_editor):
    floor.confirm(accept(book, "Newsimilar", data_editor)[1].change, by=second_data_editor)
    accept(book, "Lemtrada", data_editor)
    page = answer()
    assert "2 rows of this file are accepted" in page and "1 of them is confirmed, so readers see it." in page
    assert "the opposite will be proposed" in page
    assert "Say why" in answer(do="undo", undo_because="")
    page = answer(do="undo", undo_because="The file was cut.")
    assert "1 pending change rejected. For 1 already public, the opposite is now pending" in page
    assert "Undone by Dana" in page and "Your answer" not in page


def test_what_a_file_holds_of_openfda_is_never_called_complete(dana, data_editor):
    batch = keep(files.answer(files.label(), total=6), by=data_editor)
    assert "The file contains <strong>1 of 6</strong> results" in dana.get(f"{FILES}{batch.pk}/").content.decode()


def test_an_unreadable_row_is_told_with_line_column_and_value(dana, book):
    page = dana.get(f"{FILES}{book.pk}/?bucket=unreadable").content.decode()
    assert "BLA Number: wrong" in page and "An application number has five or six digits" in page and "Line 7" in page


def test_what_is_not_ours_may_be_recorded_by_hand(dana, data_editor):
    batch = keep(files.purple_book(files.product(number="761999", brand="Other", name="somatropin")), by=data_editor)
    row = batch.rows.get()
    assert f"/desk/record/?row={row.pk}" in dana.get(f"{FILES}{batch.pk}/").content.decode()


def test_rows_are_found_by_name_rule_or_number_and_an_answer_keeps_the_search(dana, data_editor):
    batch = keep(files.purple_book(*(similar(n, brand=f"Similar{n}") for n in range(769900, 769930))), by=data_editor)
    address = f"{FILES}{batch.pk}/?bucket=new application or form"

    def found(words):
        page = " ".join(dana.get(f"{address}&q={words}").content.decode().split())
        return re.findall(r'<label for="row-\d+">[^<]*(Similar\d+)', page), page

    assert len(found("")[0]) == 30 and "Accept all 30" in found("")[1]
    for words in ("similar769907", "769907", "SIMILAR769907 bevacizumab"):
        names, page = found(words)
        assert names == ["Similar769907"] and "<strong>1</strong> of 30 rows in “New application or form” match" in page
        assert "Accept all" not in page  # which would accept what is not shown
    assert "No row in “New application or form” matches." in found("nothing+like+it")[1]
    assert "&lt;b&gt;" in found("<b>")[1] and found("%00")[0] == found("")[0]
    sent = {"do": "skip", "row": row_of(batch, "769907").pk, "because": "Not ours."}
    response = dana.post(f"{FILES}{batch.pk}/", sent | {"bucket": "new application or form", "q": "769907"})
    assert response.url == f"{FILES}{batch.pk}/?bucket=new+application+or+form&q=769907"


def test_editors_read_and_do_not_answer(desk, editor, book):
    client = desk(editor)
    address = f"{FILES}{book.pk}/"
    assert (
        "Newmab" in client.get(address).content.decode()
        and "Accept selected rows" not in client.get(address).content.decode()
    )
    assert client.post(address, {"do": "accept", "row": row_of(book, "Newsimilar").pk}).status_code == 403
    assert client.post(FILES, {"file": SimpleUploadedFile("a.csv", BOOK)}).status_code == 403
    assert Batch.objects.count() == 1


@pytest.mark.parametrize("address", [FILES, FILES + "{}/?bucket=new application or form"])
def test_the_number_of_queries_does_not_grow(dana, data_editor, address):
    """Neither with rows nor with files."""
    counts = []
    for several in (range(769990, 769992), range(769900, 769960)):
        data = files.purple_book(files.keytruda(), *(similar(n, brand=f"Similar{n}") for n in several))
        batch = keep(data, by=data_editor)
        rows = list(batch.rows.unanswered().values_list("pk", flat=True))
        actions.accept(batch, rows[: len(rows) // 2], by=data_editor)
        actions.skip(batch, rows[-1:], by=data_editor, because="No.")
        with CaptureQueriesContext(connection) as queries:
            dana.get(address.format(batch.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1]
