"""The audit trail tells who did what, and nobody can change what it tells."""

import csv
import datetime
import io
import json

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from faq.models import Topic
from portal.pages.models import TakePartLink
from portal.publishing import actions, audit
from portal.publishing.models import AuditEntry, Change, Source
from therapies.models import ApprovalEvent

from .conftest import ANSWER
from .forms import filled, form_in


def told(row) -> list[tuple[str, str]]:
    entries = AuditEntry.objects.filter(kind=row._meta.label_lower, row=str(row.pk)).order_by("pk")
    return [(entry.name, entry.verb) for entry in entries]


def test_the_life_of_a_text_is_told(question, published, reviewer):
    live = published(question, **ANSWER)
    actions.unpublish(live, by=reviewer, because="It was out of date.")
    assert told(live) == [
        ("Edith", "drafted"),
        ("Edith", "edited"),
        ("Edith", "submitted"),
        ("Rosa", "published"),
        ("Rosa", "unpublished"),
    ]


@pytest.fixture
def change(use, source, pending):
    """A decision of FDA that somebody has entered."""
    return pending(ApprovalEvent, indication=use, kind="approval", date=datetime.date(2024, 1, 1), source=source)


@pytest.fixture
def decision(change, second_data_editor):
    """The same once it is confirmed."""
    actions.confirm(change, by=second_data_editor)
    return ApprovalEvent.objects.get(pk=change.row)


def test_the_life_of_a_fact_is_told(change, data_editor, second_data_editor, administrator):
    better = actions.amend(change, {change.pk: {"date": datetime.date(2024, 1, 2)}}, by=data_editor)
    actions.confirm(better, by=second_data_editor)
    correction = actions.propose_change(
        ApprovalEvent.objects.get(pk=better.row),
        {"date": datetime.date(2024, 1, 3)},
        by=second_data_editor,
        because="A slip.",
    )
    actions.confirm(correction, by=administrator)
    assert told(change) == [("Dana", "proposed"), ("Dana", "rejected")]
    assert told(better) == [("Dana", "proposed")]
    assert told(ApprovalEvent.objects.get(pk=better.row)) == [
        ("Sam", "confirmed"),
        ("Sam", "proposed"),
        ("Ada", "confirmed"),
    ]


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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE")
def test_the_database_refuses_to_empty_the_trail_at_once(question, published):
    published(question, **ANSWER)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # checks that wait would refuse by themselves
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {AuditEntry._meta.db_table} CASCADE")
    assert AuditEntry.objects.exists()


# At the desk ---------------------------------------------------------------------------------

LIST = "/admin/publishing/auditentry/"


@pytest.fixture
def trail(question, published, change):
    """A decision that was entered, and a text that was published."""
    published(question, **ANSWER)


def shown(page) -> list[tuple[str, str]]:
    return [(entry.name, entry.verb) for entry in page.context["cl"].result_list]


def test_an_administrator_reads_and_filters_it(trail, desk, administrator):
    client = desk(administrator)
    assert shown(client.get(LIST))[:2] == [("Rosa", "published"), ("Edith", "submitted")]
    assert shown(client.get(LIST, {"what": "published"})) == [("Rosa", "published")]
    assert {name for name, _ in shown(client.get(LIST, {"who": "Edith"}))} == {"Edith"}
    assert shown(client.get(LIST, {"of": "publishing.change", "who": "Dana"})) == [("Dana", "proposed")]
    assert shown(client.get(LIST, {"q": "Neuroblastoma"})) == [("Dana", "proposed")]
    assert len(shown(client.get(LIST, {"at__year": 1999}))) == 0
    assert "Change" in client.get(LIST).content.decode()


@pytest.mark.parametrize("who", ["editor", "reviewer", "data_editor"])
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


def test_an_entry_of_a_change_leads_to_its_screen(desk, administrator):
    change = Change.objects.pending().first()
    entry = AuditEntry.objects.filter(kind="publishing.change", row=change.pk).first()
    assert desk(administrator).get(f"{LIST}{entry.pk}/row/").url == change.get_absolute_url()


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


