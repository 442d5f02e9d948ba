"""Who counts as signed in before anything is made for a request."""

import datetime

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils import timezone

from portal.serving import sessions
from portal.serving.sessions import is_signed_in

from .conftest import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_transaction(monkeypatch):
    """The connection is handed on after each question, but a test keeps the one that it wrote by."""
    monkeypatch.setattr(sessions, "close_old_connections", lambda: None)


def named(key):
    return is_signed_in({"HTTP_COOKIE": f"csrftoken=abc; sessionid={key}; other=1"})


def test_somebody_who_signed_in_and_did_not_sign_out(editor):
    browser = sign_in(editor)
    key = browser.cookies["sessionid"].value
    assert named(key)
    browser.post("/account/logout/")
    assert not named(key)


def test_nobody_by_a_session_that_ended_or_is_of_a_stranger(editor):
    key = sign_in(editor).cookies["sessionid"].value
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    stranger = SessionStore()
    stranger["page"] = "one"
    stranger.create()
    assert not named(key) and not named(stranger.session_key)


@pytest.mark.parametrize("key", ["made-up", "", "x" * 5000, "\0", "%00", '"', "é", "' OR 1=1 --", "__class__"])
def test_nobody_by_words_that_somebody_made_up(key):
    assert not named(key)


def test_nobody_without_a_cookie_and_while_the_database_is_away(editor, monkeypatch):
    key = sign_in(editor).cookies["sessionid"].value

    def away(*args):
        raise DatabaseError

    assert not is_signed_in({}) and not is_signed_in({"HTTP_COOKIE": "sessionid"})
    monkeypatch.setattr(SessionStore, "load", away)
    assert not named(key)
