"""A file becomes a batch and nothing else, or a sentence says why it cannot be read."""

import gc
import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.publishing.models import AuditEntry
from therapies.fda import recognise
from therapies.models import Batch, Therapy

from .. import fda_files as files
from ..fda_files import BOOK
from ..imports import rows_of_ours
from .conftest import FILES, known, send

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]


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
