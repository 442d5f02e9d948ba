"""How long ago FDA's sources were looked at, for staff and for readers."""

import datetime

import pytest
from django.utils import timezone

from therapies.models import Batch, WatchedFile

from .. import fda_files as files
from .. import fda_server as fda
from ..imports import keep
from .quiet_day import NOTICES, OPDIVO, label, standing_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = datetime.timedelta(days=1)


def test_a_source_is_as_fresh_as_what_was_looked_at_longest_ago(watched):
    WatchedFile.objects.filter(address=OPDIVO).update(checked_at=timezone.now() - 9 * DAY)
    assert standing_of("openfda-label").looked_on == timezone.localdate() - 9 * DAY


def test_an_address_that_never_answered_leaves_its_source_unchecked(watched, desk, data_editor):
    WatchedFile.objects.filter(address=OPDIVO).update(checked_at=None)
    label = standing_of("openfda-label")
    assert label.unseen == 1 < label.number and label.looked_on is None and label.is_late
    assert "Not yet checked in full." in desk(data_editor).get("/desk/watch/").content.decode()


def test_it_rises_for_staff_and_readers_are_told(watched, settings, desk, data_editor, editor, client):
    settings.FDA_WATCH_CONTACT = "desk@portal.example"
    dana = desk(data_editor)
    assert "not checked lately" not in dana.get("/admin/").content.decode()
    assert "Not checked since" not in client.get("/about/freshness/").content.decode()
    old = timezone.now() - 4 * DAY
    WatchedFile.objects.filter(kind="oncology-notices").update(checked_at=old, trouble="FDA’s server turned us away.")
    Batch.objects.filter(kind="oncology-notices").update(read_at=old)
    page = dana.get("/admin/").content.decode()
    day = f"{timezone.localtime(old):%B} {timezone.localtime(old).day}, {timezone.localtime(old).year}"
    assert "FDA’s sources not checked lately" in page
    assert f"Not checked since {day}. FDA’s server turned us away." in page
    public = client.get("/about/freshness/").content.decode().replace("\n", " ")
    assert "Not checked since <time" in public and "newer decisions may be missing here" in public
    assert "turned us away" not in public, "what went wrong is for staff"
    assert "not checked lately" not in desk(editor).get("/admin/").content.decode()


def test_what_was_never_checked_is_one_line_until_somebody_tried(server, watch, desk, data_editor):
    dana = desk(data_editor)
    page = dana.get("/admin/").content.decode()
    assert page.count("Never checked here") == 1 and "Never checked here." not in page
    server.moods[NOTICES] = fda.failing(403)
    watch()
    assert "Never checked here. FDA’s server refused to answer us (403)." in dana.get("/admin/").content.decode()


def test_a_whole_file_that_somebody_uploads_is_a_look_too(desk, data_editor):
    assert standing_of("oncology-notices").looked_at is None
    keep(files.notices(), by=data_editor)
    assert standing_of("oncology-notices").looked_at is None, "one notice is not all of them"
    Batch.objects.update(rows_read=300)
    assert not standing_of("oncology-notices").is_late
    keep(label(), by=data_editor)
    assert standing_of("openfda-label").looked_at is None, "one label is not all of them"


def test_an_old_release_tells_of_its_own_days(data_editor):
    keep(files.purple_book(files.keytruda()), by=data_editor, edition="2025-02")
    Batch.objects.update(rows_read=2_058)
    old = standing_of("purple-book")
    assert old.looked_on == datetime.date(2025, 2, 28) and old.is_late


def test_the_desk_says_whether_the_watch_is_on(desk, data_editor, settings):
    dana = desk(data_editor)
    assert "The watch is off" in dana.get("/desk/watch/").content.decode()
    settings.FDA_WATCH_CONTACT = "desk@portal.example"
    assert "Once a day, the site asks" in dana.get("/desk/watch/").content.decode()
