"""Reading a notice: the description tells, several uses give several drafts, and each field keeps its words."""

import datetime

import pytest

from tests import fda_files as files
from therapies.desk.paste import taken_apart
from therapies.fda.naming import Vocabulary
from therapies.fda.records import Notice
from therapies.fda.wording import drafts

TODAY = datetime.date(2026, 11, 24)
WORDS = Vocabulary(
    therapies={
        "pembrolizumab": ["pembrolizumab", "Keytruda", "Keytruda Qlex"],
        "nivolumab": ["nivolumab", "Opdivo"],
        "nivolumab-relatlimab": ["nivolumab and relatlimab", "Opdualag"],
        "ipilimumab": ["ipilimumab", "Yervoy"],
        "tisagenlecleucel": ["tisagenlecleucel", "Kymriah", "tisa-cel"],
        "zanidatamab": ["zanidatamab", "Ziihera"],
        "tislelizumab": ["tislelizumab", "Tevimbra"],
        "daratumumab": ["daratumumab", "Darzalex Faspro"],
        "enfortumab-vedotin": ["enfortumab vedotin", "Padcev", "EV"],
        "durvalumab": ["durvalumab", "Imfinzi"],
        "cemiplimab": ["cemiplimab", "Libtayo"],
        "lisocabtagene-maraleucel": ["lisocabtagene maraleucel", "Breyanzi"],
        "blinatumomab": ["blinatumomab", "Blincyto"],
        "dostarlimab": ["dostarlimab", "Jemperli"],
    },
    cancers={
        "melanoma": ["Melanoma"],
        "liver-cancer": ["Liver cancer", "hepatocellular carcinoma"],
        "lymphoma": ["Lymphoma"],
        "follicular-lymphoma": ["Follicular lymphoma"],
        "stomach-cancer": ["Stomach cancer", "gastric cancer", "gastric adenocarcinoma"],
        "gastroesophageal-junction-cancer": ["Gastroesophageal junction cancer"],
        "esophageal-cancer": ["Esophageal cancer"],
        "bladder-cancer": ["Bladder cancer"],
        "muscle-invasive-bladder-cancer": ["Muscle-invasive bladder cancer", "MIBC"],
        "urothelial-carcinoma": ["Urothelial carcinoma (advanced)"],
        "basal-cell-carcinoma": ["Basal cell carcinoma"],
        "triple-negative-breast-cancer": ["Triple-negative breast cancer"],
        "acute-lymphoblastic-leukemia": ["Acute lymphoblastic leukemia"],
        "colorectal-cancer": ["Colorectal cancer", "rectal cancer"],
        "solid-tumors": ["Solid tumors (any site)"],
        "msi-h-dmmr-solid-tumors": ["MSI-high or mismatch repair-deficient solid tumors", "MSI-H", "dMMR"],
        "multiple-myeloma": ["Multiple myeloma"],
        "small-cell-lung-cancer": ["Small cell lung cancer"],
        "non-small-cell-lung-cancer": ["Non-small cell lung cancer", "NSCLC"],
    },
    biomarkers={
        "her2-positive": ["HER2-positive"],
        "pd-l1": ["PD-L1-positive"],
        "cd19": ["CD19-positive"],
        "msi-h-dmmr": ["MSI-high or mismatch repair-deficient", "MSI-H", "dMMR"],
    },
)


def told(description, date=datetime.date(2026, 1, 2), words=WORDS):
    return drafts(Notice(1, "FDA approves nothing of this title, durvalumab", description, date, ""), words, TODAY)


def values(reads):
    return [read.value for read in reads]


def test_the_description_is_read_and_not_the_title():
    (draft,) = told(files.NOTICE[1])
    assert draft.kind == ("accelerated-approval", "granted accelerated approval to")
    assert draft.therapy == ("tisagenlecleucel", "tisagenlecleucel")
    assert draft.date == ("2022-05-27", "On May 27, 2022")
    assert draft.cancers == (("follicular-lymphoma", "follicular lymphoma"),)
    assert draft.setting == ("later", "relapsed or refractory")
    assert draft.use.startswith("for adult patients with relapsed") and draft.children is None


