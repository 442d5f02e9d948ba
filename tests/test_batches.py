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
from portal.publishing.models import AuditEntry
from therapies.compare.proposals import FactCorrection, NewEvent, NewFact
from therapies.compare.stored import finding_of, proposal_of
from therapies.desk import actions
from therapies.desk.wording_of_findings import claim_in_words
from therapies.fda import recognise
from therapies.models import ApprovalEvent, Batch, BatchRow, Indication, Therapy, TherapyClass, TherapyFact

from . import fda_files as files
from .imports import keep
from .test_fda_hostile import rows_of_ours

pytestmark = pytest.mark.django_db
FILES = "/desk/files/"
SIMILAR = {
    "brand": "Newsimilar",
    "name": "bevacizumab-zzzz",
    "licence": "351(k) Biosimilar",
    "reference": "bevacizumab",
}


def similar(number=769999, **cells):
    return files.product(number=str(number), approved="1-Jan-25", **(SIMILAR | cells))


BOOK = files.purple_book(
    files.keytruda(),
    similar(),
    files.product(number="769998", brand="Newmab", name="ivonescimab-abcd", approved="2-Jan-25"),
    files.product(number="103948", brand="Lemtrada", name="alemtuzumab", approved="7-May-01"),
    files.product(number="125554", brand="Opdivo", name="nivolumab", approved="22-Dec-14", status="Disc"),
    files.keytruda(number="wrong"),
)
REVOKED = files.purple_book(files.keytruda(licensure="Voluntarily Revoked", status=""))


def table(header, *row):
    return files.page(header, [row])


@pytest.fixture
def regina(desk, data_editor):
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
    """Everything that a fact says, with its confirmation."""
    columns = ("pk", "kind", "value", "date", "source", "because", "recorded_by", "recorded_at", "confirmed_at")
    return list(TherapyFact.objects.order_by("pk").values_list(*columns, "confirmed_by", "rejected_at"))


# A file comes in ----------------------------------------------------------------------------------------


def test_a_file_becomes_a_batch_and_nothing_else(regina, data_editor):
    facts, therapies = known(), Therapy.objects.count()
    response, page = send(regina, BOOK)
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


def test_progress_is_told_before_anything_is_stored(regina, monkeypatch):
    monkeypatch.setattr("therapies.desk.upload.LINE_EVERY", 2)
    before = rows_of_ours()
    response = regina.post(FILES, {"file": SimpleUploadedFile("purple.csv", BOOK)})
    stream = iter(response.streaming_content)
    lines = [next(stream).decode() for _ in range(3)]
    assert "if you leave it, nothing is stored" in lines[0] and "Opening the file" in lines[1]
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
        (b"%PDF-1.7 and so on", "and this is a PDF"),
        (b"one,two\n1,2\n", "expected"),
        (files.answer(files.label())[:-30], "expected"),  # it breaks off only at its end
        (files.purple_book(), "This file has no rows, so nothing was stored."),
        (b"x" * (recognise.UPLOAD + 2**20), "A file can be up to 20 MB. This one is 21.0 MB."),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence_and_the_form_again(regina, data, said):
    before = rows_of_ours()
    page = send(regina, data)[1]
    assert said in page and 'type="file"' in page and "There is a problem" in page
    assert rows_of_ours() == before


def test_no_file_and_two_files_are_told(regina):
    assert "Choose a file first." in regina.post(FILES, {}).content.decode()
    two = [SimpleUploadedFile(name, BOOK) for name in ("a.csv", "b.csv")]
    assert "Upload one file at a time. 2 arrived." in regina.post(FILES, {"file": two}).content.decode()
    assert not Batch.objects.exists()


def test_what_no_reader_foresaw_is_one_sentence_too(regina, monkeypatch):
    def broken(*args):
        raise KeyError("a column")

    monkeypatch.setattr("therapies.compare.comparison.FileComparison.result", broken)
    assert "for a reason we didn’t expect (KeyError)" in send(regina, BOOK)[1]
    assert not Batch.objects.exists()


