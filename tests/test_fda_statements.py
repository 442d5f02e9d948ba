"""What the sentences around a decision make of it: its kind, and whether it is told once more."""

import datetime

import pytest

from tests import notice_scores as scores
from therapies.desk.paste import taken_apart
from therapies.fda.wording import drafts

TODAY = datetime.date(2026, 11, 24)
DECISION = "Today, the FDA approved Talvey (talquetamab-tgvs) for adults with multiple myeloma."


def told(text):
    found = drafts(taken_apart(text, TODAY), scores.vocabulary(), TODAY)
    return [(draft.kind.value, draft.therapy.value) for draft in found if draft.kind]


APPROVED, ACCELERATED = [("approval", "talquetamab")], [("accelerated-approval", "talquetamab")]


@pytest.mark.parametrize(
    "again",
    [
        "The FDA granted approval of Talvey to Janssen Biotech, Inc.",
        "The FDA granted the approval of Talvey to Janssen.",
        "FDA granted approval to Janssen for Talvey.",
    ],
)
def test_to_which_company_an_approval_went_is_no_second_decision(again):
    assert told(f"{DECISION}\nThis is an orphan disease.\n{again}") == APPROVED


def test_to_which_company_it_went_may_tell_that_it_was_accelerated():
    assert told(f"{DECISION} The FDA granted accelerated approval of Talvey to Janssen.") == ACCELERATED


def test_a_second_drug_or_use_is_a_second_decision():
    assert told(f"{DECISION} The FDA also approved Tecvayli (teclistamab).") == [*APPROVED, ("approval", "teclistamab")]
    assert len(told(f"{DECISION} The FDA also approved Talvey for adults with lymphoma.")) == 2
    assert len(told(f"{DECISION} The FDA also approved Talvey in combination with pomalidomide.")) == 2


@pytest.mark.parametrize(
    "how",
    [
        "under the agency’s accelerated approval program",
        "through FDA’s accelerated approval pathway",
        "using accelerated approval",
    ],
)
def test_an_approval_may_say_within_its_sentence_that_it_is_accelerated(how):
    assert told(f"Today, FDA approved Talvey {how} for multiple myeloma.") == ACCELERATED
    assert told(f"Today, FDA approved Talvey for multiple myeloma {how}.") == ACCELERATED


@pytest.mark.parametrize(
    "sentence",
    [
        "These indications are approved under accelerated approval because of response rate.",
        "Talvey was granted accelerated approval, which serves serious conditions.",
        "The drug received accelerated approval.",
    ],
)
def test_a_sentence_about_an_approval_may_say_that_it_is_accelerated(sentence):
    assert told(f"{DECISION} {sentence}") == ACCELERATED


@pytest.mark.parametrize(
    "sentence",
    [
        "Tecvayli was granted accelerated approval for multiple myeloma.",
        "The first bispecific antibody received accelerated approval.",
        "Elrexfio received accelerated approval in 2023.",
        "The accelerated approval pathway serves serious conditions.",
    ],
)
def test_that_another_approval_was_accelerated_says_nothing_of_this_one(sentence):
    assert told(f"{DECISION} {sentence}") == APPROVED


def test_what_sums_up_the_acts_behind_it_is_no_act():
    both = "FDA approved Tecvayli for multiple myeloma. FDA also approved Elrexfio for adults with lymphoma."
    assert told(f"Today, the FDA approved three new treatments for cancer. {both}") == [
        ("approval", "teclistamab"),
        ("approval", "elranatamab"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "announced the conversion of the accelerated approval of Talvey",
        "converted Talvey (talquetamab-tgvs) from accelerated approval to full approval",
        "is converting talquetamab-tgvs from accelerated to traditional approval",
    ],
)
def test_a_conversion_may_be_a_noun_or_have_its_drug_within(words):
    assert told(f"On May 4, 2026, FDA {words} for multiple myeloma.") == [("converted", "talquetamab")]


def test_a_list_may_break_a_sentence_that_has_no_colon():
    text = (
        "On May 4, 2026, FDA approved Talvey for adults with multiple myeloma who\n• had one prior line, or\n• relapsed"
    )
    (draft,) = drafts(taken_apart(text, TODAY), scores.vocabulary(), TODAY)
    assert draft.kind.value == "approval" and draft.setting.value == "later" and draft.use.endswith("relapsed")


@pytest.mark.parametrize("heading", ["FDA Approves Treatment for Lymphoma", "FDA EXPANDS USE OF TALVEY IN LYMPHOMA"])
def test_a_heading_in_capitals_tells_no_decision(heading):
    assert told(f"FDA NEWS RELEASE\n{heading}\n{DECISION}") == APPROVED


