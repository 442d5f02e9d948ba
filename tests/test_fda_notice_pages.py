"""What stands around a notice on its page, and is no part of it."""

import pytest

from tests.notice_words import TODAY, pasted, values
from therapies.desk.paste import taken_apart


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


def test_the_way_through_the_site_and_the_day_of_the_page_are_no_part_of_a_notice():
    page = (
        "1. Home\n  2. Drugs\n  3. FDA approves nivolumab for melanoma\n  1. Resources for Information\n"
        "FDA approves nivolumab for melanoma\nFood and Drug Administration approved nivolumab (Opdivo) for melanoma.\n"
        "Content current as of:\n10/01/2024"
    )
    notice = taken_apart(page, TODAY)
    assert notice.title == "FDA approves nivolumab for melanoma" and notice.date is None
    assert notice.description == "Food and Drug Administration approved nivolumab (Opdivo) for melanoma."


def test_a_title_that_runs_into_its_text_is_no_decision_of_its_own():
    (draft,) = pasted(
        "FDA approves durvalumab for melanoma On June 2, 2026, the Food and Drug Administration approved durvalumab "
        "(Imfinzi, AstraZeneca) for adults with previously treated melanoma."
    )
    assert draft.setting.value == "later"


def test_a_link_to_another_notice_is_not_the_title_of_this_one():
    (draft,) = pasted(
        "On June 2, 2026, the Food and Drug Administration approved samplinib (Samplo, Sample Inc.) for a rare tumor.",
        "FDA approves nivolumab for melanoma",
    )
    assert draft.drug.startswith("samplinib") and not draft.cancers


def test_a_heading_in_the_past_tense_is_no_decision_of_its_own():
    (draft,) = pasted(
        "Share",
        "FDA granted regular approval to durvalumab for melanoma",
        "On June 2, 2026, the Food and Drug Administration granted regular approval to durvalumab (Imfinzi, "
        "AstraZeneca) for adults with previously treated melanoma.",
        "FDA approves nivolumab for lymphoma",
    )
    assert (draft.setting.value, draft.date.value) == ("later", "2026-06-02")


@pytest.mark.parametrize(
    "heading", ["Project Orbis: FDA approves nivolumab", "News: FDA Approves Nivolumab for Melanoma"]
)
def test_what_a_browser_copies_above_the_heading_is_no_title(heading):
    (draft,) = pasted(
        "Skip to main content\nU.S. flag\nAn official website of the United States government\nHere’s how you know",
        f"{heading}\nOn June 2, 2026, the Food and Drug Administration approved nivolumab (Opdivo) for melanoma.",
    )
    assert draft.date.value == "2026-06-02"


def test_an_announcement_may_begin_with_its_day_below_other_lines():
    (draft,) = pasted(
        "Please see below.\nA statement on Imfinzi (durvalumab)\n2 June 2026 - In 2018 it was approved for melanoma.\n"
        "The company has decided to withdraw the melanoma indication of Imfinzi (durvalumab)."
    )
    assert (draft.kind.value, draft.date.value) == ("withdrawn", "2026-06-02")


def test_a_heading_that_runs_into_its_text_is_no_decision_of_its_own():
    (draft,) = pasted(
        "FDA approves nivolumab for skin cancer FDA approves nivolumab for melanoma On May 3, 2024, the FDA approved "
        "nivolumab (Opdivo) for adults with melanoma."
    )
    assert draft.use == "for adults with melanoma" and draft.date.value == "2024-05-03"


def test_a_whole_page_in_one_line_begins_with_the_day_of_its_text_and_not_with_that_of_its_banner():
    (draft,) = pasted(
        "U.S. flag An official website of the United States government On Oct. 1, 2024, the FDA began implementing a "
        "reorganization impacting many parts of the agency. 1. Home 2. Drugs 3. Development & Approval Process 4. "
        "Drug Approvals 5. Resources 6. FDA approves nivolumab for melanoma 1. Resources FDA approves nivolumab for "
        "melanoma On December 4, 2024, the Food and Drug Administration approved nivolumab (Opdivo) for adults with "
        "melanoma."
    )
    assert draft.date.value == "2024-12-04" and draft.use == "for adults with melanoma"


