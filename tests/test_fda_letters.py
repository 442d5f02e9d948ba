"""Letters of approval: which product they name, and which of them approve a use at all."""

import datetime

import pytest

from tests import notice_scores as scores
from therapies.desk.paste import taken_apart
from therapies.fda.wording import drafts

TODAY = datetime.date(2026, 11, 24)


def read(text):
    (draft,) = drafts(taken_apart(text, TODAY), scores.vocabulary(), TODAY)
    return draft


@pytest.mark.parametrize(
    "between",
    [
        " for",
        " submitted under section 351 of the PHS Act for",
        " dated and received on May 2, 2025, under the Public Health Service Act (PHS Act) for",
        ", submitted under section 351(a) of the Act, for",
    ],
)
@pytest.mark.parametrize("product", ["obecabtagene autoleucel", "AUCATZYL (obecabtagene autoleucel)"])
def test_the_product_stands_behind_all_that_is_said_of_the_application(between, product):
    draft = read(
        "Our STN: BL 125813/12\nSUPPLEMENT APPROVAL\nJune 3, 2026\nDear Dr. Lee:\nWe have approved your request to "
        f"supplement your biologics license application (BLA){between} {product} to include a new indication for the "
        "treatment of adults with relapsed mantle cell lymphoma."
    )
    assert draft.therapy.value == "obecabtagene-autoleucel" and draft.kind.value == "approval"
    assert [cancer.value for cancer in draft.cancers] == ["mantle-cell-lymphoma"]


SUPPLEMENT = (
    "Dear Ms. Roe:\nPlease refer to your supplemental biologics license application (sBLA) for Columvi (glofitamab).\n"
    "This supplement provides for {what}.\nIt is approved, effective on the date of this letter.\n"
    "Columvi is indicated for the treatment of adults with large B-cell lymphoma."
)


@pytest.mark.parametrize(
    "what",
    [
        "a modified REMS",
        "a new site of filling",
        "a shelf life of 36 months",
        "revisions to section 5",
        "updates to the Use in Specific Populations, Pediatric Use section of the package insert to include a study",
    ],
)
def test_a_supplement_that_only_says_what_its_product_is_for_approves_no_use(what):
    assert read(SUPPLEMENT.format(what=what)).kind is None


def test_the_letter_that_licenses_a_product_tells_its_use_by_what_it_is_indicated_for():
    draft = read(
        "Dear Ms. Roe:\nPlease refer to your biologics license application (BLA) for Columvi (glofitamab).\n"
        "It is approved, effective on the date of this letter. Columvi is indicated for adults with large B-cell "
        "lymphoma. Submit later changes as supplements."
    )
    assert draft.kind.value == "approval" and draft.cancers[0].value == "large-b-cell-lymphoma"


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("labeling changes to add the treatment of adults with large B-cell lymphoma", "approval"),
        ("data to support a revised indication for the treatment of adults with large B-cell lymphoma", "approval"),
        ("the conversion to regular approval for the treatment of adults with large B-cell lymphoma", "converted"),
        ("removal of the following indication: treatment of adults with large B-cell lymphoma", "withdrawn"),
        ("updates to warnings about the treatment of adults with large B-cell lymphoma", None),
        ("the end of the limitation of use in the treatment of adults with large B-cell lymphoma", None),
    ],
)
def test_a_supplement_tells_its_use_by_its_object(what, kind):
    draft = read(SUPPLEMENT.format(what=what))
    assert (draft.kind and draft.kind.value) == kind
    assert not kind or (draft.cancers[0].value, draft.therapy.value) == ("large-b-cell-lymphoma", "glofitamab")


