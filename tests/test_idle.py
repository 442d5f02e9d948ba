"""A session in use goes on; one that nobody uses ends."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.accounts import idle
from portal.pages import clock

pytestmark = pytest.mark.django_db
HOURS = 3600


@pytest.fixture
def staff(desk, editor, settings):
    settings.SESSION_COOKIE_AGE = 8 * HOURS
    client = desk(editor)
    client.get("/admin/")
    return client


def left() -> float:
    """Hours until the session ends."""
    return (Session.objects.get().expire_date - timezone.now()).total_seconds() / HOURS


def hours_pass(client, hours: float) -> None:
    session = client.session
    session["used"] -= int(hours * HOURS)
    session.save()
    Session.objects.update(expire_date=timezone.now() + datetime.timedelta(hours=8 - hours))


def test_work_at_the_desk_puts_the_end_off(staff):
    hours_pass(staff, 5)
    assert left() < 3.1
    answer = staff.get("/admin/faq/question/")
    assert left() > 7.9 and "sessionid" in answer.cookies


def test_nothing_is_written_at_each_step(staff, django_assert_num_queries):
    before = Session.objects.get().session_data
    staff.get("/admin/faq/question/")
    assert Session.objects.get().session_data == before


@pytest.mark.parametrize("address", ["/admin/faq/question/1/present/", "/", "/therapies/"])
def test_a_page_that_only_stays_open_does_not(staff, address):
    hours_pass(staff, 5)
    staff.get(address)
    assert left() < 3.1


def test_the_clock_deletes_sessions_that_ended_and_asks_once_where_none_did(staff, django_assert_num_queries):
    Session.objects.create(session_key="ended", session_data="", expire_date=timezone.now() - datetime.timedelta(1))
    clock.tick()
    assert "ended" not in Session.objects.values_list("pk", flat=True) and Session.objects.count() == 1
    with django_assert_num_queries(1):
        idle.drop_ended()
    assert staff.get("/admin/").status_code == 200


def test_whoever_comes_back_later_signs_in_again(staff):
    hours_pass(staff, 8.01)
    assert staff.get("/admin/").status_code == 302