def test_two_uses_in_one_sentence_give_two_drafts():
    one, two = told(
        "On August 25, 2026, the Food and Drug Administration approved zanidatamab-hrii (Ziihera, Jazz) in combination "
        "with chemotherapy and tislelizumab-jsgr (Tevimbra, BeOne), as first-line treatment for adults with "
        "HER2-positive metastatic gastric, gastroesophageal junction, or esophageal adenocarcinoma, as detected by an "
        "FDA-approved test, and in combination with chemotherapy, as first-line treatment for adults with "
        "HER2-positive (IHC 3+) gastric cancer."
    )
    assert one.therapy.value == two.therapy.value == "zanidatamab"
    assert one.combination == ("chemotherapy", "tislelizumab-jsgr") and two.combination == ("chemotherapy",)
    assert values(one.partners) == ["tislelizumab"] and two.partners == ()
    assert values(one.cancers) == ["stomach-cancer", "gastroesophageal-junction-cancer", "esophageal-cancer"]
    assert values(one.biomarkers) == ["her2-positive"] and one.setting == ("first", "first-line")


def test_two_combinations_for_one_disease_give_two_drafts_of_it():
    first, second = told(
        "On May 27, 2022, the FDA approved nivolumab (Opdivo, BMS) in combination with fluoropyrimidine- and "
        "platinum-based chemotherapy and nivolumab in combination with ipilimumab for the first-line treatment of "
        "patients with advanced esophageal squamous cell carcinoma."
    )
    assert first.combination == ("fluoropyrimidine- and platinum-based chemotherapy",)
    assert second.combination == ("ipilimumab",)
    assert first.setting.value == second.setting.value == "first"
    assert first.use.endswith("esophageal squamous cell carcinoma") and second.use.endswith("squamous cell carcinoma")


def test_a_list_of_uses_gives_one_draft_each():
    text = (
        "On September 1, 2025, FDA approved durvalumab (Imfinzi) for the following indications:\n"
        "• adults with limited-stage small cell lung cancer\n"
        "• in combination with ipilimumab for adults with unresectable hepatocellular carcinoma"
    )
    assert [values(draft.cancers) for draft in told(text)] == [["small-cell-lung-cancer"], ["liver-cancer"]]
    assert [values(draft.cancers) for draft in told(text.replace("\n", " "))] == [
        ["small-cell-lung-cancer"],
        ["liver-cancer"],
    ]


def test_two_acts_in_one_notice_keep_their_kinds_and_history_is_none():
    one, two = told(
        "On April 9, 2024, the FDA granted traditional approval to nivolumab (Opdivo) for adult and pediatric patients "
        "12 years and older with melanoma. Nivolumab was previously granted accelerated approval in 2014. "
        "FDA also granted accelerated approval to ipilimumab (Yervoy) with nivolumab for hepatocellular carcinoma "
        "previously treated with sorafenib."
    )
    assert (one.kind.value, two.kind.value) == ("converted", "accelerated-approval")
    assert one.children == ("yes", "pediatric") and "previously" not in one.use
    assert (two.therapy.value, values(two.partners)) == ("ipilimumab", ["nivolumab"])


def test_a_use_on_the_label_of_a_partner_names_no_therapy_of_ours_as_approved():
    (draft,) = told(
        "On August 13, 2026, the FDA granted accelerated approval to iberdomide (Zenbexus, BMS) in combination with "
        "daratumumab and hyaluronidase-fihj and dexamethasone for adults with multiple myeloma."
    )
    assert draft.therapy is None and draft.drug.startswith("iberdomide")
    assert values(draft.partners) == ["daratumumab"]
    assert draft.combination == ("daratumumab and hyaluronidase-fihj", "dexamethasone")


