"""Forms in which a notice comes to the desk that FDA's own pages do not have."""

import pytest

from tests.notice_words import pasted, told, values

USE = "for adult patients with relapsed or refractory follicular lymphoma"
WHOLE = f"FDA approved nivolumab (Opdivo, Sample) {USE}."


@pytest.mark.parametrize(
    "page",
    [
        "An official website of the United States government Here’s how you know Search Menu "
        + "Home Drugs Resources for Information | Approved Drugs Contact FDA Follow FDA Language FDA Information " * 3
        + "FDA approves nivolumab for relapsed lymphoma FDA approves nivolumab for relapsed lymphoma Share Post "
        f"Linkedin Email Print On May 27, 2022, {WHOLE} Content current as of: 06/01/2022",
        "> " + f"On May 27, 2022, {WHOLE}".replace(" with ", "\n> with ") + "\n>",
        f"27-May-2022: {WHOLE}",
        f"FDA Oncology @FDAOncology · May 27, 2022\n{WHOLE}",
        f"Opdivo (nivolumab)\n• Date of approval: May 27, 2022\n• Approved for: {USE[4:]}\n",
        "On May 27, 2022, the Food and Drug Administration (FDA)\n"
        "approved nivolumab (Opdivo, Sample Pharma, Inc.) for adult\n"
        "patients with relapsed or refractory follicular\nlymphoma after two or more lines of systemic therapy.",
        "Drug Name\tActive Ingredient\tDate\tWhat it is used for\n"
        "Opdivo\tnivolumab\t5/27/2022\tTo treat adults with relapsed or refractory follicular lymphoma\n",
    ],
)
def test_a_use_is_read_in_whatever_form_it_comes(page):
    (draft,) = pasted(page)
    assert (draft.therapy.value, draft.kind.value, draft.date.value) == ("nivolumab", "approval", "2022-05-27")
    assert values(draft.cancers) == ["follicular-lymphoma"] and draft.setting.value == "later"


@pytest.mark.parametrize(
    "table",
    [
        "| Drug Name | AA Indication | AA Date | Date Converted to Traditional Approval |\n|---|---|---|---|\n"
        "| [Opdivo](https://a.org/b) (nivolumab) | Treatment of adults with melanoma | 5/27/2022 | 3/1/2024 |",
        "Drug Name,AA Indication,AA Date,Traditional Approval Date\n"
        'Opdivo (nivolumab),"Treatment of adults with melanoma, unresectable",5/27/2022,3/1/2024',
        "Verified Clinical Benefit\n"
        '"Drug Name","AA Indication","AA Date","Traditional Approval Date"\n'
        '"Opdivo (nivolumab)","Treatment of adults with ""early"" melanoma, unresectable","2022-05-27","2024-03-01"',
        "| FDA approves nivolumab | Verified |\n"
        "Drug Name\tAA Indication\tAA Date\tTraditional Approval Date\n"
        "Opdivo (nivolumab)\tTreatment of adults with melanoma\tMay 27, 2022\tMarch 1, 2024",
    ],
)
def test_a_row_of_a_table_keeps_its_columns_whatever_parts_them(table):
    (draft,) = pasted(table)
    assert (draft.therapy.value, draft.kind.value, draft.date.value) == ("nivolumab", "converted", "2024-03-01")
    assert values(draft.cancers) == ["melanoma"]


def test_news_of_last_week_leaves_the_day_empty():
    (draft,) = pasted("FDA Expands Approval of Opdivo", "November 3, 2015", f"The FDA last week approved {WHOLE[13:]}")
    assert draft.kind.value == "approval" and draft.date is None


def test_the_term_of_a_patent_is_no_decision():
    (draft,) = told(f"Determination of Regulatory Review Period for Purposes of Patent Extension; OPDIVO. {WHOLE}")
    assert draft.kind is None


def test_a_use_that_is_limited_to_some_is_narrowed():
    (draft,) = told(
        "On May 22, 2025, FDA limited the indication of nivolumab (Opdivo, Sample) for adults with "
        "melanoma to patients whose tumors express PD-L1."
    )
    assert (draft.kind.value, draft.date.value) == ("narrowed", "2025-05-22")
    assert values(draft.biomarkers) == ["pd-l1"] and values(draft.cancers) == ["melanoma"]


