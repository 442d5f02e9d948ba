"""Whom a use is for, as a notice words it: cancers, biomarkers, stage and age."""

import pytest

from tests.notice_words import TODAY, WORDS, pasted, told, values
from therapies.desk.paste import taken_apart
from therapies.fda.naming import Finder, Vocabulary
from therapies.fda.wording import drafts


def test_a_gene_that_is_called_after_a_cancer_is_no_cancer():
    (draft,) = told(
        "On November 8, 2022, the Food and Drug Administration approved cemiplimab-rwlc (Libtayo, Regeneron) with "
        "platinum-based chemotherapy for adults with advanced non-small cell lung cancer with no EGFR, anaplastic "
        "lymphoma kinase (ALK) or ROS1 aberrations."
    )
    assert values(draft.cancers) == ["non-small-cell-lung-cancer"] and draft.biomarkers == ()


@pytest.mark.parametrize(
    "words",
    ["whose tumors express PD-L1 (CPS >=10)", "whose tumor expresses PD-L1", "with PD-L1-expressing tumors"],
)
def test_a_tumor_that_expresses_a_marker_is_positive_for_it(words):
    (draft,) = told(
        "On November 13, 2020, FDA granted accelerated approval to pembrolizumab (Keytruda, Merck) in combination with "
        f"chemotherapy for patients with metastatic triple-negative breast cancer {words}."
    )
    assert values(draft.biomarkers) == ["pd-l1"]


def test_brackets_of_our_own_are_no_part_of_a_cancer_s_name():
    (draft,) = told(
        "On April 3, 2023, the Food and Drug Administration granted accelerated approval to enfortumab vedotin-ejfv "
        "(Padcev, Astellas) with pembrolizumab for patients with metastatic urothelial carcinoma who are ineligible "
        "for cisplatin."
    )
    assert values(draft.cancers) == ["urothelial-carcinoma"] and values(draft.partners) == ["pembrolizumab"]


@pytest.mark.parametrize(
    ("words", "cancer"),
    [
        ("mismatch repair deficient (dMMR) rectal cancer", "colorectal-cancer"),
        ("unresectable MSI-H or dMMR solid tumors", "msi-h-dmmr-solid-tumors"),
        ("advanced solid tumors", "solid-tumors"),
    ],
)
def test_a_marker_stands_for_every_tumor_that_has_it_unless_a_cancer_is_named(words, cancer):
    (draft,) = told(f"On November 18, 2026, the FDA approved dostarlimab-gxly (Jemperli, GSK) for adults with {words}.")
    assert values(draft.cancers) == [cancer]
    assert values(draft.biomarkers) == ([] if cancer == "solid-tumors" else ["msi-h-dmmr"])


def test_a_reprint_in_british_english_names_the_same_cancers():
    (found,) = drafts(
        taken_apart("On May 1, 2024, the FDA approved Opdivo (nivolumab) for paediatric solid tumours.", TODAY),
        WORDS,
        TODAY,
    )
    assert [cancer.value for cancer in found.cancers] == ["solid-tumors"] and found.children


def test_a_sentence_behind_may_tell_whom_the_drug_is_for():
    (draft,) = pasted(
        "On June 2, 2026, FDA approved Imfinzi (durvalumab) to reduce infections.\n"
        "Imfinzi may be used in adults and pediatric patients with melanoma following a strong conditioning regimen."
    )
    assert draft.children and values(draft.cancers) == ["melanoma"] and draft.setting is None


def test_the_course_of_a_regimen_is_no_history_of_the_patients_whom_it_is_for():
    (draft,) = pasted(
        "On June 2, 2026, FDA approved Imfinzi (durvalumab) with chemotherapy, and as maintenance following "
        "consolidation chemotherapy, for the treatment of adults with newly diagnosed melanoma."
    )
    assert draft.setting.value == "first"


def test_what_a_title_says_first_is_told_whole_in_a_sentence_about_the_new_use():
    (draft,) = pasted(
        "On May 1, 2024, FDA granted accelerated approval to Imfinzi (durvalumab) for patients with melanoma before "
        "surgery. Imfinzi was approved in 2017 for others.\nImfinzi’s new use is intended for patients with "
        "HER2-positive melanoma. It is to be used in combination with ipilimumab."
    )
    assert values(draft.biomarkers) == ["her2-positive"] and values(draft.partners) == ["ipilimumab"]
    assert draft.setting.value == "surgery"


