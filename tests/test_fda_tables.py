"""FDA's own pages with tables, saved from a browser, beside our data."""

import datetime

import pytest

from tests import fda_files as files
from tests.imports import compare, found, why
from therapies.compare.claims import (
    ApprovalNotice,
)
from therapies.compare.reasons import Bucket, Reason
from therapies.desk import wording_of_findings as wording

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize(
    ("header", "row", "bucket"),
    [
        (files.VERIFIED, ["Darzalex (daratumumab)", "Myeloma", "11/16/2015", "11/21/2016"], Bucket.AGREES),
        (files.VERIFIED, ["Darzalex (daratumumab)", "Myeloma", "11/16/2015", "11/22/2016"], Bucket.NEW_DATE),
        (files.ONGOING, ["Darzalex (daratumumab)", "Melanoma", "11/16/2015", "", ""], Bucket.NEW_DATE),
        (files.ONGOING, ["Darzalex (daratumumab)", "Myeloma", "1/16/2016", "", ""], Bucket.NEW_DATE),
        (files.WITHDRAWN, ["Lartruvo (olaratumab)", "Sarcoma", "10/19/2016", "2/25/2020"], Bucket.AGREES),
        (files.WITHDRAWN, ["Darzalex (daratumumab)", "Myeloma", "11/16/2015", "1/1/2026"], Bucket.WITHDREW),
        (files.ONGOING, ["Newbrand (newtamig-abcd)", "Myeloma", "1/16/2026", "", ""], Bucket.NEW_THERAPY),
        (files.ONGOING, ["Iclusig (ponatinib)", "ALL", "3/19/2024", "", ""], Bucket.NOT_OURS),
    ],
)
def test_a_row_of_accelerated_approvals_is_compared_with_our_events(header, row, bucket):
    assert [finding.bucket for finding in compare(files.page(header, [row])).findings] == [bucket]


def test_a_notice_is_compared_by_therapy_and_day():
    result = compare(files.notices())
    assert result.buckets["agrees"] == 1 and list(result.therapies) == ["tisagenlecleucel"]
    assert found(result, "agrees") == [ApprovalNotice(files.NOTICE[0], datetime.date(2022, 5, 27))]
    notice = result.notices[0].to_data()
    assert (notice["accelerated"], notice["therapies"], notice["date"]) == (True, ["tisagenlecleucel"], "2022-05-27")
    assert notice["uses"][0]["cancers"] == [{"value": "follicular-lymphoma", "words": "follicular lymphoma"}]
    other = compare(files.notices((files.NOTICE[0], files.NOTICE[1].replace("May 27", "May 28"), "05/28/2022")))
    assert other.buckets["new date"] == 1


KIDNEY = "On November 17, 2021, FDA {} pembrolizumab (Keytruda) for adults with {}."


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (KIDNEY.format("approved", "renal cell carcinoma"), []),
        (KIDNEY.format("approved", "kidney cancer or melanoma"), ["kidney cancer", "melanoma"]),
        (KIDNEY.format("approved", "multiple myeloma"), ["multiple myeloma"]),
        (KIDNEY.format("withdrew the approval of", "renal cell carcinoma"), ["renal cell carcinoma"]),
        (KIDNEY.format("granted accelerated approval to", "renal cell carcinoma"), ["renal cell carcinoma"]),
        (KIDNEY.format("approved", "a disease that we cannot read"), []),  # nothing speaks against it
        (
            "On December 4, 2024, FDA approved zenocutuzumab (Bizengri) for pancreatic adenocarcinoma.",
            ["pancreatic adenocarcinoma"],  # ours is an accelerated approval
        ),
        (
            "On November 17, 2021, FDA approved zanidatamab (Ziihera) in combination with pembrolizumab for adults "
            "with renal cell carcinoma.",
            ["renal cell carcinoma"],  # the day is that of the partner
        ),
    ],
)
def test_a_notice_agrees_only_by_therapy_day_kind_and_cancer(words, missing):
    """FDA decides on several uses of a drug in one day. What our data lacks is told beside the notice."""
    (finding,) = compare(files.notices(("FDA", words, words[3 : words.index(", FDA")]))).findings
    assert (finding.bucket == Bucket.AGREES) == (not missing)
    assert [cancer for one in finding.arguments.get("missing", []) for cancer in one["cancers"]] == missing
    if missing:
        assert f"for {', '.join(missing)}" in wording.reason_in_words(finding, {})


def test_a_notice_may_call_a_cancer_by_its_group_or_its_kind():
    """Merkel cell carcinoma is a skin cancer to us."""
    words = "On March 23, 2017, FDA granted accelerated approval to avelumab (Bavencio) for adults with {}."
    told = [words.format(cancer) for cancer in ("Merkel cell carcinoma", "skin cancer", "melanoma")]
    buckets = [compare(files.notices(("FDA", one, "3/23/2017"))).findings[0].bucket for one in told]
    assert buckets == [Bucket.AGREES, Bucket.AGREES, Bucket.NEW_DATE]


def test_a_notice_of_a_form_agrees_by_the_form_and_its_day():
    words = "On December 27, 2024, FDA approved {} for adults with melanoma."
    told = [words.format(name) for name in ("Opdivo Qvantig (nivolumab and hyaluronidase-nvhy)", "nivolumab (Opdivo)")]
    buckets = [compare(files.notices(("FDA", one, "12/27/2024"))).findings[0].bucket for one in told]
    assert buckets == [Bucket.AGREES, Bucket.NEW_DATE]


def test_a_notice_of_a_biosimilar_is_told_as_one():
    told = "On September 14, 2017, FDA approved bevacizumab-awwb (Mvasi, Amgen) as a biosimilar to Avastin."
    result = compare(files.notices(("FDA approves", told, "9/14/2017")))
    told = {"uses": 1, "words": told, "address": ""}
    assert why(result, "new application or form") == [(Reason.NOTICE_OF_BIOSIMILAR, told)]
    assert result.findings[0].therapies == ("bevacizumab",)
