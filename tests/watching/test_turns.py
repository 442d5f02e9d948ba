"""When the watch asks, and that one turn at a time does."""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from therapies.models import WatchTurn
from therapies.watch import watching

from .. import fda_server as fda
from .quiet_day import later

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_one_turn_at_a_time(watch, server):
    other = WatchTurn.objects.create()
    assert watch() == ["Another process is asking FDA right now, so this one left it at that."]
    assert server.asked == []
    WatchTurn.objects.filter(pk=other.pk).update(alive_at=timezone.now() - datetime.timedelta(minutes=16))
    watch()
    assert server.asked, "a turn whose process is gone holds up nobody"


def test_a_turn_ends_whatever_happens(server, monkeypatch):
    def broken(self, source):
        raise RuntimeError
        yield

    monkeypatch.setattr(watching.Looking, "at", broken)
    with pytest.raises(RuntimeError):
        list(watching.watch(fda.LocalClient(server)))
    assert WatchTurn.objects.filter(is_under_way=True).count() == 0


def test_the_clock_asks_once_a_day_and_only_where_the_watch_is_on(server, settings, monkeypatch):
    monkeypatch.setattr(watching, "FdaClient", lambda contact: fda.LocalClient(server))
    assert list(watching.watch_when_due()) == [] and server.asked == [], "it is off unless somebody turns it on"
    settings.FDA_WATCH_CONTACT = "desk@portal.example"
    assert list(watching.watch_when_due())
    asked = len(server.asked)
    assert list(watching.watch_when_due()) == [] and len(server.asked) == asked
    later(hours=25)
    assert list(watching.watch_when_due()) and len(server.asked) == 2 * asked


def test_the_command_asks_now(server, settings, monkeypatch):
    settings.FDA_WATCH_CONTACT = "desk@portal.example"
    command = "therapies.management.commands.fda_watch.FdaClient"
    monkeypatch.setattr(command, lambda contact: fda.LocalClient(server))
    out = StringIO()
    call_command("fda_watch", stdout=out)
    assert "Labels at openFDA: new batch 2 answers from api.fda.gov." in out.getvalue()
    call_command("fda_watch", stdout=out)
    assert WatchTurn.objects.count() == 2


def test_nothing_is_asked_before_fda_knows_whom_to_write_to(settings):
    settings.FDA_WATCH_CONTACT = ""
    with pytest.raises(CommandError, match="Set FDA_WATCH_CONTACT"):
        call_command("fda_watch")
