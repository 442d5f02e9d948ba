"""The real files of FDA, where they lie beside this checkout: as many records as a count of their own gives."""

import csv
import io

import pytest

from tests import fda_files as files
from tests.fda_files import facts_of, read
from therapies.fda.records import Submission


@files.needs_real
def test_the_real_purple_books():
    reading, products = read((files.REAL / "purplebook_2025-02_slice.csv").read_bytes())
    assert (reading.rows, len(products), reading.errors) == (2058, 2058, [])
    years = [p.approved.year for p in products if p.approved]
    assert min(years) == 1930 and max(years) == 2025
    new, few = read((files.REAL / "purplebook_2026-06_excerpt_28col.csv").read_bytes())
    assert (new.edition, len(few)) == ("2026-06", 7)
    by_key = {(p.application, p.brand, p.approved, p.status, p.licence) for p in products}
    mine = {(p.application, p.brand, p.approved, p.status, p.licence) for p in few}
    assert {k for k in mine if k[1] in ("Keytruda", "Flublok", "Novarel", "Panhematin")} <= by_key


@pytest.mark.slow
@files.needs_real
def test_the_real_purple_book_is_read_from_a_workbook_as_well():
    data = (files.REAL / "purplebook_2025-02_slice.csv").read_bytes()
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    _, products = read(files.workbook([files.as_excel_keeps(row) for row in rows]))
    assert facts_of(products) == facts_of(read(data)[1])


@pytest.mark.slow
@files.needs_real
def test_the_real_zip():
    reading, records = read((files.REAL / "drugsatfda_20180626.zip").read_bytes())
    assert sum(isinstance(r, Submission) for r in records) == 150_661
    assert [e.line for e in reading.errors] == [34617, 34618, 34619], "three rows with nine cells for eight"
    assert reading.edition == "2018-06-25", "the newest submission; the zip was packed a day later"


@files.needs_real
@pytest.mark.parametrize(
    ("name", "kind", "rows"),
    [
        ("nme_1985-2014_slice.csv", "compilation", 876),
        ("drugsfda_constructed_2018-06-26.json", "openfda-drugsfda", 44),
        ("label_BLA125377_yervoy.json", "openfda-label", 1),
        ("open.fda.gov_drugsfda_examples.json", "openfda-drugsfda", 1),
        ("open.fda.gov_label_examples.json", "openfda-label", 1),
    ],
)
def test_the_other_real_files(name, kind, rows):
    reading, records = read((files.REAL / name).read_bytes())
    assert (reading.kind, reading.rows, reading.errors) == (kind, rows, []) and records