@pytest.mark.parametrize("end", ["More Information. May 27, 2022", "More Information36 (May 27, 2022).", "."])
def test_an_item_of_fdas_list_ends_with_its_day_whatever_it_tells_between(end):
    (draft,) = pasted(f"{WHOLE}\nFDA also approved the Sample RAS Kit (Sample Ltd).\n{end}")
    assert (draft.date and draft.date.value) == ("2022-05-27" if "May" in end else None)


def test_the_day_behind_two_items_of_a_list_is_not_that_of_both():
    both = pasted(f"{WHOLE}\nMore Information.\nFDA approved X.\n{WHOLE}\nMore Information. May 27, 2022")
    assert not any(draft.date for draft in both)


@pytest.mark.parametrize(
    ("told_so", "kind"),
    [
        (f"FDA converted approval from accelerated to regular for nivolumab (Opdivo) {USE}.", "converted"),
        (f"FDA approved approved nivolumab (Opdivo) {USE}.", "approval"),
        (f"FDA approved a 30-minute infusion for nivolumab (Opdivo) {USE}.", "approval"),
    ],
)
def test_what_fda_does_may_be_told_in_words_of_its_lists(told_so, kind):
    (draft,) = pasted(told_so)
    assert (draft.therapy.value, draft.kind.value, draft.drug) == ("nivolumab", kind, "nivolumab (Opdivo)")


@pytest.mark.parametrize(
    "way", ["for subcutaneous use", "solution for intravenous infusion", "injection, for oral use"]
)
def test_how_a_drug_is_given_before_its_brand_is_no_use(way):
    (draft,) = pasted(f"FDA approved nivolumab {way} (Opdivo, Sample) {USE}. May 27, 2022")
    assert draft.drug == f"nivolumab {way} (Opdivo, Sample)" and draft.use == USE
    (draft,) = pasted(
        f"FDA approved nivolumab {way} (Opdivo, Sample). Opdivo is a combination of nivolumab, which blocks PD-1, "
        "and hyaluronidase, for the treatment of relapsed follicular lymphoma."
    )
    assert values(draft.cancers) == ["follicular-lymphoma"] and draft.setting.value == "later"


@pytest.mark.parametrize("on", ["On 27 May 2022", "On May 27", "The FDA told: On May 27"])
def test_a_day_of_publication_in_the_same_line_is_not_that_of_the_approval(on):
    (draft,) = pasted(f"Sample drug for lymphoma 07 Jun 2022 Immunotherapy {on}, {WHOLE}")
    assert draft.date.value == "2022-05-27"


def test_a_weekday_behind_the_day_of_publication_is_that_of_the_approval():
    (draft,) = pasted(f"Roundup For Immediate Release: May 28, 2022 Today the agency told of news On Friday, {WHOLE}")
    assert draft.date.value == "2022-05-27"


def test_a_line_that_begins_with_a_strength_goes_on():
    (draft,) = pasted(f"On May 27, 2022, FDA approved nivolumab (Opdivo) Injection\n100 mg, {USE}.")
    assert values(draft.cancers) == values(pasted(f"On May 27, 2022, FDA approved Opdivo {USE}.")[0].cancers)


def test_patients_whose_disease_came_back_despite_treatment_were_treated():
    (draft,) = pasted("FDA approved Opdivo for patients with lymphoma that has returned despite earlier treatment.")
    assert draft.setting.value == "later"


def test_the_last_row_of_a_table_may_break_off_behind_its_day():
    table = (
        "Drug Name AA Indication AA Date AA Post-Marketing Requirement Original Projected Completion\n"
        "Opdivo (nivolumab) Adults with melanoma 3/19/2024 4593-1: Complete a randomized trial. 06/30/2028\n"
        "Imfinzi (durvalumab) Adults with follicular lymphoma 3/7/2024 {duty}"
    )
    one, two = pasted(table.format(duty="4583-1: Complete a trial that enrolls a represent"))
    assert (one.therapy.value, one.date.value) == ("nivolumab", "2024-03-19")
    assert (two.therapy.value, two.kind.value, two.date.value) == ("durvalumab", "accelerated-approval", "2024-03-07")
    foot = "\nContent current as of:\n11/02/2026\nRegulated Product(s)\nDrugs"
    assert len(pasted(table.format(duty="4583-1: Complete a trial that enrolls a represent") + foot)) == 2
    verified = "Drug Name AA Indication AA Date Traditional Approval Date\nOpdivo (nivolumab) Melanoma 3/19/2024 and"
    (draft,) = pasted(verified)  # what became of it is not told
    assert draft.kind is None