def test_names_of_files_and_products_are_text_on_every_page(regina):
    name = "<script>alert(1)</script>\u202e.csv"
    page = send(regina, files.purple_book(files.keytruda(number="<img src=x onerror=alert(2)>")), name)[1]
    batch = Batch.objects.get()
    pages = [
        page,
        regina.get(FILES).content.decode(),
        regina.get(f"{FILES}{batch.pk}/?bucket=unreadable").content.decode(),
    ]
    for shown in pages:
        assert "<script>alert" not in shown and "<img src=x" not in shown and "\u202e" not in shown
    assert "&lt;img src=x onerror=alert(2)&gt;" in pages[-1]


# The same again -----------------------------------------------------------------------------------------


def test_the_same_file_says_nothing_new_even_after_its_rows_were_accepted(regina, data_editor):
    send(regina, BOOK)
    batch = Batch.objects.get()
    kind = str(TherapyClass.objects.all()[0].pk)
    choices = {row.pk: {"class": kind} for row in batch.rows.filter(bucket="new therapy")}
    for bucket in batch.rows.values_list("bucket", flat=True).distinct().order_by():
        actions.accept(batch, bucket=bucket, choices=choices, by=data_editor)
    assert not batch.rows.unanswered().exists()
    page = send(regina, BOOK)[1]
    assert f'Nothing new: this same file was read before. <a href="/desk/files/{batch.pk}/?again=1">' in page
    assert Batch.objects.count() == 1
    assert "Nothing new: this same file was read before" in regina.get(f"{FILES}{batch.pk}/?again=1").content.decode()


def test_the_same_file_is_a_new_batch_once_our_facts_changed(regina):
    send(regina, BOOK)
    TherapyFact.objects.filter(kind="market-status", therapy__slug="pembrolizumab").update(value="discontinued")
    assert "Nothing new" not in send(regina, BOOK)[1]
    assert Batch.objects.count() == 2


def test_what_was_skipped_stays_skipped_in_the_next_release(book, data_editor, second_registrar):
    row = row_of(book, "Newsimilar")
    actions.skip(book, [row.pk], by=data_editor, because="It was never sold.")
    later = keep(files.purple_book(files.keytruda(), files.keytruda(), similar()), by=second_registrar)
    again = row_of(later, "Newsimilar")
    assert (again.answer, again.answered_by, again.answered_because) == ("skipped", data_editor, "It was never sold.")
    assert again.line != row.line and again.key == row.key
    actions.reopen(again, by=second_registrar)
    third = keep(files.purple_book(similar()), by=second_registrar)
    assert row_of(third, "Newsimilar") in third.rows.unanswered(), "who opened it again wants to be asked"


def test_what_was_accepted_is_not_proposed_by_the_next_release(data_editor):
    drugs = keep(files.drugs_zip(), by=data_editor, name="drugs.zip")
    fact = accept(drugs, "supplement 99", data_editor)[1].fact
    assert (fact.kind, fact.value, str(fact.date)) == ("supplement", "BLA125514 supplement 99", "2016-02-03")
    later = keep(files.drugs_zip(date=(2018, 7, 3, 0, 0, 0)), by=data_editor)
    again = row_of(later, "supplement 99")
    assert again not in later.rows.unanswered() and again.fact == fact
    actions.undo(later, by=data_editor, because="Wrong month.")
    fact.refresh_from_db()
    assert fact.waits, "undoing the later one takes back nothing of the earlier"


def test_the_same_file_is_a_new_batch_once_it_asks_for_something_else(data_editor, second_registrar):
    """The row of the first batch would correct a fact that is gone."""
    data = files.purple_book(files.keytruda(status="Disc"))
    first = keep(data, by=data_editor)
    fact = TherapyFact.objects.get(kind="market-status", therapy__slug="pembrolizumab")
    assert proposal_of(row_of(first, "Disc")) == FactCorrection(fact.pk, value="discontinued")
    floor.reject(fact, by=second_registrar, because="Nobody read it.")
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
def test_accepting_makes_facts_that_wait_with_the_file_as_source(book, data_editor, words, choices, made):
    if "class" in choices:
        choices = {"class": str(TherapyClass.objects.all()[0].pk)}
    done, row = accept(book, words, data_editor, **choices)
    facts = list(TherapyFact.objects.filter(recorded_by=data_editor).order_by("pk"))
    assert [(fact.kind, fact.value) for fact in facts] == made and done.made == len(made)
    assert all(fact.waits and fact.source == book.source for fact in facts)
    assert (row.answer, row.answered_by, row.fact) == ("accepted", data_editor, facts[0])
    assert AuditEntry.objects.filter(verb="recorded", by=data_editor).count() == len(made)
    assert AuditEntry.objects.get(verb="accepted", row=str(book.pk)).by == data_editor