@pytest.mark.parametrize(
    ("told", "therapy", "cancer"),
    [
        (
            "Your biologics license application for Rituximab is approved effective this date. Rituximab is indicated "
            "for the treatment of patients with follicular lymphoma.",
            "rituximab",
            "follicular-lymphoma",
        ),
        (
            "Your requests to supplement your biologics license application for Aldesleukin with the above referenced "
            "supplements have been approved. This approval includes a new indication for use in adults with melanoma.",
            "aldesleukin",
            "melanoma",
        ),
    ],
)
def test_letters_of_the_nineties_say_in_other_words_what_is_approved(told, therapy, cancer):
    draft = read(f"January 9, 1998\n\nOur Reference No.: 97-0244\n\nDear Dr. Roe:\n\n{told}\n")
    assert (draft.therapy.value, draft.kind.value, draft.date.value) == (therapy, "approval", "1998-01-09")
    assert [one.value for one in draft.cancers] == [cancer]


LETTER = """BLA 125554/S-090
SUPPLEMENT APPROVAL
Dear Ms. Smith:
Please refer to your supplemental biologics license application (sBLA), dated and received August 18, 2020, submitted
under section 351(a) of the Public Health Service Act for Opdivo (nivolumab) injection.
This Prior Approval sBLA provides for {told}
We have completed our review of this application, as amended. It is approved{under}, effective on the date of this
letter, for use as recommended in the enclosed labeling.
05/27/2022 11:11:11 AM"""


@pytest.mark.parametrize(
    ("told", "under", "kind"),
    [
        ("a new indication for the treatment of melanoma.", "", "approval"),
        ("a new indication for melanoma.", " under the accelerated approval regulations", "accelerated-approval"),
        ("the conversion to regular approval of the indication for the treatment of melanoma.", "", "converted"),
        ("the removal of the indication for the treatment of melanoma.", "", "withdrawn"),
    ],
)
def test_a_letter_of_cder_tells_what_it_approves_and_its_signature_the_day(told, under, kind):
    draft = read(LETTER.format(told=told, under=under))
    assert (
        draft.kind.value == kind
        and draft.therapy.value == "nivolumab"
        and [one.value for one in draft.cancers] == ["melanoma"]
    )
    assert draft.date.value == "2022-05-27" and draft.application.value == "BLA125554"


def test_a_letter_about_a_factory_approves_no_use():
    draft = read(LETTER.format(told="a new manufacturing facility.", under=""))
    assert draft.kind is None and draft.cancers == ()


def test_a_letter_of_cber_tells_its_day_above_and_its_use_within():
    draft = read(
        "Our STN: BL 125646/76\n"
        "SUPPLEMENT APPROVAL\n"
        "May 1, 2018\n"
        "Dear Dr. Patel:\n"
        "We have approved your request to supplement your Biologics License Application (BLA) under section 351(a)\n"
        "of the Public Health Service Act (PHS Act) for tisagenlecleucel to include a new indication\n"
        "for the treatment of adult patients with relapsed or refractory (r/r) follicular lymphoma.\n"
    )
    assert (draft.therapy.value, draft.kind.value, draft.date.value) == ("tisagenlecleucel", "approval", "2018-05-01")
    assert [one.value for one in draft.cancers] == ["follicular-lymphoma"] and draft.application.value == "BLA125646"


@pytest.mark.parametrize("earlier", ["The previous indication", "Another, earlier approval"])
def test_an_earlier_approval_that_was_accelerated_makes_no_other_so(earlier):
    letter = SUPPLEMENT.format(what="a new indication for the treatment of adults with follicular lymphoma")
    assert read(f"{letter}\n{earlier} was granted under accelerated approval regulations.").kind.value == "approval"


def test_what_a_supplement_changes_besides_is_no_use():
    draft = read(SUPPLEMENT.format(what="a new indication for melanoma and updated response data for kidney cancer"))
    assert [cancer.value for cancer in draft.cancers] == ["melanoma"]


def test_each_sentence_that_says_what_a_new_product_is_indicated_for_is_a_use():
    alone, together = drafts(
        taken_apart(
            "Dear Ms. Roe:\nUnder this license, you are authorized to manufacture the product Cetuximab. Cetuximab, "
            "used in combination with irinotecan, is indicated for colorectal cancer. Cetuximab alone is "
            "indicated for the treatment of head and neck cancer. Cetuximab is kept cold.",
            TODAY,
        ),
        scores.vocabulary(),
        TODAY,
    )
    assert alone.therapy == together.therapy and alone.therapy.value == "cetuximab"
    assert [one.cancers[0].value for one in (alone, together)] == ["colorectal-cancer", "head-and-neck-cancer"]