def test_brackets_may_hold_any_word():
    (draft,) = told(
        "On July 10, 2026, the FDA approved pembrolizumab (Keytruda, Merck) or pembrolizumab and berahyaluronidase "
        "alfa-pmph (Keytruda Qlex, Merck) each in combination with enfortumab vedotin-ejfv (Padcev, for Astellas) as "
        "neoadjuvant treatment for adults with muscle invasive bladder cancer. This extends the prior approval."
    )
    assert draft.therapy.value == "pembrolizumab" and values(draft.partners) == ["enfortumab-vedotin"]
    assert values(draft.cancers) == ["muscle-invasive-bladder-cancer"], "the longer name wins"
    assert draft.setting.value == "surgery"


def test_the_longest_name_wins_and_short_capitals_are_exact():
    (draft,) = told(
        "FDA approved nivolumab and relatlimab-rmbw (Opdualag) for melanoma. Every patient is ever so well."
    )
    assert draft.therapy.value == "nivolumab-relatlimab" and draft.partners == ()


def test_a_number_of_an_application_is_read_where_one_is_named():
    (draft,) = told("FDA approved Keytruda (BLA 125514) for melanoma.")
    assert draft.application == ("BLA125514", "BLA 125514")
    assert draft.date == ("2026-01-02", "date of the notice")


def test_an_end_is_read_as_an_end():
    (draft,) = told("FDA withdrew approval of nivolumab (Opdivo) for hepatocellular carcinoma.")
    assert draft.kind.value == "withdrawn" and values(draft.cancers) == ["liver-cancer"]


@pytest.mark.parametrize(
    "text", ["", "   ", "FDA", "approved", "FDA approved", "approved " * 900, "(" * 5000, "a, or b cancer " * 400]
)
def test_any_text_gives_drafts_in_no_time(text):
    found = told(text)
    assert 1 <= len(found) <= 12


def test_a_text_without_an_act_of_fda_tells_no_kind_and_no_drug():
    (draft,) = told("A safety review of nivolumab for the treatment of melanoma is under way.")
    assert draft.kind is None and draft.drug == "" and draft.therapy.value == "nivolumab"


def test_without_words_nothing_is_found():
    (draft,) = told(files.NOTICE[1], words=Vocabulary({}))
    assert draft.therapy is None and draft.cancers == () and draft.kind.value == "accelerated-approval"


def test_a_list_may_name_the_drug_after_the_disease_that_its_uses_share():
    one, two = told(
        "On May 27, 2022, the Food and Drug Administration approved the following for the first-line treatment of "
        "patients with esophageal cancer:\n• nivolumab (Opdivo, Bristol-Myers Squibb Company) in combination with "
        "fluoropyrimidine- and platinum-based chemotherapy\n• nivolumab in combination with ipilimumab (Yervoy, "
        "Bristol-Myers Squibb Company)"
    )
    assert one.therapy == ("nivolumab", "nivolumab") and two.therapy == ("nivolumab", "nivolumab")
    assert values(one.cancers) == values(two.cancers) == ["esophageal-cancer"]
    assert one.combination == ("fluoropyrimidine- and platinum-based chemotherapy",)
    assert values(two.partners) == ["ipilimumab"]


def test_a_new_dose_names_its_drug_later():
    (draft,) = told(
        "On April 28, 2020, the Food and Drug Administration granted accelerated approval to a new dosing regimen of "
        "400 mg every six weeks for pembrolizumab (Keytruda, Merck) for patients with melanoma."
    )
    assert draft.therapy == ("pembrolizumab", "pembrolizumab") and draft.use == "for patients with melanoma"
    (other,) = told("FDA approved a new dosing regimen of alfa for patients who had received pembrolizumab.")
    assert other.therapy is None


def test_indications_may_be_counted_before_their_drug_is_named():
    one, two = told(
        "On November 10, 2022, FDA approved two indications for durvalumab (Imfinzi): in combination with chemotherapy "
        "for hepatocellular carcinoma; as a single agent for melanoma."
    )
    assert one.therapy == two.therapy == ("durvalumab", "durvalumab")
    assert values(one.cancers) == ["liver-cancer"] and values(two.cancers) == ["melanoma"]


