"""The audit trail tells who did what, and nobody can change what it tells."""

import csv
import datetime
import io
import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.publishing import actions
from portal.publishing.models import AuditEntry, Source
from therapies.models import ApprovalEvent

from .conftest import ANSWER
from .forms import filled


def told(row) -> list[tuple[str, str]]:
    entries = AuditEntry.objects.filter(kind=row._meta.label_lower, row=str(row.pk)).order_by("pk")
    return [(entry.name, entry.verb) for entry in entries]


def test_the_life_of_a_text_is_told(question, published, reviewer):
    live = published(question, **ANSWER)
    actions.withdraw(live, by=reviewer, because="A mistake.")
    assert told(live) == [
        ("Edith", "drafted"),
        ("Edith", "edited"),
        ("Edith", "submitted"),
        ("Rosa", "published"),
        ("Rosa", "withdrawn"),
    ]


def test_the_life_of_a_fact_is_told(use, source: Source, registrar, second_registrar):
    event = ApprovalEvent(indication=use, kind="approval", date=datetime.date(2024, 1, 1), source=source)
    actions.record(event, by=registrar)
    actions.record(event, by=registrar)
    actions.confirm(event, by=second_registrar)
    assert told(event) == [("Regina", "recorded"), ("Regina", "corrected"), ("Sam", "confirmed")]


def test_what_was_refused_leaves_no_entry(question, published, editor):
    live = published(question, **ANSWER)
    before = AuditEntry.objects.count()
    with pytest.raises(actions.Refused):
        actions.review_unchanged(live, by=editor)
    assert AuditEntry.objects.count() == before


def test_the_database_refuses_to_change_or_delete_an_entry(question, published):
    published(question, **ANSWER)
    entries = AuditEntry.objects.all()
    for attempt in (lambda: entries.update(name="Nobody"), lambda: entries._raw_delete("default")):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            attempt()


# At the desk ---------------------------------------------------------------------------------

LIST = "/admin/publishing/auditentry/"


@pytest.fixture
def trail(question, published, use, source, registrar):
    """A text that was published, and a fact that was recorded."""
    published(question, **ANSWER)
    event = ApprovalEvent(indication=use, kind="approval", date=datetime.date(2024, 1, 1), source=source)
    actions.record(event, by=registrar)


def shown(page) -> list[tuple[str, str]]:
    return [(entry.name, entry.verb) for entry in page.context["cl"].result_list]


def test_an_administrator_reads_and_filters_it(trail, desk, administrator):
    client = desk(administrator)
    assert shown(client.get(LIST))[:2] == [("Regina", "recorded"), ("Rosa", "published")]
    assert shown(client.get(LIST, {"what": "published"})) == [("Rosa", "published")]
    assert {name for name, _ in shown(client.get(LIST, {"who": "Edith"}))} == {"Edith"}
    assert shown(client.get(LIST, {"of": "therapies.approvalevent"})) == [("Regina", "recorded")]
    assert shown(client.get(LIST, {"q": "Neuroblastoma"})) == [("Regina", "recorded")]
    assert len(shown(client.get(LIST, {"at__year": 1999}))) == 0
    assert "Approval event" in client.get(LIST).content.decode()


@pytest.mark.parametrize("who", ["editor", "reviewer", "registrar"])
def test_nobody_else_sees_it(trail, desk, who, request):
    client = desk(request.getfixturevalue(who))
    entry = AuditEntry.objects.first()
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{entry.pk}/row/").status_code == 403
    assert client.post(f"{LIST}export/csv/").status_code == 403


def test_nobody_changes_it_at_the_desk(trail, desk, administrator):
    client, entry = desk(administrator), AuditEntry.objects.first()
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{entry.pk}/change/", {"name": "Nobody"}).status_code == 403
    assert client.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_entry_leads_to_what_it_speaks_of(trail, desk, administrator, question):
    client = desk(administrator)
    entry = AuditEntry.objects.get(verb="published")
    assert client.get(f"{LIST}{entry.pk}/row/").url == f"/admin/faq/question/{question.pk}/change/"
    lost = AuditEntry.objects.create(verb="deleted", kind="faq.topic", row="0", about="A topic", by=administrator)
    gone = AuditEntry.objects.create(verb="changed", kind="faq.ofyore", row="1", about="A row", by=administrator)
    assert [client.get(f"{LIST}{entry.pk}/row/").status_code for entry in (lost, gone)] == [404, 404]


