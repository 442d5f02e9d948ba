"""Section 1 of a label by rule, as openFDA leaves it: lists without bullets, a summary before or behind."""

import pytest

from tests import notice_scores as scores
from therapies.fda.label_section import uses_of


def read(section):
    found = uses_of(f"1 INDICATIONS AND USAGE {section}", ["Samplimab"], scores.vocabulary())
    return [(use.cancers, use.stage, use.partners) for use in found]


MELANOMA, KIDNEY, BREAST = ("melanoma",), ("kidney-cancer",), ("breast-cancer",)


def test_the_first_use_of_a_list_is_read_where_only_a_colon_opens_it():
    assert read(
        "1.1 Melanoma SAMPLIMAB is indicated: as adjuvant treatment of adults with melanoma. for the first-line "
        "treatment of adults with melanoma. 1.2 Kidney Cancer SAMPLIMAB is indicated: in combination with axitinib for "
        "kidney cancer. in combination with lenvatinib for the first-line treatment of kidney cancer."
    ) == [
        (MELANOMA, "surgery", ()),
        (MELANOMA, "first", ()),
        (KIDNEY, "", ("axitinib",)),
        (KIDNEY, "first", ("lenvatinib",)),
    ]


WHOLE = (
    "• SAMPLIMAB is indicated in combination with axitinib for kidney cancer. • SAMPLIMAB is indicated for adults with "
    "melanoma."
)
SUMMARY = "SAMPLIMAB is an antibody indicated • in combination with axitinib for kidney cancer (1) • for melanoma (1)"


@pytest.mark.parametrize("section", [WHOLE, f"{WHOLE} {SUMMARY}", f"{SUMMARY} {WHOLE}"])
def test_a_summary_that_says_the_same_is_not_read_wherever_it_stands(section):
    assert read(section) == [(KIDNEY, "", ("axitinib",)), (MELANOMA, "", ())]


@pytest.mark.parametrize("colon", ["", ":"])
def test_regimens_of_one_disease_are_uses_though_nothing_parts_them(colon):
    assert read(
        f"SAMPLIMAB is indicated for adjuvant treatment of breast cancer{colon} as part of a treatment regimen "
        "consisting of epirubicin and either docetaxel or paclitaxel as part of a regimen with carboplatin as a single "
        "agent following chemotherapy."
    ) == [
        (BREAST, "surgery", ("epirubicin", "docetaxel or paclitaxel")),
        (BREAST, "surgery", ("carboplatin",)),
        (BREAST, "surgery", ()),
    ]


def test_two_regimens_behind_either_are_two_uses():
    assert read(
        "SAMPLIMAB is indicated for adults with metastatic melanoma either: in combination with dacarbazine, or as a "
        "single agent after one or more prior lines of therapy."
    ) == [(MELANOMA, "", ("dacarbazine",)), (MELANOMA, "later", ())]


def test_what_a_regimen_says_before_the_statement_tells_the_stage():
    section = (
        "SAMPLIMAB, as neoadjuvant treatment, continued after nephrectomy, is indicated for adults with kidney cancer."
    )
    assert read(section) == [(KIDNEY, "surgery", ())]


@pytest.mark.parametrize("line", ["first- or second-line", "first-line or second-line", "first-or second-line"])
def test_two_points_of_treatment_are_none(line):
    assert read(f"SAMPLIMAB is indicated for the {line} treatment of melanoma.") == [(MELANOMA, "", ())]


def test_a_heading_names_no_cancer_by_an_abbreviation_of_something_else():
    section = "1.1 Pulmonary Valvulitis (PV) SAMPLIMAB is indicated for adults with moderate disease."
    assert read(section) == [((), "", ())]


def test_the_lines_of_a_list_share_the_regimen_before_the_first_though_no_colon_opens_it():
    assert read(
        "1.1 Breast Cancer SAMPLIMAB is indicated for use in combination with chemotherapy for the neoadjuvant "
        "treatment of adults with early breast cancer [see Clinical Studies (14.1)] . the adjuvant treatment of adults "
        "with early breast cancer at high risk of recurrence."
    ) == [(BREAST, "surgery", ("chemotherapy",)), (BREAST, "surgery", ("chemotherapy",))]


def test_one_use_that_ends_with_its_regimen_is_no_list():
    assert read(
        "SAMPLIMAB is indicated for adults with: Previously untreated, advanced stage melanoma in combination with "
        "chemotherapy."
    ) == [(MELANOMA, "first", ("chemotherapy",))]