@pytest.mark.parametrize("cell", ['=cmd|"/c calc"!A1', "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "\uff1d1", "'=1"])
def test_no_cell_of_an_export_is_a_formula(cell, db, desk, administrator):
    AuditEntry.objects.create(verb="changed", about=cell, by=None)
    told = b"".join(desk(administrator).post(f"{LIST}export/csv/").streaming_content).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(told, newline=""))
    assert f"'{cell}" in [row["about"] for row in rows]


def test_no_cell_of_an_export_turns_its_words_round(db, desk, administrator):
    AuditEntry.objects.create(verb="changed", about="a\u202egnp.exe", by=None)
    told = b"".join(desk(administrator).post(f"{LIST}export/csv/").streaming_content).decode("utf-8-sig")
    assert "a\\u202egnp.exe" in [row["about"] for row in csv.DictReader(io.StringIO(told, newline=""))]


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
    assert AuditEntry.objects.get(kind="publishing.source", verb="changed").detail == (
        "Title: FDA letter of a test → A better title"
    )
    client.post("/admin/publishing/source/add/", filled(client.get("/admin/publishing/source/add/"), title="Another"))
    assert told(Source.objects.get(title="Another")) == [("Ada", "added")]


def test_what_a_verb_tells_is_not_told_twice(desk, administrator, question):
    client = desk(administrator)
    link = TakePartLink.objects.first()
    address = f"/admin/pages/takepartlink/{link.pk}/change/"
    client.post(address, filled(client.get(address), label="Help us"))
    assert told(link) == [("Ada", "proposed")]
    address = f"/admin/faq/question/{question.pk}/change/"
    client.post(
        address, filled(client.get(address), order=7, **{f"editions-0-{name}": words for name, words in ANSWER.items()})
    )
    assert told(question) == [("Ada", "changed")]
    assert told(question.editions.get()) == [("Ada", "drafted"), ("Ada", "edited")]


@pytest.mark.slow
def test_loading_content_is_told_when_it_brought_something(db):
    loads = AuditEntry.objects.filter(verb="loaded shipped content")
    first = loads.get()  # of when the database of these tests was filled
    assert first.name == "the software" and "text published" in first.detail
    call_command("load_content", stdout=io.StringIO())
    assert loads.get() == first


def test_a_corrected_fact_is_told_with_what_was_there_before(desk, decision, data_editor):
    client, address = desk(data_editor), f"/desk/decisions/{decision.pk}/"
    sent = form_in(client.get(address).content.decode())
    typed = {"date": "2024-02-01", "note": "A typing error.", "because": "The letter says so.", "do": "correct"}
    client.post(address, sent | typed)
    entry = audit.last(decision)
    assert (entry.verb, entry.name) == ("proposed", "Dana")
    assert "January 1, 2024 → February 1, 2024" in entry.detail and "nothing → A typing error." in entry.detail


def test_a_row_is_told_from_its_first_day_to_its_last(desk, administrator):
    client = desk(administrator)
    client.post("/admin/faq/topic/add/", filled(client.get("/admin/faq/topic/add/"), name="New topic", order=9))
    topic = Topic.objects.get(name="New topic")
    address = f"/admin/faq/topic/{topic.pk}/"
    client.post(f"{address}change/", filled(client.get(f"{address}change/")))  # changes nothing, so tells nothing
    client.post(f"{address}change/", filled(client.get(f"{address}change/"), order=8))
    client.post(f"{address}delete/", {"post": "yes"})
    assert told(topic) == [("Ada", "added"), ("Ada", "changed"), ("Ada", "deleted")]


def delete_selected(rows) -> dict:
    return {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}


@pytest.fixture
def topics(db):
    """Two that readers see nothing of."""
    return [Topic.objects.create(name=name) for name in ("One", "Another")]


def test_rows_that_are_deleted_together_are_told_one_by_one(desk, administrator, topics):
    desk(administrator).post("/admin/faq/topic/", delete_selected(topics))
    assert not Topic.objects.filter(pk__in=[topic.pk for topic in topics]).exists()
    assert [told(topic) for topic in topics] == [[("Ada", "deleted")]] * 2


def test_rows_that_readers_see_are_told_as_proposed_and_not_as_deleted(desk, administrator):
    links = list(TakePartLink.objects.all()[:2])
    desk(administrator).post("/admin/pages/takepartlink/", delete_selected(links))
    assert TakePartLink.objects.filter(pk__in=[link.pk for link in links]).count() == 2
    assert [told(link) for link in links] == [[("Ada", "proposed")]] * 2


def test_rows_that_could_not_be_deleted_are_not_told_as_deleted(desk, administrator, topics, monkeypatch):
    monkeypatch.setattr(Topic, "delete", lambda topic: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk(administrator).post("/admin/faq/topic/", delete_selected(topics))
    assert [told(topic) for topic in topics] == [[], []]


def test_a_role_that_is_set_back_to_the_table_is_told(db):
    before = AuditEntry.objects.count()
    call_command("apply_roles", stdout=io.StringIO())
    assert AuditEntry.objects.count() == before
    role = Group.objects.get(name="Editor")
    entries = len(told(role))
    role.permissions.clear()
    call_command("apply_roles", stdout=io.StringIO())
    assert told(role)[entries:] == [("the software", "changed")]


def test_names_that_anybody_tried_at_the_sign_in_are_no_choices_of_a_filter(desk, administrator, editor):
    audit.note("signed in", editor, by=editor)
    audit.note("sign-in failed", by=None, name="mallory")
    audit.note("sign-in failed", by=None, name="Edith")
    client = desk(administrator)
    page = client.get(LIST)
    who = next(spec for spec in page.context["cl"].filter_specs if spec.title == "who")
    assert [value for value, _ in who.lookup_choices] == ["Edith", "-"]
    assert shown(client.get(LIST, {"who": "Edith"})) == [("Edith", "signed in")]
    assert shown(client.get(LIST, {"who": "-"}))[:2] == [("Edith", "sign-in failed"), ("mallory", "sign-in failed")]


def test_a_filter_that_is_nonsense_exports_nothing(desk, administrator):
    response = desk(administrator).post(f"{LIST}export/csv/?at__year=never")
    assert response.status_code == 302 and response.url.startswith(LIST)
    assert not AuditEntry.objects.filter(verb="exported the audit trail").exists()


def test_a_long_detail_is_cut_in_the_list_and_whole_in_the_entry(desk, administrator, editor):
    entry = audit.note("remarked", by=editor, detail="word " * 99 + "end")
    client = desk(administrator)
    assert "word end" not in client.get(LIST).content.decode()
    assert "word end" in client.get(f"{LIST}{entry.pk}/change/").content.decode()


def test_the_desk_leads_administrators_to_it(desk, administrator, editor):
    link = f'<li><a href="{LIST}">See who did what</a></li>'
    assert link in desk(administrator).get("/admin/").content.decode()
    assert LIST not in desk(editor).get("/admin/").content.decode()


# The history of a row -------------------------------------------------------------------------


def test_the_history_of_a_page_tells_every_step_of_it_and_of_its_texts(desk, editor, reviewer, question, published):
    live = published(question, **ANSWER)
    audit.note("changed", question, by=editor, detail="order")
    actions.unpublish(live, by=reviewer, because="It was out of date.")
    page = desk(editor).get(f"/admin/faq/question/{question.pk}/history/")
    assert [(entry.name, entry.verb) for entry in page.context["action_list"]] == [
        ("Rosa", "unpublished"),
        ("Edith", "changed"),
        ("Rosa", "published"),
        ("Edith", "submitted"),
        ("Edith", "edited"),
        ("Edith", "drafted"),
    ]
    assert "Unpublished: It was out of date." in page.content.decode()


def test_the_history_of_a_fact_tells_who_proposed_and_who_confirmed_it(desk, decision, data_editor):
    page = desk(data_editor).get(f"/admin/therapies/approvalevent/{decision.pk}/history/")
    steps = [(entry.name, entry.verb) for entry in page.context["action_list"]]
    assert steps == [("Sam", "confirmed"), ("Dana", "proposed")]
