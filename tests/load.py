"""Readers of a running server: those who ask right after a commit, and many who ask while somebody publishes.

Tests run them for seconds, ``make bench-serving`` for as long as MINUTES says.
"""

import http.client
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
#: Pages for the mixed load: mostly finished ones, and some lists that somebody narrows.
PAGES = ("/", "/about/", "/faq/", "/therapies/", "/approvals/", "/cancers/melanoma/", "/glossary/")
LISTS = ("/therapies/?cancer=melanoma", "/approvals/?year=2019", "/therapies/?on=2019-02-28")


class Answer(NamedTuple):
    status: int
    body: bytes
    #: Whether it was a finished page from memory: others get a name, by which their line in the log is found.
    is_hit: bool


class Reader:
    """One connection for each server that stays open, as a browser's does."""

    def __init__(self) -> None:
        self._open: dict[int, http.client.HTTPConnection] = {}

    def get(self, port: int, path: str) -> Answer:
        known = self._open.get(port) or http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._open[port] = known
        try:
            known.request("GET", path)
            answer = known.getresponse()
            return Answer(answer.status, answer.read(), answer.getheader("X-Request-ID") is None)
        except (OSError, http.client.HTTPException):
            self._open.pop(port).close()
            raise


# After a commit ----------------------------------------------------------------------------


@dataclass
class Reads:
    number: int = 0
    old: int = 0
    #: How long it took after each commit until every server showed it, in seconds.
    lags: list[float] = field(default_factory=list)


def after_commits(
    ports: Sequence[int], commit: Callable[[str], None], *, commits: int, reads: int, at_once: bool
) -> Reads:
    """Commit a new line of the site again and again, and read a page that shows it, ``reads`` times in four threads.

    Where a server has to hear of a change (``at_once`` is false), reads begin when all of them have, and none may show
    the old line after that.
    """
    found, local, first = Reads(), threading.local(), Reader()

    def old(line: str) -> int:
        local.reader = reader = getattr(local, "reader", None) or Reader()
        bodies = [reader.get(ports[number % len(ports)], "/about/").body for number in range(reads // 4)]
        return sum(line.encode() not in body for body in bodies)

    with ThreadPoolExecutor(4) as threads:
        for number in range(commits):
            line = f"Line {number} of {time.time_ns()}"
            commit(line)
            done = time.monotonic()
            while not at_once and not all(line.encode() in first.get(port, "/about/").body for port in ports):
                if time.monotonic() - done > 30:
                    raise AssertionError(f"A server has not heard of commit {number}.")
            found.lags.append(time.monotonic() - done)
            found.old += sum(threads.map(old, [line] * 4))
            found.number += reads // 4 * 4
    return found


# While somebody publishes ------------------------------------------------------------------


@dataclass
class Load:
    times: list[float] = field(default_factory=list)  # milliseconds
    hits: list[float] = field(default_factory=list)  # those of finished pages among them
    faults: list[str] = field(default_factory=list)
    published: int = 0
    memory: list[int] = field(default_factory=list)  # megabytes, at the beginning, in the middle and at the end


@contextmanager
def publishing(environment: Mapping[str, str], every: float) -> Iterator[list[str]]:
    """Somebody who publishes; the lines that were told so far."""
    command = [sys.executable, "-m", "tests.publishing_on", str(every)]
    desk = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    told: list[str] = []
    ear = threading.Thread(target=lambda: told.extend(desk.stdout or ()), daemon=True)
    ear.start()
    try:
        yield told
        if desk.poll() is not None:
            raise AssertionError("Publishing ended by itself.")
    finally:
        desk.terminate()
        desk.wait()
        ear.join()


def mixed(
    port: int, process: int, environment: Mapping[str, str], *, seconds: float, rate: float = 50, every: float = 10
) -> Load:
    """``rate`` requests a second from 25 readers for pages and narrowed lists, while somebody publishes."""
    found, asked = Load(), [*PAGES * 6, *LISTS]

    def read(end: float) -> None:
        reader, gap = Reader(), 25 / rate
        moment = time.monotonic() + random.random() * gap  # noqa: S311
        while (now := time.monotonic()) < end:
            time.sleep(max(0, moment - now))
            moment = max(moment + gap, time.monotonic())  # who was kept waiting does not ask twice at once
            begun, path = time.monotonic(), random.choice(asked)  # noqa: S311
            try:
                answer = reader.get(port, path)
                told, is_hit = str(answer.status), answer.is_hit
            except (OSError, http.client.HTTPException) as error:
                told, is_hit = f"{type(error).__name__} {error}", False
            took = (time.monotonic() - begun) * 1000
            found.times.append(took)
            if is_hit:
                found.hits.append(took)
            if told != "200":
                found.faults.append(f"{path}: {told}")

    for path in (*PAGES, *LISTS):
        Reader().get(port, path)
    with publishing(environment, every) as published:
        end = time.monotonic() + seconds
        readers = [threading.Thread(target=read, args=(end,)) for _ in range(25)]
        for one in readers:
            one.start()
        for _ in range(3):
            time.sleep(max(0, (end - time.monotonic()) / 2) if found.memory else seconds / 10)
            found.memory.append(resident(process))
        for one in readers:
            one.join()
    found.published = len(published)
    return found


def resident(process: int) -> int:
    """Memory of a process in megabytes."""
    told = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(told[1]) // 1024 if told else 0
