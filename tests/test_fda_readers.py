"""Readers of FDA's files: what each layout gives, and the dirt that real files carry."""

import ast
import csv
import datetime
import io
import json
import re
import subprocess
import sys

import pytest

from tests import fda_files as files
from tests.fda_files import old_approval, read
from therapies.fda.records import Accelerated, Application, FileRefused, Label, Notice, Product, Submission


def day(*parts):
    return datetime.date(*parts)


def test_the_readers_know_nothing_of_django():
    """Of ours they use the rule for cells alone, which knows no more: what is written by it is read back by it."""
    ours = []
    for path in (files.ROOT / "therapies/fda").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                ours += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level <= 1
                ours += [f"{node.module}.{alias.name}" for alias in node.names if not node.level]
    ours = {name for name in ours if name.split(".")[0] in ("django", "portal", "therapies")}
    assert ours == {"portal.publishing.spreadsheets"}
    code = "import sys, therapies.fda.recognise; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=files.ROOT, check=False).returncode == 0


# The Purple Book -------------------------------------------------------------------------------


def facts(products):
    return [(str(p.application), p.brand, p.names, p.licence, p.status, p.licensure, p.approved) for p in products]


def test_both_layouts_of_the_purple_book_give_the_same_facts():
    rows = [{}, {"status": "Disc", "licensure": "Voluntarily Revoked"}]
    old, products = read(files.purple_book(*(files.keytruda(**row) for row in rows)))
    new, same = read(files.new_purple_book(*(files.keytruda(files.NEW, **row) for row in rows)))
    assert facts(products) == facts(same)
    assert (old.kind, new.kind) == ("purple-book", "purple-book")
    assert (old.edition, new.edition) == (None, "2026-06")
    assert facts(products)[0] == (
        *("BLA125514", "Keytruda", ("pembrolizumab",), "351(a)", "Rx", "Licensed"),
        day(2014, 9, 4),
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
    assert facts(products) == facts(read(files.purple_book(files.keytruda()))[1])


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
    assert facts(products) == facts(read(files.purple_book(files.keytruda()))[1])


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
    assert (reading.edition, product.approved) == ("2025-03", day(2020, 8, 5))
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


# Drugs@FDA ------------------------------------------------------------------------------------


def test_the_zip_gives_products_and_submissions():
    reading, records = read(files.drugs_zip())
    assert reading.kind == "drugs-at-fda" and reading.edition == "2016-02-03" and not reading.errors
    assert [r for r in records if isinstance(r, Product)] == [
        Product(2, Application("BLA", 125514), "KEYTRUDA", ("PEMBROLIZUMAB",))
    ]
    first = next(r for r in records if isinstance(r, Submission))
    assert first == Submission(2, Application("BLA", 125514), "ORIG", "1", "TYPE 1", "AP", day(2014, 9, 4))


def test_the_market_status_of_drugs_at_fda_is_not_read():
    status = [["MarketingStatusID", "ApplNo", "ProductNo"], ["1", "125514", "001"]]
    _, records = read(files.drugs_zip(MarketingStatus=status))
    assert {r.status for r in records if isinstance(r, Product)} == {""}


@pytest.mark.parametrize("packed", [(1980, 1, 1, 0, 0, 0), (2026, 11, 20, 9, 0, 0)])
def test_a_zip_is_as_old_as_its_newest_submission_whenever_it_was_packed(packed):
    assert read(files.drugs_zip(date=packed))[0].edition == "2016-02-03"


def test_the_dirt_of_the_tables_is_told_or_read():
    products = [
        files.TABLES["Products.txt"][0],
        ["125514", "001", "X;Y", "50MG", "0", 'HYDRO ""25""', "A; B", "0"],
        ["125514", "002", "X;Y", "50MG", "0", "KEYTRUDA", "PEMBROLIZUMAB", "0", ""],
        ["999999", "001", "X;Y", "50MG", "0", "LOST", "LOST", "0"],
    ]
    submissions = [
        files.TABLES["Submissions.txt"][0],
        ["125514", "77", "SUPPL     ", "5", "AP", "", "see <b>note</b> \u2013 so", ""],
    ]
    reading, records = read(files.drugs_zip(Products=products, Submissions=submissions))
    assert [(e.line, e.message) for e in reading.errors] == [
        (3, "Products.txt: This row has 9 cells where the header has 8.")
    ]
    assert records[0].brand == 'HYDRO "25"' and records[0].names == ("A", "B")
    assert records[1].application == Application("", 999999), "an application that is gone has no kind"
    assert records[2].code == "77" and records[2].date is None


@pytest.mark.parametrize("name", files.TABLES)
def test_a_table_that_was_taken_out_of_the_zip_is_named(name):
    with pytest.raises(FileRefused, match=f"just one of them, “{name}”"):
        read(files.tsv(files.TABLES[name]))


def test_further_known_tables_are_allowed_and_unknown_ones_named():
    join = [["J_SubmissionActionTypeID", "SubmissionNo"], ["1", "1"]]
    assert read(files.drugs_zip(Join_Submission_ActionTypes_Lookup=join))
    with pytest.raises(FileRefused, match=r"also contains “Secrets\.txt”"):
        read(files.drugs_zip(Secrets=join))[1]
    with pytest.raises(FileRefused, match=r"needs the table “Products\.txt”"):
        read(files.drugs_zip(Products=None))[1]


@pytest.mark.parametrize("folder", ["drugsatfda/", "Drugs@FDA 2026-11 (2)/"])
def test_a_zip_that_was_packed_anew_on_a_mac_is_read_like_the_one_of_fda(folder):
    beside = ("__MACOSX/._Products.txt", f"__MACOSX/{folder}._Products.txt", f"{folder}.DS_Store", folder)
    reading, records = read(files.repacked(files.drugs_zip(), folder, beside))
    assert (records, reading.kind, reading.errors) == (read(files.drugs_zip())[1], "drugs-at-fda", [])


def test_folders_within_a_folder_are_named():
    with pytest.raises(FileRefused, match=r"contains “tables/Applications\.txt”"):
        read(files.repacked(files.drugs_zip(), "drugsatfda/tables/"))


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("ApplicationDocsID ApplicationDocsTypeID ApplNo ApplicationDocsURL", "ApplicationDocs.txt"),
        ("ApplNo ProductNo MarketingStatusID TECode", "TE.txt"),
        ("MarketingStatusID ApplNo ProductNo", "MarketingStatus.txt"),
        ("ApplNo ApplType ApplPublicNotes SponsorName", "Applications.txt"),
    ],
)
def test_a_table_of_drugs_at_fda_is_named_in_whatever_form_it_comes_alone(header, name):
    names = header.split()
    for data in (files.tsv([names]), files.table(names, [["x"] * len(names)]), files.workbook([names])):
        with pytest.raises(FileRefused, match=f"just one of them, “{name}”"):
            read(data)