def test_readers_see_nothing_of_what_was_accepted(client, book, data_editor):
    accept(book, "Newsimilar", data_editor)
    accept(book, "Newmab", data_editor, **{"class": str(TherapyClass.objects.all()[0].pk)})
    assert "Newsimilar" not in client.get("/therapies/bevacizumab/").content.decode()
    assert client.get("/therapies/ivonescimab/").status_code == 404
    assert "ivonescimab" not in client.get("/therapies/").content.decode()


def test_a_change_of_use_that_nobody_explained_is_on_no_page_for_readers(client, data_editor, second_registrar):
    fact = accept(keep(files.drugs_zip(), by=data_editor), "supplement 99", data_editor)[1].fact
    before = client.get("/therapies/pembrolizumab/").content
    floor.confirm(fact, by=second_registrar)
    assert client.get("/therapies/pembrolizumab/").content == before


def test_a_new_therapy_needs_a_class_and_until_then_nothing_is_recorded(book, data_editor):
    facts = known()
    rows = [row_of(book, words).pk for words in ("Newmab", "Newsimilar")]
    with pytest.raises(Refused, match="Choose a class for ivonescimab"):
        actions.accept(book, rows, by=data_editor)
    assert known() == facts and book.rows.filter(answer="accepted").count() == 0


def test_accepting_twice_records_once_and_tells(book, data_editor, second_registrar):
    accept(book, "Newsimilar", data_editor)
    facts = known()
    done, row = accept(book, "Newsimilar", second_registrar)
    assert done.rows == 0 and "Regina has accepted it already" in done.told[0]
    assert row.answered_by == data_editor and known() == facts


def test_a_fact_that_is_there_is_linked_and_stays_when_the_batch_is_undone(book, data_editor, second_registrar, source):
    therapy = Therapy.objects.get(slug="bevacizumab")
    by_hand = TherapyFact(therapy=therapy, kind="biosimilar", value="Newsimilar", source=source)
    floor.record(by_hand, by=second_registrar)
    done, row = accept(book, "Newsimilar", data_editor)
    assert (done.found, done.made, row.fact) == (1, 0, by_hand)
    actions.undo(book, by=data_editor, because="The wrong month.")
    by_hand.refresh_from_db()
    assert by_hand.waits and by_hand.recorded_by == second_registrar


def test_a_fact_that_a_person_turned_down_is_not_recorded_anew(book, data_editor, second_registrar, source):
    fact = accept(book, "Newsimilar", data_editor)[1].fact
    floor.reject(fact, by=second_registrar, because="Never sold.")
    later = keep(files.purple_book(similar(), files.keytruda()), by=data_editor)
    row = row_of(later, "Newsimilar")
    assert (row.answer, row.answered_by, row.answered_because) == ("skipped", second_registrar, "Never sold.")
    actions.reopen(row, by=data_editor)
    done, row = accept(later, "Newsimilar", data_editor)
    assert "Sam turned this fact down: Never sold." in done.told[0] and row.answer == ""


def test_of_a_row_that_fails_in_the_middle_nothing_is_left(book, data_editor, monkeypatch):
    before, count = known(), []
    record = floor.record

    def break_at_the_second(fact, by):
        count.append(fact)
        if len(count) == 2:
            raise IntegrityError("somebody was quicker")
        return record(fact, by=by)

    monkeypatch.setattr(floor, "record", break_at_the_second)
    with pytest.raises(IntegrityError):
        actions.accept(book, [row_of(book, words).pk for words in ("Newsimilar", "Lemtrada")], by=data_editor)
    assert known() == before and not book.rows.exclude(answer="").exists()


