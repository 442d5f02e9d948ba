"""What stands before everything else: the addresses for whoever runs the portal, then finished pages, then Django."""

import sys
import time
from itertools import count
from typing import Any

from django.conf import settings
from django.db import connection

from . import observing
from .board import Board
from .counting import tally
from .health import Health, livez, readyz
from .metrics import Metrics
from .page_cache import PageCache
from .ready import NOT_MODIFIED, FinishedAnswer
from .rendering import Application
from .samples import samples
from .versions import of_database


class Front:
    """A WSGI program. Its own addresses answer whatever the host is and whether the scheme is https or not.

    A finished page takes some microseconds, so what is done beside it must take a small part of one.
    """

    def __init__(self, application: Application, own: dict[str, Application]) -> None:
        self.application = application
        self.own = own
        self.ready = application.ready if isinstance(application, PageCache) else _nothing
        self.logs = settings.LOG_FORMAT == "json"
        #: One request in so many is logged also if it gets a finished page.
        self.every = settings.LOG_HITS if self.logs and settings.LOG_HITS > 0 else sys.maxsize
        self._turn = count(1)

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        begun = time.perf_counter()
        known = self.ready(environ)
        asks = known is None and environ["REQUEST_METHOD"] in ("GET", "HEAD")
        if asks and (answer := self.own.get(environ["PATH_INFO"])):
            return answer(environ, start)
        sampled = not next(self._turn) % self.every
        if known is None or sampled:
            return self._observed(environ, start, begun, known, sampled=sampled)
        body = known.send(environ, start)
        next(tally.unchanged if body is NOT_MODIFIED else tally.whole)
        if self.logs and time.perf_counter() - begun > observing.SLOW:
            environ[observing.KIND] = "hit"
            observing.log_request(environ, "", "304" if body is NOT_MODIFIED else "200", sum(map(len, body)), begun)
        return body

    def _observed(
        self, environ: dict[str, Any], start: Any, begun: float, known: FinishedAnswer | None, *, sampled: bool
    ) -> Any:
        """Answer with a name for the request, and log it."""
        answering = observing.Answering(environ, start)
        token = observing.REQUEST.set(answering.request)
        try:
            if known:
                environ[observing.KIND] = "hit"
                return known.send(environ, answering)
            return self.application(environ, answering)
        finally:
            observing.count(environ, answering.http_status)
            is_finished = environ.get(observing.KIND) == "hit"
            if self.logs and (sampled or not is_finished or time.perf_counter() - begun > observing.SLOW):
                observing.log_request(environ, answering.request, answering.http_status, answering.size, begun)
            observing.REQUEST.reset(token)


def _nothing(environ: dict[str, Any]) -> None:
    """Without a cache no page is ready."""


def in_front_of(application: Application) -> Front:
    """The program that a server runs. With ``PAGE_CACHE_MB=0`` no page is kept, without a token nothing is told."""
    version = of_database(connection)
    own: dict[str, Application] = {"/livez": livez, "/readyz": readyz(Health(version))}
    cache = PageCache(application, version, megabytes=settings.PAGE_CACHE_MB) if settings.PAGE_CACHE_MB else None
    if settings.METRICS_TOKEN:
        board = Board(settings.VAR_DIR / "metrics", lambda: [*samples(version, cache)])
        board.start()
        own["/metrics"] = Metrics(settings.METRICS_TOKEN, board)
    return Front(cache or application, own)