@pytest.mark.parametrize(
    ("use", "stage"),
    [
        ("for melanoma following surgical removal of the tumor", "surgery"),
        ("for melanoma as initial endocrine-based therapy", "first"),
        ("to increase bone mass in men receiving adjuvant therapy for melanoma", None),
        ("for melanoma when used together with or following other therapies", None),
        ("for untreated lymphoma in adults who achieve a complete response to first-line chemotherapy", "later"),
        ("for melanoma that is no longer being controlled by other drugs", "later"),
        ("for adults with melanoma when given prior to chemotherapy", None),
    ],
)
def test_the_point_of_treatment_is_told_in_many_words(use, stage):
    (draft,) = told(f"FDA approved nivolumab {use}.")
    assert (draft.setting and draft.setting.value) == stage


@pytest.mark.parametrize(
    ("behind", "stage", "partners"),
    [
        ("Imfinzi is intended for patients who were previously treated with chemotherapy.", "later", []),
        ("Intended for patients without prior therapy, Imfinzi is combined with nivolumab.", "first", ["nivolumab"]),
        ("Imfinzi is specifically indicated for patients with melanoma who had prior chemotherapy.", "later", []),
        ("Opdivo is intended for patients who were previously treated with chemotherapy.", None, []),
    ],
)
def test_a_sentence_further_behind_may_tell_whom_of_them_the_drug_is_intended_for(behind, stage, partners):
    (draft,) = pasted(f"FDA today approved Imfinzi (durvalumab) to treat patients with melanoma.\nIt binds.\n{behind}")
    assert (draft.setting and draft.setting.value, values(draft.partners)) == (stage, partners)
    assert values(draft.cancers) == ["melanoma"]


def test_the_wider_kind_of_a_cancer_behind_its_name_is_no_second_one():
    cancers = {"melanoma": ["Melanoma"], "skin-cancer": ["Skin cancer"]}
    (draft,) = told(
        "FDA approved X for melanoma, the most dangerous type of skin cancer.", words=Vocabulary({}, cancers)
    )
    assert values(draft.cancers) == ["melanoma"]


def test_a_squamous_cell_carcinoma_may_be_called_a_cancer():
    names = Finder({"basal-cell-carcinoma": ["Basal cell carcinoma"]})
    assert [read.value for _, read in names.find("advanced basal cell cancer")] == ["basal-cell-carcinoma"]


def test_a_cancer_of_an_organ_is_found_by_the_name_that_lists_have():
    (draft,) = told(
        "On May 5, 2025, FDA approved nivolumab (Opdivo) for adults with metastatic adenocarcinoma of the rectum."
    )
    assert values(draft.cancers) == ["colorectal-cancer"]


def test_a_regimen_between_commas_is_given_now_though_the_disease_came_back():
    (draft,) = told(
        "FDA approved nivolumab for relapsed lymphoma, in combination with ipilimumab, after two therapies."
    )
    assert values(draft.partners) == ["ipilimumab"]
    (draft,) = told("FDA approved nivolumab for melanoma that was treated with dacarbazine, with ipilimumab, before.")
    assert draft.partners == ()


def test_what_a_disease_came_after_is_no_use():
    (draft,) = told("FDA approved nivolumab for adults with secondary (occurring after melanoma or lymphoma) leukosis.")
    assert draft.cancers == ()


def test_what_fda_did_not_grant_is_no_use():
    (draft,) = told(
        "FDA approved nivolumab to treat melanoma but issued a complete response letter for an application seeking "
        "approval for previously untreated lymphoma."
    )
    assert values(draft.cancers) == ["melanoma"] and draft.setting is None


def test_a_title_that_names_a_disease_of_ours_only_as_its_sort_names_no_cancer():
    title, text = "FDA Approves Nivolumab for Patients with Rare {}", "FDA approved nivolumab for adults."
    (draft,) = pasted(title.format("Bladder Cancer (Samplosis)"), text)
    assert draft.cancers == ()
    (draft,) = pasted(title.format("Bladder Cancer"), text)
    assert values(draft.cancers) == ["bladder-cancer"]


@pytest.mark.parametrize(
    ("whom", "cancers"), [("MSI-H solid tumors", ["msi-h-dmmr-solid-tumors"]), ("MSI-H chordoma", [])]
)
def test_a_test_result_is_a_cancer_of_any_site_only_where_that_is_said(whom, cancers):
    (draft,) = told(f"FDA approved durvalumab (Imfinzi, Sample) for adults with unresectable {whom}.")
    assert (values(draft.cancers), values(draft.biomarkers)) == (cancers, ["msi-h-dmmr"])
