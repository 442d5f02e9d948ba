"""Changes that belong together are confirmed, rejected, corrected and taken back as one."""

import pytest

from portal.publishing import actions
from portal.publishing.models import Change
from therapies.models import ApprovalEvent, Cancer, Indication, Therapy

from .conftest import MARCH_1, MARCH_2, Kind, on


@pytest.fixture
def group(source, data_editor):
    """A use that we do not have, and the decision that approves it: the decision points to the proposal of the use."""
    told = {"by": data_editor, "source": source}
    given = {"therapy": Therapy.objects.get(slug="naxitamab"), "cancer": Cancer.objects.get(slug="glioblastoma")}
    use = actions.propose_new(Indication, {**given, "code": "new", "setting": "A new setting"}, **told)
    decision = actions.propose_new(ApprovalEvent, on(use, Kind.APPROVAL, MARCH_1, source), **told)
    use.lead([decision])
    decision.refresh_from_db()
    return use, decision


def test_a_group_is_confirmed_as_one_and_its_new_rows_find_each_other(group, second_data_editor):
    _, decision = group
    assert [one.after.get("indication") for one in decision.group()] == [None, {"change": group[0].pk}]
    actions.confirm(decision, by=second_data_editor)  # whichever of them is opened
    event = ApprovalEvent.objects.get(change=decision)
    assert event.indication.setting == "A new setting"
    assert all(one.is_confirmed and one.row for one in Change.objects.filter(pk__in=[one.pk for one in group]))


def test_a_group_is_applied_whole_or_not_at_all(group, second_data_editor):
    use, decision = group
    after = decision.after | {"date": "2999-01-01"}
    Change.objects.filter(pk=decision.pk).update(after=after)
    with pytest.raises(actions.Refused, match="has not come yet"):
        actions.confirm(use, by=second_data_editor)
    assert not Indication.objects.filter(setting="A new setting").exists()
    assert {one.state for one in Change.objects.filter(pk__in=[use.pk, decision.pk])} == {"pending"}
    assert {one.row for one in Change.objects.filter(pk__in=[use.pk, decision.pk])} == {None}


def test_a_group_is_rejected_as_one(group, second_data_editor):
    actions.reject(group[1], by=second_data_editor, because="It is another drug.")
    assert {one.state for one in Change.objects.filter(pk__in=[one.pk for one in group])} == {"rejected"}


def test_who_proposed_any_of_a_group_confirms_none_of_it(group, administrator):
    Change.objects.filter(pk=group[1].pk).update(proposed_by=administrator)
    with pytest.raises(actions.Refused, match="You proposed this change"):
        actions.confirm(group[0], by=administrator)


def test_a_row_that_points_to_a_proposal_waits_for_it(source, data_editor, second_data_editor, group):
    use, _ = group
    more = on(use, Kind.APPROVAL, MARCH_2, source)
    apart = actions.propose_new(ApprovalEvent, more, by=data_editor, source=source)
    with pytest.raises(actions.Refused, match=r"depends on something that isn’t confirmed yet. Confirm that first"):
        actions.confirm(apart, by=second_data_editor)
    actions.confirm(use, by=second_data_editor)
    assert actions.confirm(apart, by=second_data_editor).is_confirmed


def test_a_correction_of_a_group_keeps_it_together(group, second_data_editor, administrator):
    use, decision = group
    better = actions.amend(decision, {use.pk: {"setting": "Another setting"}}, by=second_data_editor)
    assert [one.replaces for one in better.group()] == [use, decision]
    actions.confirm(better, by=administrator)
    assert ApprovalEvent.objects.get(indication__setting="Another setting").date == MARCH_1


def test_a_group_is_taken_back_as_one_the_last_row_first(group, second_data_editor, administrator):
    use, decision = group
    actions.confirm(use, by=second_data_editor)
    back = actions.reverse(use, by=second_data_editor, because="The notice was withdrawn.")
    assert [one.reverses for one in back.group()] == [decision, use]
    actions.confirm(back, by=administrator)
    assert not Indication.objects.filter(setting="A new setting").exists()
