"""A portal with a picture, its backups, and a machine to restore them on."""

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from PIL import Image

from portal.operating import backups
from portal.publishing import actions
from portal.publishing.models import Picture

ROOT = Path(__file__).parents[2]


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
