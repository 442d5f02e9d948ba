"""What version of the content there is now, asked at every request and so without Django's layers.

On SQLite a look at memory that all its processes share, and a SELECT after each commit. On PostgreSQL a thread of each
process hears of each change as it is committed, and asks once a second in case it missed one; a request only looks at
what it heard.
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

from .wal_index import SHM, WalIndex

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


class SqliteVersion:
    """Looks whether the file had a commit since the last answer (``wal_index.py``), and asks the file itself if so, by
    a connection for each thread that only reads. Without such an index every request asks.
    """

    LOOK = 0.5  # seconds between two looks at whether another file was put in its place

    def __init__(self, path: str) -> None:
        self.path = path
        self._mine = _Asker()
        self._looking = threading.Lock()
        self._looked = 0.0
        self._file = 0, 0
        self._index: WalIndex | None = None
        #: What the file answered last, while its index was headed so.
        self._known: tuple[WalIndex, bytes, int] | None = None
        self._keepers: list[sqlite3.Connection] = []  # never closed: SQLite would remove the index with the last one

    def now(self) -> int:
        moment = time.monotonic()
        if moment - self._looked > self.LOOK and self._looking.acquire(blocking=not self._looked):
            try:
                self._look()
            finally:
                self._looked = moment
                self._looking.release()
        index, known = self._index, self._known
        if index is None:
            return self._ask()
        header = index.header()  # before anything is asked: a commit in between makes the next request ask again
        if known is not None and known[1] == header and known[0] is index:
            return known[2]
        number = self._ask()
        self._known = index, header, number
        return number

    def age(self) -> float | None:
        """Every request asks, so it is of now or unknown."""
        try:
            self.now()
        except VersionUnknown:
            return None
        return 0.0

    def _ask(self) -> int:
        mine, file = self._mine, self._file
        try:
            if mine.cursor is None or mine.file != file:
                mine.cursor, mine.file = self._connected().cursor(), file
            return mine.cursor.execute(ASK).fetchall()[0][0]
        except (OSError, sqlite3.Error, IndexError) as error:
            mine.cursor = None
            raise VersionUnknown from error

    def _connected(self) -> sqlite3.Connection:
        address = f"file:{quote(self.path)}?mode=ro"
        return sqlite3.connect(address, uri=True, timeout=0.1, check_same_thread=False)

    def _look(self) -> None:
        """Find the index of the file that is there now."""
        try:
            file = _identity(self.path)
            if file == self._file and self._index and self._index.file == _identity(self.path + SHM):
                return
            self._index, self._file = None, file
            keeper = self._connected()
            keeper.execute(ASK).fetchall()  # from the first question on, SQLite leaves the index in its place
            index = WalIndex(self.path)
            if _identity(self.path) == file and _identity(self.path + SHM) == index.file:
                self._keepers.append(keeper)
                self._index = index
        except (OSError, ValueError, sqlite3.Error):
            self._index, self._file = None, (0, 0)


def _identity(path: str) -> tuple[int, int]:
    stat = os.stat(path)
    return stat.st_dev, stat.st_ino


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
                with psycopg.connect(**self.connect | {"autocommit": True}) as connection:
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
    """The version of the database of a Django connection, heard with its certificates and time-outs."""
    if connection.vendor == "postgresql":
        return PostgresVersion(connection.get_connection_params())
    return SqliteVersion(str(connection.settings_dict["NAME"]))
