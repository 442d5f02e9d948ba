"""The end of an approval: that FDA, or a company, takes back a drug or one of its uses."""

import pytest

from tests.notice_words import pasted, told, values


def test_an_end_is_read_as_an_end():
    (draft,) = told("FDA withdrew approval of nivolumab (Opdivo) for hepatocellular carcinoma.")
    assert draft.kind.value == "withdrawn" and values(draft.cancers) == ["liver-cancer"]


def test_the_federal_register_tells_of_an_end_in_its_summary_and_of_its_day_below():
    (draft,) = pasted(
        "[Federal Register Volume 85, Number 138 (Friday, July 17, 2020)]",
        "Bristol-Myers Squibb; Withdrawal of Approval of an Indication for ",
        "OPDIVO",
        "AGENCY: Food and Drug Administration, HHS.",
        "SUMMARY: The Food and Drug Administration (FDA) is withdrawing approval ",
        "of the indication for treatment of patients with melanoma, for OPDIVO ",
        "(nivolumab) injection.",
        "DATES: Effective February 25, 2020.",
        "SUPPLEMENTARY INFORMATION: On October 19, 2016, FDA approved OPDIVO for melanoma.",
    )
    assert (draft.kind.value, draft.therapy.value, draft.date.value) == ("withdrawn", "nivolumab", "2020-02-25")
    assert values(draft.cancers) == ["melanoma"]


def test_a_drug_that_was_given_before_is_not_the_one_that_is_withdrawn():
    (draft,) = told("FDA is withdrawing approval of the indication for melanoma without prior nivolumab, for Bexxar.")
    assert draft.kind.value == "withdrawn" and draft.therapy is None and draft.drug == ""


def test_a_withdrawal_finds_its_drug_and_use_in_the_sentences_before_it():
    (draft,) = pasted(
        "A statement\nIn 2018, Imfinzi was approved for patients with melanoma that progressed after chemotherapy.\n"
        "On June 2, 2026, the company has withdrawn the indication from the US market."
    )
    told = draft.therapy.value, draft.kind.value, draft.cancers[0].value, draft.setting.value
    assert told == ("durvalumab", "withdrawn", "melanoma", "later")


@pytest.mark.parametrize("verb", ["plans to voluntarily withdraw", "intends to voluntarily withdraw"])
def test_a_company_that_announces_its_withdrawal_tells_one_with_the_drug_behind_the_cancer(verb):
    (draft,) = pasted(f"On June 2, 2026, Gilead said it {verb} the indications for lymphoma for Zydelig (idelalisib).")
    assert (draft.kind.value, draft.drug) == ("withdrawn", "Zydelig (idelalisib)")


def test_an_announcement_that_begins_with_its_day_dates_what_it_withdraws_below():
    (draft,) = pasted(
        "A statement on Imfinzi (durvalumab)\n2 June 2026 - In 2018 it was approved for melanoma.\n"
        "The company has decided to withdraw the melanoma indication of Imfinzi (durvalumab)."
    )
    assert (draft.kind.value, draft.date.value) == ("withdrawn", "2026-06-02")


def test_the_withdrawal_of_an_application_ends_its_uses():
    (draft,) = pasted(
        "14 November 2023 - The company will work with FDA on a voluntary withdrawal of the Aliqopa (copanlisib) US "
        "new drug application for adults with relapsed follicular lymphoma."
    )
    assert (draft.kind.value, draft.date.value, draft.setting.value) == ("withdrawn", "2023-11-14", "later")
    assert values(draft.cancers) == ["follicular-lymphoma"]


@pytest.mark.parametrize("market", ["the U.S. market", "the market", "the United States market"])
def test_a_withdrawal_from_the_market_is_an_end(market):
    (draft,) = pasted(
        f"June 21, 2010\nToday Pfizer announced its withdrawal from {market} of the drug Opdivo (nivolumab) for "
        "patients with melanoma. The company took the action at the request of the FDA."
    )
    assert (draft.kind.value, draft.therapy.value, draft.date.value) == ("withdrawn", "nivolumab", "2010-06-21")
    assert values(draft.cancers) == ["melanoma"]


def test_a_letter_to_physicians_is_none_of_fda_s():
    (draft,) = pasted(
        "August 26, 2022\nDear Health Care Provider,\nAfter consultation with the FDA, AstraZeneca has voluntarily "
        "withdrawn the indication for Imfinzi (durvalumab) for the treatment of adults with melanoma."
    )
    assert (draft.kind.value, draft.therapy.value, draft.date.value) == ("withdrawn", "durvalumab", "2022-08-26")