def test_a_test_beside_the_drug_and_what_is_approved_already_are_no_uses():
    (draft,) = told(
        "On April 22, 2021, FDA granted accelerated approval to a new dosing regimen of 400 mg for pembrolizumab "
        "(Keytruda, Merck) across all currently approved adult indications. FDA also approved the VENTANA MMR RxDx "
        "Panel as a companion diagnostic device for selecting patients for treatment with pembrolizumab."
    )
    assert draft.therapy == ("pembrolizumab", "pembrolizumab")
    assert draft.kind == ("accelerated-approval", "granted accelerated approval to")


# What real notices did to the reader ------------------------------------------------------------------


def pasted(*lines):
    return drafts(taken_apart("\n".join(lines), TODAY), WORDS, TODAY)


def test_a_gene_that_is_called_after_a_cancer_is_no_cancer():
    (draft,) = told(
        "On November 8, 2022, the Food and Drug Administration approved cemiplimab-rwlc (Libtayo, Regeneron) with "
        "platinum-based chemotherapy for adults with advanced non-small cell lung cancer with no EGFR, anaplastic "
        "lymphoma kinase (ALK) or ROS1 aberrations."
    )
    assert values(draft.cancers) == ["non-small-cell-lung-cancer"] and draft.biomarkers == ()


def test_a_banner_above_the_notice_gives_it_no_day():
    (draft,) = pasted(
        "On Oct. 1, 2024, the FDA began implementing a reorganization. FDA.gov content is being updated.",
        "FDA grants accelerated approval to lisocabtagene maraleucel for follicular lymphoma",
        "On May 15, 2024, the Food and Drug Administration granted accelerated approval to lisocabtagene maraleucel "
        "(Breyanzi, Juno Therapeutics, Inc.) for adults with relapsed or refractory follicular lymphoma after two or "
        "more lines of therapy.",
    )
    assert draft.date == ("2024-05-15", "On May 15, 2024")
    assert (draft.therapy.value, draft.kind.value) == ("lisocabtagene-maraleucel", "accelerated-approval")


def test_a_day_is_read_anywhere_in_the_sentence_that_acts():
    (draft,) = told(
        "The FDA on December 20, 2017, granted regular approval to nivolumab (Opdivo, Bristol-Myers Squibb) for the "
        "adjuvant treatment of melanoma after complete resection.",
        date=None,
    )
    assert draft.date == ("2017-12-20", "on December 20, 2017") and draft.setting == ("surgery", "adjuvant")


def test_a_day_is_read_before_the_stops_of_the_country():
    (draft,) = told(
        "On Oct. 1, 2024, the FDA moved.\nOn May 15, 2024, the U.S. Food and Drug Administration approved nivolumab "
        "for melanoma."
    )
    assert draft.date == ("2024-05-15", "On May 15, 2024")


def test_a_conversion_may_name_both_kinds_of_approval():
    (draft,) = told(
        "On April 28, 2023, FDA converted the accelerated approval of cemiplimab-rwlc (Libtayo, Regeneron) for adults "
        "with metastatic basal cell carcinoma previously treated with a hedgehog pathway inhibitor to regular approval."
    )
    assert draft.kind == ("converted", "converted the accelerated approval of")
    assert draft.drug == "cemiplimab-rwlc (Libtayo, Regeneron)" and values(draft.cancers) == ["basal-cell-carcinoma"]
    assert draft.use.endswith("previously treated with a hedgehog pathway inhibitor")


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


def test_paragraphs_below_the_notice_are_no_uses():
    (draft,) = pasted(
        "On June 14, 2024, the Food and Drug Administration approved blinatumomab (Blincyto, Amgen Inc.) for patients "
        "one month and older with CD19-positive B-cell precursor acute lymphoblastic leukemia in the consolidation "
        "phase.",
        "",
        "Full prescribing information for Blincyto will be posted.",
        "",
        "Efficacy and Safety",
        "",
        "Efficacy was evaluated in Study E1910 in adults with newly diagnosed disease.",
    )
    assert draft.use.endswith("in the consolidation phase") and draft.setting is None
    assert draft.children == ("yes", "one month and older")
    assert (values(draft.cancers), values(draft.biomarkers)) == (["acute-lymphoblastic-leukemia"], ["cd19"])


