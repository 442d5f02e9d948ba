"""Pending changes as a queue: in order, narrowed, counted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.publishing import actions
from portal.publishing.models import Change
from therapies.models import ApprovalEvent, Cancer, Indication, Therapy, TherapyFact

from .conftest import INBOX, MARCH_1, confirm

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]


def test_every_pending_change_is_listed_with_what_would_settle_it(sam, change):
    page = sam.get(INBOX).content.decode()
    assert f"<strong>{Change.objects.pending().count()}</strong> pending" in page
    assert "What would settle it" in page and "No source" in page


def test_what_people_here_proposed_comes_first_and_what_came_with_the_portal_is_apart(sam, change):
    page = sam.get(INBOX)
    everything = Change.objects.pending().leading()
    shipped = [line.change for line in page.context["shipped"]]
    assert [line.change for line in page.context["lines"]] == [change] and shipped
    assert all(one.is_shipped for one in shipped) and shipped[0].affects_patients
    body = " ".join(page.content.decode().split())
    assert body.index("<h2>Proposed here</h2>") < body.index(change.about) < body.index("<h2>Came with the portal</h2>")
    assert f'pending, 1 proposed today. <a href="{change.get_absolute_url()}"' in body
    assert f"Came with the portal ({everything.count() - 1})</a>" in body
    only = sam.get(f"{INBOX}?by=software").context
    assert only["lines"] == [] and len(only["shipped"]) == min(50, everything.count() - 1)


def test_without_work_of_people_the_queue_says_so(sam):
    page = sam.get(INBOX).content.decode()
    assert "Nothing that people here proposed is pending." in page and "Proposed here" not in page


def test_after_the_last_change_of_people_the_next_one_is_told_to_have_come_with_the_portal(sam, change, address):
    following = Change.objects.pending().leading().in_order().exclude(pk=change.pk).first()
    answer = confirm(sam, address)
    assert answer.url == following.get_absolute_url()
    assert "This next one came with the portal." in sam.get(answer.url).content.decode()


def test_what_affects_patients_comes_first_then_the_oldest(sam, change, use, source, pending):
    end = pending(
        ApprovalEvent, indication=use, kind="withdrawn", date="2026-05-01", source=source, because="It failed."
    )
    page = sam.get(INBOX)
    lines = [line.change for line in page.context["lines"]]
    others = [one for one in lines if not one.affects_patients]
    assert lines == [*(one for one in lines if one.affects_patients), *others] and end in lines
    assert [one.proposed_at for one in others] == sorted(one.proposed_at for one in others)
    assert "Reason: It failed." in page.content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("kind=therapies.approvalevent&by=Dana", True),
        ("kind=therapies.therapyfact", False),
        ("q=PEMBRO+neuro&source=yes", True),
        ("q=pembrolizumab&by=software", False),
        ("q=pembrolizumab+withdrawn", False),
        ("source=no", False),
        ("kind=nonsense&page=-7&q=%00", False),
    ],
)
def test_filters_narrow_the_queue(sam, change, query, shown):
    page = sam.get(f"{INBOX}?{query}").content.decode()
    assert (f'href="{change.get_absolute_url()}?' in page) == shown


def test_a_group_is_one_line(sam, source, data_editor):
    told = {"by": data_editor, "source": source}
    given = {"therapy": Therapy.objects.first(), "cancer": Cancer.objects.first(), "code": "x", "setting": "Any"}
    use = actions.propose_new(Indication, given, **told)
    decision = {"indication": use, "kind": "approval", "date": MARCH_1, "source": source}
    use.lead([actions.propose_new(ApprovalEvent, decision, **told)])
    lines = [line.change for line in sam.get(f"{INBOX}?by=Dana").context["lines"]]
    assert lines == [use]
    page = sam.get(use.get_absolute_url())
    assert [section["kind"] for section in page.context["sections"]] == ["approved use", "FDA decision"]
    assert not page.context["effects"].refused


def test_the_queue_marks_what_one_proposed_oneself(desk, data_editor, change):
    assert "you: another person must confirm it" in desk(data_editor).get(f"{INBOX}?by=Dana").content.decode()


def test_the_number_of_queries_does_not_grow(sam, change, source, pending, django_assert_num_queries):
    with CaptureQueriesContext(connection) as before:
        sam.get(INBOX)
    for number in range(5):
        pending(TherapyFact, therapy=Therapy.objects.first(), kind="brand", value=f"Brand {number}", source=source)
    with django_assert_num_queries(len(before)):
        sam.get(INBOX)


def test_the_first_page_leads_to_what_affects_patients_and_the_desk_to_what_came_last(sam, change, address):
    first = Change.objects.pending().filter(affects_patients=True).first()
    assert f'<a href="{first.get_absolute_url()}">' in sam.get("/admin/").content.decode()
    assert f'<a href="{address}">' in sam.get("/desk/").content.decode()
