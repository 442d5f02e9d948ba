"""Several uses in one notice: in a list, in one sentence, in sentences behind."""

from tests.notice_words import TODAY, WORDS, pasted, told, values
from therapies.desk.paste import taken_apart
from therapies.fda.wording import drafts


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


def test_indications_may_be_counted_before_their_drug_is_named():
    one, two = told(
        "On November 10, 2022, FDA approved two indications for durvalumab (Imfinzi): in combination with chemotherapy "
        "for hepatocellular carcinoma; as a single agent for melanoma."
    )
    assert one.therapy == two.therapy == ("durvalumab", "durvalumab")
    assert values(one.cancers) == ["liver-cancer"] and values(two.cancers) == ["melanoma"]


def test_the_lines_of_a_list_are_uses_though_each_ends_like_a_sentence():
    found = told(
        "On September 1, 2025, FDA approved durvalumab (Imfinzi) for the following indications:\n"
        "Adults with limited-stage small cell lung cancer.\n"
        "In combination with ipilimumab for adults with unresectable hepatocellular carcinoma.\n"
        "Efficacy was evaluated in adults with melanoma."
    )
    assert [values(draft.cancers) for draft in found] == [["small-cell-lung-cancer"], ["liver-cancer"]]


def test_a_sentence_behind_may_spell_the_uses_out():
    alone, together = told(
        "On June 10, 2019, FDA approved pembrolizumab for the first-line treatment of patients with melanoma. "
        "Pembrolizumab was approved for use as a single agent for patients whose tumors express PD-L1 and in "
        "combination with ipilimumab for all patients."
    )
    assert values(alone.biomarkers) == ["pd-l1"] and values(together.partners) == ["ipilimumab"]
    assert values(alone.cancers) == values(together.cancers) == ["melanoma"] and together.biomarkers == ()


def test_lines_with_a_disease_that_is_none_of_ours_are_uses_of_their_own():
    found = pasted(
        "On June 2, 2026, FDA approved selpercatinib (Retevmo, Lilly) for:\n• Adults with melanoma;\n"
        "• Adults and children with thyroid cancer who need treatment."
    )
    assert [[read.value for read in draft.cancers] for draft in found] == [["melanoma"], []]


def test_whom_a_list_is_for_holds_for_each_of_its_lines():
    notice = taken_apart(
        "On May 1, 2024, the FDA approved nivolumab (Opdivo) for adults and children 12 years and older with:\n"
        "• unresectable melanoma, or\n• colorectal cancer that has progressed following chemotherapy.",
        TODAY,
    )
    found = drafts(notice, WORDS, TODAY)
    assert [bool(draft.children) for draft in found] == [True, True]
    assert [[cancer.value for cancer in draft.cancers] for draft in found] == [["melanoma"], ["colorectal-cancer"]]


def test_a_second_group_of_patients_keeps_whom_the_first_names():
    one, two = told(
        "On May 23, 2017, FDA approved pembrolizumab for adult and pediatric patients with melanoma that has spread "
        "or with colorectal cancer that has progressed."
    )
    assert one.children and two.children and values(two.cancers) == ["colorectal-cancer"]


def test_a_list_may_be_numbered_in_brackets():
    one, two = told(
        "FDA approved nivolumab for adults with (1) relapsed melanoma after one regimen and (2) untreated lymphoma."
    )
    assert (values(one.cancers), one.setting.value) == (["melanoma"], "later")
    assert (values(two.cancers), two.setting.value) == (["lymphoma"], "first")


def test_two_treatments_may_be_announced_before_their_drug():
    one, two = told(
        "On May 27, 2022, FDA approved two treatments for patients with esophageal cancer in the first-line setting: "
        "nivolumab (brand name Opdivo) in combination with chemotherapy, and nivolumab in combination with ipilimumab."
    )
    assert one.therapy.value == two.therapy.value == "nivolumab" and values(two.partners) == ["ipilimumab"]
    assert values(one.cancers) == values(two.cancers) == ["esophageal-cancer"]
    assert one.setting.value == two.setting.value == "first"