def test_what_a_label_says_it_is_not_for_is_no_use_nor_is_the_heading_of_the_next_statement():
    assert read(
        "SAMPLIMAB is an antibody indicated for melanoma. Limitations of use: SAMPLIMAB is not indicated for kidney "
        "cancer. Melanoma SAMPLIMAB is indicated for the treatment of adults with melanoma: As first-line therapy. As "
        "monotherapy after prior treatment. KIT-mutated melanoma SAMPLIMAB, with axitinib, is indicated for "
        "KIT-mutated melanoma. Limitations of use: SAMPLIMAB is not indicated for the treatment of kidney cancer."
    ) == [(MELANOMA, "first", ()), (MELANOMA, "later", ()), (MELANOMA, "", ("axitinib",))]


def test_a_use_whose_bullet_is_lost_is_read_behind_the_sentence_whose_opening_it_shares():
    assert read(
        "SAMPLIMAB, as monotherapy, is indicated for adults with melanoma that has progressed on chemotherapy. Kidney "
        "cancer, as determined by a test, in adults who have received prior chemotherapy. This indication is approved "
        "under accelerated approval for those with kidney cancer who responded."
    ) == [(MELANOMA, "later", ()), (KIDNEY, "later", ())]


def test_each_line_that_tells_a_regimen_shares_the_disease_before_the_first_though_no_colon_opens_them():
    assert read(
        "SAMPLIMAB is indicated for the treatment of adults with refractory melanoma in combination with axitinib in "
        "patients who have received one prior line of therapy. as monotherapy, in patients who have received four."
    ) == [(MELANOMA, "later", ("axitinib",)), (MELANOMA, "later", ())]


def test_what_is_given_afterwards_is_a_partner_and_so_is_each_of_two_regimens():
    assert read(
        "SAMPLIMAB followed by docetaxel is indicated for neoadjuvant treatment of melanoma. SAMPLIMAB is indicated in "
        "combination with axitinib, or with lenvatinib, for kidney cancer."
    ) == [(MELANOMA, "surgery", ("docetaxel",)), (KIDNEY, "", ("axitinib", "lenvatinib"))]


@pytest.mark.parametrize(
    ("patients", "stage"),
    [
        ("recurrent melanoma", "later"),
        ("recurrent or metastatic melanoma", ""),
        ("metastatic or recurrent melanoma", ""),
        ("locally recurrent melanoma", ""),
    ],
)
def test_a_cancer_that_has_come_back_was_treated_unless_it_may_be_another_that_was_not(patients, stage):
    assert read(f"SAMPLIMAB is indicated for adults with {patients}.") == [(MELANOMA, stage, ())]


def test_treatment_against_the_loss_of_bone_is_for_no_cancer():
    assert read(
        "1.1 Treatment of Bone Loss in Men with Prostate Cancer SAMPLIMAB is indicated as a treatment to increase bone "
        "mass in men receiving therapy for prostate cancer."
    ) == [((), "", ())]


def test_an_abbreviation_of_a_label_s_own_stands_for_its_cancer():
    section = (
        "1.1 Tumors SAMPLIMAB, in combination with axitinib, is indicated for adults with kidney cancer (KX). "
        "SAMPLIMAB, as a single agent, is indicated for adults with advanced KX after prior therapy."
    )
    assert read(section) == [(KIDNEY, "", ("axitinib",)), (KIDNEY, "later", ())]


def test_a_list_may_follow_a_long_opening_and_a_test_is_no_line_of_it():
    assert read(
        "SAMPLIMAB is indicated for the treatment of adults with wild-type RAS (defined as wild-type in both KRAS and "
        "NRAS as determined by an FDA-approved test) melanoma: In combination with axitinib for first-line treatment. "
        "As monotherapy after prior chemotherapy. Select patients for therapy based on a test [see Dosage (2.1)]."
    ) == [(MELANOMA, "first", ("axitinib",)), (MELANOMA, "later", ())]


# What real labels of 2017 to 2026 taught ---------------------------------------------------


def told(section, brand="Samplimab"):
    found = uses_of(f"1 INDICATIONS AND USAGE {section}", [brand], scores.vocabulary())
    return [(use.cancers, use.stage or "any", use.biomarkers, use.partners, use.accelerated) for use in found]


def test_headings_and_lines_that_run_into_one_another_are_parted():
    assert read(
        "1.1 Metastatic MelanomaSAMPLIMAB (samplimab) is indicated for adults with metastatic melanoma [see Clinical "
        "Studies (14.1)].1.2 Advanced Kidney CancerFirst-Line Maintenance of Kidney CancerSAMPLIMAB is indicated for "
        "the maintenance treatment of kidney cancer [see Clinical Studies (14.2)].Previously-Treated Kidney "
        "CancerSAMPLIMAB is indicated for adults with kidney cancer who:Have disease progression after axitinibHave "
        "disease progression within 12 months of surgery [see Clinical Studies (14.2)]."
    ) == [(MELANOMA, "", ()), (KIDNEY, "later", ()), (KIDNEY, "later", ())]


