"""What a process keeps of the content: shared while nothing changes, never older, and never out of a transaction."""

import pytest
from django.db import connection

from portal.publishing import kept
from portal.publishing.kept import OfContent
from portal.publishing.models import ContentVersion
from portal.publishing.prose import Figures

from .sharing import outside_transactions


class Words(OfContent):
    def __init__(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM pages_sitesettings")
            self.name = cursor.fetchone()[0]


def forget() -> None:
    kept._held = None, {}


def name_it(name):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pages_sitesettings SET name = %s", [name])


@pytest.fixture
def committed(db, monkeypatch):
    """As if nothing stood around the test. SQLite's triggers raise the version at once, as after a commit."""
    if connection.vendor != "sqlite":
        pytest.skip("the number is raised at the end of a transaction")
    forget()
    monkeypatch.setattr(kept, "may_be_shared", lambda: True)
    yield
    forget()


def told() -> Words:
    return Figures().provider(Words)


def test_it_is_made_once_until_something_changes_that_readers_see(committed):
    first = told()
    assert told() is first
    name_it("Another name")
    assert told() is not first and told().name == "Another name"


def test_a_change_that_comes_between_asking_and_reading_is_seen_by_the_next_request(committed):
    figures = Figures()
    figures.provider(Words)
    name_it("Between")
    assert told().name == "Between"


def test_another_day_or_database_makes_it_anew(committed, monkeypatch):
    first = told()
    monkeypatch.setitem(connection.settings_dict, "NAME", "another")
    second = told()
    assert second is not first
    monkeypatch.setattr(kept.timezone, "localdate", lambda: "tomorrow")
    assert told() is not second


@pytest.mark.django_db
def test_nothing_is_kept_or_taken_inside_a_transaction(monkeypatch):
    monkeypatch.setattr(kept, "may_be_shared", outside_transactions)  # as without the tests' own sharing
    forget()
    figures = Figures()
    assert figures.provider(Words) is figures.provider(Words)
    assert told() is not told()
    with monkeypatch.context() as outside:
        outside.setattr(kept, "may_be_shared", lambda: True)
        shared = told()
    assert told() is not shared
    forget()


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 3),
        ("/therapies/?cancer=melanoma", 1),
        ("/approvals/?year=2019", 1),
        ("/faq/", 1),
        ("/cancers/melanoma/", 4),
        ("/therapies/pembrolizumab/", 5),
    ],
)
def test_once_it_is_read_a_page_asks_little(committed, client, django_assert_max_num_queries, address, most):
    client.get(address)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200
    asked = {kept.ASKED: ContentVersion.objects.get().number}  # by the page cache, which knows it already
    with django_assert_max_num_queries(most - 1):
        assert client.get(address, **asked).status_code == 200


def test_a_version_that_somebody_asked_for_counts_as_one_that_was_asked_here(committed):
    first = told()
    number = ContentVersion.objects.get().number
    assert Figures(version=number).provider(Words) is first
    assert Figures(version=number + 1).provider(Words) is not first
