"""SQLite's part of backup and restore: a consistent copy while others write, and a copy put in the database's place."""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from .faults import OperatingFault
from .tables import TableDigest, count_all, opened

FILE = "database.sqlite3"


def size(connection: BaseDatabaseWrapper) -> int:
    return Path(connection.settings_dict["NAME"]).stat().st_size


def dump(connection: BaseDatabaseWrapper, path: Path) -> None:
    """Copy what ``connection`` sees. Inside ``unchanging`` it is one moment, and others go on writing."""
    source: Any = connection.connection
    with closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # or whoever reads it leaves two more files beside


def check(path: Path, counted: Mapping[str, TableDigest]) -> None:
    """Read a copy from end to end. Raises OperatingFault unless it holds exactly what was counted."""
    copy = opened({"ENGINE": "django.db.backends.sqlite3", "NAME": f"{path.resolve().as_uri()}?mode=ro&immutable=1"})
    try:
        with copy.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            said = [line for (line,) in cursor.fetchall()]
        found = count_all(copy) if said == ["ok"] else {}
    finally:
        copy.close()
    if said != ["ok"] or found != counted:
        wrong = sorted(name for name in {*found, *counted} if found.get(name) != counted.get(name))
        raise OperatingFault(f"{path} isn’t a whole copy of the database: {'; '.join(said)}; {', '.join(wrong)}.")


def others(connection: BaseDatabaseWrapper) -> bool:
    """Whether somebody else has the database open. If nobody has, all of it is in one file afterwards."""
    connection.close()
    place = Path(connection.settings_dict["NAME"])
    if not place.exists():
        return False
    with closing(sqlite3.connect(place, timeout=1)) as alone:
        try:
            alone.execute("PRAGMA journal_mode=DELETE")  # SQLite allows it to whoever is alone
        except sqlite3.OperationalError:
            return True
        except sqlite3.DatabaseError:  # it is damaged: whoever reads it next says so
            return False
    return False


def restore(dump: Path, connection: BaseDatabaseWrapper, counted: Mapping[str, TableDigest]) -> None:
    """The copy takes the database's place in one step, once it was read where it will be."""
    place = Path(connection.settings_dict["NAME"])
    fresh = place.with_name(f".{place.name}.restoring")
    try:
        fresh.touch(mode=0o600)
        shutil.copyfile(dump, fresh)
        check(fresh, counted)
        with fresh.open("rb+") as written:
            os.fsync(written.fileno())
        connection.close()
        for beside in ("-wal", "-shm"):
            place.with_name(place.name + beside).unlink(missing_ok=True)
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)
