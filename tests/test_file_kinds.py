"""One table says which files the portal reads: recognising, comparing and every screen look it up there."""

import datetime
import io

import pytest

from therapies.desk import synchronised
from therapies.fda import file_kinds, recognise, tables
from therapies.fda.file_kinds import FILE_KINDS, CsvFile, FileKind, file_kind
from therapies.fda.records import Application, Submission
from therapies.models import Batch

from . import fda_files as files
from .imports import keep

COLUMNS = {"number": ("STN",), "day": ("Recalled On (mo/day/yr)",), "why": ("why",)}
LAYOUT = tables.Layout("recalls", "The list of recalls", COLUMNS)


def read_recalls(rows, reading):
    for row in rows:
        yield Submission(row.line, Application("BLA", int(row["number"])), "SUPPL", "1", "", "AP", None)


@pytest.fixture
def recalls(monkeypatch):
    """A reader that the portal does not have: a module, and an entry in the table."""
    kind = FileKind("recalls", "FDA’s list of recalls", (CsvFile(LAYOUT, read_recalls),))
    monkeypatch.setattr(recognise, "FILE_KINDS", (*FILE_KINDS, kind))
    monkeypatch.setitem(file_kinds.BY_KEY, "recalls", kind)


def test_a_file_is_read_by_whatever_reader_the_table_names_for_its_columns(recalls):
    data = b"STN,Recalled On (mo/day/yr),Why\n125514,1/2/2026,Cracked vials\n"
    reading = recognise.open_file(io.BytesIO(data), datetime.date(2026, 11, 28))
    assert [record.application.number for record in reading.records] == [125514]
    assert (reading.kind, reading.rows) == ("recalls", 1)
    assert synchronised.title_of(reading.kind, "2026-10") == "FDA’s list of recalls, October 2026"


def test_keys_and_names_of_kinds_are_told_apart():
    assert len({kind.key for kind in FILE_KINDS}) == len({kind.name for kind in FILE_KINDS}) == len(FILE_KINDS)
    layouts = [reader.layout for kind in FILE_KINDS for reader in kind.readers if hasattr(reader, "layout")]
    assert {layout.kind for layout in layouts} <= {kind.key for kind in FILE_KINDS}


def test_every_kind_of_fdas_files_is_among_those_that_the_site_is_synchronized_with(db):
    assert [file.name for file in synchronised.last()] == [kind.name for kind in FILE_KINDS if kind.from_fda]


def test_the_form_for_a_file_names_every_kind(desk, data_editor):
    page = desk(data_editor).get("/desk/files/").content.decode()
    assert [kind.name for kind in FILE_KINDS if f"{kind.name} ({kind.saved_as})" not in page] == []


def test_a_batch_of_a_kind_that_nobody_reads_any_more_is_not_taken_for_an_export(desk, data_editor):
    batch = keep(files.purple_book(files.keytruda()), by=data_editor)
    Batch.objects.filter(pk=batch.pk).update(kind="orange-book")
    assert file_kind("orange-book").name == "orange-book"
    for address in ("/desk/files/", f"/desk/files/{batch.pk}/"):
        page = desk(data_editor).get(address).content.decode()
        assert ">orange-book<" in page
        assert ">An export of this site<" not in page
