"""The cancer of a use where a notice or a label gives it in words of their own, and when in the treatment."""

import pytest

from tests import notice_scores as scores
from therapies.fda import disease, stages


def cancers(use):
    return " ".join(read.value for read in disease.cancers(use, (), scores.vocabulary()))


@pytest.mark.parametrize(
    ("use", "cancer"),
    [
        ("for adults with a rare type of skin cancer called Merkel cell carcinoma", "merkel-cell-carcinoma"),
        ("for a form of blood cancer (acute myeloid leukemia)", "acute-myeloid-leukemia"),
        ("for certain types of lymphoma known as mantle cell lymphoma", "mantle-cell-lymphoma"),
        ("for multiple myeloma, a rare form of blood cancer", "multiple-myeloma"),
        ("for a type of skin cancer (advanced)", "skin-cancer"),
        ("for certain forms of bladder cancer", "bladder-cancer"),
    ],
)
def test_of_two_names_for_one_cancer_the_narrower_counts(use, cancer):
    assert cancers(use) == cancer


@pytest.mark.parametrize(
    ("use", "named"),
    [
        ("relapsed mantle cell, CD20-positive, B-cell NHL", "mantle-cell-lymphoma"),
        ("stage III follicular NHL", "follicular-lymphoma"),
        ("untreated primary mediastinal large B-cell non-Hodgkin’s lymphoma", "large-b-cell-lymphoma"),
        ("indolent or follicular B-cell NHL", "b-cell-non-hodgkin-lymphoma follicular-lymphoma"),
        ("low-grade, CD20-positive, B-cell NHL", "b-cell-non-hodgkin-lymphoma"),
        ("aggressive NHL", "b-cell-non-hodgkin-lymphoma"),
    ],
)
def test_nhl_takes_its_kind_from_the_words_before_it(use, named):
    assert cancers(f"for {use}") == named


def test_an_abbreviation_that_stands_for_no_cancer_is_none():
    assert cancers("1.5 Paroxysmal Vertigo (PV)") == ""
    assert cancers("1.5 Rubra disease (PV)") == "polycythemia-vera"


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ("for melanoma after discussions with the company", None),
        ("for melanoma following a review of its benefits", None),
        ("for melanoma after its confirmatory trial ended", None),
        ("for melanoma following routine talks", None),
        ("for melanoma after ipilimumab", "later"),
        ("for melanoma after a programmed death receptor-1 or programmed death-ligand 1 inhibitor", "later"),
        ("for lung cancer after carboplatin and vinorelbine", "later"),
        ("for lymphoma after two or more lines of systemic therapy", "later"),
        ("for lymphoma following autologous stem cell transplantation", "later"),
        ("for lung cancer after a platinum doublet", "later"),
        ("for melanoma following dabrafenib and trametinib", "later"),
        ("for leukemia of children who had an early relapse", "later"),
        ("for lymphoma that no longer responds to other drugs", "later"),
        ("for leukemia at high risk of relapse", None),
    ],
)
def test_what_comes_after_a_treatment_is_later_and_after_a_talk_is_not(words, stage):
    assert (read := stages.stage(words)) == (read and (stage, read.words)) and bool(read) == bool(stage)
