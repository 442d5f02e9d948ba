"""Old backups go, and nothing else does."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.operating import backups

pytestmark = pytest.mark.slow


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
