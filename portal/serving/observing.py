"""One line for each request, with a name by which everything that is logged on its way can be found.

No line tells of the person: no address, browser, query, cookie or link that opens something. Finished pages are most
of all requests, so only some of them get a line.
"""

import logging
import re
import secrets
import time
from contextvars import ContextVar
from typing import Any

from django.conf import settings

from .counting import tally

log = logging.getLogger("portal.requests")
#: The request that this thread answers.
REQUEST: ContextVar[str] = ContextVar("request", default="")
#: Key of the environ under which whoever answers says how: hit, render, pass, busy, last copy.
KIND = "portal.kind"
HEADER = "HTTP_X_REQUEST_ID"
#: What a proxy may call a request. Anything else could break lines, or whoever reads them.
SANE = re.compile(r"[A-Za-z0-9_.-]{8,64}")
#: Seconds after which a finished page was slow.
SLOW = 0.1
LONGEST_PATH = 200


class Answering:
    """Stands in for ``start_response``: adds the name of the request to its answer, and remembers status and size."""

    def __init__(self, environ: dict[str, Any], start: Any) -> None:
        self.start = start
        self.request = _named(environ)
        self.http_status, self.size = "500", 0  # of a request that ends without an answer

    def __call__(self, status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        self.http_status = status
        self.size = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        return self.start(status, [*headers, ("X-Request-ID", self.request)], *error)


def _named(environ: dict[str, Any]) -> str:
    """What the proxy calls it. Without one, anybody could choose the name."""
    theirs = environ.get(HEADER, "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return theirs if SANE.fullmatch(theirs) else secrets.token_hex(8)


def log_request(environ: dict[str, Any], request: str, status: str, size: int, begun: float) -> None:
    """Write the line of a request."""
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
    method = environ["REQUEST_METHOD"]
    told = {
        "request": request,
        "method": method[:10],
        "path": path[:LONGEST_PATH],
        "status": int(status[:3]),
        "kind": environ.get(KIND, "pass"),
        "ms": round((time.perf_counter() - begun) * 1000, 2),
        "bytes": 0 if method == "HEAD" else size,
    }
    log.info("", extra={"fields": told})


def count(environ: dict[str, Any], status: str) -> None:
    tally.request(environ.get(KIND, "pass"), status)
