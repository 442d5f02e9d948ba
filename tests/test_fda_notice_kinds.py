"""Which kind of decision a notice tells: accelerated, regular, converted, or none."""

import pytest

from tests.notice_words import kinds, pasted, told, values


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


def test_a_conversion_may_name_both_kinds_of_approval():
    (draft,) = told(
        "On April 28, 2023, FDA converted the accelerated approval of cemiplimab-rwlc (Libtayo, Regeneron) for adults "
        "with metastatic basal cell carcinoma previously treated with a hedgehog pathway inhibitor to regular approval."
    )
    assert draft.kind == ("converted", "converted the accelerated approval of")
    assert draft.drug == "cemiplimab-rwlc (Libtayo, Regeneron)" and values(draft.cancers) == ["basal-cell-carcinoma"]
    assert draft.use.endswith("previously treated with a hedgehog pathway inhibitor")


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


def test_an_approval_with_a_month_alone_is_history():
    (draft,) = pasted("FDA warns of harm from Imfinzi (durvalumab). FDA approved it in March 2019 for melanoma.")
    assert draft.kind is None


def test_an_application_that_gets_a_review_and_accelerated_approval_converts_nothing():
    (draft,) = pasted(
        "On June 2, 2026, FDA approved Imfinzi (durvalumab) for adults with melanoma.\n"
        "The FDA granted the application priority review and accelerated approval for this indication."
    )
    assert draft.kind.value == "accelerated-approval"


def test_a_title_that_grants_regular_approval_tells_that_it_was_accelerated_before():
    told = (
        "On June 2, 2026, FDA approved Imfinzi (durvalumab) for adults with melanoma.\n"
        "In December 2019, durvalumab received accelerated approval for adults with melanoma."
    )
    (draft,) = pasted(f"U.S. Food and Drug Administration\nFDA grants regular approval to durvalumab\n{told}")
    assert draft.kind.value == "converted"
    (draft,) = pasted(f"FDA approves durvalumab for melanoma\n{told}")
    assert draft.kind.value == "approval"


def test_a_test_beside_the_drug_and_what_is_approved_already_are_no_uses():
    (draft,) = told(
        "On April 22, 2021, FDA granted accelerated approval to a new dosing regimen of 400 mg for pembrolizumab "
        "(Keytruda, Merck) across all currently approved adult indications. FDA also approved the VENTANA MMR RxDx "
        "Panel as a companion diagnostic device for selecting patients for treatment with pembrolizumab."
    )
    assert draft.therapy == ("pembrolizumab", "pembrolizumab")
    assert draft.kind == ("accelerated-approval", "granted accelerated approval to")


@pytest.mark.parametrize(
    ("recalled", "kind"),
    [
        ("In 2014, nivolumab received accelerated approval for the first-line treatment of melanoma.", "converted"),
        ("Nivolumab previously received accelerated approval in 2014.", "converted"),
        ("In 2014, nivolumab received accelerated approval for hepatocellular carcinoma.", "approval"),
        ("In 2014, it was granted accelerated approval for patients with melanoma after two prior lines.", "approval"),
        ("In 2014, it received accelerated approval for the maintenance treatment of melanoma.", "approval"),
    ],
)
@pytest.mark.parametrize("regular", ["regular", "full"])
def test_an_accelerated_approval_that_was_for_another_use_is_not_converted(regular, recalled, kind):
    decision = f"On May 15, 2024, FDA granted {regular} approval to nivolumab for the first-line treatment of melanoma."
    assert kinds(f"{decision}\n{recalled}") == [kind]


def test_one_of_several_approvals_that_are_recalled_may_be_of_this_use():
    recalled = (
        "It received accelerated approval in 2014 for lymphoma.\nIt had accelerated approval in 2015 for melanoma."
    )
    assert kinds(f"On May 15, 2024, FDA granted regular approval to nivolumab for melanoma.\n{recalled}") == [
        "converted"
    ]


def test_a_second_kind_in_one_sentence_is_of_the_same_drug():
    one, two = pasted(
        "On July 23, 2014, FDA granted idelalisib (Zydelig) regular approval for adults with lymphoma and accelerated "
        "approval for the treatment of patients with relapsed follicular lymphoma."
    )
    assert (one.kind.value, two.kind.value) == ("approval", "accelerated-approval")
    assert one.drug == two.drug == "idelalisib (Zydelig)"