@pytest.mark.parametrize(
    ("product", "vaccine"),
    [
        ("Hepatitis B Vaccine, (Recombinant)", "hepatitis-b-vaccine"),
        ("Hepatitis B (Recombinant) Vaccine", "hepatitis-b-vaccine"),
        ("Quadrivalent Human Papillomavirus (Types 6, 11, 16, 18) Recombinant Vaccine", "hpv-quadrivalent-vaccine"),
        ("Human Papillomavirus Bivalent (Types 16 and 18) Vaccine, Recombinant", "hpv-bivalent-vaccine"),
    ],
)
def test_the_words_of_a_long_name_may_stand_in_any_order(product, vaccine):
    draft = read(
        f"Dear Dr. Lee:\nThe Labeling Supplement to your License Application for {product}, to include the addition of "
        "two doses (1.0 mL) for the routine vaccination of adolescents 11 to 15 years of age, has been approved."
    )
    assert (draft.therapy.value, draft.kind.value) == (vaccine, "approval") and draft.children


def test_a_supplement_may_add_a_use_and_convert_another():
    letter = SUPPLEMENT.format(
        what="a new indication in combination with rituximab for follicular lymphoma, and for conversion "
        "to regular approval of the indication as a single agent for the treatment of relapsed mantle cell lymphoma"
    )
    new, other = drafts(taken_apart(letter, TODAY), scores.vocabulary(), TODAY)
    assert (new.kind.value, new.cancers[0].value, new.partners[0].value) == (
        "approval",
        "follicular-lymphoma",
        "rituximab",
    )
    assert (other.kind.value, other.cancers[0].value) == ("converted", "mantle-cell-lymphoma")


RESTRICTION = (
    "Dear Ms. Roe:\nPlease refer to your supplemental biologics license applications (sBLAs) for Keytruda "
    "(pembrolizumab).\nThese supplements provide for the following:\n"
    "• S-1: revision of the indication to restrict the use of Keytruda, for first-line treatment of adults with "
    "gastric cancer, to patients whose tumors express PD-L1.\n"
    "• S-2: limiting the indication for the treatment of esophageal cancer to patients whose tumors express PD-L1.\n"
    "They are approved, effective on the date of this letter."
)


def test_each_use_that_a_supplement_restricts_is_narrowed():
    found = drafts(taken_apart(RESTRICTION, TODAY), scores.vocabulary(), TODAY)
    assert [draft.kind.value for draft in found] == ["narrowed", "narrowed"]
    assert [draft.cancers[0].value for draft in found] == ["stomach-cancer", "esophageal-cancer"]
    assert {marker.value for draft in found for marker in draft.biomarkers} == {"pd-l1"}


@pytest.mark.parametrize(
    "use", ["Columvi is indicated for the treatment of mantle cell lymphoma.", "• For mantle cell lymphoma."]
)
def test_the_use_that_a_supplement_removes_may_stand_in_a_paragraph_of_its_own(use):
    draft = read(SUPPLEMENT.format(what=f"the removal of the following indication, once accelerated:\n{use}\nLabel"))
    assert draft.kind.value == "withdrawn" and draft.cancers[0].value == "mantle-cell-lymphoma"


def test_the_letter_that_licenses_a_biosimilar_decides_on_no_use():
    draft = read(
        "Dear Sir:\nPlease refer to your BLA submitted under section 351(k) of the Act.\nWe have approved your BLA for "
        "Colcopy (glofitamab-abcd), a biosimilar to Columvi, effective this date. Colcopy is indicated for lymphoma."
    )
    assert draft.kind is None and draft.drug.startswith("Colcopy") and not draft.cancers


def test_an_indication_may_be_extended_to_people():
    draft = read(SUPPLEMENT.format(what="a label to extend the indication to include boys with mantle cell lymphoma"))
    assert draft.kind.value == "approval" and draft.cancers[0].value == "mantle-cell-lymphoma"


