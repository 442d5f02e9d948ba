"""Parting a statement of FDA into its uses: in a list, in one sentence, announced or not."""

import pytest

from tests import notice_scores as scores
from therapies.fda.uses import uses


def parted(text):
    return uses(text, "avelumab (Bavencio)", scores.vocabulary())


@pytest.mark.parametrize("opening", ["", ":", "for:", "as:", "for use:", "for the following:", "in patients with:"])
def test_the_first_of_a_list_is_a_use_however_short_its_opening_is(opening):
    listed = f"{opening}\n• adults with Merkel cell carcinoma\n• first-line treatment of kidney cancer\n"
    assert parted(listed) == ["adults with Merkel cell carcinoma", "first-line treatment of kidney cancer"]


def test_a_use_may_be_one_short_word():
    assert parted("for adults with any of:\n• glioma\n• or\n• thymoma") == ["glioma", "thymoma"]
    assert parted("for glioma and for adults with thymoma") == ["for glioma", "for adults with thymoma"]


def test_a_short_line_that_is_no_disease_goes_on_with_the_disease_of_the_opening():
    (use,) = parted("for adults with lung cancer that is: • locally advanced or • metastatic")
    assert use == "for adults with lung cancer that is locally advanced or metastatic"


@pytest.mark.parametrize(
    "first",
    [
        "for adults with bladder cancer following transurethral resection",
        "for adults with bladder cancer who had two",
        "for adults with bladder cancer who have received four earlier regimens of chemotherapy",
        "as adjuvant treatment of bladder cancer following cystectomy",
        "for bladder cancer of adults with one to three prior therapies",
    ],
)
def test_a_use_that_ends_with_a_number_or_with_what_it_follows_is_no_announcement(first):
    assert parted(f"{first} and in combination with axitinib for kidney cancer") == [
        first,
        "in combination with axitinib for kidney cancer",
    ]


@pytest.mark.parametrize(
    "words", ["the following", "two new indications", "the following two indications", "three uses"]
)
def test_what_announces_uses_is_none(words):
    assert parted(f"for {words}: in combination with axitinib for kidney cancer; as monotherapy for thymoma") == [
        "in combination with axitinib for kidney cancer",
        "as monotherapy for thymoma",
    ]


@pytest.mark.parametrize("together", ["plus", "in combination with"])
def test_the_second_naming_of_a_drug_begins_another_use(together):
    text = f"in combination with chemotherapy and Opdivo {together} Yervoy as first-line treatment of melanoma"
    assert uses(text, "Opdivo (nivolumab)", scores.vocabulary()) == [
        "in combination with chemotherapy as first-line treatment of melanoma",
        f"{together} Yervoy as first-line treatment of melanoma",
    ]


def test_two_forms_of_one_disease_are_one_use_and_two_diseases_are_two():
    behind = "that has recurred following surgery"
    one = f"for adults with metastatic Merkel cell carcinoma or with locally advanced Merkel cell carcinoma {behind}"
    assert parted(one) == [one]
    assert len(parted(f"for adults with metastatic melanoma or with Merkel cell carcinoma {behind}")) == 2


def test_a_second_disease_with_what_was_given_before_is_a_use_of_the_same_patients():
    patients = "Treatment of adult and pediatric patients with "
    first = f"{patients}unresectable melanoma that has progressed following prior treatment"
    second = "metastatic colorectal cancer that has progressed following irinotecan"
    assert parted(f"{first}, or {second}") == [first, f"{patients}{second}"]
    one = f"{patients}locally advanced melanoma, or metastatic melanoma"
    assert parted(one) == [one]


def test_a_list_of_diseases_behind_a_semicolon_is_no_second_use():
    one = "for adults with lymphomas: Hodgkin lymphoma; multiple myeloma, leukemias, neuroblastoma"
    assert len(parted(one)) == 1
    assert len(parted("for adults with melanoma; adults with multiple myeloma who have relapsed")) == 2


def test_a_drug_named_again_where_a_copy_lost_the_line_end_begins_another_use():
    run_on = "in combination with chemotherapy avelumab in combination with ipilimumab for melanoma"
    assert parted(run_on) == [
        "in combination with chemotherapy for melanoma",
        "in combination with ipilimumab for melanoma",
    ]


def test_a_list_may_begin_with_its_number():
    assert parted("1) with ipilimumab for melanoma; 2) as a single agent for Merkel cell carcinoma") == [
        "with ipilimumab for melanoma",
        "as a single agent for Merkel cell carcinoma",
    ]
