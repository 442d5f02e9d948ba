"""What version of the content there is now, asked at every request and so without Django's layers.

On SQLite one prepared SELECT a request, some microseconds. On PostgreSQL a thread of each process hears of each
change as it is committed, and asks once a second in case it missed one; a request only looks at what it heard.
"""

import logging
import os
import sqlite3
import threading
import time
from typing import Any, Protocol
from urllib.parse import quote

import psycopg

from portal.publishing.content_version import CHANNEL, TABLE

ASK = f"SELECT number FROM {TABLE}"  # noqa: S608 - a name of our own
log = logging.getLogger(__name__)


class VersionUnknown(Exception):  # noqa: N818 - it is an answer, not an error
    """The database can't be asked now."""


class Version(Protocol):
    def now(self) -> int:
        """The number of the content. Raises VersionUnknown."""

    def age(self) -> float | None:
        """How many seconds ago it was known; None if it never was."""


class _Asker(threading.local):
    """One thread's own way to the file."""

    cursor: sqlite3.Cursor | None = None
    file: tuple[int, int] = 0, 0
    looked: float = 0


class SqliteVersion:
    """Asks the file itself, by a connection for each thread that only reads."""

    LOOK = 0.5  # seconds between two looks at whether another file was put in its place

    def __init__(self, path: str) -> None:
        self.path = path
        self._mine = _Asker()

    def now(self) -> int:
        mine = self._mine
        try:
            moment = time.monotonic()
            if mine.cursor is None or moment - mine.looked > self.LOOK:
                self._look(mine, moment)
            return mine.cursor.execute(ASK).fetchall()[0][0]  # type: ignore[union-attr]
        except (OSError, sqlite3.Error, IndexError) as error:
            mine.cursor = None
            raise VersionUnknown from error

    def age(self) -> float | None:
        """Every request asks, so it is of now or unknown."""
        try:
            self.now()
        except VersionUnknown:
            return None
        return 0.0

    def _look(self, mine: _Asker, moment: float) -> None:
        stat = os.stat(self.path)
        if mine.cursor is None or mine.file != (stat.st_dev, stat.st_ino):
            connection = sqlite3.connect(f"file:{quote(self.path)}?mode=ro", uri=True, timeout=0.1)
            mine.cursor, mine.file = connection.cursor(), (stat.st_dev, stat.st_ino)
        mine.looked = moment


class PostgresVersion:
    """What a thread of this process last heard from the database."""

    POLL = 1.0  # seconds between two questions when nothing is heard
    FORGET = 3.0  # seconds after which what was heard counts no longer

    def __init__(self, connect: dict[str, Any]) -> None:
        self.connect = connect
        self._heard: tuple[int, float] | None = None
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._first = threading.Event()
        self._closed = threading.Event()

    def now(self) -> int:
        if self._thread is None:
            self._start()
        heard = self._heard
        if heard is None or time.monotonic() - heard[1] > self.FORGET:
            raise VersionUnknown
        return heard[0]

    def age(self) -> float | None:
        heard = self._heard
        return time.monotonic() - heard[1] if heard else None

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                thread = threading.Thread(target=self._listen, name="content-version", daemon=True)
                thread.start()
                self._first.wait(self.FORGET)
                self._thread = thread

    def close(self) -> None:
        """End the thread at its next look."""
        self._closed.set()

    def _listen(self) -> None:
        told = False
        while not self._closed.is_set():
            try:
                with psycopg.connect(**self.connect, autocommit=True, connect_timeout=3) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    told = False
                    while not self._closed.is_set():
                        self._ask(connection)
                        list(connection.notifies(timeout=self.POLL, stop_after=1))  # ends early when one comes
            except Exception as error:
                if not told:  # once, however long the database is away
                    log.warning("The content version can’t be read: %s", error)
                told = True
                self._first.set()
                self._closed.wait(self.POLL / 2)

    def _ask(self, connection: psycopg.Connection) -> None:
        asked = time.monotonic()
        row = connection.execute(ASK).fetchone()
        self._heard = (row[0], asked) if row else None
        self._first.set()


def of_database(connection: Any) -> Version:
    """The version of the database of a Django connection."""
    if connection.vendor == "postgresql":
        known = connection.get_connection_params()
        return PostgresVersion(
            {name: known[name] for name in ("dbname", "user", "password", "host", "port") if name in known}
        )
    return SqliteVersion(str(connection.settings_dict["NAME"]))
