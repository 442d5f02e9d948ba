"""The Purple Book: both its layouts, and the dirt that real files carry."""

import datetime
import re

import pytest

from tests import fda_files as files
from tests.fda_files import facts_of, old_approval, read
from therapies.fda.records import Application, FileRefused


def test_both_layouts_of_the_purple_book_give_the_same_facts():
    rows = [{}, {"status": "Disc", "licensure": "Voluntarily Revoked"}]
    old, products = read(files.purple_book(*(files.keytruda(**row) for row in rows)))
    new, same = read(files.new_purple_book(*(files.keytruda(files.NEW, **row) for row in rows)))
    assert facts_of(products) == facts_of(same)
    assert (old.kind, new.kind) == ("purple-book", "purple-book")
    assert (old.edition, new.edition) == (None, "2026-06")
    assert facts_of(products)[0] == (
        *("BLA125514", "Keytruda", ("pembrolizumab",), "351(a)", "Rx", "Licensed"),
        datetime.date(2014, 9, 4),
    )


def test_of_two_blocks_only_the_database_is_read():
    change = files.keytruda(files.NEW, change="U", status="Disc")
    reading, products = read(files.new_purple_book(files.keytruda(files.NEW), changes=[change]))
    assert [p.status for p in products] == ["Rx"] and reading.rows == 1


def test_changes_above_the_database_are_passed_over_with_one_header_too():
    rows = [files.keytruda(change="U", status="Disc"), files.keytruda(), files.keytruda(change="N", number="125999")]
    reading, products = read(files.purple_book(*rows))
    assert [(p.status, p.application.number) for p in products] == [("Rx", 125514), ("Rx", 125999)]
    assert reading.rows == 2


def test_a_marked_row_at_the_top_is_kept_unless_its_product_stands_again_below():
    alone, change = files.keytruda(change="N", number="125999"), files.keytruda(change="U")
    _, products = read(files.purple_book(alone, change, change, files.keytruda(number="125377")))
    assert [p.application.number for p in products] == [125999, 125514, 125377]


def test_the_second_header_may_have_other_columns_than_the_first():
    few = ["Applicant", *files.OLD[2:17]]
    first, second = (
        files.table(files.OLD, [files.keytruda(change="N")]),
        files.table(few, [["", *files.keytruda()[2:17]]]),
    )
    _, products = read(first + b"\r\nAll products\r\n" + second.removeprefix(b"\xef\xbb\xbf"))
    assert facts_of(products) == facts_of(read(files.purple_book(files.keytruda()))[1])


def test_a_file_of_changes_alone_is_read():
    assert len(read(files.purple_book(files.keytruda(change="U"), files.keytruda(change="N")))[1]) == 2


def test_a_name_without_end_is_an_error_of_its_row():
    several = "; ".join(f"d{n}" for n in range(60))
    reading, products = read(files.purple_book(files.keytruda(name=several), files.keytruda()))
    assert len(products) == 1 and reading.errors[0].message == "A name can contain at most 50 drugs."


def test_a_month_that_has_not_come_is_no_edition():
    book = files.new_purple_book(files.keytruda(files.NEW), month="December 2099")
    assert read(book)[0].edition is None


def test_an_approval_lies_before_the_edition():
    rows = [files.keytruda(files.NEW, approved=approved) for approved in ("14-Jun-36", "1-Jun-26", "1-Jul-26")]
    _, products = read(files.new_purple_book(*rows))
    assert [p.approved.year for p in products] == [1936, 2026, 1926]


def test_columns_are_found_by_name_in_any_order_among_others():
    header = [f"  {name.replace(' ', '  ')} " for name in reversed(files.OLD)] + ["A new column"]
    row = [*reversed(files.keytruda()), "x"]
    _, products = read(files.table(header, [row]))
    assert facts_of(products) == facts_of(read(files.purple_book(files.keytruda()))[1])


