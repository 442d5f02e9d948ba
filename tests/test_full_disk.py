"""The portal on a disk that is full: readers go on, whoever saves is told that nothing was saved, no log stops it."""

import os
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from portal.publishing.models import Source

from .conftest import sign_in
from .databases import connected, database, server
from .served import served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(type(server()).__name__ == "Postgres", reason="PostgreSQL has a disk of its own"),
]
TOKEN = "a" * 32  # Django takes the same word in the cookie and in the form


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    """A disk of 64 MB, in memory."""
    folder = tmp_path_factory.mktemp("disk")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], capture_output=True)  # noqa: S607
    if made.returncode:
        pytest.skip("only root can make a disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)  # noqa: S607


@pytest.fixture(scope="module")
def portal(disk, template, worker_id):
    (disk / "secret_key").write_text(settings.SECRET_KEY)
    with database(f"full-{worker_id}", disk, like=template) as url, served(url, disk) as portal:
        portal.url = url
        yield portal


@pytest.fixture(scope="module")
def signed_in(portal, django_db_blocker):
    """The cookies of somebody who may do everything."""
    with django_db_blocker.unblock(), connected(portal.url):
        session = sign_in(User.objects.create_superuser("Ada")).cookies["sessionid"].value
    return f"sessionid={session}; csrftoken={TOKEN}"


@contextmanager
def full(disk: Path):
    """No byte more fits, until something is removed."""
    filling = disk / "filling"
    with filling.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 65_536)
    with filling.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0")
    try:
        yield
    finally:
        filling.unlink()


def added(portal, signed_in: str, title: str) -> tuple[int, str]:
    """What an administrator gets who adds a source."""
    form = {"title": title, "kind": "label", "csrfmiddlewaretoken": TOKEN, "_save": "1"}
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": signed_in}
    status, _, page = portal.get("/admin/publishing/source/add/", "POST", 60, urlencode(form).encode(), **kind)
    return status, page.decode()


def test_readers_go_on_and_whoever_saves_is_told_that_nothing_was_saved(portal, disk, signed_in, django_db_blocker):
    assert portal.get("/faq/")[0] == 200
    with full(disk):
        for path in ("/about/", "/therapies/pembrolizumab/", "/search/?q=melanoma", "/approvals/?year=2014"):
            assert portal.get(path)[0] == 200, path
        status, page = added(portal, signed_in, "While it is full")
        assert status == 503 and "nothing was saved" in page
        assert portal.get("/readyz")[0] == 503 and portal.get("/livez")[0] == 200
    status, page = added(portal, signed_in, "When there is room again")
    assert status == 302, page
    with django_db_blocker.unblock(), connected(portal.url):
        assert not Source.objects.filter(title="While it is full").exists()


def test_logs_that_nobody_can_write_stop_nothing(template, tmp_path, worker_id):
    with (
        database(f"unlogged-{worker_id}", tmp_path, like=template) as url,
        served(url, tmp_path, log=Path(os.devnull).with_name("full"), LOG_FORMAT="json", LOG_HITS="1") as portal,
    ):
        for _ in range(20):
            assert portal.get("/about/")[0] == portal.get("/therapies/?q=mab")[0] == 200
            assert portal.get("/nowhere/")[0] == 404
