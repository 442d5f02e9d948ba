"""The pages of a batch: what stands there before somebody accepts, what an answer says, and what others see of it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.publishing import actions as floor
from therapies.desk import actions
from therapies.models import Batch, BatchRow, Therapy, TherapyClass, TherapyFact

from . import fda_files as files
from .fda_files import BOOK, REVOKED, similar
from .imports import accept, keep, row_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FILES = "/desk/files/"


def known_status():
    return TherapyFact.objects.get(therapy__slug="pembrolizumab", kind="market-status")


def values(change):
    return change.after["kind"], change.after["value"]


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


def test_a_fact_keeps_the_capitals_of_fda_and_us(book):
    therapy = Therapy.objects.get(slug="pembrolizumab")
    told = [str(TherapyFact(therapy=therapy, kind=kind, value="X")) for kind in ("application", "first-approval")]
    told.append(str(TherapyFact(therapy=therapy, kind="brand", value="X")))
    labels = ("FDA application number", "first US approval, for another use", "brand name")
    assert told == [f"pembrolizumab, {label}: X" for label in labels]


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
    batch = keep(files.page(["Webpage", "Description", "Date"], [NOTICE]), by=data_editor)
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
    batch = keep(files.page(["Webpage", "Description", "Date"], [NOTICE]), by=data_editor)
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
    assert any("Our data doesn’t have every FDA decision" in line for line in screen.context["warnings"])


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