@pytest.mark.parametrize("what", ["New Drug Application for BEXXIN (Samplin)", "the Indication for Melanoma; BEXXIN"])
def test_a_page_of_the_register_tells_its_withdrawal_in_its_title_and_its_day_in_the_text_alone(what):
    (draft,) = pasted(
        f"Sample Inc.; Withdrawal of Approval of {what}, 16742 [2022-06182]",
        "Federal Register / Vol. 87, No. 57 / Thursday, March 24, 2022 / Notices",
        "Families, HHS. ACTION: Request for public comment.",
    )
    assert draft.kind.value == "withdrawn" and draft.date is None and draft.drug.startswith("BEXXIN")
    assert values(draft.cancers) == (["melanoma"] if "Melanoma" in what else [])


@pytest.mark.parametrize(
    "applications", ["19 New Drug Applications", "an Abbreviated New Drug Application for Samplin"]
)
def test_a_title_that_names_no_drug_of_its_own_tells_of_no_end(applications):
    (draft,) = pasted(f"Sample Inc.; Withdrawal of Approval of {applications}", "Notices. ACTION: Notice.")
    assert draft.kind is None


def test_an_end_that_is_announced_for_a_day_is_one_and_a_plan_is_none():
    text = "Pfizer announced that the new drug application (NDA) for Opdivo will be withdrawn{when}."
    (draft,) = told(text.format(when=" as of October 15, 2010"), date=None)
    assert (draft.kind.value, draft.therapy.value, draft.date.value) == ("withdrawn", "nivolumab", "2010-10-15")
    (draft,) = told(text.format(when=" if the trial fails"), date=None)
    assert draft.kind is None


def test_the_name_of_a_list_of_ends_is_none():
    (draft,) = told("Approvals of nivolumab (Opdivo). Visit the verified and withdrawn AA indication pages of FDA.")
    assert draft.kind is None


def test_two_indications_that_end_are_two_uses():
    first, second = told(
        "FDA is withdrawing approval of the indications for relapsed follicular lymphoma and relapsed melanoma for "
        "OPDIVO (nivolumab) Injection, held by Sample, Inc."
    )
    assert (values(first.cancers), values(second.cancers)) == (["follicular-lymphoma"], ["melanoma"])
    (one,) = told("FDA is withdrawing approval of the indications for melanoma and unresectable melanoma for OPDIVO.")
    assert values(one.cancers) == ["melanoma"]


@pytest.mark.parametrize(
    "text", ["The agency marked the final approval guidance as withdrawn", "FDA withdrew its draft guidance"]
)
def test_a_paper_that_is_withdrawn_ends_no_approval(text):
    (draft,) = told(f"{text} on nivolumab (Opdivo) for melanoma.")
    assert draft.kind is None


def test_an_end_without_a_drug_or_a_cancer_is_none():
    (draft,) = told("Since December, four companies have voluntarily withdrawn indications for their cancer drugs.")
    assert draft.kind is None


def test_a_company_tells_of_an_end_that_is_under_way_or_announced():
    (draft,) = told(
        "The company announced it was withdrawing an accelerated approval indication for Opdivo (nivolumab) in "
        "third-line small cell lung cancer.",
        date=None,
    )
    read = draft.therapy.value, draft.kind.value, *values(draft.cancers), draft.setting.value
    assert read == ("nivolumab", "withdrawn", "small-cell-lung-cancer", "later")
    (draft,) = told(
        "The recent withdrawal of accelerated approval indications for two drugs is part of a review. On 22 February, "
        "the company announced the withdrawal of its inhibitor Imfinzi (durvalumab) for use in previously treated "
        "adults with melanoma.",
        date=None,
    )
    assert (draft.therapy.value, draft.kind.value, draft.date) == ("durvalumab", "withdrawn", None)


def test_the_number_of_an_application_is_no_drug():
    (draft,) = told(
        "Sample, Inc. has submitted to FDA for the withdrawal of the approval of NDA 205353 for Samplo (samplinib) "
        "capsules. Samplo was approved for patients with multiple myeloma."
    )
    assert draft.drug == "Samplo (samplinib)" and values(draft.cancers) == ["multiple-myeloma"]
