"""The zip of Drugs@FDA, its tables by themselves, and the compilation of original approvals."""

import datetime

import pytest

from tests import fda_files as files
from tests.fda_files import old_approval, read
from therapies.fda.records import Application, FileRefused, Product, Submission


def test_the_zip_gives_products_and_submissions():
    reading, records = read(files.drugs_zip())
    assert reading.kind == "drugs-at-fda" and reading.edition == "2016-02-03" and not reading.errors
    assert [r for r in records if isinstance(r, Product)] == [
        Product(2, Application("BLA", 125514), "KEYTRUDA", ("PEMBROLIZUMAB",))
    ]
    first = next(r for r in records if isinstance(r, Submission))
    assert first == Submission(2, Application("BLA", 125514), "ORIG", "1", "TYPE 1", "AP", datetime.date(2014, 9, 4))


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
        ("NDA021174", datetime.date(2000, 5, 17), "CD33 leukemia, first"),
        ("NDA021175", datetime.date(2000, 5, 17), "CD33 leukemia, first"),
    ]