def test_a_letter_in_one_line_has_its_day_and_kind_behind_its_number():
    draft = read(
        "Our STN: BL 125773/0 BLA ACCELERATED APPROVAL February 16, 2024 Sample, Inc. Dear Ms. Doe: We are issuing a "
        "license. Under this license, you are authorized to manufacture the product, OPDIVO (nivolumab), which is "
        "indicated for the treatment of adult patients with melanoma."
    )
    assert (draft.kind.value, draft.date.value) == ("accelerated-approval", "2024-02-16")


@pytest.mark.parametrize(
    "edge",
    [
        "Reference ID: 4634014\nBLA 761309/S-004\nPage 2",
        "\nReference ID: 4634014\n\n\nBLA 761309/S-004\n\nPage 2\n",
        "U.S. Food and Drug Administration\nSilver Spring, MD 20993\nwww.fda.gov\nReference ID: 4634014\n",
        "Page 2 – STN BL 125646/0 – Dr. Sample",
        "\nPage 2 of 7\n",
    ],
)
def test_a_sentence_may_run_over_the_edge_of_a_page(edge):
    draft = read(
        "Our STN: BLA 761309/S-004\nSUPPLEMENT APPROVAL\nJune 3, 2026\nDear Ms. Roe:\nPlease refer to your "
        "supplemental biologics license application (sBLA) for Columvi (glofitamab).\nThis supplement provides for a "
        f"new indication for the treatment of adults with relapsed\n{edge}\nor refractory follicular lymphoma after "
        "two or more lines of systemic therapy.\nIt is approved, effective on the date of this letter."
    )
    assert draft.kind.value == "approval" and draft.setting.value == "later"
    assert [cancer.value for cancer in draft.cancers] == ["follicular-lymphoma"]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("BLA 761309/S-004 SUPPLEMENT APPROVAL FULFILLMENT OF POSTMARKETING REQUIREMENT June 3, 2026 Sample, Inc.", ""),
        ("June 3, 2026 Sample, Inc. Attention: Jane Roe", " /s/ JANE DOE 06/04/2026"),
        ("BLA 761309/S-004 SUPPLEMENT APPROVAL Sample, Inc.", " /s/ ------------ JANE DOE 06/03/2026"),
    ],
)
def test_a_letter_in_one_line_bears_the_day_above_its_greeting_or_that_of_its_signature(above, below):
    draft = read(
        f"{above} Dear Ms. Roe: Please refer to your supplemental biologics license application (sBLA) dated and "
        "received on January 5, 2026, for Columvi (glofitamab). This supplement provides for a new indication for the "
        "treatment of adults with follicular lymphoma. It is approved, effective on the date of this letter. Final "
        f"report due: 03/01/2027{below}"
    )
    assert draft.date.value == "2026-06-03"


OLD = (
    "NDA 21-999\nDear Mr. Roe:\nPlease refer to your new drug application (NDA) dated May 4, 2001, for Columvi "
    "(glofitamab) capsules.\nWe acknowledge receipt of your submissions dated June 3, 2001. This new drug application "
    "provides for the use of Columvi (glofitamab) capsules for the treatment of patients with follicular lymphoma.\n"
    "We have completed the review of this application, as amended{how}, and have concluded that it is safe and "
    "effective. Accordingly, {approved}. Submit the labeling."
)


@pytest.mark.parametrize(
    "approved",
    [
        "the application is approved effective on the date of this letter",
        "these supplemental applications are approved",
        "approval is effective on the date of this letter",
    ],
)
def test_older_letters_approve_the_application_in_other_words(approved):
    draft = read(OLD.format(how="", approved=approved))
    assert (draft.kind.value, draft.application.value) == ("approval", "NDA021999")
    assert [cancer.value for cancer in draft.cancers] == ["follicular-lymphoma"]
    assert read(OLD.format(how="", approved="we ask for more data")).kind is None


