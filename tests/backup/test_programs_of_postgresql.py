"""PostgreSQL's own programs: missing, old, newer, broken."""

import os
import shutil

import pytest
from django.core.management import CommandError
from django.db import connection

from faq.models import Topic
from portal.operating import backups, restoring
from portal.operating.faults import OperatingFault

from .conftest import restored

pytestmark = pytest.mark.slow


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