# Corrections, withdrawals, conversions --------------------------------------------------------------------


def test_a_correction_waits_again_and_undoing_gives_back_what_was_confirmed(data_editor, second_registrar, client):
    fact = TherapyFact.objects.get(therapy__slug="pembrolizumab", kind="market-status")
    before = known()
    batch = keep(REVOKED, by=data_editor)
    done, row = accept(batch, "Voluntarily Revoked", data_editor)
    fact.refresh_from_db()
    assert (done.corrected, row.fact, fact.value) == (1, fact, "withdrawn")
    assert fact.waits and "Voluntarily Revoked" in fact.because and fact.source == batch.source
    floor.confirm(fact, by=second_registrar)
    assert "Taken off the market" in client.get("/therapies/pembrolizumab/").content.decode()
    actions.undo(batch, by=data_editor, because="The file was wrong.")
    assert known() == before
    assert "Taken off the market" not in client.get("/therapies/pembrolizumab/").content.decode()


def test_another_value_does_not_keep_the_day_of_the_old_one(data_editor):
    fact = TherapyFact.objects.get(therapy__slug="alemtuzumab", kind="market-status")
    before, sold = known(), files.product(number="103948", brand="Campath", name="alemtuzumab", approved="7-May-01")
    batch = keep(files.purple_book(sold), by=data_editor)
    accept(batch, "alemtuzumab: Rx", data_editor)
    was = str(fact.date)
    fact.refresh_from_db()
    assert (fact.value, fact.date, was) == ("marketed", None, "2012-09-04")
    actions.undo(batch, by=data_editor, because="No.")
    assert known() == before


def test_a_number_that_brings_a_brand_records_both(data_editor):
    data = files.purple_book(files.product(number="103767", brand="Ontak", name="denileukin diftitox"))
    batch = keep(data, by=data_editor)
    accept(batch, "Ontak", data_editor)
    made = TherapyFact.objects.filter(recorded_by=data_editor)
    assert sorted(made.values_list("kind", "value")) == [("application", "BLA103767"), ("brand", "Ontak")]
    assert keep(data, by=data_editor) == batch, "the same file has nothing new"
    actions.undo(batch, by=data_editor, because="No.")
    assert not made.filter(rejected_at__isnull=True).exists()


def test_what_somebody_changed_since_is_not_undone_but_told(data_editor, second_registrar):
    batch = keep(REVOKED, by=data_editor)
    fact = accept(batch, "Voluntarily Revoked", data_editor)[1].fact
    fact.value = "discontinued"
    floor.record(fact, by=second_registrar)
    done = actions.undo(batch, by=data_editor, because="The file was wrong.")
    fact.refresh_from_db()
    assert fact.value == "discontinued" and "somebody changed it since" in done.told[0]


def test_what_rests_on_another_source_now_outlives_its_batch(book, data_editor, second_registrar, source):
    fact = accept(book, "Newsimilar", data_editor)[1].fact
    fact.source = source
    floor.record(fact, by=second_registrar)
    done = actions.undo(book, by=data_editor, because="The file was cut short.")
    fact.refresh_from_db()
    assert fact.waits and done.made == 0 and "rests on another source now" in done.told[0]


@pytest.fixture
def accelerated(use, source, data_editor, second_registrar):
    event = ApprovalEvent(indication=use, kind="accelerated-approval", date="2021-03-03", source=source)
    event.full_clean()
    floor.confirm(floor.record(event, by=data_editor), by=second_registrar)
    return event


def test_an_end_or_conversion_of_the_one_use_of_its_day_is_an_event(accelerated, use, data_editor):
    ended = keep(table(files.WITHDRAWN, "Keytruda (pembrolizumab)", "For a test", "3/3/2021", "4/4/2023"), by=data_editor)
    event = accept(ended, "Keytruda", data_editor)[1].event
    assert (event.indication, event.kind, str(event.date)) == (use, "withdrawn", "2023-04-04")
    assert event.waits and "For a test" in event.because
    actions.undo(ended, by=data_editor, because="Wrong use.")
    event.refresh_from_db()
    assert event.is_rejected and event.rejected_because == "Batch undone: Wrong use."
    row = files.VERIFIED, "Keytruda (pembrolizumab)", "For a test", "3/3/2021", "5/5/2023"
    proposal = proposal_of(keep(table(*row), by=data_editor).rows.get())
    assert proposal == NewEvent(use.pk, "converted", datetime.date(2023, 5, 5))


