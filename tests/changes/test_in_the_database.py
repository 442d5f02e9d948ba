"""What the database holds by itself: one answer to a change, however many people give one at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from django.db import IntegrityError, connection, transaction

from portal.pages.models import SiteSettings
from portal.publishing import actions
from portal.publishing.models import AuditEntry, Change

from .. import databases
from ..conftest import person

# Two people at once ------------------------------------------------------------------------


@pytest.fixture
def shared(template, tmp_path, worker_id, django_db_blocker):
    """A database to which several people write at the same moment, each by a connection of their own."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        copy = stack.enter_context(databases.database(f"{worker_id}-shared", tmp_path, like=template))
        stack.enter_context(databases.connected(copy))
        yield


def test_of_two_people_at_the_same_moment_one_confirms(shared):
    people = [person(name, "Administrator") for name in ("Ada", "Ben", "Cleo")]
    change = actions.propose_change(SiteSettings.objects.get(), {"name": "Ours"}, by=people.pop())

    def answer(somebody):
        try:
            return actions.confirm(Change.objects.get(pk=change.pk), by=somebody).confirmed_by
        except actions.Refused as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        told = list(pool.map(answer, people))
    winner = Change.objects.get(pk=change.pk).confirmed_by
    assert set(map(str, told)) == {str(winner), "Someone else already confirmed this. Nothing changed."}
    assert AuditEntry.objects.filter(verb="confirmed").count() == 1


# What no statement may write ---------------------------------------------------------------


NOW = "2026-11-01T00:00Z"
REJECTED = {"rejected_at": NOW, "rejected_by": "other", "rejected_because": "Both."}


@pytest.mark.parametrize(
    "columns",
    [
        {"confirmed_at": NOW},
        {"confirmed_at": NOW, "confirmed_by": "author", "row": 1},
        {"confirmed_at": NOW, "confirmed_by": "other"},  # confirmed, and no row
        REJECTED | {"rejected_because": ""},
        {"rejected_because": "Why."},
        {"confirmed_at": NOW, "confirmed_by": "other", "row": 1} | REJECTED,
        {"verb": "ship"},
        {"verb": "change"},  # of no row
    ],
    ids=lambda columns: ",".join(columns),
)
def test_the_database_refuses(change, data_editor, second_data_editor, columns):
    people = {"author": data_editor, "other": second_data_editor}
    values = {name: people.get(value, value) for name, value in columns.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(**values)


def test_the_database_takes_an_answer_of_one_person_only_where_it_says_so(change, data_editor):
    told = {"confirmed_at": NOW, "confirmed_by": data_editor, "row": 1, "confirmed_alone": True}
    assert Change.objects.filter(pk=change.pk).update(**told) == 1