MENU = (
    "Resources for Information | Approved Drugs",
    "Oncology (Cancer)/Hematologic Malignancies Approval Notifications",
    "Ongoing | Cancer Accelerated Approvals",
    "Withdrawn | Cancer Accelerated Approvals",
    "Other | Cancer Accelerated Approvals",
)
NOTICE = (
    "On June 2, 2026, the Food and Drug Administration approved nivolumab (Opdivo, Sample) for adults with melanoma."
)
CURRENT = ("Content current as of:", "06/03/2026", "Regulated Product(s)", "Drugs")


@pytest.mark.parametrize("mark", ["", "• ", "* "])
def test_the_menu_beside_a_notice_is_no_withdrawal_and_no_table(mark):
    menu = [f"{mark}{name}" for name in MENU]
    (draft,) = pasted(
        "FDA approves nivolumab for melanoma", *menu, "", NOTICE, "Follow us on X (formerly Y).", *CURRENT
    )
    assert (draft.kind.value, draft.date.value) == ("approval", "2026-06-02")
    assert (draft.therapy.value, values(draft.cancers)) == ("nivolumab", ["melanoma"])


def test_a_page_in_the_marks_of_markdown_is_read_as_the_page():
    menu = [f"  + [{name}](/drugs/approved-drugs)" for name in MENU]
    (draft,) = pasted(
        "1. [Home](/)\n2. [Drugs](/drugs)\n3. FDA approves nivolumab for melanoma\n",
        "# FDA approves nivolumab for melanoma\n",
        '* [Share](https://www.example.org/sharer.php?u=x "Share")\n* [Print](javascript:window.print();)',
        *menu,
        f"\n**{NOTICE}**\n",
        "## Related\n* [FDA approves durvalumab for lymphoma](https://www.example.org/durvalumab)",
    )
    assert (draft.therapy.value, draft.date.value, draft.use) == ("nivolumab", "2026-06-02", "for adults with melanoma")


@pytest.mark.parametrize("list_of", ["Ongoing", "Withdrawn"])
def test_a_link_to_one_list_makes_no_table_of_a_notice(list_of):
    (draft,) = pasted(NOTICE, "Follow us on X (formerly Y).", f"{list_of} | Cancer Accelerated Approvals", *CURRENT)
    assert (draft.kind.value, draft.date.value) == ("approval", "2026-06-02")


def test_a_whole_page_in_one_line_ends_before_its_links():
    title = "FDA approves nivolumab for melanoma"
    page = (
        "Skip to main content U.S. flag An official website of the United States government 1. Home 2. Drugs 3. "
        f"{title} {title} Share Post LinkedIn Email Print {' '.join(MENU)} {NOTICE} The FDA approved this application "
        f"ahead of its goal. {' '.join(CURRENT)} Related FDA approves durvalumab for lymphoma"
    )
    (draft,) = pasted(page)
    assert draft.therapy.value == "nivolumab" and draft.use == "for adults with melanoma"


def test_the_bar_to_share_a_page_parts_its_title_from_its_text():
    (draft,) = pasted(
        "FDA approves a fixed combination of nivolumab for adults with some types of melanoma Share Tweet Linkedin "
        f"Email Print Listen to the FDA D.I.S.C.O. podcast about this approval. {NOTICE} It is the first for them."
    )
    assert draft.date.value == "2026-06-02" and draft.use == "for adults with melanoma"


def test_a_release_in_one_line_ends_before_what_is_related():
    (draft,) = pasted(
        "Skip to main content U.S. flag 1. Home 2. News 3. FDA approves nivolumab for melanoma FDA News Release FDA "
        "approves nivolumab for melanoma Share Tweet LinkedIn Email Print For Immediate Release: June 2, 2026 The U.S. "
        "Food and Drug Administration today approved Opdivo (nivolumab) for adults with melanoma. The safety and "
        "efficacy of Opdivo were studied in a trial of 400 patients, half of whom were given it together with what "
        "they had before. Their tumors grew later than those of the other half. ### Related "
        "Information FDA approves durvalumab for lymphoma"
    )
    assert draft.therapy.value == "nivolumab" and draft.date.value == "2026-06-02"


