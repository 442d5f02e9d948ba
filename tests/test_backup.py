"""A backup holds one moment of the portal, is whole or isn't there, and comes back equal on an empty machine."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from faq.models import Topic
from portal.operating import backups, restoring, sqlite
from portal.operating.faults import OperatingFault, told
from portal.operating.tables import count_all
from portal.publishing import actions, audit, rooms
from portal.publishing.models import AuditEntry, Picture

from . import databases, landed
from .public import EXAMPLES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(site, tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def with_a_picture(site) -> Picture:
    picture = Picture(alt="A square", credit="A test")
    return actions.add_picture(picture, Image.new("RGB", (500, 500)), by=User.objects.create_user("Ada"))


@contextmanager
def small_files() -> Iterator[None]:
    """No file can grow beyond 100 KB, as on a disk that is full by then."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def restored(backup: Path, **options: bool) -> str:
    said = StringIO()
    call_command("restore", backup, stdout=said, **options)
    return said.getvalue()


def renamed(backup: Path, **told: object) -> None:
    """The manifest of a backup tells something else."""
    path = backup / backups.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | told))


# What a backup holds -------------------------------------------------------------------------


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


# Whole, or not there -----------------------------------------------------------------------------


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


# What is kept --------------------------------------------------------------------------------------


def test_keep_deletes_the_oldest_backups_and_nothing_else(folder):
    made = [backups.make(folder) for _ in range(3)]
    others = [folder / name for name in ("notes", "portal-2026-01-01T000000.000000Z", "portal-older")]
    for other in others:
        other.mkdir()
        (other / "mine").touch()
    (folder / "portal-2026-01-02T000000.000000Z").symlink_to(made[0])
    call_command("backup", folder, keep=2, stdout=StringIO())
    left = set(folder.iterdir())
    assert made[2] in left and not {made[0], made[1]} & left
    assert all((other / "mine").exists() for other in others)
    assert len([path for path in left if path.is_dir() and not path.is_symlink()]) == 2 + len(others)


def test_the_backup_just_made_stays_even_if_the_clock_went_back(folder):
    later = backups.make(folder)
    later = later.rename(folder / "portal-2999-01-01T000000.000000Z")
    call_command("backup", folder, keep=1, stdout=StringIO())
    [left] = folder.iterdir()
    assert left != later


def test_keeping_none_is_refused(folder):
    with pytest.raises(CommandError, match="at least one"):
        call_command("backup", folder, keep=0)


# Back again ----------------------------------------------------------------------------------------

READ = """
import json, sys, django
django.setup()
from django.test import Client
from django.test.utils import override_settings
plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=django.conf.settings.STORAGES | plain):
    print(json.dumps({path: Client().get(path).text for path in sys.argv[1:]}))
"""


