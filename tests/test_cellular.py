"""CBER's list of cellular and gene therapies: names alone, and what they say beside our data."""

import io

import pytest

from therapies.compare.comparison import compare
from therapies.compare.ours import read_our_records
from therapies.fda import recognise
from therapies.fda.records import FileRefused, ListedProduct

from .fda_files import TODAY, page, table

HEADER = ["Product", "Manufacturer"]


def read(data):
    reading = recognise.open_file(io.BytesIO(data), TODAY)
    return list(reading.records), reading


def listed(*products):
    return page(HEADER, [[product, "A company"] for product in products])


@pytest.mark.parametrize(
    ("written", "brand", "names"),
    [
        ("ABECMA (idecabtagene vicleucel)", "ABECMA", ("idecabtagene vicleucel",)),
        ("KYMRIAH&reg; (tisagenlecleucel)", "KYMRIAH", ("tisagenlecleucel",)),
        ('<a href="/v/x">LENMELDY (atidarsagene autotemcel)</a>', "LENMELDY", ("atidarsagene autotemcel",)),
        ("CASGEVY (exagamglogene autotemcel [exa-cel])", "CASGEVY", ("exagamglogene autotemcel",)),
        ("HPC, Cord Blood", "HPC, Cord Blood", ()),
        ("HEMACORD (HPC, cord blood)", "HEMACORD", ("HPC, cord blood",)),
    ],
)
def test_a_row_is_a_brand_and_its_proper_name(written, brand, names):
    [record], reading = read(listed(written))
    assert (record.brand, record.names) == (brand, names)
    assert isinstance(record, ListedProduct) and (reading.kind, reading.edition) == ("cellular-products", "2026-10-02")


def test_other_names_of_its_columns_are_known():
    records, _ = read(page(["Trade Name", "Manufacturers"], [["ABECMA (idecabtagene vicleucel)", "B"]]))
    assert records[0].brand == "ABECMA"
    records, _ = read(table(HEADER, [["ABECMA (idecabtagene vicleucel)", "B"]]))
    assert records[0].brand == "ABECMA"


def test_a_row_without_a_product_is_an_error_and_leaves_the_others():
    records, reading = read(listed(" ", "ABECMA (idecabtagene vicleucel)"))
    assert [record.brand for record in records] == ["ABECMA"]
    assert [error.message for error in reading.errors] == ["Each row names a product, but this one does not."]


def test_a_page_with_another_table_is_none_of_it():
    with pytest.raises(FileRefused, match="no such table"):
        read(page(["Manufacturer", "Phone"], [["A company", "1"]]))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "bucket"),
    [
        ("ABECMA (idecabtagene vicleucel)", "agrees"),
        ("NEWCEL (novocabtagene autoleucel)", "new therapy"),
        ("ZOLGENSMA (onasemnogene abeparvovec-xioi)", "not ours"),
        ("HEMACORD (HPC, cord blood)", "not ours"),
    ],
)
def test_names_tell_whether_it_is_ours(written, bucket):
    result = compare(recognise.open_file(io.BytesIO(listed(written)), TODAY), read_our_records())
    assert [finding.bucket for finding in result.findings] == [bucket]
