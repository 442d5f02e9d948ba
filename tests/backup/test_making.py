"""A backup holds what must be in it, of one moment, and is whole or not there."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from io import StringIO
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from faq.models import Topic
from portal.operating import backups
from portal.operating.faults import OperatingFault
from portal.publishing import audit
from portal.publishing.models import AuditEntry

from .. import databases
from .conftest import ROOT, renamed, restored, small_files

pytestmark = pytest.mark.slow


def test_a_backup_holds_the_database_the_pictures_and_what_must_be_in_it(folder, with_a_picture):
    said = StringIO()
    call_command("backup", folder, stdout=said)
    [backup] = folder.iterdir()
    manifest = backups.check(backup)
    assert str(backup) in said.getvalue()
    assert manifest.engine == connection.vendor and "publishing.0001_initial" in manifest.migrations
    assert manifest.tables["publishing_auditentry"].rows == AuditEntry.objects.count()
    files = {str(path.relative_to(backup)) for path in backup.rglob("*") if path.is_file()} - {backups.MANIFEST}
    assert files == manifest.files.keys() and sum(name.startswith("media/pictures/") for name in files) == 4


def test_nobody_but_its_owner_can_read_a_backup(folder, with_a_picture):
    backup = backups.make(folder)
    assert {path.stat().st_mode & 0o077 for path in [backup, *backup.rglob("*")]} == {0}


def test_a_digest_tells_what_readers_see_and_is_blind_to_sign_ins(folder):
    before = backups.Manifest.read(backups.make(folder)).readers_see
    User.objects.create_user("Ada")
    assert backups.Manifest.read(backups.make(folder)).readers_see == before
    Topic.objects.create(name="New")
    assert backups.Manifest.read(backups.make(folder)).readers_see != before


def test_a_backup_under_load_is_one_moment(folder):
    """Each transaction of the writer adds a row and an entry, so a moment has as many of the one as of the other."""
    written, stop = [], threading.Event()

    def write() -> None:
        while not stop.is_set():
            with transaction.atomic():
                topic = Topic.objects.create(name=f"Written {len(written)}")
                audit.note("written", topic, by=None)
            written.append(topic)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 5:
            time.sleep(0.01)
        before = len(written)
        backup = backups.make(folder)
        during = len(written) - before
    finally:
        stop.set()
        writer.join()
    restored(backup, replace=True)
    held = Topic.objects.filter(name__startswith="Written").count()
    assert during, "the writer had to wait for the whole backup"
    assert before <= held <= before + during + 1
    assert AuditEntry.objects.filter(verb="written").count() == held


@pytest.mark.parametrize("part", ["database", "picture", "manifest"])
def test_a_damaged_backup_is_noticed_and_nothing_is_restored_from_it(folder, with_a_picture, part):
    backup = backups.make(folder)
    [path, *_] = sorted(backup.glob({"database": "database.*", "picture": "media/*/*/*", "manifest": "*.json"}[part]))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content[:-1] if part == "manifest" else content)
    with pytest.raises(CommandError, match="damaged" if part != "manifest" else "isn’t a whole backup"):
        restored(backup, replace=True)
    assert list(folder.iterdir()) == [backup]


def test_the_read_back_notices_a_copy_that_lacks_a_row_although_the_digest_of_its_file_fits(folder):
    backup = backups.make(folder)
    manifest = json.loads((backup / backups.MANIFEST).read_text())
    manifest["tables"]["faq_topic"][0] += 1
    renamed(backup, tables=manifest["tables"])
    with pytest.raises(OperatingFault, match=r"isn’t a whole copy.*faq_topic"):
        backups.check(backup)


def test_a_full_disk_leaves_nothing_that_looks_like_a_backup(folder):
    first = backups.make(folder)
    with pytest.raises(OperatingFault), small_files():
        backups.make(folder)
    assert list(folder.iterdir()) == [first] and backups.check(first)


def test_a_backup_that_would_fill_the_disk_is_not_begun(folder, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=1000))
    with pytest.raises(OperatingFault, match="0 MB free"):
        backups.make(folder)
    assert list(folder.iterdir()) == []


def test_a_kill_leaves_the_last_backup_whole_and_the_next_one_clears_up(folder, site, settings):
    first = backups.make(folder)
    environment = {**os.environ, "PORTAL_DEV": "1", "PORTAL_VAR": str(settings.VAR_DIR), "DATABASE_URL": site}
    halves = 0
    for _ in range(6):
        victim = subprocess.Popen([sys.executable, "manage.py", "backup", folder], cwd=ROOT, env=environment)
        while not (begun := list(folder.glob(f"*{backups.UNFINISHED}"))) and victim.poll() is None:
            time.sleep(0.005)
        time.sleep(random.uniform(0, 0.3))  # noqa: S311 - any moment will do
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        halves += any(path.exists() for path in begun)
        assert all(backups.check(path) for path in folder.glob("portal-*Z"))
    assert halves, "no kill hit a backup half way"
    backups.make(folder)
    assert first in list(folder.iterdir()) and list(folder.glob(f"*{backups.UNFINISHED}")) == []


def test_an_empty_database_is_no_backup_that_could_push_out_a_good_one(folder, tmp_path, worker_id):
    good = backups.make(folder)
    with (
        databases.database(f"wrong-{worker_id}", tmp_path) as url,
        databases.connected(url),
        pytest.raises(CommandError, match="nothing to back up"),
    ):
        call_command("backup", folder, keep=1)
    assert list(folder.iterdir()) == [good]


def test_two_backups_at_once_do_not_take_each_other_for_a_killed_one(folder):
    with backups._alone(folder), pytest.raises(OperatingFault, match="Another backup is being made"):
        backups.make(folder)
