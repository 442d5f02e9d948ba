"""Whether the portal lives, and whether it is ready: for whoever starts, watches and updates it.

Both are answered in front of Django, so also when all its places are taken. ``/livez`` says that the process answers.
``/readyz`` looks at what the portal stands on, a word for each thing: nothing that an attacker could not know.
"""

import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.dateparse import parse_date

from portal.pages.headers import SERVER
from portal.publishing import collected, content_version
from portal.publishing.models import AuditEntry

from .rendering import Application
from .versions import Version, VersionUnknown

log = logging.getLogger(__name__)
OK = "ok"
#: Free bytes below which uploads, logs and SQLite's own writes are in danger.
LEAST_FREE = 200 * 2**20
#: Seconds by which the clocks of several machines may differ.
CLOCKS_DIFFER = 60


class Readiness(NamedTuple):
    """What was found, by the name of the check."""

    found: dict[str, str]

    @property
    def is_ready(self) -> bool:
        return all(word == OK for word in self.found.values())


def migrations() -> str:
    """Those of a later release don't count: while an update goes from machine to machine, older ones still serve."""
    done = MigrationRecorder(connection).applied_migrations()
    return OK if _known().issubset(done) else "missing"


@cache
def _known() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations or ())


def content(version: Version) -> str:
    try:
        version.now()
    except VersionUnknown:
        return "unknown"
    return "unfollowed" if content_version.missing(connection) else OK


def disk() -> str:
    try:
        there = os.statvfs(settings.VAR_DIR)
    except OSError:
        return "away"
    has_room = there.f_bavail * there.f_frsize >= LEAST_FREE and (there.f_favail or not there.f_files)
    return OK if has_room and os.access(settings.VAR_DIR, os.W_OK) else "full"


def clock() -> str:
    """A clock that went back would put new entries among old ones, and keep pages too long."""
    if (released := _released()) and timezone.localdate() < released:
        return "before the release"
    newest = AuditEntry.objects.order_by("-pk").values_list("at", flat=True).first()
    return "behind" if newest and (newest - timezone.now()).total_seconds() > CLOCKS_DIFFER else OK


@cache
def _released() -> Any:
    """The day of the newest version in the changelog."""
    day = re.search(r"^## \[[\d.]+\] - (\S+)", (settings.BASE_DIR / "CHANGELOG.md").read_text(), re.M)
    return parse_date(day[1]) if day else None


@cache
def static() -> str:
    """Asked once: a process reads the list of files when it starts, and never again."""
    return "uncollected" if collected.missing() else OK


class Health:
    """Runs the checks in one thread at a time, and at most once in ``KEEP`` seconds, however many ask."""

    KEEP = 5.0  # seconds that a look is good for
    PATIENCE = 2.0  # seconds after which a database that does not answer counts as away

    def __init__(self, version: Version) -> None:
        self.version = version
        self._last: tuple[float, Readiness] | None = None
        self._looking: threading.Thread | None = None
        self._lock = threading.Lock()

    def now(self) -> Readiness:
        with self._lock:
            is_looked_at = self._looking is not None and self._looking.is_alive()
            if self._last and (is_looked_at or time.monotonic() - self._last[0] < self.KEEP):
                return self._last[1]  # also while somebody waits, or whoever asks often would fill all threads
            looking = self._looking if self._looking and is_looked_at else self._begin()
        looking.join(self.PATIENCE)
        with self._lock:
            if looking.is_alive() or not self._last:
                # Nobody waits for it a second time; when it ends, its answer counts.
                self._last = time.monotonic(), Readiness({"database": "away", "disk": disk()})
            return self._last[1]

    def _begin(self) -> threading.Thread:
        self._looking = threading.Thread(target=self._look, name="readiness", daemon=True)
        self._looking.start()
        return self._looking

    def _look(self) -> None:
        """In a thread with a connection of its own, which a stalled database may hold as long as it likes."""
        found = {"database": OK, "disk": disk(), "static": static()}
        checks: dict[str, Callable[[], str]] = {
            "migrations": migrations,
            "content": lambda: content(self.version),
            "clock": clock,
        }
        try:
            for name, check in checks.items():
                found[name] = check()
        except DatabaseError:
            found["database"] = "away"
        finally:
            connection.close()
        self._last = time.monotonic(), Readiness(found)


def livez(environ: dict[str, Any], start: Any) -> list[bytes]:
    return plain_answer(environ, start, "200 OK", b"ok\n", "text/plain; charset=utf-8")


def readyz(health: Health) -> Application:
    def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
        ready = health.now()
        body = json.dumps({"ready": ready.is_ready} | ready.found).encode() + b"\n"
        return plain_answer(
            environ, start, "200 OK" if ready.is_ready else "503 Service Unavailable", body, "application/json"
        )

    return answer


def plain_answer(environ: dict[str, Any], start: Any, status: str, body: bytes, kind: str) -> list[bytes]:
    """A WSGI answer for programs: never cached, never rendered by a browser."""
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Server", SERVER),
    ]
    start(status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
