"""A backup comes back equal on an empty machine, or nothing is touched."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from faq.models import Topic
from portal.operating import backups, sqlite
from portal.operating.faults import told
from portal.operating.tables import count_all
from portal.publishing import rooms
from portal.publishing.models import AuditEntry

from .. import databases, landed
from ..public import EXAMPLES
from .conftest import ROOT, renamed, restored, small_files

pytestmark = pytest.mark.slow


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
        same = {name: str(getattr(settings, name)) for name in ("SITE_ADDRESS", "API_REQUESTS_PER_MINUTE")}
        same |= {"DJANGO_SETTINGS_MODULE": "portal.settings"}
        there = {**os.environ, **of_it, **same}
        machine = {"cwd": ROOT, "env": there, "text": True, "check": True}
        subprocess.run([sys.executable, "manage.py", "restore", backup], **machine, stdout=subprocess.DEVNULL)
        read = subprocess.run([sys.executable, "-c", READ, *paths], **machine, stdout=subprocess.PIPE).stdout
        assert "pembrolizumab" in here["/therapies/pembrolizumab/"] and json.loads(read) == here
        with databases.connected(url):
            assert count_all(connection) == counted
            assert databases.never_counted() == []
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
