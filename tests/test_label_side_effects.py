"""Section 6 of a label by rule: every list of common side effects, and how a list is written and checked."""

import tomllib

import pytest
from django.core.exceptions import ValidationError

from tests.notice_scores import CONTENT
from therapies.fda.reactions import CommonReactions, lists
from therapies.models.labels import validate_lists

LABELS = CONTENT / "labels"
SINGLE = "Most common adverse reactions (≥20%) with SAMPLIMAB as a single agent are fatigue, rash, and fever. ( 6.1 )"
WITH_X = (
    "Most common adverse reactions (≥ 20%) with SAMPLIMAB in combination with axitinib are diarrhea and rash. (6.1)"
)


@pytest.mark.parametrize(
    ("section", "told"),
    [
        (
            "Infections [see Warnings (5.1) ] The most common (≥15%) adverse reactions, including laboratory test "
            "abnormalities, are increased ALT, cough (dry) and pyrexia. ( 6.1 )",
            ["15% or more: increased alt, cough, pyrexia"],
        ),
        (
            "Most common adverse reactions (incidence > 10%): nausea, emesis, and insomnia. ( 6 )",
            ["more than 10%: nausea, emesis, insomnia"],
        ),
        (
            "Most common adverse reactions (≥25%) are skin reactions (including rash and nail changes), fever.",
            ["25% or more: skin reactions, rash, nail changes, fever"],
        ),
        (
            "Most common adverse reactions (≥ 20%) were:MCC: fatigue and rash. (6.1)RCC (with X): diarrhea. (6.1)",
            ["20% or more, MCC: fatigue, rash", "20% or more, RCC: diarrhea"],
        ),
        (
            "Most common adverse reactions (≥ 20% of patients with melanoma) were, cough and rash ( 6.1 ) Most common "
            "adverse reactions (≥ 15% of patients with sarcoma) were fatigue. ( 6.1 )",
            [
                "20% or more, of patients with melanoma: cough, rash",
                "15% or more, of patients with sarcoma: fatigue",
            ],
        ),
        (
            f"{SINGLE} {WITH_X}",
            ["20% or more, alone: fatigue, rash, fever", "20% or more, in combination with axitinib: diarrhea, rash"],
        ),
        (
            f"{WITH_X} The most common laboratory abnormalities (≥20%) are low platelets.",
            ["20% or more, in combination with axitinib: diarrhea, rash"],
        ),
        (
            "Lung Cancer Most common adverse reactions (≥ 5%) are rash. ( 6.1 ) Melanoma Most common adverse reactions "
            "(≥ 2%) are fever.",
            ["5% or more, lung Cancer: rash", "2% or more, melanoma: fever"],
        ),
        (
            "Most common adverse reactions (20% or higher) • with lenalidomide are fatigue and cough. (6.1) "
            "• with pomalidomide are constipation and fever. (6.1)",
            ["20% or more, with lenalidomide: fatigue, cough", "20% or more, with pomalidomide: constipation, fever"],
        ),
        (
            "Most common adverse reactions (≥20%) were: • SAMPLIMAB in combination with axitinib: rash, fever. ( 6.1 ) "
            "• SAMPLIMAB as a single agent: fatigue (asthenia), cough. ( 6.1 )",
            ["20% or more, in combination with axitinib: rash, fever", "20% or more, alone: fatigue, cough"],
        ),
        (
            "Most common adverse reactions in trials were ( 6.1 ): • Lymphoma (greater than or equal to 25%): fever, "
            "chills ( 6.1 ). • CLL (greater than 10%): neutropenia ( 6.1 ).",
            ["25% or more, lymphoma: fever, chills", "more than 10%, CLL: neutropenia"],
        ),
        (
            "The most common adverse reactions (≥20%), including laboratory abnormalities, in patients with: breast "
            "cancer and lung cancer are nausea and fatigue. ( 6.1 ) gastric cancer were fever. ( 6.1 )",
            ["20% or more, breast cancer and lung cancer: nausea, fatigue", "20% or more, gastric cancer: fever"],
        ),
        (
            f"The most common serious adverse reactions (≥2%) were sepsis and fever. {SINGLE}",
            ["20% or more: fatigue, rash, fever"],
        ),
        ("The most common adverse reactions leading to discontinuation were fever and rash.", []),
        (f"To report SUSPECTED ADVERSE REACTIONS, contact us. {SINGLE}", []),
    ],
)
def test_every_list_of_common_adverse_reactions_is_read_with_its_threshold_and_what_it_is_about(section, told):
    read = [str(one) for one in lists(f"6 ADVERSE REACTIONS {section}", ["Samplimab"])]
    assert read == told
    assert [str(CommonReactions.of(one)) for one in read] == read


@pytest.mark.parametrize("told", ["at least 20%: rash", "20% or more, alone:", "20% or more: rash: fever"])
def test_a_list_whose_threshold_cannot_be_told_is_refused(told):
    with pytest.raises(ValidationError, match="can’t be read"):
        validate_lists(f"10% or more: fever; {told}")


def test_every_list_on_record_is_one_that_its_form_accepts():
    told = [tomllib.loads(path.read_text()).get("common_reactions", []) for path in LABELS.glob("*.toml")]
    assert len(told) > 40
    for one in told:
        validate_lists("; ".join(one))