def test_a_colon_behind_the_drug_opens_its_uses():
    text = "On May 4, 2026, FDA withdrew two indications for Talvey (Janssen): light chain amyloidosis; lymphoma."
    found = drafts(taken_apart(text, TODAY), scores.vocabulary(), TODAY)
    assert [draft.cancers[0].value for draft in found] == ["al-amyloidosis", "lymphoma"]


@pytest.mark.parametrize(
    "again",
    [
        "The FDA approved Talvey based on the results of a trial in patients with lymphoma.",
        "The agency approved Talvey (talquetamab-tgvs) on the basis of one study in adults with multiple myeloma.",
        "“It helps patients. The FDA has approved Talvey for adults with lymphoma,” said the director.",
        "With it, the FDA has approved six antibodies for patients with multiple myeloma.",
        "FDA also approved the Talvey Co-Pack (Sample, Inc.) for the same indication.",
    ],
)
def test_why_a_drug_was_approved_and_what_is_said_of_it_is_no_second_decision(again):
    assert told(f"{DECISION}\n{again}") == APPROVED


@pytest.mark.parametrize(
    "text",
    [
        "On July 3, 2017, FDA cleared the expanded use of a cooling cap to reduce hair loss in patients with lymphoma.",
        "On July 3, 2017, FDA approved an expanded indication for the Sample device to treat patients with melanoma.",
        "On July 3, 2017, FDA approved a new dosing schedule for Talvey for multiple myeloma.\nThere are no changes to "
        "the approved indications.",
        "On July 3, 2017, FDA approved Tal-Copy (talquetamab-abcd) as a biosimilar to Talvey for multiple myeloma.",
        "On July 3, 2017, FDA approved talquetamab injection (Sample), a generic version of Talvey, for myeloma.",
    ],
)
def test_a_device_a_dose_and_a_copy_decide_on_no_use(text):
    assert told(text) == []


def test_a_copy_is_named_for_the_form_to_ask_what_it_is():
    text = "On July 3, 2017, FDA approved Tal-Copy (talquetamab-abcd) as a biosimilar to Talvey for multiple myeloma."
    (draft,) = drafts(taken_apart(text, TODAY), scores.vocabulary(), TODAY)
    assert (draft.therapy.value, draft.drug) == ("talquetamab", "Tal-Copy (talquetamab-abcd)") and not draft.cancers


def test_an_approval_in_addition_is_of_the_same_drug_or_another():
    behind = "In addition, Talvey received accelerated approval for adults with light chain amyloidosis."
    assert told(f"{DECISION} {behind}") == [*APPROVED, *ACCELERATED]
    assert told("In 2020, talquetamab was studied. In addition, Talvey received regular approval for myeloma.") == []
    for more in ("In addition", "Additionally"):
        assert len(told(f"{DECISION} {more}, Talvey was approved as monotherapy for adults with lymphoma.")) == 2
        assert len(told(f"{DECISION} {more}, Talvey was approved for adults with lymphoma in 2019.")) == 1


def test_each_decision_of_a_podcast_has_its_day_or_that_of_the_one_before():
    text = (
        "Today we have updates on recent cancer approvals.\nOn May 4, 2026, FDA approved Talvey for multiple myeloma.\n"
        "Efficacy was shown.\nOn May 8, 2026, FDA approved Tecvayli for multiple myeloma.\n"
        "The FDA also granted accelerated approval to Tecvayli for light chain amyloidosis."
    )
    found = drafts(taken_apart(text, TODAY), scores.vocabulary(), TODAY)
    assert [draft.date.value for draft in found] == ["2026-05-04", "2026-05-08", "2026-05-08"]


def test_each_line_of_a_round_up_has_its_day_of_the_week():
    text = (
        "FDA Roundup: May 8, 2026\nNews from around the agency:\n• On Monday, the FDA approved Talvey for multiple "
        "myeloma.\n• On Friday, the FDA approved Tecvayli for multiple myeloma."
    )
    found = drafts(taken_apart(text, TODAY), scores.vocabulary(), TODAY)
    assert [draft.date.value for draft in found] == ["2026-05-04", "2026-05-08"]


def test_of_two_drugs_that_are_approved_together_the_use_is_of_the_one_that_is_ours():
    text = "On May 4, 2026, FDA approved the combination of samplinib (Sample, Co.) plus Talvey for multiple myeloma."
    (draft,) = drafts(taken_apart(text, TODAY), scores.vocabulary(), TODAY)
    assert draft.therapy.value == "talquetamab" and draft.combination == ("samplinib",)