# The compilation -------------------------------------------------------------------------------


def test_the_compilation_gives_original_approvals_with_their_use():
    row = old_approval(**{" Application Number(2)": "21175"})
    reading, products = read(files.table(files.COMPILATION, [row]))
    assert reading.kind == "compilation" and reading.rows == 1
    assert [(str(p.application), p.approved, p.use) for p in products] == [
        ("NDA021174", day(2000, 5, 17), "CD33 leukemia, first"),
        ("NDA021175", day(2000, 5, 17), "CD33 leukemia, first"),
    ]


# Excel workbooks -------------------------------------------------------------------------------


def typed(row):
    """A row as Excel keeps it: numbers and days are no text, and nothing stands behind the last cell."""
    cells = [int(cell) if cell.isdigit() else cell for cell in row]
    cells = [datetime.datetime(2014, 9, 4) if cell == "4-Sep-14" else cell for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return [None if cell == "" else cell for cell in cells]


def test_a_workbook_gives_the_same_facts_as_its_csv():
    for data in (
        files.purple_book(files.keytruda(), files.keytruda(strength="100MG")),
        files.new_purple_book(files.keytruda(files.NEW), changes=[files.keytruda(files.NEW, change="U")]),
        files.table(files.COMPILATION, [old_approval()]),
        files.notices(),
        files.table(files.VERIFIED, [["Kymriah (tisagenlecleucel)", "FL", "5/27/2022", "4/1/2024"]]),
    ):
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        reading, records = read(files.workbook([typed(row) for row in rows]))
        same, expected = read(data)
        assert (reading.kind, reading.edition, reading.errors) == (same.kind, same.edition, [])
        assert records == expected, "lines, too"


def test_the_sheet_that_is_a_list_of_fdas_is_found_among_others():
    notes = [["About this workbook"], [None, "Source", "FDA"]]
    book = [[], files.OLD, [], typed(files.keytruda())]
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
    with pytest.raises(FileRefused, match="this table begins with: Name, Age"):
        read(files.workbook([["Name", "Age"], ["Ada", 36]]))
    with pytest.raises(FileRefused, match="every sheet of this one is empty"):
        read(files.workbook([]))


# openFDA ---------------------------------------------------------------------------------------


def test_an_answer_of_drugsfda_is_read():
    reading, (product, submission) = read(files.answer(files.drugsfda(), total=6))
    assert (reading.kind, reading.edition, reading.total, reading.rows) == ("openfda-drugsfda", "2026-07-23", 6, 1)
    assert product.names == ("PEMBROLIZUMAB",) and product.status == ""
    assert submission.date == day(2014, 9, 4) and submission.code == "TYPE 1"


def test_a_label_is_read():
    _, (label,) = read(files.answer(files.label(boxed_warning=["WARNING: a"])))
    assert isinstance(label, Label) and label.applications == (Application("BLA", 125514),)
    assert (label.effective, label.boxed_warning) == (day(2026, 1, 15), "WARNING: a")


def test_a_label_without_application_is_read():
    _, (label,) = read(files.answer(files.label(openfda={"application_number": ["M020"]})))
    assert label.applications == ()


@pytest.mark.parametrize(
    ("elements", "brands", "names"),
    [
        ("KEYTRUDA pembrolizumab PEMBROLIZUMAB PEMBROLIZUMAB HISTIDINE WATER", ("KEYTRUDA",), ("pembrolizumab",)),
        ("MVASI bevacizumab-awwb BEVACIZUMAB BEVACIZUMAB TREHALOSE", ("MVASI",), ("bevacizumab-awwb",)),
        ("PADCEV EJFV ENFORTUMAB VEDOTIN " * 2 + "ENFORTUMAB VEDOTIN", (), ()),
        ("Darzalex Faspro daratumumab and hyaluronidase-fihj DARATUMUMAB DARATUMUMAB HYALURONIDASE", (), ()),
        ("MONJUVI Tafasitamab-cxix TRISODIUM CITRATE DIHYDRATE", (), ()),
        ("", (), ()),
    ],
)
def test_a_label_that_openfda_did_not_join_is_known_by_its_own_data(elements, brands, names):
    data = files.answer(files.label(openfda={}, spl_product_data_elements=[elements]))
    reading, (label,) = read(data)
    assert (label.applications, label.brands, label.names, reading.errors) == ((), brands, names, [])


def test_a_label_s_own_data_add_nothing_to_what_openfda_says():
    elements = ["OTHER alfa ALFA ALFA"]
    _, (label,) = read(files.answer(files.label(spl_product_data_elements=elements)))
    assert label.brands == ("Keytruda",)


def test_a_bulk_download_is_read_from_its_zip():
    out = io.BytesIO()
    with files.zipfile.ZipFile(out, "w") as archive:
        archive.writestr("drug-drugsfda-0001-of-0001.json", b"\xef\xbb\xbf" + files.answer(files.drugsfda()))
    assert len(read(out.getvalue())[1]) == 2


def test_the_wrapper_of_an_example_page_is_read():
    inner = json.loads(files.answer({}))
    wrapper = {
        "anatomy": inner,
        "meta": inner["meta"],
        "result": files.drugsfda(),
        "count": {"results": [{"term": "A"}]},
    }
    reading, records = read(json.dumps(wrapper).encode())
    assert len(records) == 2 and reading.kind == "openfda-drugsfda"


def test_a_broken_result_leaves_the_others():
    bad = files.drugsfda(products="none")
    reading, records = read(files.answer(bad, files.drugsfda(number=125514), files.drugsfda()))
    assert len(records) == 2
    assert [(e.line, e.column) for e in reading.errors] == [(1, "products"), (2, "application_number")]


def test_a_broken_submission_leaves_the_others_of_its_application():
    good = files.drugsfda()["submissions"][0]
    reading, records = read(files.answer(files.drugsfda(submissions=[good | {"submission_status_date": "2014"}, good])))
    assert [type(record) for record in records] == [Product, Submission]
    assert [(e.line, e.column) for e in reading.errors] == [(1, "submissions")]


# Saved tables ----------------------------------------------------------------------------------


def test_notices_are_read_from_csv_and_from_a_saved_page():
    _, (one,) = read(files.notices())
    title, description, date = files.NOTICE
    link = f'<a href="/drugs/a?utm_source=x">{title}</a>'
    reading, (two,) = read(files.page(["Webpage", "Description", "Date"], [[link, f"<p>{description}</p>", date]]))
    assert isinstance(one, Notice) and one.description == two.description and one.date == two.date == day(2022, 5, 27)
    assert two.address == "https://www.fda.gov/drugs/a" and reading.edition == "2026-10-02"


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (files.ONGOING, ["5/27/2022", "Conduct a trial", "9/30/2028"], (None, None)),
        (files.VERIFIED, ["5/27/2022", "4/1/2024"], (day(2024, 4, 1), None)),
        (files.WITHDRAWN, ["5/27/2022", "4/1/2024"], (None, day(2024, 4, 1))),
        (
            [*files.VERIFIED[:3], "Conversion to Regular Approval Date"],
            ["5/27/2022", "4/1/2024"],
            (day(2024, 4, 1), None),
        ),
    ],
)
def test_the_three_tables_of_accelerated_approvals_are_read(header, row, said):
    row = ["Kymriah (tisagenlecleucel)<sup>2</sup>", "Adults with FL", *row]
    reading, (found,) = read(files.page(header, [row]))
    plain = [cell.replace(" <sup>1</sup>", " 1") for cell in header]
    _, (same,) = read(files.table(plain, [[row[0].replace("<sup>2</sup>", ""), *row[1:]]]))
    assert isinstance(found, Accelerated) and reading.kind == "accelerated-approvals"
    assert (found.brand, found.names, found.granted) == ("Kymriah", ("tisagenlecleucel",), day(2022, 5, 27))
    assert (found.converted, found.withdrawn) == said == (same.converted, same.withdrawn)


def test_a_page_may_cut_its_table_in_several():
    one = files.page(files.VERIFIED, [["Keytruda (pembrolizumab)", "A", "5/27/2022", "4/1/2024"]]).decode()
    two = one.replace("</body>", one[one.index("<table><thead>") : one.index("</table>") + 8] + "</body>")
    assert len(read(two.encode())[1]) == 2


def test_headings_and_a_second_header_within_a_table_are_no_rows():
    row = ["Keytruda (pembrolizumab)", "A", "5/27/2022", "4/1/2024"]
    page = files.page(files.VERIFIED, [row]).decode()
    header = page[page.index("<tr>") : page.index("</tr>") + 5]
    page = page.replace("<tbody>", '<tbody><tr><td colspan="4">2024</td></tr>')
    reading, found = read(page.replace("</tbody>", f"</tbody><tfoot>{header}</tfoot>").encode())
    assert len(found) == 1 and not reading.errors
    reading, found = read(files.table(files.VERIFIED, [row, files.VERIFIED, row]))
    assert len(found) == 2 and not reading.errors


# The real files ---------------------------------------------------------------------------------


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
    _, products = read(files.workbook([typed(row) for row in rows]))
    assert facts(products) == facts(read(data)[1])


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
