"""Rendering by Django, a few pages at once and with a short queue: whoever would wait for long is told so at once.

Requests that were given up are rendered like others, since nobody tells a WSGI program. So a queue must stay short, or
new readers would wait behind pages that nobody reads any more.
"""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.csp import build_policy

from portal.pages.api import problems
from portal.pages.headers import DEFAULTS

from .asked import is_for_programs

Application = Callable[[dict[str, Any], Any], Any]
RETRY_AFTER = "5"  # seconds


class TooBusy(Exception):  # noqa: N818 - it is an answer, not an error
    """More wait than can be served soon."""


class Rendered(NamedTuple):
    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Limits(NamedTuple):
    """How many renders go on at once, how many more may wait, and for how many seconds. ``lingering`` more stand for a
    moment to see whether a place gets free: whoever asks without end then asks a few times a second, not thousands.
    """

    at_once: int
    waiting: int
    seconds: float
    lingering: int = 0

    @property
    def threads(self) -> int:
        """How many of a server's threads they take at most."""
        return self.at_once + self.waiting + self.lingering


class Slots:
    """Places for renders within limits."""

    MOMENT = 0.25  # seconds that somebody lingers

    def __init__(self, limits: Limits) -> None:
        self._free = threading.Semaphore(limits.at_once)
        self._places = threading.Semaphore(limits.at_once + limits.waiting)
        self._lingering = threading.Semaphore(limits.lingering)
        self._seconds = limits.seconds
        self._limits = limits

    def taken(self) -> tuple[int, int]:
        """How many places are taken, and how many requests wait for one."""
        in_use = self._limits.at_once - self._free._value
        return in_use, max(0, self._limits.at_once + self._limits.waiting - self._places._value - in_use)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold one of them. Raises TooBusy."""
        if not self._places.acquire(blocking=False):
            self.linger(lambda: self._places.acquire(timeout=self.MOMENT))
        try:
            if not self._free.acquire(timeout=self._seconds):
                raise TooBusy
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._places.release()

    def linger(self, for_what: Callable[[], bool]) -> None:
        """Stand for a moment in which something may come, if not too many do. Raises TooBusy if it does not."""
        if not self._lingering.acquire(blocking=False):
            raise TooBusy
        try:
            if not for_what():
                raise TooBusy
        finally:
            self._lingering.release()


class HeldAnswer:
    """An answer that is made while it is sent. It has its place among the streams until somebody closes it."""

    def __init__(self, parts: Any, place: ExitStack) -> None:
        self._parts, self._place = parts, place

    @classmethod
    def of(cls, application: Application, environ: dict[str, Any], start: Any, streams: Slots) -> "HeldAnswer":
        """Raises TooBusy."""
        with ExitStack() as place:
            place.enter_context(streams.one())
            parts = application(environ, start)
            return cls(parts, place.pop_all())

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)

    def close(self) -> None:
        with self._place:
            if close := getattr(self._parts, "close", None):
                close()


def rendered(application: Application, environ: dict[str, Any]) -> Rendered:
    """The whole answer of Django to a request without a body."""
    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
        told[:] = status, headers

    parts = application(environ | {"wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0"}, start)
    try:
        body = b"".join(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    status, headers = told
    return Rendered(status, headers, body)


@cache
def _apology(*, sent: bool) -> bytes:
    return render_to_string("503.html", {"sent": sent}).encode()


@cache
def _of_a_refusal() -> list[tuple[str, str]]:
    """The headers that all have, put together once: a crawler gets thousands."""
    told = DEFAULTS | {"Content-Security-Policy": build_policy(settings.SECURE_CSP)}
    return [("Retry-After", RETRY_AFTER), ("Cache-Control", "no-store"), *told.items()]


def too_busy(environ: dict[str, Any], start: Any) -> list[bytes]:
    """Say so, and to whoever sent a form that nothing of it was saved."""
    if is_for_programs(environ.get("PATH_INFO", "")):
        body, kind = problems.body("busy", problems.KINDS["busy"].about), problems.CONTENT_TYPE
    else:
        body, kind = _apology(sent=environ["REQUEST_METHOD"] == "POST"), "text/html; charset=utf-8"
    start("503 Service Unavailable", [("Content-Type", kind), ("Content-Length", str(len(body))), *_of_a_refusal()])
    return [body]