def test_the_lines_of_a_list_are_uses_though_each_ends_like_a_sentence():
    found = told(
        "On September 1, 2025, FDA approved durvalumab (Imfinzi) for the following indications:\n"
        "Adults with limited-stage small cell lung cancer.\n"
        "In combination with ipilimumab for adults with unresectable hepatocellular carcinoma.\n"
        "Efficacy was evaluated in adults with melanoma."
    )
    assert [values(draft.cancers) for draft in found] == [["small-cell-lung-cancer"], ["liver-cancer"]]


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


def test_the_way_through_the_site_and_the_day_of_the_page_are_no_part_of_a_notice():
    page = (
        "1. Home\n  2. Drugs\n  3. FDA approves nivolumab for melanoma\n  1. Resources for Information\n"
        "FDA approves nivolumab for melanoma\nFood and Drug Administration approved nivolumab (Opdivo) for melanoma.\n"
        "Content current as of:\n10/01/2024"
    )
    notice = taken_apart(page, TODAY)
    assert notice.title == "FDA approves nivolumab for melanoma" and notice.date is None
    assert notice.description == "Food and Drug Administration approved nivolumab (Opdivo) for melanoma."


def kinds(text):
    return [draft.kind.value for draft in pasted(*text.split("\n")) if draft.kind]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("FDA is withdrawing approval of nivolumab (Opdivo) for hepatocellular carcinoma.", "withdrawn"),
        ("Bristol voluntarily withdrew the indication for Opdivo (nivolumab) for melanoma.", "withdrawn"),
        (
            "Merck announced the voluntary withdrawal of the Keytruda (pembrolizumab) indication.",
            "withdrawn",
        ),
        ("FDA issued its final decision to withdraw approval of nivolumab for melanoma.", "withdrawn"),
        ("FDA revoked the license of nivolumab for melanoma.", "withdrawn"),
        ("FDA granted approvals to nivolumab and ipilimumab (Opdivo and Yervoy, BMS) for melanoma.", "approval"),
        ("FDA expanded the indication of nivolumab for melanoma to include children.", "approval"),
        ("FDA gave accelerated approval to nivolumab for melanoma.", "accelerated-approval"),
        ("FDA granted nivolumab regular approval for melanoma.", "approval"),
        ("FDA granted full approval to nivolumab for melanoma.", "converted"),
        ("FDA converted to regular approval nivolumab for melanoma.", "converted"),
        (
            "FDA granted regular approval to nivolumab for melanoma.\nIn 2014, it received accelerated approval.",
            "converted",
        ),
        (
            "FDA approved nivolumab for melanoma. Nivolumab received accelerated approval for this indication in 2014.",
            "converted",
        ),
    ],
)
def test_every_form_of_a_verb_tells_its_kind(sentence, kind):
    assert kinds(f"On May 15, 2024, {sentence}") == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "FDA eliminated the REMS for currently approved CAR T cells such as tisagenlecleucel (Kymriah).",
        "FDA approved safety labeling changes for tisagenlecleucel (Kymriah).",
        "FDA is proposing to withdraw approval of nivolumab for melanoma.",
        "FDA has limited the use of pembrolizumab (Keytruda) for patients with urothelial cancer.",
        "FDA granted priority review to the application for nivolumab for melanoma.",
        "FDA also approved the PD-L1 IHC 22C3 pharmDx kit as a companion diagnostic for pembrolizumab.",
        "This is the first time the FDA has approved a treatment for melanoma, nivolumab.",
        "FDA approves nivolumab for melanoma",
    ],
)
def test_what_decides_on_no_use_gives_the_therapy_alone(text):
    (draft,) = pasted(text)
    assert draft.therapy and (draft.kind, draft.cancers, draft.setting, draft.drug) == (None, (), None, "")


def test_decisions_of_other_days_on_the_same_page_are_no_uses():
    assert kinds(
        "On May 15, 2024, FDA approved nivolumab for melanoma. On March 1, 2023, FDA approved nivolumab for "
        "hepatocellular carcinoma.\nOn July 1, 2024, FDA granted accelerated approval to nivolumab for lymphoma."
    ) == ["approval"]


