"""What FDA does in a notice, on which day, and what only looks like it."""

import datetime

import pytest

from tests import notice_scores as scores
from therapies.fda.acts import acts
from therapies.fda.records import Notice
from therapies.fda.wording import drafts

TODAY = datetime.date(2026, 11, 24)


def verbs(text, published=None):
    return [act.verb[0] for act in acts(text, TODAY, published)]


@pytest.mark.parametrize(
    "what",
    [
        "an update to the REMS of axicabtagene ciloleucel (Yescarta)",
        "the release from the risk evaluation and mitigation strategy of blinatumomab",
        "a reduction of the monitoring requirements for ciltacabtagene autoleucel",
        "the transfer of manufacturing of Provenge to a new site",
        "a labeling change in the boxed warning of Elrexfio",
        "an update of the prescribing information of Breyanzi with new data in lymphoma",
        "the removal of the bladder cancer indication of Imfinzi",
        "the addition of overall survival data in the labeling of Imfinzi, indicated for patients with melanoma",
        "changes in the package insert of Imfinzi for patients with melanoma",
    ],
)
def test_the_end_or_change_of_a_restriction_is_no_approval(what):
    assert verbs(f"On March 4, 2026, the FDA approved {what}.") == []


@pytest.mark.parametrize(
    "what",
    [
        "an expanded use of the SP142 assay to select patients with bladder cancer for atezolizumab",
        "an additional indication for the Oncomine Dx Target Test (Life Technologies, Inc.) in lung cancer",
        "the MMR RxDx Panel (Ventana Medical Systems, Inc.) for patients with endometrial cancer",
        "Guardant360 CDx to find patients who can have amivantamab",
    ],
)
def test_a_test_is_no_drug_under_whatever_name(what):
    assert verbs(f"FDA also approved {what}.") == []


def test_a_drug_is_approved_though_a_test_finds_its_patients():
    assert verbs("FDA approved Tivdak (Pfizer Inc.) for cervical cancer found by the 22C3 assay.") == ["approved"]
    assert verbs("FDA approved Tivdak. The 22C3 kit is not needed.") == ["approved"]


@pytest.mark.parametrize(
    "again",
    [
        "The FDA approved this application five weeks ahead of its goal date.",
        "Its dose is lower than what FDA approved previously in 2000.",
        "FDA approved previously in 2000 a higher dose.",
        "The FDA also approved new oral formulations of both drugs for patients who cannot swallow pills.",
    ],
)
def test_what_is_said_of_an_application_or_of_what_was_approved_before_is_no_act(again):
    assert verbs(f"On June 2, 2026, FDA approved Lunsumio for lymphoma. {again}") == ["approved"]


@pytest.mark.parametrize("adverb", ["", "later ", "permanently ", "subsequently "])
def test_what_was_withdrawn_is_history(adverb):
    history = f"Zydelig was {adverb}withdrawn from the market."
    assert verbs(f"On June 2, 2026, FDA approved Lunsumio for lymphoma. {history}") == ["approved"]


def test_a_company_that_was_withdrawing_acts():
    assert len(verbs("On June 2, 2026, Gilead told FDA that it was voluntarily withdrawing Zydelig.")) == 1


def test_a_year_within_brackets_dates_something_else():
    both = "On June 2, 2026, FDA approved Lunsumio. FDA also approved Columvi for lymphoma (first studied in 2019)."
    assert verbs(both) == ["approved", "approved"]


@pytest.mark.parametrize(
    "history",
    [
        "Roche withdrew Lunsumio in 2024.",
        "In February 2022, FDA granted accelerated approval to Lunsumio for lymphoma.",
        "The FDA approved Polivy in June 2019 and Columvi for lymphoma.",
        "The agency granted accelerated approval to Columvi for lymphoma in early 2023.",
        "FDA approved Columvi for lymphoma in May 2026.",
    ],
)
def test_a_month_or_a_year_alone_that_differs_marks_history(history):
    decision = "On June 2, 2026, FDA approved Lunsumio for lymphoma."
    assert verbs(f"{decision} {history}") == ["approved"]
    assert verbs(f"Today, FDA approved Lunsumio for lymphoma. {history}", datetime.date(2026, 6, 2)) == ["approved"]


