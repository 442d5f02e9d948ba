"""Static files that were not collected are found before a reader meets an error on every page."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.operating import backups, verifying
from portal.publishing import collected
from portal.serving import health
from portal.serving.health import Health

from .test_health import Known


@pytest.fixture
def empty(settings, tmp_path):
    """Static files as a server has them, in a folder that nobody has filled."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "own"]
    (tmp_path / "own").mkdir()
    for name in ("one.css", "other.txt"):
        (tmp_path / "own" / name).write_text("p {}")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "portal.serving.static_files.StaticFiles"}}


@pytest.fixture(autouse=True)
def _asked_anew():
    health.static.cache_clear()
    yield
    health.static.cache_clear()


def test_files_are_missing_until_they_are_collected_and_when_a_release_brings_more(empty, settings, tmp_path):
    assert sorted(collected.missing()) == ["one.css", "other.txt"]
    call_command("collectstatic", interactive=False, verbosity=0)
    assert collected.missing() == []
    (tmp_path / "own" / "new.css").write_text("a {}")
    assert collected.missing() == ["new.css"]


def test_where_pages_name_files_as_they_are_nothing_need_be_collected():
    assert collected.missing() == []


@pytest.mark.django_db
def test_a_portal_without_them_is_not_ready_and_verify_says_so(empty):
    assert Health(Known()).now().found["static"] == "uncollected"
    assert verifying.CHECKS["static"]().faults == [
        f"{name} wasn’t collected; run manage.py upgrade" for name in collected.missing()
    ]


@pytest.mark.slow
def test_a_restore_says_that_they_are_missing(site, empty, tmp_path):
    """They are in no backup, so the command that brings them is what comes next on another machine."""
    backup, said = backups.make(tmp_path / "kept"), StringIO()
    call_command("restore", str(backup), replace=True, stdout=said)
    assert "Next: run manage.py upgrade, which collects the static files." in said.getvalue()
