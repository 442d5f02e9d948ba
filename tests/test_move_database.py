"""The whole database moved to another one holds the same, value by value, and the old one stays as it was."""

import datetime
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from environ import Env

from faq.models import Topic
from portal.operating import moving
from portal.operating.moving import OF_THE_TARGET
from portal.operating.tables import count_all, opened
from portal.publishing import audit
from portal.publishing.models import AuditEntry, Change, Source

from . import databases

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def empty(
    template: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Any]:
    """A database with its tables and nothing in them: its folder and name, to copy."""
    folder, name = tmp_path_factory.mktemp("empty"), f"empty-{worker_id}"
    with django_db_blocker.unblock(), databases.database(name, folder) as url:
        with databases.connected(url):
            call_command("migrate", verbosity=0)
        yield folder, name


@pytest.fixture
def target(site: str, empty: Any, worker_id: str) -> Iterator[str]:
    folder, name = empty
    with databases.database(f"target-{worker_id}", folder, like=name) as url:
        yield url


def moved(url: str) -> str:
    said = StringIO()
    call_command("move_database", to=url, stdout=said)
    return said.getvalue()


def manage(url: str, *command: str) -> None:
    """In a process of its own: this one speaks to one kind of database."""
    environment = {**os.environ, "DATABASE_URL": url, "PORTAL_DEV": "1"}
    subprocess.run([sys.executable, "manage.py", *command], cwd=databases.ROOT, env=environment, check=True)


def content(url: str) -> dict[str, Any]:
    with closing(opened(Env.db_url_config(url))) as there:
        return {name: told for name, told in count_all(there).items() if name not in OF_THE_TARGET}


@pytest.fixture
def awkward(site) -> None:
    """Values that the two kinds of database keep in ways of their own."""
    midnight = datetime.datetime(2026, 3, 8, 2, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
    told = {"z": [1.0, 1e3, 0.1, None, True], "a": {"ü": "“naïve” \n\t\\ 'quoted' %s 日本"}, "": -0.5}
    Change.objects.create(verb="change", model="faq.topic", row=1, about="Ärger", after=told, proposed_at=midnight)
    Change.objects.create(
        verb="change", model="faq.topic", row=1, about="Noon", proposed_at=midnight.replace(microsecond=7)
    )
    Source.objects.create(title="Ends with blanks  ", as_of=datetime.date(1, 1, 1))
    User.objects.create_user("Ünal", last_login=None, is_active=False)


def test_nothing_is_lost_between_two_databases_of_one_kind(site, target, awkward):
    before = content(site)
    assert f"{sum(told.rows for told in before.values())} rows" in moved(target)
    assert content(target) == before == content(site)
    with databases.connected(target):
        assert databases.never_counted() == []


def test_from_one_kind_to_the_other_and_back_all_values_stay(site, target, awkward, tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("This machine’s tests have one kind of database; .ci/run tries both.")
    before, file = content(site), f"sqlite:///{tmp_path / 'moved.sqlite3'}"
    manage(file, "migrate", "-v0")
    moved(file)
    assert content(file) == before
    manage(file, "move_database", "--to", target)
    assert content(target) == before


def test_rows_that_come_later_get_new_numbers(site, target):
    """The audit trail names rows by number, also those that are gone."""
    topic = Topic.objects.create(name="Gone")
    audit.note("removed", topic, by=None)
    number = topic.pk
    topic.delete()
    moved(target)
    with databases.connected(target):
        assert Topic.objects.create(name="Next").pk == number + 1
        AuditEntry.objects.create(verb="went on")
        with pytest.raises(Exception, match="only grows"):
            AuditEntry.objects.update(verb="forged")


def test_a_target_that_holds_anything_is_refused(site, target):
    with databases.connected(target):
        Topic.objects.create(name="Theirs")
    with pytest.raises(CommandError, match="isn’t empty: faq_topic"):
        moved(target)


def test_a_target_without_tables_is_refused_with_what_to_do(site, tmp_path, worker_id):
    with (
        databases.database(f"bare-{worker_id}", tmp_path) as url,
        pytest.raises(CommandError, match="needs the same tables"),
    ):
        moved(url)


def test_an_address_that_is_none_is_refused(site):
    with pytest.raises(CommandError, match="like DATABASE_URL"):
        moved("portal.sqlite3")


def test_what_the_target_refuses_leaves_it_empty(site, target):
    """A key that leads nowhere, which SQLite takes from whoever switches its checks off."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys=OFF")
        else:
            cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE faq_question SET topic_id = 999999")
    before = content(target)
    with pytest.raises(CommandError, match="doesn’t take the content"):
        moved(target)
    assert content(target) == before


def test_a_change_while_it_is_copied_is_noticed(site, target, monkeypatch):
    before, really = content(target), moving._carry_on_numbers

    def late(*args: Any) -> None:
        with closing(opened(Env.db_url_config(site))) as other, other.cursor() as cursor:
            cursor.execute("INSERT INTO faq_topic (name, \"order\") VALUES ('Late', 99)")
        really(*args)

    monkeypatch.setattr(moving, "_carry_on_numbers", late)
    with pytest.raises(CommandError, match="still running"):
        moved(target)
    assert content(target) == before
