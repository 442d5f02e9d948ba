"""SQLite for a server: what one request opened, the next one uses.

At its first question a connection reads the whole schema, with every trigger: a tenth of what a page costs. Requests
that ask the database are few at a time (``page_cache.py``) and threads are many, so it is the process that keeps some.
"""

import os
from sqlite3 import Connection
from typing import Any, ClassVar

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    KEPT = 8  # connections; each takes some megabytes
    File = tuple[int, int]
    #: Those that nobody uses now, the last one first, each with the file that it is of.
    idle: ClassVar[list[tuple[Connection, File]]] = []
    _file: File | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        self._file = _identity(conn_params["database"])  # before it is opened: of an older file, it is not used again
        while self._file:
            try:
                connection, file = self.idle.pop()
            except IndexError:
                break
            if file == self._file:
                return connection
            connection.close()
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Django asks after an error. Nobody uses such a connection again."""
        return False

    def _close(self) -> None:
        connection = self.connection
        if connection is None or self._file is None or self.errors_occurred or connection.in_transaction:
            super()._close()  # type: ignore[misc]
        elif len(self.idle) < self.KEPT:
            self.idle.append((connection, self._file))
        else:
            super()._close()  # type: ignore[misc]


def _identity(path: str) -> tuple[int, int] | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
