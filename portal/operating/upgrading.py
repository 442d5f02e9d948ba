"""What brings the database, the content, and the static files to the release that is checked out, step by step."""

import importlib.metadata
import re
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from . import backups, verifying
from .faults import OperatingFault
from .tables import filled

PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", re.M)
SAME_AGAIN = "Nothing was changed. {}, then run manage.py upgrade again."
PACKAGES = SAME_AGAIN.format("Run pip install --require-hashes -r requirements.lock")
SETTINGS = SAME_AGAIN.format("Correct the settings")
ROOM = SAME_AGAIN.format("Make a backup possible, or name another folder with --backups")
HALF_WAY = "Correct the cause, then run manage.py upgrade again: each step can be repeated."
GO_BACK = " To go back, check out what you had (version {}) and run manage.py restore --replace {}"


def upgrade(keep_in: Path | None) -> Iterator[str]:
    """Take all steps, and tell of each. Raises OperatingFault at the first that fails."""
    hint = HALF_WAY
    yield _step("packages", _packages, PACKAGES)
    yield _step("check", lambda: _said_by("check", databases=[connection.alias])[-1], SETTINGS)
    if keep_in:
        made: list[Path] = []
        yield _step("backup", lambda: _back_up(keep_in, made), ROOM)
        hint += "".join(GO_BACK.format(backups.Manifest.read(path).version, path) for path in made)
    yield _step("migrate", _migrate, hint)
    yield _step("load_content", lambda: ", ".join(_said_by("load_content")), hint)
    yield _step("apply_roles", lambda: f"{len(_said_by('apply_roles'))} roles", hint)
    yield _step("collectstatic", lambda: _said_by("collectstatic", interactive=False)[-1], hint)
    yield _step("verify", _verify, hint)


def _step(name: str, work: Callable[[], str], hint: str) -> str:
    begun = time.monotonic()
    try:
        told = work()
    except (OperatingFault, CommandError, DatabaseError, OSError) as error:
        raise OperatingFault(f"{name} failed: {str(error).strip()}\n{hint}") from error
    return f"{name:13} {time.monotonic() - begun:5.1f} s   {told}"


def _packages() -> str:
    """Whether what requirements.txt names is installed in just that version."""
    pinned = dict(PINNED.findall((settings.BASE_DIR / "requirements.txt").read_text()))
    found = {name: _installed(name) for name in pinned}
    if wrong := [f"{name} is {found[name]}, not {pinned[name]}" for name in pinned if found[name] != pinned[name]]:
        raise OperatingFault("; ".join(wrong))
    return f"all {len(pinned)} are installed as this release names them"


def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def _back_up(folder: Path, made: list[Path]) -> str:
    if not filled(connection):
        return "there is nothing yet"
    made.append(backups.make(folder))
    return str(made[0])


def _migrate() -> str:
    before = set(backups.applied(connection))
    call_command("migrate", interactive=False, verbosity=0)
    new = sorted(set(backups.applied(connection)) - before)
    return f"{len(new)} applied" if len(new) > 5 else ", ".join(new) or "nothing to apply"


def _verify() -> str:
    looked = list(verifying.look())
    if faults := [f"{name}: {fault}" for name, found in looked for fault in found.faults]:
        raise OperatingFault("; ".join(faults))
    return ", ".join(name for name, _ in looked)


def _said_by(command: str, **options: object) -> list[str]:
    said = StringIO()
    call_command(command, stdout=said, **options)
    return [" ".join(line.split()) for line in said.getvalue().splitlines() if line.strip()]
