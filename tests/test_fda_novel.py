"""FDA's table of novel drug approvals, as it is copied from its page or from a newsletter."""

import pytest

from tests.notice_words import pasted, values

HEADINGS = ["No.", "Drug Name", "Active Ingredient", "Approval Date", "FDA-approved use on approval date*"]
ROW = ["29.", "Imfinzi", "durvalumab-abcd", "10/21/2022", "To treat relapsed melanoma"]
OTHER = ["28.", "Lytgobi", "futibatinib", "9/30/2022", "To treat bladder cancer and follicular lymphoma"]


@pytest.mark.parametrize("between", ["\t", "\n|", "\n", " ", " | "])
def test_each_row_is_an_approval_on_its_day(between):
    table = "\n".join(between.join(row) for row in (HEADINGS, ROW, OTHER))
    one, two = pasted("FDA Novel Drug Therapy Approvals for 2022", table, "*The listed “FDA-approved use” is not all.")
    assert (one.therapy.value, one.kind.value, one.date.value) == ("durvalumab", "approval", "2022-10-21")
    assert (values(one.cancers), one.setting.value) == (["melanoma"], "later")
    assert (two.therapy, two.drug, two.date.value) == (None, "Lytgobi (futibatinib)", "2022-09-30")
    assert values(two.cancers) == ["bladder-cancer", "follicular-lymphoma"]


@pytest.mark.parametrize("between", ["\t", " | "])
def test_a_row_by_itself_is_known_by_its_cells(between):
    (draft,) = pasted(between.join([*ROW[:4], f"{ROW[4]} Press Release Drug Trials Snapshot"]))
    assert (draft.kind.value, draft.use) == ("approval", "To treat relapsed melanoma")


def test_an_approval_date_elsewhere_is_no_row():
    (draft,) = pasted("Imfinzi (durvalumab)", "To treat melanoma", "Approval Date: 10/21/2022")
    assert draft.kind is None
