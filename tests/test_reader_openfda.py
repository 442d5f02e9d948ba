"""Answers and downloads of openFDA: applications and labels, whole or with broken parts."""

import datetime
import io
import json

import pytest

from tests import fda_files as files
from tests.fda_files import read
from therapies.fda.records import Application, Label, Product, Submission


def test_an_answer_of_drugsfda_is_read():
    reading, (product, submission) = read(files.answer(files.drugsfda(), total=6))
    assert (reading.kind, reading.edition, reading.total, reading.rows) == ("openfda-drugsfda", "2026-07-23", 6, 1)
    assert product.names == ("PEMBROLIZUMAB",) and product.status == ""
    assert submission.date == datetime.date(2014, 9, 4) and submission.code == "TYPE 1"


def test_a_label_is_read():
    _, (label,) = read(files.answer(files.label(boxed_warning=["WARNING: a"])))
    assert isinstance(label, Label) and label.applications == (Application("BLA", 125514),)
    assert (label.effective, label.boxed_warning) == (datetime.date(2026, 1, 15), "WARNING: a")


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
