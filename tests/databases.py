"""The databases of the tests. Each starts as a copy of one template with all tables, the shipped content and the roles.

The template takes seconds to make, so the first worker that needs it makes it and the next run takes it as it is.
Its name is a fingerprint of all that it was made from. On SQLite databases are files, and the template lies under
``var/``; on PostgreSQL it lies beside the database that ``DATABASE_URL`` names, and new ones are created from it.
"""

import datetime
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import filterfalse
from pathlib import Path
from typing import Protocol, TextIO
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from environ import Env

ROOT = Path(__file__).parents[1]
FILLED_BY = ("migrate", "load_content", "apply_roles")
TEMPLATE = "template-"
UNFINISHED = f"{TEMPLATE}unfinished"
_held: list[TextIO] = []  # locks of this process, which end with it


class Server(Protocol):
    """Where databases live."""

    def templates(self) -> list[str]: ...
    def create(self, name: str, *, like: str | None = None) -> None: ...
    def rename(self, name: str, to: str) -> None: ...
    def drop(self, name: str) -> None: ...
    def url(self, name: str) -> str: ...


class Files:
    """SQLite's databases, one file each: the templates outlive the run, the others lie in a folder of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lasting = settings.VAR_DIR / "databases"
        self.lasting.mkdir(exist_ok=True)

    def path(self, name: str) -> Path:
        return (self.lasting if name.startswith(TEMPLATE) else self.folder) / f"{name}.sqlite3"

    def templates(self) -> list[str]:
        return [path.stem for path in self.lasting.glob(f"{TEMPLATE}*.sqlite3")]

    def create(self, name: str, *, like: str | None = None) -> None:
        self.drop(name)
        if like:
            shutil.copyfile(self.path(like), self.path(name))

    def rename(self, name: str, to: str) -> None:
        self.path(name).rename(self.path(to))

    def drop(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path(name)}{suffix}").unlink(missing_ok=True)

    def url(self, name: str) -> str:
        return f"sqlite:///{self.path(name)}"


class Postgres:
    """The databases beside one that exists, with names that begin with its name."""

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)._replace(scheme="postgresql")

    def name(self, name: str) -> str:
        return f"{self.parts.path.lstrip('/')}-{name}"

    def ask(self, question: str) -> list[tuple[str]]:
        with psycopg.connect(self.parts.geturl(), autocommit=True) as server:
            cursor = server.execute(question)
            return cursor.fetchall() if cursor.description else []

    def templates(self) -> list[str]:
        names = self.ask("SELECT datname FROM pg_database")
        return [name.removeprefix(self.name("")) for (name,) in names if name.startswith(self.name(TEMPLATE))]

    def create(self, name: str, *, like: str | None = None) -> None:
        self.drop(name)
        self.ask(f'CREATE DATABASE "{self.name(name)}"' + (f' TEMPLATE "{self.name(like)}"' if like else ""))

    def rename(self, name: str, to: str) -> None:
        self.ask(f'ALTER DATABASE "{self.name(name)}" RENAME TO "{self.name(to)}"')

    def drop(self, name: str) -> None:
        self.ask(f'DROP DATABASE IF EXISTS "{self.name(name)}" WITH (FORCE)')

    def url(self, name: str) -> str:
        return self.parts._replace(path=f"/{self.name(name)}").geturl()


def server(folder: Path = Path()) -> Server:
    url = os.environ.get("DATABASE_URL", "")
    return Postgres(url) if url.startswith(("postgres", "psql")) else Files(folder)


# The template ------------------------------------------------------------------------------


def template() -> str:
    """The name of the template, which is there afterwards. Other workers wait while one makes it."""
    databases, wanted = server(), TEMPLATE + fingerprint()
    with (settings.VAR_DIR / "databases.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _held.append(_lock_of(wanted).open("w"))
        fcntl.flock(_held[-1], fcntl.LOCK_SH)
        if wanted not in databases.templates():
            drop_unused(databases)
            databases.create(UNFINISHED)
            with connected(databases.url(UNFINISHED)):
                for command in FILLED_BY:
                    call_command(command, verbosity=0, stdout=StringIO())
            databases.rename(UNFINISHED, wanted)
    return wanted


def drop_unused(databases: Server) -> None:
    """Drop the templates of code as it was, but not under a run that is going on while somebody changes code."""
    for old in filterfalse(_is_in_use, databases.templates()):
        databases.drop(old)
        _lock_of(old).unlink(missing_ok=True)


def _is_in_use(name: str) -> bool:
    with _lock_of(name).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _lock_of(name: str) -> Path:
    return settings.VAR_DIR / f"{name}.lock"


def fingerprint() -> str:
    """Of all code and content that the portal ships, of what it stands on, and of the day, which rows note."""
    folders = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    found = hashlib.sha256(str(datetime.date.today()).encode())
    for path in sorted([*files, *ROOT.glob("requirements*")]):
        content = path.read_bytes()
        found.update(f"{path.relative_to(ROOT)} {len(content)} ".encode() + content)
    return found.hexdigest()[:16]


# Copies ------------------------------------------------------------------------------------


@contextmanager
def connected(url: str) -> Iterator[None]:
    """Django's connection leads to this database."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = Env.db_url_config(url)["NAME"]
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def never_counted() -> list[str]:
    """Tables whose rows PostgreSQL never counted; tests/test_counted.py asks SQLite."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE reltuples < 0 AND relkind = 'r'"
            " AND relnamespace = current_schema()::regnamespace"
        )
        return [name for (name,) in cursor.fetchall()]


@contextmanager
def database(name: str, folder: Path, *, like: str | None = None) -> Iterator[str]:
    """The address of a new database, a copy of another or empty, which is dropped at the end."""
    databases = server(folder)
    databases.create(name, like=like)
    try:
        yield databases.url(name)
    finally:
        databases.drop(name)