def test_a_page_that_announces_two_decisions_gives_each_its_own_day():
    found = pasted(
        "Today we’ll provide a quick update on two recent FDA cancer drug approvals.",
        "On March 18, 2022, the FDA approved nivolumab (brand name Opdivo) for adults with melanoma.",
        "Efficacy was evaluated in a trial. Nivolumab was approved for hepatocellular carcinoma in 2017.",
        "On March 21, 2022, the FDA granted accelerated approval to durvalumab for hepatocellular carcinoma.",
    )
    assert [(draft.therapy.value, draft.kind.value, draft.date.value) for draft in found] == [
        ("nivolumab", "approval", "2022-03-18"),
        ("durvalumab", "accelerated-approval", "2022-03-21"),
    ]


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


def test_a_sentence_behind_may_spell_the_uses_out():
    alone, together = told(
        "On June 10, 2019, FDA approved pembrolizumab for the first-line treatment of patients with melanoma. "
        "Pembrolizumab was approved for use as a single agent for patients whose tumors express PD-L1 and in "
        "combination with ipilimumab for all patients."
    )
    assert values(alone.biomarkers) == ["pd-l1"] and values(together.partners) == ["ipilimumab"]
    assert values(alone.cancers) == values(together.cancers) == ["melanoma"] and together.biomarkers == ()


@pytest.mark.parametrize(
    "end", ["April 16, 2021.", "More Information. April 16, 2021", "More Information (April 16, 2021)"]
)
def test_a_row_of_fda_s_list_ends_with_its_day(end):
    (draft,) = told(f"FDA approved nivolumab for melanoma. Nivolumab is an antibody. {end}", date=None)
    assert draft.date.value == "2021-04-16"


@pytest.mark.parametrize("day", ["15 May 2024", "the 15th of May 2024", "May 15th, 2024", "5/15/2024", "2024-05-15"])
def test_a_day_may_be_written_in_any_order(day):
    (draft,) = told(f"FDA on {day} approved nivolumab for melanoma.", date=None)
    assert draft.date.value == "2024-05-15"


def test_a_day_without_a_year_is_none():
    (draft,) = told("On May 15, FDA approved nivolumab for melanoma.", date=None)
    assert draft.date is None


def test_a_row_of_the_tables_of_accelerated_approvals_is_read_under_its_headings():
    row = "Opdivo (nivolumab)\tPatients with melanoma after ipilimumab\t12/22/2014\t7/1/2020"
    (draft,) = pasted("Drug Name\tAA Indication\tAA Date\tWithdrawal Date", row)
    assert (draft.kind.value, draft.date.value) == ("withdrawn", "2020-07-01")
    (draft,) = pasted("Drug Name\tAA Indication\tAA Date\tConversion Date", row)
    assert draft.kind.value == "converted" and draft.setting.value == "later"
    (draft,) = pasted("Verified Clinical Benefit | Cancer Accelerated Approvals", row)
    assert (draft.kind.value, draft.date.value) == ("converted", "2020-07-01"), "the page tells which table it is"
    (draft,) = pasted(row)
    assert draft.kind is None, "without headings the second day may be of either"


@pytest.mark.parametrize(
    "line", ["For Immediate Release June 2, 2026", "Issued: 2 June 2026, London UK", "June 2, 2026 4:30 pm ET"]
)
def test_the_day_of_a_release_may_stand_with_a_time_or_a_place(line):
    (draft,) = pasted(f"An update\n{line}\nFDA today approved Imfinzi (durvalumab) for adults with melanoma.")
    assert draft.date.value == "2026-06-02"


def test_a_title_that_runs_into_its_text_is_no_decision_of_its_own():
    (draft,) = pasted(
        "FDA approves durvalumab for melanoma On June 2, 2026, the Food and Drug Administration approved durvalumab "
        "(Imfinzi, AstraZeneca) for adults with previously treated melanoma."
    )
    assert draft.setting.value == "later"


def test_an_approval_with_a_month_alone_is_history():
    (draft,) = pasted("FDA warns of harm from Imfinzi (durvalumab). FDA approved it in March 2019 for melanoma.")
    assert draft.kind is None