def test_a_heading_that_follows_its_sentence_without_a_blank_is_none_of_its_words():
    assert read(
        "1.1 Melanoma SAMPLIMAB is indicated for adults with metastatic melanoma.1.2 Adjuvant Treatment of Kidney "
        "Cancer SAMPLIMAB is indicated for the adjuvant treatment of kidney cancer."
    ) == [(MELANOMA, "", ()), (KIDNEY, "surgery", ())]


def test_a_test_that_the_opening_of_a_list_asks_for_is_asked_in_each_of_its_lines():
    assert told(
        "SAMPLIMAB is indicated for the treatment of adults with mismatch repair deficient (dMMR) advanced: • "
        "melanoma that has progressed on prior treatment, or • kidney cancer. These indications are approved under "
        "accelerated approval based on response rate. Continued approval for these indications may be contingent "
        "upon a trial."
    ) == [(MELANOMA, "later", ("msi-h-dmmr",), (), True), (KIDNEY, "any", ("msi-h-dmmr",), (), True)]


def test_a_sentence_on_the_approval_of_one_line_tells_nothing_of_the_others():
    assert told(
        "SAMPLIMAB is indicated for the treatment of patients: with locally advanced melanoma (laMEL) previously "
        "treated with axitinib. with metastatic melanoma (mMEL) previously treated with axitinib. The mMEL "
        "indication is approved under accelerated approval based on response rate. Continued approval for the mMEL "
        "indication may be contingent upon a trial."
    ) == [(MELANOMA, "later", (), (), False), (MELANOMA, "later", (), (), True)]


def test_a_sentence_on_the_approval_of_these_uses_tells_of_the_statements_before_it_too():
    assert told(
        "1.1 Melanoma SAMPLIMAB, with axitinib, is indicated for melanoma. SAMPLIMAB is indicated for adults with "
        "melanoma after prior therapy. These indications are approved under accelerated approval based on response "
        "rate. 1.2 Kidney Cancer SAMPLIMAB is indicated for kidney cancer."
    ) == [
        (MELANOMA, "any", (), ("axitinib",), True),
        (MELANOMA, "later", (), (), True),
        (KIDNEY, "any", (), (), False),
    ]


def test_a_second_disease_of_one_sentence_with_a_history_of_its_own_is_a_use():
    assert told(
        "SAMPLIMAB is indicated for adults with unresectable, mismatch repair deficient (dMMR) melanoma cancer that "
        "has progressed following prior treatment and has no alternative, or kidney cancer that has progressed "
        "following treatment with axitinib."
    ) == [(MELANOMA, "later", ("msi-h-dmmr",), (), False), (KIDNEY, "later", ("msi-h-dmmr",), (), False)]


def test_a_dose_for_uses_that_stand_elsewhere_is_no_use():
    assert read(
        "1.1 Melanoma SAMPLIMAB is indicated for melanoma. 1.2 Adult Indications SAMPLIMAB is indicated for use at "
        "an additional recommended dosage of 400 mg every 6 weeks for kidney cancer in adults."
    ) == [(MELANOMA, "", ())]


def test_a_test_that_only_some_patients_of_a_use_need_is_not_asked_of_the_use():
    assert told(
        "SAMPLIMAB is indicated for adults with kidney cancer who: are not eligible for cisplatin and whose tumors "
        "express PD-L1, or are not eligible for any platinum regardless of PD-L1 status."
    ) == [(KIDNEY, "any", (), (), False)]


def test_patients_who_had_a_treatment_are_a_use_apart_from_those_beside_them_of_whom_none_is_asked():
    assert told(
        "SAMPLIMAB is indicated for adults with kidney cancer: who are not eligible for any platinum-containing "
        "chemotherapy, or who have disease progression during or following platinum-containing chemotherapy."
    ) == [(KIDNEY, "any", (), (), False), (KIDNEY, "later", (), (), False)]


def test_what_may_be_left_out_of_a_regimen_stays_in_its_words():
    assert read(
        "SAMPLIMAB, in combination with axitinib, with or without bevacizumab, is indicated for kidney cancer. "
        "SAMPLIMAB is indicated in conjunction with chemotherapy for melanoma."
    ) == [(KIDNEY, "", ("axitinib, with or without bevacizumab",)), (MELANOMA, "", ("chemotherapy",))]