def test_a_column_is_found_whatever_blanks_its_name_holds():
    wide = [re.sub(r"([(/])", r" \1 ", name) for name in files.COMPILATION]
    assert wide[4] == " Application Number ( 1)"
    _, (product,) = read(files.table(wide, [old_approval()]))
    assert product.application == Application("NDA", 21174)


def test_a_missing_column_is_named():
    header = [name for name in files.OLD if name != "Licensure"]
    with pytest.raises(FileRefused, match="needs the column “licensure”"):
        read(files.table(header, []))


def test_a_column_that_stands_twice_is_named():
    with pytest.raises(FileRefused, match="“Proper Name” appears twice"):
        read(files.table([*files.OLD, "Proper Name"], []))


def test_a_row_with_another_number_of_cells_is_an_error_and_nothing_shifts():
    reading, products = read(files.purple_book([*files.keytruda(), ""], files.keytruda()[:7], files.keytruda()))
    assert len(products) == 1
    assert [(e.line, e.message[:23]) for e in reading.errors] == [
        (2, "This row has 26 cells w"),
        (3, "This row has 7 cells wh"),
    ]


def test_every_broken_row_is_told_with_line_column_and_value():
    rows = [
        files.keytruda(number="125514.0"),
        files.keytruda(approved="31-Feb-14"),
        files.keytruda(),
        files.keytruda(brand="Keytrud\u0430"),
        files.keytruda(status="R\u202ex"),
    ]
    reading, products = read(files.purple_book(*rows))
    assert len(products) == 1
    assert [(e.line, e.column) for e in reading.errors] == [
        (2, "BLA Number"),
        (3, "Approval Date"),
        (5, "Proprietary Name"),
        (6, "Marketing Status"),
    ]
    assert reading.errors[3].value == "R\\u202ex"


def test_the_status_has_had_a_shorter_name():
    header = ["Status" if name == "Marketing Status" else name for name in files.OLD]
    _, (product,) = read(files.purple_book(files.keytruda(header, status="Disc"), header=header))
    assert product.status == "Disc"


def test_a_revoked_licence_is_read_with_the_edition_that_says_so():
    header = files.OLD
    titles = [["Purple Book Monthly Historical Data Changes Report - March 2025", *[""] * (len(header) - 1)]]
    titles += [["Purple Book Database", *[""] * (len(header) - 1)]]
    row = files.product(
        number="761158", brand="Blenrep", approved="5-Aug-20", status="Disc", licensure="Voluntarily Revoked"
    )
    reading, (product,) = read(files.purple_book(row, before=titles))
    assert (reading.edition, product.approved) == ("2025-03", datetime.date(2020, 8, 5))
    assert (product.status, product.licensure) == ("Disc", "Voluntarily Revoked")


def test_a_cell_may_hold_a_line_feed_where_returns_end_the_rows():
    rows = [files.keytruda(strength="50MG"), files.keytruda(form="For\nInjection"), files.keytruda(brand="A, B")]
    data = files.purple_book(*rows, end="\r").replace(b'"For\nInjection"', b"For\nInjection")
    reading, products = read(data)
    assert reading.errors == [] and [product.line for product in products] == [2, 3, 4]
    assert "For Injection" in products[1].presentation and products[2].brand == "A, B"


def test_a_return_within_a_cell_does_not_end_the_rows_of_a_file_that_line_feeds_end():
    data = files.purple_book(files.keytruda(form="Form"), files.keytruda(), end="\n")
    reading, products = read(data.replace(b",Form,", b',"For\rInjection",'))
    assert reading.errors == [] and ["For Injection" in one.presentation for one in products] == [True, False]


def test_windows_characters_and_line_ends_in_cells_are_read():
    data = files.purple_book(files.keytruda(brand="Key’truda", name="pem\nbro"), code="cp1252")
    _, products = read(data)
    assert (products[0].brand, products[0].names) == ("Key’truda", ("pem bro",))
