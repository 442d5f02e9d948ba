"""The cancer of a use where a notice or a label gives it in words of their own, and when in the treatment."""

import datetime

import pytest

from tests import notice_scores as scores
from therapies.desk.paste import taken_apart
from therapies.fda import disease, stages
from therapies.fda.wording import drafts

TODAY = datetime.date(2026, 11, 24)


def values(reads):
    return [read.value for read in reads]


def cancers(use):
    return " ".join(read.value for read in disease.cancers(use, (), scores.vocabulary()))


@pytest.mark.parametrize(
    ("use", "cancer"),
    [
        ("for adults with a rare type of skin cancer called Merkel cell carcinoma", "merkel-cell-carcinoma"),
        ("for a form of blood cancer (acute myeloid leukemia)", "acute-myeloid-leukemia"),
        ("for Kaposi’s Sarcoma in patients who are HIV-negative", "kaposi-sarcoma"),
        ("for castration-resistant prostate cancer, symptomatic bone metastases and no others", "prostate-cancer"),
        ("for detection of non-muscle invasive papillary cancer of the bladder", "non-muscle-invasive-bladder-cancer"),
        ("for prevention of fractures in patients with bone metastases", "bone-metastases"),
        ("for certain types of lymphoma known as mantle cell lymphoma", "mantle-cell-lymphoma"),
        ("for multiple myeloma, a rare form of blood cancer", "multiple-myeloma"),
        ("for a type of skin cancer (advanced)", "skin-cancer"),
        ("for carcinoma in situ (CIS) of the urinary bladder", "non-muscle-invasive-bladder-cancer"),
        ("for stage Ta and/or T1 papillary tumors following resection", "non-muscle-invasive-bladder-cancer"),
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
        ("for Kaposi sarcoma after failure of highly active antiretroviral therapy", None),
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
        ("for breast cancer as initial endocrine-based therapy or following progression on endocrine therapy", None),
        ("for previously treated and untreated leukemia", None),
        ("as a first treatment option for metastatic breast cancer", "first"),
        ("as the first treatment for a mutation in lung cancer that progressed on chemotherapy", "later"),
        ("for cancer A who require systemic therapy or cancer B who require therapy and are iodine-refractory", None),
        ("for cancer B who require systemic therapy and are iodine-refractory", "later"),
        ("to be used as a diagnostic imaging agent in newly diagnosed patients with prostate cancer", None),
        ("for prophylaxis to prevent or reduce the frequency of bleeding", None),
    ],
)
def test_what_comes_after_a_treatment_is_later_and_after_a_talk_is_not(words, stage):
    assert (read := stages.stage(words)) == (read and (stage, read.words)) and bool(read) == bool(stage)


# Whom a use is for, by rule ---------------------------------------------------------------------------


def approved(use):
    text = f"On May 15, 2024, the Food and Drug Administration approved nivolumab (Opdivo, BMS) {use}."
    (draft,) = drafts(taken_apart(text, TODAY), scores.vocabulary(), TODAY)
    return draft


@pytest.mark.parametrize(
    ("use", "partners"),
    [
        ("together with ipilimumab for melanoma", "ipilimumab"),
        (", a blocking antibody, with ipilimumab, for melanoma", "ipilimumab"),
        (", an anti-PD-1 (4.2) antibody, plus ipilimumab for melanoma", "ipilimumab"),
        ("for melanoma with disease progression on ipilimumab", ""),
        (", a blocking antibody, for melanoma, with progression after ipilimumab", ""),
    ],
)
def test_what_a_drug_is_given_with_is_told_in_many_ways(use, partners):
    assert " ".join(partner.value for partner in approved(use).partners) == partners


@pytest.mark.parametrize(
    ("use", "cancers"),
    [
        ("for metastatic urothelial carcinoma", "urothelial-carcinoma"),
        (
            "for gastric or gastroesophageal junction (GEJ) adenocarcinoma",
            "stomach-cancer gastroesophageal-junction-cancer",
        ),
        ("for epithelial ovarian, fallopian tube, or primary peritoneal cancer", "ovarian-cancer"),
        ("for ALK (anaplastic lymphoma kinase)-positive non–small cell lung cancer", "non-small-cell-lung-cancer"),
        ("for HER2-positive (IHC 3+) unresectable breast cancer", "her2-positive-breast-cancer"),
        ("for hormone receptor (HR)-positive, HER2-negative breast cancer", "hr-positive-breast-cancer"),
        ("for HER2-positive (IHC3+) solid tumors", "her2-positive-solid-tumors"),
        ("for tumor mutational burden-high (TMB-H) [≥10 mutations/megabase] solid tumors", "tmb-high-solid-tumors"),
        ("for MSI-H or dMMR solid tumors or colorectal cancer", "msi-h-dmmr-solid-tumors colorectal-cancer"),
        ("for large B-cell lymphoma arising from follicular lymphoma", "large-b-cell-lymphoma"),
        ("for adults with hematological malignancies", "blood-cancer"),
        ("for adults with non-Hodgkin’s lymphoma", "b-cell-non-hodgkin-lymphoma"),
        ("for adults with ES-SCLC", "small-cell-lung-cancer"),
        ("for adults with nonsmall cell lung cancer", "non-small-cell-lung-cancer"),
        ("for melanoma-associated antigen (MAGE-A4)-positive synovial sarcoma", "synovial-sarcoma"),
        ("for anemia in adults with myelodysplastic/myeloproliferative neoplasm (MDS/MPN-RS-T)", ""),
    ],
)
def test_cancers_by_rule(use, cancers):
    assert set(values(approved(use).cancers)) == set(cancers.split())


