"""Where the processes of a machine leave their numbers for each other.

A server has several processes, and any of them may be the one that is asked. Each leaves its numbers in a file that the
others read, and holds a lock as long as it lives, so that files of those that ended go.
"""

import contextlib
import fcntl
import json
import os
import secrets
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .samples import Sample


class Board:
    EVERY = 5.0  # seconds between two times that a process leaves its numbers

    def __init__(self, folder: Path, numbers: Callable[[], list[Sample]]) -> None:
        self.folder = folder / socket.gethostname()  # containers may share a disk; each is asked by itself
        self.numbers = numbers
        self.process = f"{os.getpid()}-{secrets.token_hex(2)}"
        self._held: Any = None
        self._ended = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._leave, name="metrics", daemon=True).start()

    def close(self) -> None:
        self._ended.set()

    def _leave(self) -> None:
        while True:
            with contextlib.suppress(OSError):  # on a full disk others see older numbers
                self.leave()
            if self._ended.wait(self.EVERY):
                return

    def leave(self) -> None:
        if self._held is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            taking = self.folder / f"{self.process}.taking"
            held = taking.open("w")
            fcntl.flock(held, fcntl.LOCK_EX)
            taking.rename(self.folder / f"{self.process}.lock")  # nobody sees it without its lock
            self._held = held
            self._tidy()
        unfinished = self.folder / f"{self.process}.new"
        unfinished.write_text(json.dumps(self.numbers()))
        unfinished.replace(self._file(self.process))

    def all(self) -> dict[str, list[Sample]]:
        """The numbers of every process that lives: of this one as they are now, of others as they last left them."""
        found = {self.process: self.numbers()}
        for lock in self.folder.glob("*.lock"):
            if (process := lock.stem) != self.process:
                with contextlib.suppress(OSError, ValueError):
                    if self._lives(lock):
                        found[process] = [Sample(*one) for one in json.loads(self._file(process).read_text())]
                    else:
                        self._remove(lock)
        return found

    def _tidy(self) -> None:
        """Remove what ended processes left, also under the name of a container that is no more."""
        for lock in self.folder.parent.glob("*/*.lock"):
            if lock.stem != self.process and not self._lives(lock):
                self._remove(lock)
        for folder in self.folder.parent.iterdir():
            with contextlib.suppress(OSError):  # it isn’t empty
                folder.rmdir()

    def _remove(self, lock: Path) -> None:
        for path in lock.parent.glob(f"{lock.stem}.*"):
            path.unlink(missing_ok=True)

    def _lives(self, lock: Path) -> bool:
        with lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _file(self, process: str) -> Path:
        return self.folder / f"{process}.json"
