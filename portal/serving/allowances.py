"""How much of a process one client may take by asking for what can be made up without end: a search, a narrowed list,
a page that was never written.

While a page is rendered, the interpreter gives finished pages a turn only now and then, so that every reader waits for
whoever asks for one such page after another, at however few connections. So each client has a second of rendering at
once, and a small part of the time from then on. Pages as they are don't count: there are only so many of them.
"""

import math
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied

from portal.pages.clients import network_of

from .asked import is_for_programs


def counted_client(environ: Mapping[str, Any]) -> str | None:
    """Whose request it is; nobody’s in particular where the network doesn’t tell, as behind a socket of files. None
    where it does not count: of programs, only those do that have a limit at all.
    """
    if is_for_programs(environ.get("PATH_INFO", "")) and not settings.API_REQUESTS_PER_MINUTE:
        return None
    try:
        return network_of(environ)
    except PermissionDenied:
        return ""


class Allowances:
    """Seconds of the processor that each client took, as the moment until which it has paid for them. Whoever does not
    count (None) has no limit.
    """

    #: Seconds that a client may take at once, beyond its part of the time: what some eighty searches cost.
    AT_ONCE = 1.0
    #: How many clients are remembered. Whoever has that many addresses gets past this limit, not past that of all.
    CLIENTS = 10_000

    def __init__(self, percent: float) -> None:
        """``percent`` of the time; 0 allows everything."""
        self._part = percent / 100
        self._paid: dict[str, float] = {}
        self._lock = threading.Lock()

    def used_up(self, client: str | None) -> bool:
        debt = self._paid.get(client, 0) - time.monotonic() if client is not None else 0
        return debt > 0 and debt * self._part > self.AT_ONCE

    @contextmanager
    def of(self, client: str | None, *, most: float = math.inf) -> Iterator[None]:
        """Count what is done inside as this client’s, up to so many seconds."""
        before = time.thread_time()
        try:
            yield
        finally:
            if self._part and client is not None:
                self._spend(client, min(time.thread_time() - before, most))

    def _spend(self, client: str, seconds: float) -> None:
        with self._lock:
            now = time.monotonic()
            paid = max(self._paid.pop(client, 0), now) + seconds / self._part
            if len(self._paid) >= self.CLIENTS:
                self._paid = {one: until for one, until in self._paid.items() if until > now}
            if len(self._paid) < self.CLIENTS:
                self._paid[client] = paid
