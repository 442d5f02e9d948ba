"""The audit trail tells who did what, and nobody can change what it tells."""

import datetime

import pytest
from django.db import DatabaseError, transaction

from portal.publishing import actions
from portal.publishing.models import AuditEntry, Source
from therapies.models import ApprovalEvent

from .conftest import ANSWER


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