def test_an_application_that_gets_a_review_and_accelerated_approval_converts_nothing():
    (draft,) = pasted(
        "On June 2, 2026, FDA approved Imfinzi (durvalumab) for adults with melanoma.\n"
        "The FDA granted the application priority review and accelerated approval for this indication."
    )
    assert draft.kind.value == "accelerated-approval"


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


def test_lines_with_a_disease_that_is_none_of_ours_are_uses_of_their_own():
    found = pasted(
        "On June 2, 2026, FDA approved selpercatinib (Retevmo, Lilly) for:\n• Adults with melanoma;\n"
        "• Adults and children with thyroid cancer who need treatment."
    )
    assert [[read.value for read in draft.cancers] for draft in found] == [["melanoma"], []]


LISTED = (
    "2012\n• FDA approved nivolumab (Opdivo, BMS) for adults with melanoma. More Information. August 31, 2012\n"
    "• FDA granted accelerated approval to blinatumomab (Blincyto, Amgen) for adults with lymphoma. More Information64 "
    "(August 9, 2012)\n• FDA approved durvalumab (Imfinzi, AZ) for adults with bladder cancer. More Information\n"
)
FED = (
    "Press releases\n\nFDA approves a drug\n\nFri, 2017-09-01 10:19\nThe FDA today approved Opdivo (nivolumab) for "
    "adults with melanoma. The FDA also approved Opdivo for children with lymphoma.\n\nFDA approves another\n\n"
    "Tue, 2017-08-29 16:56\nThe FDA today approved Imfinzi (durvalumab) for adults with bladder cancer.\n"
)


@pytest.mark.parametrize(
    ("text", "days"),
    [(LISTED, ["2012-08-31", "2012-08-09", ""]), (FED, ["2017-09-01", "2017-09-01", "2017-08-29"])],
)
def test_each_decision_of_a_list_has_its_own_day_and_never_that_of_another(text, days):
    found = drafts(taken_apart(text, TODAY), WORDS, TODAY)
    assert [draft.date.value if draft.date else "" for draft in found] == days


def test_whom_a_list_is_for_holds_for_each_of_its_lines():
    notice = taken_apart(
        "On May 1, 2024, the FDA approved nivolumab (Opdivo) for adults and children 12 years and older with:\n"
        "• unresectable melanoma, or\n• colorectal cancer that has progressed following chemotherapy.",
        TODAY,
    )
    found = drafts(notice, WORDS, TODAY)
    assert [bool(draft.children) for draft in found] == [True, True]
    assert [[cancer.value for cancer in draft.cancers] for draft in found] == [["melanoma"], ["colorectal-cancer"]]


def test_a_reprint_in_british_english_names_the_same_cancers():
    (found,) = drafts(
        taken_apart("On May 1, 2024, the FDA approved Opdivo (nivolumab) for paediatric solid tumours.", TODAY),
        WORDS,
        TODAY,
    )
    assert [cancer.value for cancer in found.cancers] == ["solid-tumors"] and found.children


def test_a_title_that_grants_regular_approval_tells_that_it_was_accelerated_before():
    told = (
        "On June 2, 2026, FDA approved Imfinzi (durvalumab) for adults with melanoma.\n"
        "In December 2019, durvalumab received accelerated approval for adults with melanoma."
    )
    (draft,) = pasted(f"U.S. Food and Drug Administration\nFDA grants regular approval to durvalumab\n{told}")
    assert draft.kind.value == "converted"
    (draft,) = pasted(f"FDA approves durvalumab for melanoma\n{told}")
    assert draft.kind.value == "approval"


def test_an_announcement_that_begins_with_its_day_dates_what_it_withdraws_below():
    (draft,) = pasted(
        "A statement on Imfinzi (durvalumab)\n2 June 2026 - In 2018 it was approved for melanoma.\n"
        "The company has decided to withdraw the melanoma indication of Imfinzi (durvalumab)."
    )
    assert (draft.kind.value, draft.date.value) == ("withdrawn", "2026-06-02")


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