@pytest.mark.parametrize(
    ("words", "markers"),
    [
        ("whose tumors express PD-L1 (CPS ≥ 10)", "pd-l1"),
        ("with a PD-L1 combined positive score of 1 or more", "pd-l1"),
        ("whose tumors have high PD-L1 expression [Tumor Proportion Score (TPS) ≥50%]", "pd-l1"),
        ("regardless of PD-L1 status", ""),
        ("with low expression of the protein PD-L1", ""),
        ("following a PD-1 or PD-L1 inhibitor", ""),
        ("harboring a neuregulin 1 (NRG1) gene fusion", "nrg1-fusion"),
        ("with HR-positive, HER2-negative disease", "hr-positive her2-negative"),
        ("with no EGFR, ALK or ROS1 aberrations", ""),
        ("with no known epidermal growth factor receptor (EGFR) mutations", ""),
        ("with epidermal growth factor receptor (EGFR) exon 20 insertion mutations", "egfr-exon20-insertion"),
        ("with EGFR exon 19 deletions or exon 21 L858R substitution mutations", "egfr-mutation"),
        ("with activating HER2 (ERBB2) mutations", "her2-mutation"),
        ("that is not microsatellite instability-high (MSI-H) or mismatch repair deficient (dMMR)", ""),
        ("who have received a prior anti-HER2-based regimen", ""),
        ("who had an anti-PD-1 antibody and, if BRAF V600 mutation positive, a BRAF inhibitor", ""),
        ("that is BRAF V600 wild-type or BRAF V600 mutation-positive", ""),
        ("with circulating tumor DNA (ctDNA) molecular residual disease (MRD)", "ctdna-mrd"),
        ("with circulating tumor DNA molecular residual disease (ctDNA MRD)", "ctdna-mrd"),
        ("whose tumors are claudin (CLDN) 18.2 positive", "cldn18-2"),
    ],
)
def test_biomarkers_by_rule(words, markers):
    assert set(values(approved(f"for patients with lung cancer {words}").biomarkers)) == set(markers.split())


@pytest.mark.parametrize(
    ("use", "stage"),
    [
        ("for the first-line treatment of melanoma", "first"),
        ("for hepatocellular carcinoma in patients who have not received prior systemic therapy", "first"),
        ("for melanoma that is refractory to first-line chemotherapy", "later"),
        ("for maintenance treatment of melanoma that has not progressed with first-line chemotherapy", "later"),
        ("for melanoma in patients who have received prior trastuzumab", "later"),
        ("for melanoma with recurrence within 12 months of neoadjuvant or adjuvant chemotherapy", "later"),
        ("for the adjuvant treatment of patients who have residual disease after neoadjuvant trastuzumab", "surgery"),
        ("for completely resected esophageal cancer in patients who have received chemoradiotherapy", "surgery"),
        ("for modulation-naïve prostate cancer", None),
        ("for prevention of skeletal-related events in patients with multiple myeloma", "support"),
        ("for melanoma in the consolidation phase of multiphase chemotherapy", "support"),
        ("for recurrent or metastatic melanoma", None),
        ("for anemia failing an erythropoiesis stimulating agent", "later"),
        ("for unresectable, recurrent, or refractory melanoma", None),
        ("for renal dysfunction following hematopoietic stem-cell transplantation", None),
        ("for myeloma following hematopoietic stem-cell transplantation", "later"),
        ("for newly diagnosed leukemia in chronic phase or leukemia resistant to prior inhibitors", None),
    ],
)
def test_what_patients_had_before_is_history_and_no_setting(use, stage):
    draft = approved(use)
    assert (draft.setting and draft.setting.value) == stage
    assert not draft.partners and not draft.biomarkers


def test_a_partner_may_stand_behind_the_disease_but_not_in_the_history():
    assert approved("to treat adults with melanoma in combination with ipilimumab").combination == ("ipilimumab",)
    assert approved("for melanoma previously treated in combination with ipilimumab").combination == ()


def test_a_marker_that_is_spoken_under_both_its_names_is_one():
    spoken = "for adults with lung cancer whose tumors have activating HER2, or ERBB2, mutations"
    assert values(disease.biomarkers(spoken, scores.vocabulary())) == ["her2-mutation"]


@pytest.mark.parametrize("told", ["K-ras mutation-negative (wild-type)", "KRAS mutation-negative", "KRAS wild-type"])
def test_a_gene_without_its_mutation_is_of_the_wild_type(told):
    assert values(disease.biomarkers(f"for {told} colorectal cancer", scores.vocabulary())) == ["ras-wild-type"]


def test_a_gene_may_run_into_its_change():
    for told in ("BRAFV600E mutation", "BRAF V600E mutation"):
        assert values(disease.biomarkers(f"for melanoma with the {told}", scores.vocabulary())) == ["braf-v600"]


@pytest.mark.parametrize(
    ("spelled", "marker"),
    [
        ("epidermal growth factor receptor mutations", "egfr-mutation"),
        ("estrogen receptor-positive", "hr-positive"),
        ("human epidermal growth factor receptor 2 positive", "her2-positive"),
    ],
)
def test_a_marker_may_be_spelled_out_without_its_abbreviation(spelled, marker):
    assert values(disease.biomarkers(f"for adults with {spelled} cancer", scores.vocabulary())) == [marker]


def test_a_restriction_that_is_removed_tells_nothing_of_the_patients():
    draft = approved("for melanoma to remove the restriction that patients should have progressed on ipilimumab")
    assert [cancer.value for cancer in draft.cancers] == ["melanoma"] and draft.setting is None
