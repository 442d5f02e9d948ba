"""Backups: a folder each, with the database, the pictures, and a manifest that tells what must be in it.

A backup is written under another name, read back, and gets its own name last. So whatever has the name of a backup is
whole, also after a kill or on a full disk.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

import portal
from portal.publishing import content_version

from . import postgresql, sqlite
from .faults import OperatingFault
from .tables import TableDigest, count_all, filled, unchanging

MANIFEST = "manifest.json"
FORMAT = "portal backup 1"
NAMED = re.compile(r"portal-\d{4}-\d\d-\d\dT\d{6}\.\d{6}Z")
UNFINISHED = ".unfinished"
#: What is done otherwise on each kind of database, by Django's name of it: modules of the same functions.
ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


@dataclass(frozen=True)
class Manifest:
    format: str
    version: str
    made_at: str
    engine: str
    migrations: list[str]
    tables: dict[str, TableDigest]
    readers_see: str  # one digest of the tables that public pages read
    files: dict[str, tuple[int, str]]  # bytes and SHA-256

    @classmethod
    def read(cls, backup: Path) -> "Manifest":
        """The manifest of a backup. Raises OperatingFault if the folder has none that this release can read."""
        try:
            told = json.loads((backup / MANIFEST).read_text())
            told["tables"] = {name: TableDigest(*counted) for name, counted in told["tables"].items()}
            told["files"] = {name: (size, digest) for name, (size, digest) in told["files"].items()}
            manifest = cls(**told)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise OperatingFault(
                f"{backup} isn’t a whole backup of the portal: its {MANIFEST} can’t be read."
            ) from None
        if manifest.format != FORMAT or manifest.engine not in ENGINES:
            raise OperatingFault(f"{backup} was made by another release, which wrote it in a form of its own.")
        return manifest


def make(folder: Path) -> Path:
    """Make a backup in ``folder`` and read it back. Raises OperatingFault, and then leaves nothing of it."""
    name = f"portal-{timezone.now():%Y-%m-%dT%H%M%S.%f}Z"
    whole, unfinished = folder / name, folder / f"{name}{UNFINISHED}"
    with _private(), _alone(folder):
        try:
            if not filled(connection):  # or a night with a wrong setting would take the place of a good backup
                raise OperatingFault("There is nothing to back up. Do PORTAL_VAR and DATABASE_URL name your portal’s?")
            _ask_for_room(folder)
            unfinished.mkdir()
            _write(unfinished)
            check(unfinished)
            _settle(unfinished)
            unfinished.rename(whole)
            _sync(folder)
            if folder.is_relative_to(settings.VAR_DIR):
                hand_over(folder)
        except (OSError, DatabaseError, sqlite3.Error) as error:
            raise OperatingFault(
                f"No backup was made: {str(error).strip()}. Earlier backups are as they were."
            ) from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return whole


def check(backup: Path) -> Manifest:
    """Read all of a backup. Raises OperatingFault if any of it is missing or differs from its manifest."""
    manifest = Manifest.read(backup)
    for name, told in manifest.files.items():
        path = backup / name
        if not path.resolve().is_relative_to(backup.resolve()) or not path.is_file() or size_and_digest(path) != told:
            raise OperatingFault(f"{backup} is damaged: {name} is missing or was changed. Take another backup.")
    engine = ENGINES[manifest.engine]
    engine.check(backup / engine.FILE, manifest.tables)
    return manifest


def hand_over(*paths: Path) -> None:
    """What root made in PORTAL_VAR belongs to whoever runs the portal, who could not open it otherwise."""
    if os.geteuid() == 0:
        owner = settings.VAR_DIR.stat()
        for path in paths:
            for one in [path, *path.rglob("*")] if path.exists() else []:
                os.chown(one, owner.st_uid, owner.st_gid)


def prune(folder: Path, keep: int, made: Path) -> list[Path]:
    """Delete all but the newest backups, ``made`` among them. What else lies in the folder stays."""
    with _alone(folder):
        named = [path for path in folder.iterdir() if NAMED.fullmatch(path.name) and not path.is_symlink()]
        ours = [path for path in sorted(named, reverse=True) if path != made and _is_backup(path)]
        gone = ours[max(keep - 1, 0) :]
        for path in gone:  # under another name first, so that a kill half way leaves no half backup
            shutil.rmtree(path.rename(path.with_name(path.name + UNFINISHED)))
    return gone


def digest_of(counted: Mapping[str, TableDigest]) -> str:
    """One digest of the tables that public pages may read: equal where readers see the same content."""
    told = [(name, counted[name].digest) for name in content_version.tables(connection)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def applied(connection: BaseDatabaseWrapper) -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _write(backup: Path) -> None:
    """The database first, then the pictures: what it names is stored already, and a new one does no harm."""
    engine = ENGINES[connection.vendor]
    connection.ensure_connection()
    with unchanging(connection):
        counted, migrations = count_all(connection), applied(connection)
        engine.dump(connection, backup / engine.FILE)
    for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")):
        copy = backup / "media" / path.relative_to(settings.MEDIA_ROOT)
        if path.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(path, copy)
            except FileNotFoundError:  # somebody removed the picture just now
                copy.unlink(missing_ok=True)
    files = {
        str(path.relative_to(backup)): size_and_digest(path) for path in sorted(backup.rglob("*")) if path.is_file()
    }
    made = timezone.now().isoformat(timespec="seconds")
    seen = digest_of(counted)
    manifest = Manifest(FORMAT, portal.__version__, made, connection.vendor, migrations, counted, seen, files)
    (backup / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))


def size_and_digest(path: Path) -> tuple[int, str]:
    """Bytes of a file, and its SHA-256."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _is_backup(path: Path) -> bool:
    try:
        return bool(Manifest.read(path))
    except OperatingFault:
        return False


def _ask_for_room(folder: Path) -> None:
    """A backup that fills the disk would stop the portal, which often writes to the same one."""
    pictures = sum(path.stat().st_size for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())
    needed, free = ENGINES[connection.vendor].size(connection) + pictures, shutil.disk_usage(folder).free
    if free < needed:
        raise OSError(f"{folder} has {free // 2**20} MB free, and up to {needed // 2**20 + 1} MB are needed")


@contextmanager
def _private() -> Iterator[None]:
    """What is made within it, only its owner can read."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time in a folder. So whatever is unfinished there was left by one that was killed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise OperatingFault(f"No backup can be kept in {folder}: {error.strerror}.") from None
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for path in folder.glob(f"portal-*{UNFINISHED}"):
            if NAMED.fullmatch(path.name.removesuffix(UNFINISHED)) and not path.is_symlink():
                shutil.rmtree(path)
        yield
    except BlockingIOError:
        raise OperatingFault(f"Another backup is being made in {folder}. Try again when it is done.") from None
    finally:
        os.close(place)


def _settle(folder: Path) -> None:
    """Wait until all of it is on the disk."""
    for path in [*folder.rglob("*"), folder]:
        _sync(path)


def _sync(path: Path) -> None:
    place = os.open(path, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