def test_with_two_uses_of_the_day_a_person_must_say_which(accelerated, use, source, data_editor):
    other = Indication.objects.create(therapy=use.therapy, cancer=use.cancer, code="other--test", setting="Another")
    event = ApprovalEvent(indication=other, kind="accelerated-approval", date=accelerated.date, source=source)
    floor.record(event, by=data_editor)
    batch = keep(table(files.WITHDRAWN, "Keytruda (pembrolizumab)", "A use", "3/3/2021", "4/4/2023"), by=data_editor)
    assert batch.rows.get().proposal is None


# Undoing ------------------------------------------------------------------------------------------------


def test_undoing_turns_everything_down_closes_the_batch_and_the_file_may_come_again(regina, book, data_editor):
    facts = [accept(book, words, data_editor)[1].fact for words in ("Newsimilar", "Lemtrada")]
    with pytest.raises(Refused, match="Say why"):
        actions.undo(book, by=data_editor, because="  ")
    done = actions.undo(book, by=data_editor, because="The file was cut short.")
    assert done.made == 2
    for fact in facts:
        fact.refresh_from_db()
        assert fact.rejected_because == "Batch undone: The file was cut short."
    for verb in (lambda: accept(book, "Newsimilar", data_editor), lambda: actions.undo(book, by=data_editor, because="!")):
        with pytest.raises(Refused, match="was undone"):
            verb()
    assert "Nothing new" not in send(regina, BOOK)[1]
    again = Batch.objects.order_by("pk").last()
    assert again != book
    done, row = accept(again, "Newsimilar", data_editor)
    assert done.made == 1 and row.fact == facts[0] and TherapyFact.objects.get(pk=facts[0].pk).waits


def test_a_new_therapy_stays_without_facts(book, data_editor):
    accept(book, "Newmab", data_editor, **{"class": str(TherapyClass.objects.all()[0].pk)})
    actions.undo(book, by=data_editor, because="No.")
    therapy = Therapy.objects.get(name="ivonescimab")
    assert therapy.facts.count() == 4 and not therapy.facts.filter(rejected_at__isnull=True).exists()


# The pages ----------------------------------------------------------------------------------------------


@pytest.fixture
def answer(regina, book):
    def answer(**sent):
        response = regina.post(f"{FILES}{book.pk}/", sent, follow=True)
        return " ".join(response.content.decode().split())

    return answer


def test_an_editor_of_fdas_data_accepts_skips_and_reopens(answer, book):
    row, other = row_of(book, "Newsimilar"), row_of(book, "Lemtrada")
    assert "Select a row first" in answer(do="accept")
    page = answer(do="skip", row=row.pk, because="  ", bucket=row.bucket)
    assert "Say why ours stands" in page and f'id="row-{row.pk}" checked' in page
    assert "1 row skipped" in answer(do="skip", row=row.pk, because="Never sold.", bucket=row.bucket)
    page = answer(bucket=row.bucket, page="1")
    assert "Skipped by Regina" in page and "Never sold." in page
    assert "The row is open again." in answer(reopen=row.pk, bucket=row.bucket)
    page = answer(**{"do": "accept", "row": [row.pk, other.pk], f"kind-{row.pk}": "form", "bucket": row.bucket})
    assert "2 rows accepted: 2 facts entered" in page and "Later form of the same drug" not in page.split("Regina")[0]
    assert f"/desk/inbox/facts/{BatchRow.objects.get(pk=row.pk).fact_id}/" in page
    assert BatchRow.objects.get(pk=row.pk).fact.kind == "form"


def test_a_bucket_is_accepted_only_after_it_said_what_it_makes(answer, book):
    page = answer(do="accept-all", bucket="new application or form")
    assert "Brand of a biosimilar: <strong>1</strong>" in page and "Brand name: <strong>1</strong>" in page
    assert not book.rows.filter(answer="accepted").exists()
    assert "2 rows accepted" in answer(do="accept-bucket", bucket="new application or form")
    assert "No row was open anymore" in answer(do="accept-bucket", bucket="new application or form")


