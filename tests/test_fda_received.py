"""That a drug got FDA's approval, as companies and newspapers tell it: from the drug's side."""

import pytest

from tests.notice_words import pasted, values


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Keytruda has been approved by the FDA for the adjuvant treatment of melanoma.", "approval"),
        ("Acme said Keytruda has received the U.S. FDA approval to treat adults with melanoma.", "approval"),
        ("Acme’s Keytruda has won US FDA approval for the treatment of melanoma.", "approval"),
        ("Acme has won US FDA approval for Keytruda (pembrolizumab), an antibody for melanoma.", "approval"),
        ("Acme has secured approval from the FDA for its antibody Keytruda to treat melanoma.", "approval"),
        ("Keytruda (pembrolizumab) received full approval from the FDA for patients with melanoma.", "converted"),
        ("Keytruda received accelerated approval from the FDA for patients with melanoma.", "accelerated-approval"),
        (
            "Acme announced today the U.S. FDA approval of Keytruda (pembrolizumab) for adults with melanoma.",
            "approval",
        ),
        ("Acme’s Keytruda won an FDA approval on Monday, a month early, for adults with melanoma.", "approval"),
        ("Acme’s Keytruda has been approved in the U.S. for adults with melanoma.", "approval"),
        (
            "The FDA has granted Acme’s and Bolt’s new drug, Keytruda (pembrolizumab), full approval for melanoma.",
            "converted",
        ),
        (
            "We are excited to announce the approval of Keytruda (pembrolizumab) by the FDA for adults with melanoma.",
            "approval",
        ),
        ("Acme said the FDA has cleared Keytruda to treat adults with melanoma.", "approval"),
        (
            "Keytruda, once an antibody for lymphoma, has had its label expanded by the FDA to include melanoma.",
            "approval",
        ),
    ],
)
def test_an_approval_told_from_the_drugs_side_is_read(sentence, kind):
    draft = pasted("News of the day", sentence)[0]
    assert (draft.therapy.value, draft.kind.value, values(draft.cancers)) == ("pembrolizumab", kind, ["melanoma"])


@pytest.mark.parametrize(
    "sentence",
    [
        "If Keytruda has been approved by the FDA for melanoma, Acme will sell it.",
        "Acme expects that Keytruda could have received FDA approval for melanoma by May.",
        "Keytruda, which has been approved by the FDA for lymphoma, failed in melanoma.",
        "Keytruda has been approved by the FDA for melanoma since 2014.",
        "Keytruda received accelerated approval from the FDA in September 2021 for melanoma.",
        "Acme won FDA priority review for its application seeking expanded approval of Keytruda in melanoma.",
        "Keytruda is now FDA approved in three indications.",
        "Samplinib has received FDA approval for melanoma.",
        "Acme, known otherwise outside the United States, announced the approval of Keytruda for melanoma.",
        "Acme announced the approval of Keytruda for melanoma by the European Commission, after that of the FDA.",
    ],
)
def test_no_approval_is_read_that_is_to_come_or_long_ago_or_of_a_drug_unknown_to_us(sentence):
    assert pasted("News of the day", sentence)[0].kind is None


def test_the_day_of_the_news_is_that_of_the_approval_but_one_in_its_sentence_goes_before():
    told = "announced today the FDA approval of Keytruda for adults with melanoma."
    release = pasted("News", f"PRINCETON, N.J., May 5, 2025 – Acme {told}")[0]
    parted = pasted("News", "PRINCETON, N.J. and PARIS, May 5, 2025 /PRNewswire/ --", "A first.", f"Acme {told}")[0]
    wire = pasted(
        "News", "04:43 PM EDT, 05/05/2025 (Wire) -- Acme said the FDA has cleared Keytruda to treat melanoma."
    )[0]
    assert release.date.value == parted.date.value == wire.date.value == "2025-05-05"


def test_where_fda_itself_acts_nothing_is_turned():
    texts = [
        "On May 5, 2025, FDA approved nivolumab (Opdivo) for adults with melanoma.",
        "Keytruda has been approved by the FDA for lymphoma.",
    ]
    assert [draft.therapy.value for draft in pasted("News", *texts)] == ["nivolumab"]


def test_a_new_drug_of_somebody_is_named_in_the_next_sentence():
    first = "The FDA announced that it has approved Acme’s new drug for patients with relapsed melanoma."
    (draft,) = pasted("News", first, "The agency approved Keytruda to be used alone.")
    assert (draft.therapy.value, values(draft.cancers), draft.setting.value) == ("pembrolizumab", ["melanoma"], "later")


def test_uses_that_are_counted_before_each_is_told_are_not_read_twice():
    drafts = pasted(
        "News",
        "The FDA has approved Acme’s drug Opdivo to treat two types of cancer.",
        "The FDA approved it for patients with relapsed melanoma.",
        "The agency gave the drug so-called accelerated approval for adults with bladder cancer.",
    )
    told = [(draft.therapy.value, draft.kind.value, *values(draft.cancers)) for draft in drafts]
    assert told == [("nivolumab", "approval", "melanoma"), ("nivolumab", "accelerated-approval", "bladder-cancer")]


def test_what_can_now_be_treated_tells_whom_an_approval_of_certain_patients_is_for():
    told = "Opdivo (nivolumab) can now be used to treat adults with HER2-positive melanoma who had chemotherapy before."
    (draft,) = pasted("News", "The FDA approved Acme’s Opdivo to treat certain patients with melanoma.", told)
    assert values(draft.biomarkers) == ["her2-positive"]


def test_the_uses_of_an_approval_told_in_few_words_stand_in_the_next_sentence():
    drafts = pasted(
        "News",
        "The FDA has granted approval to Acme’s antibody, Keytruda.",
        "The antibody is to treat adults with melanoma.",
    )
    assert [values(draft.cancers) for draft in drafts] == [["melanoma"]]