@pytest.mark.parametrize("more", ["the use of", "a new indication for", "an expanded indication for"])
def test_what_is_approved_of_a_drug_that_is_not_ours_makes_no_drug_of_its_partner(more):
    text = f"FDA approved {more} sampletib (Samplo, Sample, Inc.) with talquetamab for patients with multiple myeloma."
    (draft,) = drafts(taken_apart(text, TODAY), scores.vocabulary(), TODAY)
    assert (draft.therapy, draft.drug) == (None, "sampletib (Samplo, Sample, Inc.)")
    assert [partner.value for partner in draft.partners] == ["talquetamab"]


def test_a_fixed_dose_combination_is_named_by_its_drugs():
    text = "FDA approved the fixed dose combination of samplinib and sampletib (Samplo) with prednisone for myeloma."
    (draft,) = drafts(taken_apart(text, TODAY), scores.vocabulary(), TODAY)
    assert draft.drug == "samplinib and sampletib (Samplo)"


def test_the_form_in_which_a_drug_is_sold_is_no_part_of_its_name():
    text = "On May 4, 2026, FDA approved Sample (samplinib) tablets for adults with multiple myeloma."
    (draft,) = drafts(taken_apart(text, TODAY), scores.vocabulary(), TODAY)
    assert draft.drug == "Sample (samplinib)"


def test_the_way_through_the_site_in_one_line_is_no_decision():
    way = "Home / Drugs / Approved Drugs / FDA granted accelerated approval to talquetamab for multiple myeloma"
    title = "FDA granted accelerated approval to talquetamab for multiple myeloma"
    assert told(f"{way}\n{title}\n{DECISION}") == APPROVED


def test_what_is_approved_beside_a_drug_is_no_decision_on_another():
    assert told(f"{DECISION} As part of this approval, FDA has also approved Samplodx.") == APPROVED
    beside = "As part of this approval, FDA also approved Tecvayli (teclistamab) for the same patients."
    assert told(f"{DECISION} {beside}") == [*APPROVED, ("approval", "teclistamab")]


def test_a_sentence_may_say_once_more_for_whom_a_drug_was_approved():
    (draft,) = drafts(
        taken_apart(
            "FDA has now approved KEYTRUDA (pembrolizumab) for a second indication based on a biomarker. Specifically, "
            "FDA has approved KEYTRUDA for patients with a solid tumor with a high mutational burden (10 mutations).",
            TODAY,
        ),
        scores.vocabulary(),
        TODAY,
    )
    assert [read.value for read in draft.cancers] == ["tmb-high-solid-tumors"]
    other = "Specifically, FDA has approved Tecvayli (teclistamab) for adults with multiple myeloma."
    assert told(f"{DECISION} {other}") == [*APPROVED, ("approval", "teclistamab")]


def test_the_next_sentence_may_tell_that_the_approval_was_accelerated():
    assert told(f"{DECISION}\nThe accelerated approval was based on a trial.") == ACCELERATED
    assert told(f"{DECISION}\nThe accelerated approval was based on a trial of 2019.") == APPROVED


@pytest.mark.parametrize("name", ["The new drug, talquetamab", "The drug, talquetamab (Talvey)"])
def test_the_next_sentence_may_name_the_drug_whose_kind_alone_was_told(name):
    (draft,) = drafts(
        taken_apart(f"FDA has approved the first myeloma drug in years. {name}, will be sold.", TODAY),
        scores.vocabulary(),
        TODAY,
    )
    assert (draft.therapy.value, draft.kind.value) == ("talquetamab", "approval")


def test_the_sentence_before_may_name_the_drug_whose_maker_alone_is_told():
    named = "Talvey (talquetamab) is the first of its kind."
    granted = "The FDA granted accelerated approval to manufacturer Sample Pharma for the drug’s use to treat myeloma."
    assert told(f"{named} {granted}") == ACCELERATED


def test_an_approval_that_names_no_use_converts_the_one_that_is_recalled():
    (draft,) = drafts(
        taken_apart(
            "The FDA has granted Talvey (talquetamab) full approval.\nIn 2023, the FDA granted accelerated approval to "
            "Talvey for the treatment of adults with relapsed multiple myeloma.",
            TODAY,
        ),
        scores.vocabulary(),
        TODAY,
    )
    assert draft.kind.value == "converted" and draft.setting.value == "later"
    assert [read.value for read in draft.cancers] == ["multiple-myeloma"]


@pytest.mark.parametrize("drug", ["Sample’s antibody", "Talvey"])
def test_a_drug_that_has_also_been_approved_has_a_second_use(drug):
    also = f"{drug} has also been approved as a monotherapy for adults with relapsed follicular lymphoma."
    assert told(f"{DECISION} {also}") == [*APPROVED, *APPROVED]