@pytest.mark.parametrize(
    "act",
    [
        "FDA converted to regular approval Lunsumio, which had received accelerated approval in 2022.",
        "In June 2026, FDA withdrew approval of Lunsumio.",
        "In 2022, Roche withdrew Lunsumio.",
    ],
)
def test_the_year_of_the_notice_or_of_something_else_leaves_an_act_in_place(act):
    published = datetime.date(2026, 6, 2) if "2022, R" not in act else None
    assert len(verbs(act, published)) == 1


@pytest.mark.parametrize(
    "end",
    ["Approval is withdrawn as of May 4, 2026.", "The licence was revoked effective May 4, 2026."],
)
def test_an_end_may_give_its_day_in_a_sentence_of_its_own(end):
    notice = f"The FDA is announcing that it is withdrawing approval of Polivy for lymphoma. DATES: {end}"
    (draft,) = drafts(Notice(1, "", notice, datetime.date(2026, 5, 9), ""), scores.vocabulary(), TODAY)
    assert (draft.kind.value, draft.date.value) == ("withdrawn", "2026-05-04")


@pytest.mark.parametrize("review", ["priority review", "standard review", "review"])
def test_an_application_that_was_approved_for_review_is_not_approved(review):
    assert not verbs(f"FDA approved for {review} the Biologics License Application for Samplin for lymphoma.")


@pytest.mark.parametrize(
    "told",
    [
        "FDA made a decision by approving Samplin for the treatment of lymphoma.",
        "FDA took the bold decision by approving Samplin for the treatment of lymphoma.",
        "FDA expanded the Samplin lung cancer (NSCLC) indication to include adults with melanoma.",
        "We would like to inform you that the FDA has approved Samplin for lymphoma.",
    ],
)
def test_a_decision_may_be_told_in_other_words(told):
    assert len(verbs(told)) == 1


@pytest.mark.parametrize("system", ["Sonalleve MR-HIFU system (Profound Medical Inc.)", "an imaging system"])
def test_an_apparatus_is_no_drug(system):
    assert verbs(f"FDA approved the {system} for the treatment of osteoid osteoma.") == []
    assert verbs("FDA approved gemcitabine intravesical system (Inlexzo) for bladder cancer.") == ["approved"]


@pytest.mark.parametrize("alerts", ["is investigating", "is alerting the public of", "is re-evaluating"])
def test_what_a_drug_was_approved_for_is_no_act_in_an_alert_on_it(alerts):
    assert verbs(f"The FDA {alerts} a risk of death with Tivdak (tisotumab vedotin) approved to treat lymphoma.") == []
    assert verbs("The Food and Drug Administration (FDA) approved Tivdak to treat lymphoma.") == ["approved"]


@pytest.mark.parametrize(
    "text",
    [
        "FDA is clarifying the procedures for notifying the public about the revocation of a biologics license.",
        "The hearing is on the standard for FDA to withdraw accelerated approval of the breast cancer indication.",
        "FDA may consider the application withdrawn under 21 CFR 314.65.",
        "If you do not answer, your application is deemed withdrawn.",
        "You may ask FDA to have the application withdrawn under 21 CFR 314.65.",
    ],
)
def test_a_rule_a_hearing_and_an_application_that_lapses_end_no_approval(text):
    assert verbs(text) == []
    assert len(verbs("FDA announces the revocation of the biologics license for Tivdak.")) == 1


def test_an_indication_that_is_expanded_may_be_told_as_its_drug_s():
    text = (
        "On March 3, 2026, FDA expanded Imfinzi’s indication to include first-line treatment of adults with melanoma."
    )
    (draft,) = drafts(Notice(1, "", text, None, ""), scores.vocabulary(), TODAY)
    assert (draft.therapy.value, draft.kind.value, draft.setting.value) == ("durvalumab", "approval", "first")
