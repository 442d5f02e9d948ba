"""Reading a notice: the description tells, several drugs have their places, and each field keeps its words."""

import pytest

from tests import fda_files as files
from tests.notice_words import told, values
from therapies.fda.naming import Vocabulary


def test_the_description_is_read_and_not_the_title():
    (draft,) = told(files.NOTICE[1])
    assert draft.kind == ("accelerated-approval", "granted accelerated approval to")
    assert draft.therapy == ("tisagenlecleucel", "tisagenlecleucel")
    assert draft.date == ("2022-05-27", "On May 27, 2022")
    assert draft.cancers == (("follicular-lymphoma", "follicular lymphoma"),)
    assert draft.setting == ("later", "relapsed or refractory")
    assert draft.use.startswith("for adult patients with relapsed") and draft.children is None


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


def test_a_new_dose_names_its_drug_later():
    (draft,) = told(
        "On April 28, 2020, the Food and Drug Administration granted accelerated approval to a new dosing regimen of "
        "400 mg every six weeks for pembrolizumab (Keytruda, Merck) for patients with melanoma."
    )
    assert draft.therapy == ("pembrolizumab", "pembrolizumab") and draft.use == "for patients with melanoma"
    (other,) = told("FDA approved a new dosing regimen of alfa for patients who had received pembrolizumab.")
    assert other.therapy is None