@pytest.mark.parametrize("is_so", ["was approved", "is approved", "was granted accelerated approval"])
def test_an_item_of_fdas_first_lists_does_not_say_who_acts(is_so):
    (draft,) = pasted(f"  • Opdivo (nivolumab) {is_so} for the treatment of melanoma. More information (May 30)")
    kind = "accelerated-approval" if "accelerated" in is_so else "approval"
    assert (draft.therapy.value, draft.kind.value, draft.date) == ("nivolumab", kind, None)
    (draft,) = pasted(f"Opdivo (nivolumab) {is_so} for the treatment of melanoma. Its dose is 3 mg/kg.")
    assert draft.kind is None  # what a page says in passing


def test_a_verb_that_was_copied_twice_is_one():
    again = "granted accelerated approval to"
    (draft,) = told(f"FDA {again} {again} nivolumab (Opdivo, BMS) for melanoma.")
    assert (draft.drug, draft.kind.value) == ("nivolumab (Opdivo, BMS)", "accelerated-approval")


@pytest.mark.parametrize("mark", ["", "34", "34.", ".", ".34"])
def test_the_mark_of_a_footnote_may_stand_before_or_behind_the_stop(mark):
    (draft,) = pasted(f"FDA approved nivolumab (Opdivo) for melanoma. More Information{mark} July 20, 2012")
    assert draft.date.value == "2012-07-20"


def test_a_column_of_words_tells_what_became_of_an_accelerated_approval():
    one, two = pasted(
        "Other | Cancer Accelerated Approvals\nDrug Name Accelerated Approval Indication Accelerated Approval Date "
        "Current Status 1\nOpdivo (nivolumab) Formulation: Adults with melanoma. 04/24/2024 Ongoing\n"
        "IMFINZI (durvalumab) Adults with follicular lymphoma 04/10/2024 Traditional Approval Granted (09/27/2024"
    )
    assert (one.drug, one.kind.value, one.date.value) == ("Opdivo (nivolumab)", "accelerated-approval", "2024-04-24")
    assert (two.drug, two.kind.value, two.date.value) == ("IMFINZI (durvalumab)", "converted", "2024-09-27")


def test_a_column_of_two_kinds_is_of_the_one_that_its_page_is_of():
    (draft,) = pasted(
        "This listing includes accelerated approvals that have been withdrawn and are no longer FDA-approved.\n"
        "Drug Name Accelerated Approval Indication Accelerated Approval Date Full Approval Conversion-Withdrawal Date\n"
        "Opdivo 2 (nivolumab) Adults with melanoma 2/3/2011 4/6/2023"
    )
    assert (draft.drug, draft.kind.value, draft.date.value) == ("Opdivo (nivolumab)", "withdrawn", "2023-04-06")


def test_a_line_of_a_list_of_warnings_may_tell_of_an_approval_that_is_withdrawn():
    (draft,) = pasted(
        "- 6/30/2022 FDA warns about serious side effects with cancer drug Imfinzi (durvalumab)\n"
        "- 6/1/2022 FDA approval of lymphoma medicine Opdivo (nivolumab) is withdrawn due to safety concerns\n"
        "- 3/30/2022 FDA recommends monitoring in children who receive contrast media for medical imaging\n"
    )
    assert (draft.therapy.value, draft.kind.value, draft.date.value) == ("nivolumab", "withdrawn", "2022-06-01")
    assert (values(draft.cancers), draft.children) == (["lymphoma"], None)


def test_the_list_under_subpart_h_tells_by_its_basis_what_was_accelerated():
    table = (
        "NDA Number Proprietary Name Established Name Receipt Date Approval Date Total Approval Time Approval Basis "
        "Indication\n22068 Opdivo nivolumab 29-Sep-06 29-Oct-07 13.0 S Provides for the treatment of melanoma.\n"
        "21986 Imfinzi durvalumab 28-Dec-05 28-Jun-06 6.0 S Provides for the use in adults with follicular lymphoma.\n"
        "21880 Thalomid thalidomide 28-Dec-05 28-Jun-06 6.0 R Provides for the use in adults with lymphoma.\n"
    )
    told = [(one.therapy.value, one.kind.value, one.date.value, values(one.cancers)) for one in pasted(table)]
    assert told == [
        ("nivolumab", "accelerated-approval", "2007-10-29", ["melanoma"]),
        ("durvalumab", "accelerated-approval", "2006-06-28", ["follicular-lymphoma"]),
    ]