def test_a_backup_comes_back_equal_on_an_empty_machine(folder, with_a_picture, settings, tmp_path, worker_id):
    """Another process, another folder, another database: the pages are the same, byte for byte."""
    paths = [*(reverse(name) for name in rooms.fixed_addresses()), *EXAMPLES]
    here = {path: Client().get(path).text for path in paths}
    counted, backup = count_all(connection), backups.make(folder)
    (tmp_path / "empty").mkdir()
    with databases.database(f"empty-{worker_id}", tmp_path / "empty") as url:
        of_it = {"PORTAL_DEV": "1", "PORTAL_VAR": str(tmp_path / "empty"), "DATABASE_URL": url}
        same = {"SITE_ADDRESS": settings.SITE_ADDRESS, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        there = {**os.environ, **of_it, **same}
        machine = {"cwd": ROOT, "env": there, "text": True, "check": True}
        subprocess.run([sys.executable, "manage.py", "restore", backup], **machine, stdout=subprocess.DEVNULL)
        read = subprocess.run([sys.executable, "-c", READ, *paths], **machine, stdout=subprocess.PIPE).stdout
        assert "pembrolizumab" in here["/therapies/pembrolizumab/"] and json.loads(read) == here
        with databases.connected(url):
            assert count_all(connection) == counted
    files = [path.relative_to(backup) for path in (backup / "media").rglob("*.webp")]
    assert files and all((tmp_path / "empty" / path).read_bytes() == (backup / path).read_bytes() for path in files)


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can give files away.")
def test_what_root_restores_belongs_to_whoever_runs_the_portal(folder, with_a_picture, settings):
    backup = backups.make(folder)
    os.chown(settings.VAR_DIR, 4321, 4321)
    restored(backup, replace=True)
    made = [path for path in settings.VAR_DIR.rglob("*") if not path.name.endswith(("-wal", "-shm"))]
    assert {path.stat().st_uid for path in made} == {4321} and len(made) > 10
    assert {path.stat().st_uid for path in folder.rglob("*")} == {os.geteuid()}


def test_what_is_there_is_replaced_only_if_one_says_so_and_is_backed_up_first(folder, settings):
    backup = backups.make(folder)
    Topic.objects.create(name="Since")
    with pytest.raises(CommandError, match=r"isn’t empty.*--replace"):
        restored(backup)
    assert Topic.objects.filter(name="Since").exists()
    restored(backup, replace=True)
    assert not Topic.objects.filter(name="Since").exists()
    [safe] = (settings.VAR_DIR / "backups").iterdir()
    restored(safe, replace=True)
    assert Topic.objects.filter(name="Since").exists()


def test_the_trail_still_only_grows_after_a_restore(folder):
    restored(backups.make(folder), replace=True)
    with pytest.raises(Exception, match="only grows"):
        AuditEntry.objects.update(verb="forged")


def test_a_database_that_is_damaged_is_never_written_over(folder):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL doesn’t start with one.")
    backup, place = backups.make(folder), Path(connection.settings_dict["NAME"])
    connection.close()
    place.write_bytes(b"no database" * 1000)
    with pytest.raises(CommandError, match="Move it away yourself"):
        restored(backup, replace=True)
    place.unlink()
    assert "equal digests" in restored(backup)


def test_a_disk_that_is_full_ends_a_restore_with_a_sentence_and_the_database_stays(folder):
    backup, before = backups.make(folder), count_all(connection)
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL writes on a disk of its own.")
    with pytest.raises(CommandError, match="can’t be read or written"), told(), small_files():
        sqlite.restore(backup / sqlite.FILE, connection, before)
    assert count_all(connection) == before
    assert list(Path(connection.settings_dict["NAME"]).parent.glob(".*")) == []


def test_new_rows_get_new_numbers_after_a_restore(folder):
    gone = Topic.objects.create(name="Gone")
    number = gone.pk
    gone.delete()
    restored(backups.make(folder), replace=True)
    assert Topic.objects.create(name="Next").pk > number


def test_nothing_is_restored_while_the_portal_runs(folder, site):
    backup, stop, open_ = backups.make(folder), threading.Event(), threading.Event()

    def serve() -> None:
        Topic.objects.count()
        open_.set()
        stop.wait()
        connection.close()

    server = threading.Thread(target=serve)
    server.start()
    try:
        open_.wait()
        with pytest.raises(CommandError, match="still running"):
            restored(backup, replace=True)
    finally:
        stop.set()
        server.join()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"version": "41.0.0"}, "Check out version 41.0.0"),
        ({"migrations": ["faq.0099_not_yet"]}, r"faq\.0099_not_yet isn’t here\. Update the portal"),
        ({"engine": "postgresql" if "sqlite" in databases.server().url("x") else "sqlite"}, "manage.py move_database"),
        ({"format": "portal backup 9"}, "another release"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence_and_nothing_is_touched(folder, told, said):
    backup, before = backups.make(folder), count_all(connection)
    renamed(backup, **told)
    with pytest.raises(CommandError, match=said):
        restored(backup, replace=True)
    assert count_all(connection) == before


def test_a_manifest_leads_to_no_file_outside_its_backup(folder, tmp_path):
    backup = backups.make(folder)
    (tmp_path / "secret").write_text("x")
    renamed(backup, files={"media/../../../secret": backups.size_and_digest(tmp_path / "secret")})
    with pytest.raises(CommandError, match="damaged"):
        restored(backup, replace=True)


def test_a_backup_made_before_an_upgrade_comes_back_as_it_was(site, folder):
    """The tables are those of an earlier release, which this one's models don't know."""
    if connection.vendor != "sqlite":
        pytest.skip("The site that ran what landed is a database of SQLite's.")
    connection.close()
    place = Path(connection.settings_dict["NAME"])
    place.unlink()
    landed.restore(landed.DUMPS[0], place)
    before, backup = count_all(connection), backups.make(folder)
    call_command("migrate", verbosity=0)
    said = restored(backup, replace=True)
    assert count_all(connection) == before and "manage.py upgrade, which applies" in said


# PostgreSQL's own programs --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "said"),
    [("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'", "too old for this server"), ("", "isn’t on this machine")],
)
def test_a_missing_or_old_pg_dump_is_told_before_anything_is_made(folder, tmp_path, monkeypatch, program, said):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs no program.")
    (tmp_path / "bin").mkdir()
    if program:
        (tmp_path / "bin/pg_dump").write_text(program)
        (tmp_path / "bin/pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(OperatingFault, match=said):
        backups.make(folder)
    assert list(folder.iterdir()) == []


NEWER = """#!/bin/sh
case "$1" in --version) echo 'pg_restore (PostgreSQL) 99.1'; exit;; esac
echo 'SET setting_of_later = 0;'
exec {real} "$@"
"""


@pytest.mark.parametrize("end", ["", "; exit 1"])
def test_a_newer_pg_restore_may_set_what_the_server_does_not_know_and_a_broken_one_changes_nothing(
    folder, tmp_path, monkeypatch, end
):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs no program.")
    backup = backups.make(folder)
    Topic.objects.create(name="Since")
    (tmp_path / "bin").mkdir()
    script = NEWER.format(real=shutil.which("pg_restore"))
    (tmp_path / "bin/pg_restore").write_text(script.replace("exec ", "").rstrip() + end if end else script)
    (tmp_path / "bin/pg_restore").chmod(0o755)
    monkeypatch.setattr(backups, "check", lambda backup: None)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    if end:
        with pytest.raises(CommandError, match="The database is as it was"):
            restored(backup, replace=True)
    else:
        restored(backup, replace=True)
    assert Topic.objects.filter(name="Since").exists() == bool(end)


def test_what_was_restored_is_checked_again(folder, monkeypatch):
    backup = backups.make(folder)
    monkeypatch.setattr(restoring, "count_all", lambda connection: {})
    with pytest.raises(CommandError, match="differs from the backup"):
        restored(backup, replace=True)
