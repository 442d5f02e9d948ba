"""Goal dates: by when FDA means to decide, for staff. One that passed is said until somebody closes it."""

import datetime

import pytest
from django.db import IntegrityError
from django.utils import timezone
from django.utils.formats import date_format

from portal.publishing.actions import Refused
from portal.publishing.models import AuditEntry, Source
from therapies.desk import actions
from therapies.models import ApprovalEvent, GoalDate
from therapies.watch.goals import expected

from .public import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]
SCREEN = "/desk/watch/"


@pytest.fixture(autouse=True)
def _no_other(request, db):
    """The shipped ones would stand in the way of all tests but one."""
    if "shipped" not in request.node.name:
        GoalDate.objects.all().delete()


@pytest.fixture
def goal(data_editor, source):
    """Adds a goal date so many days from now."""

    def add(days, drug="novomab", use="Melanoma, first treatment"):
        date = timezone.localdate() + datetime.timedelta(days=days)
        return actions.add_goal_date(drug, use, date, source, by=data_editor)

    return add


def page(client, address="/admin/"):
    return client.get(address).content.decode()


def send(client, **typed):
    usual = {
        "drug": "novomab",
        "use": "Melanoma",
        "date": "November 14, 2027",
        "address": "https://www.fda.gov/a-letter",
        "title": "A letter",
    }
    return client.post(SCREEN, usual | typed)


# What is said ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (30, ", in 30 days."),
        (1, ", tomorrow."),
        (0, ", today."),
        (-1, ", passed yesterday, and no decision is entered."),
        (-15, ", passed 15 days ago, and no decision is entered."),
    ],
)
def test_the_dashboard_says_how_it_stands(goal, dana, days, said):
    added = goal(days)
    [one] = expected()
    assert one.note.endswith(said) and date_format(added.date, "F j, Y") in one.note
    text = page(dana)
    assert "FDA’s goal dates" in text and one.note in text


def test_what_is_far_ahead_waits_on_its_own_screen(goal, dana):
    goal(90)
    assert "FDA’s goal dates" not in page(dana) and "in 90 days" in page(dana, SCREEN)


def test_a_decision_of_ours_is_offered_as_the_one(goal, dana, confirmed, source, use):
    added = goal(-15, drug="Pembrolizumab")
    date = added.date - datetime.timedelta(days=3)
    confirmed(ApprovalEvent, indication=use, kind="approval", date=date, source=source)
    note = f"Our data has an FDA decision on Pembrolizumab of {date_format(date, 'F j, Y')}. If that is the one, close"
    assert note in page(dana, SCREEN)


def test_a_decision_of_long_ago_is_not_the_one(goal):
    goal(-15, drug="olaratumab")
    assert ApprovalEvent.objects.filter(indication__therapy__slug="olaratumab").exists()
    assert expected()[0].decided_on is None


def test_readers_and_editors_see_none_of_it(goal, client, desk, editor):
    goal(-15)
    assert "novomab" not in page(desk(editor))
    for address in ("/about/freshness/", "/", "/approvals/", "/therapies/"):
        assert address in addresses() and "novomab" not in page(client, address)


# Adding and closing ---------------------------------------------------------------------------------------


def test_it_is_added_with_its_source(dana, data_editor):
    assert send(dana).status_code == 302
    goal = GoalDate.objects.get()
    assert (goal.drug, goal.date, goal.added_by) == ("novomab", datetime.date(2027, 11, 14), data_editor)
    assert (goal.source.title, goal.source.official) == ("A letter", True)
    assert AuditEntry.objects.get(kind="therapies.goaldate", verb="added").by == data_editor
    assert "novomab" in page(dana, SCREEN)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"drug": ""}, "This field is required."),
        ({"date": ""}, "Enter the goal date."),
        ({"date": "soon"}, "Write a date like"),
        ({"date": "none"}, "Enter the goal date."),
        ({"date": "2099-01-01"}, "the last one possible here"),
        ({"address": ""}, "needs a source"),
        ({"address": "javascript:alert(1)"}, "Begin the address with https://"),
        ({"title": ""}, "Enter the title of the page."),
        ({"use": "Mela\u202enoma"}, "hidden character"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(dana, typed, said):
    text = send(dana, **typed).content.decode()
    assert said in text.replace("&#x27;", "'") and "Nothing was saved." in text
    assert GoalDate.objects.count() == 0 and not Source.objects.filter(title="A letter").exists()
    if "use" not in typed:
        assert 'value="Melanoma"' in text


def test_the_same_is_not_added_twice(dana):
    send(dana)
    assert "already on the list" in send(dana).content.decode()
    assert GoalDate.objects.count() == 1


def test_it_is_closed_with_what_happened(goal, dana, data_editor):
    added = goal(-15)
    dana.post(SCREEN, {"close": added.pk, "outcome": "withdrawn", "because": "The company’s release of today."})
    added.refresh_from_db()
    assert (added.outcome, added.closed_by) == ("withdrawn", data_editor)
    assert "goal dates" not in page(dana) and "The company’s release of today." in page(dana, SCREEN)
    assert AuditEntry.objects.get(kind="therapies.goaldate", verb="closed").detail.startswith("The company withdrew")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"outcome": "withdrawn", "because": " "}, "Say where you read it"),
        ({"outcome": "", "because": "Read."}, "Choose what happened"),
        ({"outcome": "approved", "because": "Read."}, "Choose what happened"),
    ],
)
def test_it_is_not_closed_without_a_word(goal, dana, typed, said):
    added = goal(-15)
    text = dana.post(SCREEN, {"close": added.pk} | typed).content.decode()
    assert said in text and GoalDate.objects.open().count() == 1
    if typed["because"].strip():
        assert f'value="{typed["because"]}"' in text


def test_two_who_close_it_do_not_overwrite_each_other(goal, data_editor, second_data_editor):
    added = goal(-15)
    actions.close_goal_date(added, "decided", by=data_editor, because="Entered.")
    with pytest.raises(Refused, match="Somebody else just closed"):
        actions.close_goal_date(added, "moved", by=second_data_editor, because="Moved.")


def test_the_database_keeps_no_half_closed_one(goal):
    added = goal(-15)
    with pytest.raises(IntegrityError):
        GoalDate.objects.filter(pk=added.pk).update(outcome="decided")


# What came with the software --------------------------------------------------------------------------------


def test_the_shipped_ones_name_a_source_that_was_read():
    shipped = GoalDate.objects.select_related("source")
    assert {goal.drug for goal in shipped.open()} == {"ivonescimab"}
    assert all(goal.source.url and goal.source.read_on for goal in shipped)