def test_what_was_chosen_is_still_there_when_the_class_is_missing(answer, book):
    row = row_of(book, "Newmab")
    page = answer(do="accept", row=row.pk, bucket="new therapy")
    assert "Choose a class for ivonescimab" in page and f'id="row-{row.pk}" checked' in page
    kind = TherapyClass.objects.all()[1]
    assert "1 row accepted: 4 facts entered" in answer(
        **{"do": "accept", "row": row.pk, f"class-{row.pk}": kind.pk, "bucket": "new therapy"}
    )
    assert Therapy.objects.get(name="ivonescimab").therapy_class == kind


def test_undoing_says_what_readers_lose(answer, book, data_editor, second_registrar):
    fact = accept(book, "Newsimilar", data_editor)[1].fact
    floor.confirm(fact, by=second_registrar)
    assert "1 of the facts is confirmed. Readers will no longer see it." in answer()
    assert "Say why" in answer(do="undo", undo_because="")
    page = answer(do="undo", undo_because="The file was cut.")
    assert "1 fact rejected" in page and "Undone by Regina" in page and "Your answer" not in page


def test_what_a_file_holds_of_openfda_is_never_called_complete(regina, data_editor):
    batch = keep(files.answer(files.label(), total=6), by=data_editor)
    assert "The file holds <strong>1 of 6</strong> results" in regina.get(f"{FILES}{batch.pk}/").content.decode()


def test_an_unreadable_row_is_told_with_line_column_and_value(regina, book):
    page = regina.get(f"{FILES}{book.pk}/?bucket=unreadable").content.decode()
    assert "BLA Number: wrong" in page and "An application number has five or six digits" in page and "Line 7" in page


def test_what_is_not_ours_may_be_recorded_by_hand(regina, data_editor):
    batch = keep(files.purple_book(files.product(number="761999", brand="Other", name="somatropin")), by=data_editor)
    row = batch.rows.get()
    assert f"/desk/record/?row={row.pk}" in regina.get(f"{FILES}{batch.pk}/").content.decode()


def test_rows_are_found_by_name_rule_or_number_and_an_answer_keeps_the_search(regina, data_editor):
    batch = keep(files.purple_book(*(similar(n, brand=f"Similar{n}") for n in range(769900, 769930))), by=data_editor)
    address = f"{FILES}{batch.pk}/?bucket=new application or form"

    def found(words):
        page = " ".join(regina.get(f"{address}&q={words}").content.decode().split())
        return re.findall(r'<label for="row-\d+">[^<]*(Similar\d+)', page), page

    assert len(found("")[0]) == 30 and "Accept all 30" in found("")[1]
    for words in ("similar769907", "769907", "SIMILAR769907 bevacizumab"):
        names, page = found(words)
        assert names == ["Similar769907"] and "<strong>1</strong> of 30 rows in “New application or form” match" in page
        assert "Accept all" not in page  # which would accept what is not shown
    assert "No row in “New application or form” matches." in found("nothing+like+it")[1]
    assert "&lt;b&gt;" in found("<b>")[1] and found("%00")[0] == found("")[0]
    sent = {"do": "skip", "row": row_of(batch, "769907").pk, "because": "Not ours."}
    response = regina.post(f"{FILES}{batch.pk}/", sent | {"bucket": "new application or form", "q": "769907"})
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
def test_the_number_of_queries_does_not_grow(regina, data_editor, address):
    """Neither with rows nor with files."""
    counts = []
    for several in (range(769990, 769992), range(769900, 769960)):
        data = files.purple_book(files.keytruda(), *(similar(n, brand=f"Similar{n}") for n in several))
        batch = keep(data, by=data_editor)
        rows = list(batch.rows.unanswered().values_list("pk", flat=True))
        actions.accept(batch, rows[: len(rows) // 2], by=data_editor)
        actions.skip(batch, rows[-1:], by=data_editor, because="No.")
        with CaptureQueriesContext(connection) as queries:
            regina.get(address.format(batch.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1]