def test_statements_that_begin_alike_are_not_one_told_twice_nor_is_one_of_its_own_a_summary():
    assert read(
        "SAMPLIMAB is indicated for the treatment of adults with metastatic kidney cancer. SAMPLIMAB is indicated "
        "for the treatment of adults with metastatic melanoma."
    ) == [(KIDNEY, "", ()), (MELANOMA, "", ())]
    assert read("SAMPLIMAB is an antibody indicated for melanoma. SAMPLIMAB is indicated for kidney cancer.") == [
        (MELANOMA, "", ()),
        (KIDNEY, "", ()),
    ]


def test_names_that_lost_their_apostrophe_are_read():
    section = "SAMPLIMAB is indicated for AIDS-Related Kaposis Sarcoma.. Lymphoma. SAMPLIMAB is indicated for melanoma."
    assert read(section) == [(("kaposi-sarcoma",), "", ()), (MELANOMA, "", ())]


def test_what_a_drug_is_not_for_is_one_line_of_a_list_and_the_uses_go_on_behind_it():
    assert read(
        "SAMPLIMAB is an antibody indicated for the treatment of: Kidney Cancer (KX) • adults with kidney cancer "
        "after prior therapy. • Limitations of Use: SAMPLIMAB is not indicated for bone metastases. Skin Cancers of "
        "the Body • adults with melanoma, in combination with axitinib."
    ) == [(KIDNEY, "later", ()), (MELANOMA, "", ("axitinib",))]


def test_a_disease_that_each_line_of_a_list_names_again_begins_the_line():
    assert read(
        "SAMPLIMAB is indicated for the treatment of adults with: melanoma in combination with axitinib in those who "
        "are newly diagnosed. melanoma as monotherapy, in those who have received prior therapy."
    ) == [(MELANOMA, "first", ("axitinib",)), (MELANOMA, "later", ())]


def test_limits_that_are_a_list_are_no_uses():
    assert read(
        "SAMPLIMAB is indicated for: • melanoma • kidney cancer Limitations of Use: • SAMPLIMAB is not for lymphoma "
        "• It is given only with axitinib."
    ) == [(MELANOMA, "", ()), (KIDNEY, "", ())]


def test_a_disease_that_opens_a_list_of_its_own_is_that_of_each_regimen_and_dashes_begin_lines():
    assert read(
        "SAMPLIMAB is an inhibitor indicated for the treatment of: - Metastatic melanoma in combination with "
        "dacarbazine. (1.1) - Kidney cancer: - in combination with axitinib, for first-line treatment (1.2) - in "
        "combination with lenvatinib, after prior therapy (1.3)"
    ) == [
        (MELANOMA, "", ("dacarbazine",)),
        (KIDNEY, "first", ("axitinib",)),
        (KIDNEY, "later", ("lenvatinib",)),
    ]


def test_a_number_in_what_a_drug_is_ends_no_sentence():
    assert read(
        "SAMPLIMAB is a claudin 18.2-directed antibody and is indicated in combination with axitinib for melanoma."
    ) == [(MELANOMA, "", ("axitinib",))]


def test_a_regimen_in_brackets_is_read_as_if_there_were_none():
    assert read(
        "SAMPLIMAB is indicated for adults with melanoma in combination with (dacarbazine and prednisone) (DP)."
    ) == [(MELANOMA, "", ("dacarbazine", "prednisone"))]


def test_limits_that_name_the_drug_are_limits_and_what_may_become_a_cancer_is_none():
    assert read(
        "SAMPLIMAB is a vaccine indicated in girls 9 through 26 years of age for the prevention of these: Cervical "
        "cancer caused by HPV. Limitations of SAMPLIMAB Use: It does not treat melanoma."
    ) == [(("cervical-cancer",), "prevention", ())]
    assert read("SAMPLIMAB is indicated for the prevention of cervical adenocarcinoma in situ (AIS).") == [
        ((), "prevention", ())
    ]


def test_one_indication_that_is_approved_early_is_the_last_of_a_list_of_diseases():
    section = (
        "SAMPLIMAB is indicated for adults with: • melanoma after prior therapy, or • kidney cancer. {} approved under "
    )
    section += "accelerated approval based on response rate. Continued approval may be contingent upon a trial."
    assert [use[4] for use in told(section.format("This indication is"))] == [False, True]
    assert [use[4] for use in told(section.format("These indications are"))] == [True, True]
    regimens = section.replace("kidney cancer", "melanoma with axitinib").format("This indication is")
    assert [use[4] for use in told(regimens)] == [True, True], "one disease in several lines is one indication"
