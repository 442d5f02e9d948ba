"""``manage.py upgrade`` does all that an update needs; it stops at the first fault and says what to do."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from portal.operating import backups, upgrading
from portal.publishing.models import AuditEntry

pytestmark = pytest.mark.slow

STEPS = ["packages", "check", "backup", "migrate", "load_content", "apply_roles", "collectstatic", "verify"]


@pytest.fixture(autouse=True)
def _quick_static_files(settings, tmp_path):
    """Compressing them takes ten seconds and is WhiteNoise's."""
    settings.STATIC_ROOT, settings.STATICFILES_DIRS = tmp_path / "static", []
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]


def upgrade(said: StringIO, **options: object) -> list[str]:
    call_command("upgrade", stdout=said, **options)
    return [line.split()[0] for line in said.getvalue().splitlines()]


def test_every_step_is_told_and_a_backup_comes_first(site, settings):
    said = StringIO()
    assert upgrade(said) == [*STEPS, "Restart"]
    [backup] = (settings.VAR_DIR / "backups").iterdir()
    assert str(backup) in said.getvalue() and backups.check(backup)


def test_without_a_backup_only_if_one_says_so(site, settings, tmp_path):
    assert "backup" not in upgrade(StringIO(), no_backup=True)
    assert not (settings.VAR_DIR / "backups").exists()
    upgrade(StringIO(), backups=tmp_path / "elsewhere")
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1


def test_what_the_release_before_lacked_is_brought_up_to_date(site):
    entries = AuditEntry.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM auth_group_permissions")
    upgrade(StringIO(), no_backup=True)
    assert AuditEntry.objects.count() == entries + 4, "one for each role"


def test_a_package_of_another_version_stops_it_before_anything_changes(site, settings, monkeypatch):
    monkeypatch.setattr(upgrading, "_installed", lambda name: "0.1" if name == "Django" else "missing")
    with pytest.raises(CommandError, match=r"packages failed: Django is 0\.1, not .*\n.*pip install --require-hashes"):
        upgrade(StringIO())
    assert not (settings.VAR_DIR / "backups").exists()


def test_a_backup_that_fails_stops_it_before_anything_changes(site, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match=r"backup failed: .*\nNothing was changed"):
        upgrade(StringIO(), backups=tmp_path / "file")


def test_a_step_that_fails_later_says_how_to_go_back(site, settings, monkeypatch):
    def fail() -> str:
        raise CommandError("It broke off.")

    monkeypatch.setattr(upgrading, "_migrate", fail)
    said = StringIO()
    with pytest.raises(CommandError, match=r"migrate failed: It broke off\.") as stopped:
        upgrade(said)
    [backup] = (settings.VAR_DIR / "backups").iterdir()
    assert f"manage.py restore --replace {backup}" in str(stopped.value)
    assert "load_content" not in said.getvalue()