def test_where_a_link_of_a_reprint_leads_is_no_part_of_the_drug():
    (draft,) = pasted(f"On May 27, 2022, FDA approved (https://www.fda.gov/drugs/a-b) samplinib (Samplo) {USE}.")
    assert (draft.drug, draft.kind.value) == ("samplinib (Samplo)", "approval")


@pytest.mark.parametrize("whose", ["Sample Pharma’s", "Other Laboratories’", "Sample Pharma’s and Other Laboratories’"])
def test_whose_a_drug_is_is_no_part_of_its_name(whose):
    (draft,) = pasted(f"On May 27, 2022, FDA granted accelerated approval to {whose} Samplo (samplinib) {USE}.")
    assert draft.drug == "Samplo (samplinib)"


def test_a_sentence_behind_may_tell_whom_the_approval_is_for():
    opening = "On May 27, 2022, FDA approved nivolumab (Opdivo, Sample) for unresectable melanoma. "
    (alone,) = pasted(opening)
    assert not alone.children and not alone.setting
    (draft,) = pasted(f"{opening}The approval is for adult and pediatric patients 12 years of age and older.")
    assert draft.children
    (draft,) = pasted(f"{opening}This treatment is approved for patients who previously received chemotherapy.")
    assert draft.setting.value == "later" and values(draft.cancers) == ["melanoma"]
    (draft,) = pasted(f"{opening}The treatment is approved for patients with pediatric lymphoma, too.")
    assert not draft.children and values(draft.cancers) == ["melanoma"]


@pytest.mark.parametrize("title", [WHOLE[:-1], f"{WHOLE[:-1]} after two"])
def test_a_title_in_the_words_of_the_text_is_no_decision_of_its_own(title):
    (draft,) = pasted(title, f"On May 27, 2022, {title} or more lines of systemic therapy.")
    assert draft.date.value == "2022-05-27"
    first, second = pasted(f"On May 27, 2022, {WHOLE} FDA also approved nivolumab for adults with melanoma.")
    assert values(first.cancers) == ["follicular-lymphoma"] and values(second.cancers) == ["melanoma"]


def test_a_title_that_ran_into_its_text_hides_no_decision():
    (draft,) = pasted(f"FDA approves first drug for lymphoma Today, the {WHOLE[:-1]}")
    assert draft.kind.value == "approval" and values(draft.cancers) == ["follicular-lymphoma"]
    (heading,) = pasted("FDA approves nivolumab for lymphoma", f"On May 27, 2022, {WHOLE}")
    assert heading.date.value == "2022-05-27"


@pytest.mark.parametrize(
    ("posted", "day"),
    [
        ("Posted 5/31/2022", "2022-05-27"),
        ("[Posted on May 31, 2022]", "2022-05-27"),
        ("Posted 1/4/2023", "2022-05-27"),
        ("Posted by: Sample Writer", ""),
    ],
)
def test_the_day_on_which_a_page_was_put_up_tells_the_year(posted, day):
    (draft,) = pasted("FDA Approves Nivolumab", f"On May 27, the {WHOLE}", posted)
    assert (draft.date.value if draft.date else "") == day
    (other,) = pasted("FDA Approves Nivolumab", f"The {WHOLE}", posted)
    assert other.date is None


def test_a_companion_diagnostic_is_no_use_of_the_drug():
    (draft,) = pasted(
        f"On May 27, 2022, the {WHOLE}",
        "The FDA also approved an expanded indication for a companion diagnostic, to include use with nivolumab.",
    )
    assert values(draft.cancers) == ["follicular-lymphoma"]


def test_who_was_in_the_trials_of_a_drug_decides_nothing():
    page = f"DRUG TRIALS SNAPSHOT SUMMARY:\nThe {WHOLE}"
    assert not [draft for draft in pasted(page) if draft.kind] and [draft for draft in pasted(WHOLE) if draft.kind]