def test_a_line_that_begins_with_the_name_in_brackets_goes_on():
    (draft,) = pasted(
        "FDA approved a new combination of nivolumab and ipilimumab", "(SAMPLO, Sample, Inc.) June 2, 2020."
    )
    assert draft.kind and draft.therapy.value == "nivolumab"


def test_a_title_names_the_cancer_that_its_one_use_leaves_out():
    title = "FDA approves nivolumab for pediatric patients with metastatic melanoma"
    (draft,) = pasted(f"{title}\nOn May 27, 2022, FDA approved nivolumab (Opdivo) for patients two years and older.")
    assert values(draft.cancers) == ["melanoma"]
    (draft,) = pasted("FDA Approves Leukemia Drug\nOn May 27, 2022, FDA approved nivolumab (Opdivo) for adults.")
    assert not draft.cancers


def test_an_item_of_a_list_that_lost_its_full_stop_is_no_title():
    first, second = pasted(
        "FDA approved Opdivo (nivolumab) for adults with melanoma.\n"
        "FDA granted accelerated approval to Keytruda (pembrolizumab) for adults with lymphoma\n"
        "FDA issued a draft guidance on trials of drugs for cancer."
    )
    assert (first.therapy.value, second.therapy.value) == ("nivolumab", "pembrolizumab")


def test_the_menus_of_the_site_are_no_title_and_no_text():
    page = (
        "Search FDA\n\nFeatured\nContact FDA\nFDA Guidance Documents\nRecalls, Market Withdrawals and Safety Alerts\n"
        "Press Announcements\nEn Español\nProducts\nDrugs\n\n"
        "FDA extends approval of nivolumab for melanoma\n"
        "On June 2, 2026, the Food and Drug Administration extended the approval of nivolumab (Opdivo, Bristol-Myers "
        "Squibb) to adults with melanoma.\n\nFollow FDA\nFDA Archive\nAbout FDA\nNo FEAR Act"
    )
    notice = taken_apart(page, TODAY)
    assert notice.title == "FDA extends approval of nivolumab for melanoma"
    assert notice.description.startswith("On June 2") and notice.description.endswith("melanoma.")
    (draft,) = pasted(page)
    assert (draft.therapy.value, values(draft.cancers)) == ("nivolumab", ["melanoma"])
    assert draft.date == ("2026-06-02", "On June 2, 2026")


@pytest.mark.parametrize("hyphen", ["\u2010", "\u2011", "\u2013"])
def test_a_hyphen_of_another_kind_behind_a_bracket_is_a_hyphen(hyphen):
    (draft,) = pasted(
        f"On June 2, 2026, the Food and Drug Administration approved zanidatamab (Ziihera, Jazz) for adults with human "
        f"epidermal growth factor receptor 2 (HER2){hyphen}positive gastric cancer."
    )
    assert (values(draft.biomarkers), values(draft.cancers)) == (["her2-positive"], ["stomach-cancer"])


def test_the_banner_of_the_site_is_no_title():
    page = (
        "U.S. flag An official website of the United States government\nU.S. Food and Drug Administration\n"
        "FDA granted accelerated approval to nivolumab for melanoma\nOn June 2, 2026, the Food and Drug Administration "
        "granted accelerated approval to nivolumab (Opdivo, Bristol-Myers Squibb) for adults with melanoma."
    )
    assert taken_apart(page, TODAY).title == "FDA granted accelerated approval to nivolumab for melanoma"
    assert len(pasted(page)) == 1


@pytest.mark.parametrize("below", ["", "\n\nhttps://www.fda.gov/drugs/" + "-".join(["approves"] * 14)])
def test_the_short_lines_of_a_mail_are_joined_whatever_ends_and_begins_them(below):
    (draft,) = pasted(
        "Subject: FDA approves nivolumab\n\n"
        "South San Francisco -- June 2, 2026 -- The company said that the U.S.\n"
        "Food and Drug Administration (FDA) has approved Opdivo® (nivolumab) in\n"
        "patients with mismatch repair deficient or instability-high (MSI-H)\n"
        f"metastatic colorectal cancer.{below}"
    )
    assert (draft.date.value, values(draft.cancers)) == ("2026-06-02", ["colorectal-cancer"])