def test_a_second_regimen_alone_is_a_use_of_its_own():
    together, alone = told(
        "FDA approved nivolumab in combination with radiation for the treatment of locally advanced melanoma or as a "
        "single agent for the treatment of patients with melanoma for whom prior therapy has failed."
    )
    assert (together.setting, alone.setting.value) == (None, "later")


def test_lines_that_only_say_who_the_patients_are_tell_one_use():
    (draft,) = pasted(
        "On May 5, 2025, FDA approved Opdivo (nivolumab) for the emergency treatment of patients:",
        "following an overdose of chemotherapy, or",
        "who have severe weakness.",
    )
    assert draft.kind.value == "approval"


def test_lines_of_fdas_table_of_notices_are_decisions_of_their_own():
    first, second = pasted(
        "FDA approves nivolumab for melanoma\tOn June 2, 2026, the Food and Drug Administration approved nivolumab "
        "(Opdivo, Sample) for adults with melanoma.\t6/2/2026",
        "FDA grants accelerated approval to durvalumab\tOn May 5, 2026, the Food and Drug Administration granted "
        "accelerated approval to durvalumab (Imfinzi, Sample) for adults with lymphoma.\t5/5/2026",
    )
    assert (first.therapy.value, first.kind.value, first.date.value) == ("nivolumab", "approval", "2026-06-02")
    assert (second.therapy.value, second.kind.value, second.date.value) == (
        "durvalumab",
        "accelerated-approval",
        "2026-05-05",
    )


def test_two_rows_on_one_drug_are_two_decisions():
    first, second = pasted(
        "FDA approves nivolumab for melanoma\tOn June 2, 2026, the FDA approved nivolumab for melanoma.\t6/2/2026",
        "FDA approves nivolumab for lymphoma\tOn May 5, 2026, the FDA approved nivolumab for lymphoma.\t5/5/2026",
    )
    assert (values(first.cancers), values(second.cancers)) == (["melanoma"], ["lymphoma"])


def test_a_row_without_a_day_in_its_words_has_that_of_its_last_cell():
    first, second = pasted(
        "FDA approves nivolumab\tFood and Drug Administration approved nivolumab (Opdivo) for melanoma.\t6/2/2026",
        "FDA approves durvalumab\tFood and Drug Administration approved durvalumab (Imfinzi) for lymphoma.\t5/5/2026",
    )
    assert (first.date.value, second.date.value) == ("2026-06-02", "2026-05-05")


def test_lines_that_each_end_with_a_link_are_notices_of_their_own_though_they_name_one_drug():
    page = "FDA Approvals", "Sample Pharma", "Other Pharma", "On June 2, 2026, the FDA approved nivolumab for melanoma."
    last = "On May 5, 2024, the FDA approved nivolumab for lymphoma.", "More Information", "Contact", "Board", "Dues"
    first, second = pasted(*page, "More Information", *last)
    assert (first.date.value, second.date.value) == ("2026-06-02", "2024-05-05")
    assert len(pasted(*page, *last)) == 1


def test_lines_under_headings_are_notices_of_their_own_on_a_page_with_other_lines():
    between = "Read Sample Pharma's announcement.", "Posted 6/3/2026", "Contact", "Board", "Dues", "Meetings"
    first, second = pasted(
        "Newsfeed",
        "• FDA Approves Nivolumab for Melanoma",
        "On June 2, 2026, the FDA approved nivolumab for melanoma.",
        *between,
        "• FDA Approves Nivolumab for Lymphoma",
        "On May 5, 2024, the FDA approved nivolumab for lymphoma.",
    )
    assert (first.date.value, second.date.value) == ("2026-06-02", "2024-05-05")


def test_a_line_on_the_same_drug_tells_its_history():
    (draft,) = pasted(
        "On June 2, 2026, the FDA approved nivolumab (Opdivo, Sample) for adults with melanoma.",
        "On May 5, 2024, the FDA granted accelerated approval to nivolumab for adults with melanoma.",
    )
    assert draft.date.value == "2026-06-02"