def test_an_export_holds_what_the_filters_leave_and_is_told_itself(trail, desk, administrator):
    client = desk(administrator)
    told = b"".join(client.post(f"{LIST}export/csv/?who=Edith").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(told.splitlines()))
    entries = AuditEntry.objects.filter(name="Edith").order_by("at", "pk")
    assert [(row["verb"], row["about"]) for row in rows] == [(entry.verb, entry.about) for entry in entries]
    assert [datetime.datetime.fromisoformat(row["at"]) for row in rows] == [
        entry.at.replace(microsecond=0) for entry in entries
    ]
    rows = json.loads(b"".join(client.post(f"{LIST}export/json/").streaming_content))
    assert len(rows) == AuditEntry.objects.count()
    last = AuditEntry.objects.first()
    assert (last.verb, last.name) == ("exported the audit trail", "Ada")
    assert client.post(f"{LIST}export/xls/").status_code == 404
    assert client.get(f"{LIST}export/csv/").status_code == 405


@pytest.mark.parametrize("cell", ['=cmd|"/c calc"!A1', "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_of_an_export_is_a_formula(cell, db, desk, administrator):
    AuditEntry.objects.create(verb="changed", about=cell, by=None)
    told = b"".join(desk(administrator).post(f"{LIST}export/csv/").streaming_content).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(told, newline=""))
    assert f"'{cell}" in [row["about"] for row in rows]


def test_the_list_asks_as_many_questions_for_a_hundred_entries_as_for_ten(
    trail, desk, administrator, django_assert_max_num_queries
):
    client = desk(administrator)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    AuditEntry.objects.bulk_create([AuditEntry(verb="edited", name=f"Somebody {i}") for i in range(90)])
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)


def test_what_is_changed_without_a_verb_is_told_with_its_fields(desk, administrator, source):
    client, address = desk(administrator), f"/admin/publishing/source/{source.pk}/change/"
    client.post(address, filled(client.get(address), title="A better title"))
    assert told(source) == [("Ada", "changed")]
    assert AuditEntry.objects.get(kind="publishing.source", verb="changed").detail == "Title"
    client.post("/admin/publishing/source/add/", filled(client.get("/admin/publishing/source/add/"), title="Another"))
    assert told(Source.objects.get(title="Another")) == [("Ada", "added")]


def test_what_a_verb_tells_is_not_told_twice(desk, registrar, administrator, use, source, question):
    client = desk(registrar)
    form = filled(client.get(f"/admin/therapies/approvalevent/add/?indication={use.pk}"))
    form |= {"indication": use.pk, "kind": "approval", "date": "2024-01-01", "precision": "day", "source": source.pk}
    client.post("/admin/therapies/approvalevent/add/", form)
    assert told(ApprovalEvent.objects.get(indication=use)) == [("Regina", "recorded")]
    client, address = desk(administrator), f"/admin/faq/question/{question.pk}/change/"
    client.post(
        address, filled(client.get(address), order=7, **{f"editions-0-{name}": words for name, words in ANSWER.items()})
    )
    assert told(question) == [("Ada", "changed")]
    assert told(question.editions.get()) == [("Ada", "drafted"), ("Ada", "edited")]


def test_loading_content_is_told_when_it_brought_something(bare):
    before = AuditEntry.objects.count()
    call_command("load_content", stdout=io.StringIO())
    entry = AuditEntry.objects.first()
    assert (entry.name, entry.verb) == ("the software", "loaded shipped content") and "text published" in entry.detail
    call_command("load_content", stdout=io.StringIO())
    assert AuditEntry.objects.count() == before + 1
