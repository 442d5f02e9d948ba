"""The number that tells whoever holds finished pages that readers would see something else now."""

import re

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from faq.models import Question
from portal.pages.models import SiteSettings, TakePartLink
from portal.publishing import actions, content_version
from portal.publishing.models import ContentVersion, Edition, Source
from therapies.models import Indication, Therapy

from .conftest import ANSWER
from .public import EXAMPLES, FIXED, feeds

pytestmark = pytest.mark.django_db


def number() -> int:
    connection.check_constraints()  # on PostgreSQL, what waits for the end of the transaction happens now
    return ContentVersion.objects.get().number


class Raised:
    """Whether the number is another after a piece of work."""

    def __enter__(self):
        if connection.vendor == "postgresql":
            connection.cursor().execute("SELECT set_config('portal.raised_in', '', true)")  # as in a new transaction
        self.before = number()
        return self

    def __exit__(self, *error):
        self.was = number() > self.before


def written(question, *, by):
    edition = actions.start_draft(question, by=by)
    actions.save_draft(edition, by=by, change_note="A test asked for it.", **ANSWER)
    actions.submit(edition, by=by)
    return edition


def test_a_published_text_raises_it_and_a_draft_does_not(question, editor, reviewer):
    with Raised() as drafted:
        edition = written(question, by=editor)
    assert not drafted.was
    with Raised() as published:
        actions.publish(edition, by=reviewer)
    assert published.was
    with Raised() as unpublished:
        actions.unpublish(Edition.objects.get(pk=edition.pk), by=reviewer, because=actions.WHY_UNPUBLISHED[0])
    assert unpublished.was


def test_the_sources_of_a_draft_do_not_raise_it_and_those_of_a_published_text_do(question, editor, reviewer, client):
    def tag():
        return client.get("/data/files/topics.csv")["ETag"]

    sources = list(Source.objects.all()[:2])
    number()  # what made the question has raised it by now
    with Raised() as published:
        edition = actions.publish(written(question, by=editor), by=reviewer)
        edition.sources.set(sources)
    before = tag()
    with Raised() as drafted:
        draft = actions.start_draft(question, by=editor)
        actions.save_draft(draft, by=editor, change_note="Another.", sources=sources[:1])
    assert published.was and not drafted.was and tag() == before
    for work in edition.sources.clear, lambda: edition.sources.add(sources[0]):
        with Raised() as of_published:
            work()
        assert of_published.was


@pytest.mark.parametrize("model", [Therapy, Indication, Source, SiteSettings, TakePartLink])
def test_whatever_writes_a_row_that_readers_see_raises_it(model):
    row = model._default_manager.first()
    column = {SiteSettings: "tagline", TakePartLink: "label", Source: "title", Indication: "note", Therapy: "note"}[
        model
    ]
    with Raised() as found, connection.cursor() as cursor:
        table, key = model._meta.db_table, model._meta.pk.column
        cursor.execute(f"UPDATE {table} SET {column} = 'Raw SQL' WHERE {key} = %s", [row.pk])  # noqa: S608
    assert found.was


def test_what_is_taken_back_leaves_it():
    with Raised() as found, transaction.atomic():
        Source.objects.update(official=False)
        transaction.set_rollback(True)
    assert not found.was


@pytest.mark.slow
def test_every_table_that_public_pages_read_is_followed(client):
    from_pages = CaptureQueriesContext(connection)
    with from_pages:
        for address in (*EXAMPLES, *(one[0] for one in feeds().values())):
            client.get(address)
        for name in FIXED:
            client.get(reverse(name))
        client.get("/therapies/pembrolizumab/?on=2019-02-28")
        client.get("/nothing-here/")
    read = {
        name
        for query in from_pages.captured_queries
        for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])
        if name != content_version.TABLE
    }
    assert len(read) > 20
    assert read <= set(content_version.tables(connection))


def test_no_table_is_without_its_triggers_and_a_migration_makes_them_anew():
    assert content_version.missing(connection) == []
    content_version.leave(connection)
    assert content_version.missing(connection) == content_version.tables(connection)
    call_command("migrate", verbosity=0)
    assert content_version.missing(connection) == []


def test_tables_of_staff_alone_are_not_followed():
    followed = content_version.tables(connection)
    assert {"publishing_auditentry", "publishing_saveddraft", "publishing_presence"}.isdisjoint(followed)
    assert {"faq_question_therapies", "publishing_edition_sources", "publishing_page"} <= set(followed)
    assert Question._meta.db_table in followed
