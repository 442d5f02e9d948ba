"""FDA's lists as Excel workbooks: read like their CSV, and nothing is worked out."""

import csv
import io

import pytest

from tests import fda_files as files
from tests.fda_files import old_approval, read
from therapies.fda.records import FileRefused


def test_a_workbook_gives_the_same_facts_as_its_csv():
    for data in (
        files.purple_book(files.keytruda(), files.keytruda(strength="100MG")),
        files.new_purple_book(files.keytruda(files.NEW), changes=[files.keytruda(files.NEW, change="U")]),
        files.table(files.COMPILATION, [old_approval()]),
        files.notices(),
        files.table(files.VERIFIED, [["Kymriah (tisagenlecleucel)", "FL", "5/27/2022", "4/1/2024"]]),
    ):
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        reading, records = read(files.workbook([files.as_excel_keeps(row) for row in rows]))
        same, expected = read(data)
        assert (reading.kind, reading.edition, reading.errors) == (same.kind, same.edition, [])
        assert records == expected, "lines, too"


def test_the_sheet_that_is_a_list_of_fdas_is_found_among_others():
    notes = [["About this workbook"], [None, "Source", "FDA"]]
    book = [[], files.OLD, [], files.as_excel_keeps(files.keytruda())]
    reading, (product,) = read(files.workbook(notes, book, []))
    assert (reading.kind, product.line, str(product.application)) == ("purple-book", 4, "BLA125514")


def test_a_formula_is_text_and_nothing_works_it_out():
    reading, products = read(files.workbook([files.OLD, files.keytruda(brand="=1+1"), files.keytruda()]))
    assert len(products) == 1 and "as a spreadsheet's formula does" in reading.errors[0].message


def test_a_number_of_a_workbook_is_the_number_and_no_day_is_made_of_one():
    row = files.keytruda()
    row[files.OLD.index("BLA Number")], row[files.OLD.index("Approval Date")] = 125514.0, 41886
    reading, products = read(files.workbook([files.OLD, row]))
    assert products == [] and (reading.errors[0].column, reading.errors[0].value) == ("Approval Date", "41886")


def test_a_workbook_without_a_list_of_fdas_says_what_it_begins_with():
    with pytest.raises(FileRefused, match="this table begins with “Name, Age"):
        read(files.workbook([["Name", "Age"], ["Ada", 36]]))
    with pytest.raises(FileRefused, match="every sheet of this one is empty"):
        read(files.workbook([]))