def test_an_older_letter_tells_by_which_regulations_it_was_reviewed():
    how = ", according to the regulations for accelerated approval"
    letter = OLD.format(how=how, approved="the application is approved under 21 CFR 314 subpart H")
    assert read(letter).kind.value == "accelerated-approval"
    assert read(" ".join(letter.split())).kind.value == "accelerated-approval"


def test_a_letter_may_tell_what_was_asked_for_and_that_it_is_approved_in_one_sentence():
    draft = read(
        "Our STN: BL 103792/5150\nNovember 16, 2006\nDear Dr. Roe:\nYour request to supplement your biologics license "
        "application for Trastuzumab as part of a treatment regimen containing doxorubicin, for the adjuvant treatment "
        "of patients with node-positive breast cancer, has been approved."
    )
    assert (draft.therapy.value, draft.kind.value, draft.setting.value) == ("trastuzumab", "approval", "surgery")
    assert draft.date.value == "2006-11-16" and draft.use.endswith("node-positive breast cancer")


def test_data_that_support_use_in_younger_patients_widen_a_license():
    text = (
        "Our STN: BL 125259/132\nJuly 19, 2011\nDear Mr. Roe:\nWe have approved your request to supplement your "
        "biologics license application for Human Papillomavirus Bivalent (Types 16 and 18) Vaccine, Recombinant to "
        "include safety {what}."
    )
    draft = read(text.format(what="and immunogenicity data to support use in females as young as 9 years of age"))
    assert draft.kind.value == "approval" and draft.children.words == "as young as 9 years"
    assert read(text.format(what="data from a study after licensing")).kind is None


def test_a_letter_on_several_applications_tells_each_with_its_kind():
    first, second = drafts(
        taken_apart(
            "NDA 12-345\nNDA 12-346\n\nDear Dr. Sample:\n\nPlease refer to your new drug applications (NDAs) dated"
            " May 2, 2005, submitted under section 505(b) of the Federal Food, Drug, and Cosmetic Act for Samplin"
            " (samplinib) Capsules.\n\nNDA 12-345 for the treatment of melanoma after disease progression on ipilimumab"
            " is approved, effective on the date of this letter.\n\nNDA 12-346 for the treatment of advanced renal cell"
            " carcinoma is approved under the provisions of accelerated approval regulations (21 CFR 314.510),"
            " effective on the date of this letter.",
            TODAY,
        ),
        scores.vocabulary(),
        TODAY,
    )
    told = [(one.kind.value, one.application.value, one.cancers[0].value) for one in (first, second)]
    assert told == [
        ("approval", "NDA012345", "melanoma"),
        ("accelerated-approval", "NDA012346", "kidney-cancer"),
    ]


def test_a_number_at_the_edge_of_a_page_is_the_letter_s_and_a_day_in_a_sentence_is_not():
    draft = read(
        "SUPPLEMENT APPROVAL\n\nDear Dr. Sample:\n\nPlease refer to your supplemental new drug application (sNDA) for"
        " Samplin (samplinib) Tablets.\n\nThis supplement provides for a new indication for the treatment of patients"
        " with melanoma, and for updates\nin response to the Supplement Request letter dated\nMay 21, 2020.\n\nIt is"
        " approved, effective on the date of this letter.\n\nReference ID: 4619585\n\nNDA 202324/S-011\nPage 2"
    )
    assert draft.application.value == "NDA202324" and draft.date is None


def test_a_supplement_that_provides_for_regular_approval_of_an_indication_converts_it():
    draft = read(SUPPLEMENT.format(what="regular approval of the treatment of adults with large B-cell lymphoma"))
    assert draft.kind.value == "converted" and draft.cancers[0].value == "large-b-cell-lymphoma"


def test_the_point_of_treatment_may_stand_before_the_word_indication():
    draft = read(SUPPLEMENT.format(what="a frontline indication of Columvi for the treatment of large B-cell lymphoma"))
    assert draft.setting.value == "first"
    draft = read(SUPPLEMENT.format(what="a new indication for the treatment of large B-cell lymphoma"))
    assert draft.setting is None