@pytest.mark.parametrize(
    ("behind", "kind"),
    [
        ("The drug is being approved under FDA’s accelerated approval program.", "accelerated-approval"),
        (
            "It was approved under the FDA’s accelerated approval process, which allows earlier approval.",
            "accelerated-approval",
        ),
        ("The FDA is approving Opdivo under the agency’s accelerated approval program.", "accelerated-approval"),
        (
            "This approval amends the indication previously granted under accelerated approval for melanoma.",
            "converted",
        ),
    ],
)
def test_a_sentence_behind_may_tell_how_it_was_approved(behind, kind):
    assert kinds(f"On May 15, 2024, FDA approved nivolumab for melanoma.\n{behind}") == [kind]


@pytest.mark.parametrize(
    "drug",
    [
        "an expanded use of nivolumab",
        "an expanded label for nivolumab (Opdivo)",
        "a labeling extension for nivolumab, given alone,",
    ],
)
def test_what_is_approved_may_be_more_of_a_drug(drug):
    (draft,) = pasted(
        f"FDA Expands Use of Opdivo\nFDA today approved {drug} for the initial systemic treatment of melanoma."
    )
    assert (draft.kind.value, draft.therapy.value, draft.setting.value) == ("approval", "nivolumab", "first")
    (draft,) = pasted("FDA granted regular approval and expanded labeling for nivolumab (Opdivo) for melanoma.")
    assert (draft.kind.value, draft.therapy.value) == ("approval", "nivolumab")


@pytest.mark.parametrize("how_many", ["more than 200 products", "12 cancer drugs", "over 50 new indications"])
def test_how_many_were_approved_is_no_decision(how_many):
    assert kinds(f"FDA issued a guidance.\nThe agency has granted accelerated approval to {how_many} since 1992.") == []


@pytest.mark.parametrize(
    "words",
    [
        "FDA modified the indication for nivolumab (OPDIVO, Bristol) for treatment of non-small cell lung cancer "
        "(NSCLC) to limit use to patients whose tumors express PD-L1. More Information. October 18, 2016",
        "On October 18, 2016, the Food and Drug Administration revised the existing indication of nivolumab (Opdivo) "
        "with chemotherapy for patients with NSCLC. This updated indication restricts its use to patients whose tumors "
        "express PD-L1 (CPS ≥ 1).",
    ],
)
def test_an_indication_that_was_revised_for_fewer_patients_is_narrowed(words):
    (draft,) = pasted(words)
    assert (draft.kind.value, draft.therapy.value, draft.date.value) == ("narrowed", "nivolumab", "2016-10-18")
    assert values(draft.cancers) == ["non-small-cell-lung-cancer"] and values(draft.biomarkers) == ["pd-l1"]


def test_an_indication_that_was_revised_for_nobody_in_particular_is_no_decision():
    assert not kinds(
        "FDA revised the existing indication of nivolumab (Opdivo) for melanoma. The label has a new form."
    )


def test_a_label_may_be_expanded_to_include_an_approval():
    (draft,) = told("FDA expanded the label to include the approval of nivolumab (Opdivo) for patients with melanoma.")
    assert (draft.kind.value, draft.therapy.value) == ("approval", "nivolumab")


def test_news_may_tell_of_an_approval_first_and_then_that_it_was_accelerated():
    text = (
        "FDA has approved Samplo (samplinib) to treat adults with a rare disorder. FDA has granted accelerated "
        "approval for Samplo (samplinib) to treat adults with myelofibrosis."
    )
    (draft,) = told(text)
    assert draft.kind.value == "accelerated-approval" and "myelofibrosis" in draft.use
    also = text.replace("FDA has granted", "FDA has also granted")
    assert [draft.kind.value for draft in told(also)] == ["approval", "accelerated-approval"]
    known = text.replace("a rare disorder", "melanoma").replace("myelofibrosis", "melanoma")
    assert [draft.kind.value for draft in told(known)] == ["approval", "accelerated-approval"]
