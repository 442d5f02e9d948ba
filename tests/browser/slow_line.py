"""The portal on a slow line: a page begins late and comes in parts, so a test that reads too soon fails each time.

A quick machine shows such a mistake once in a thousand readings, and then to CI. `SLOW_LINE=1 make test` shows it.
"""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from portal.wsgi import application as quick

BEFORE, BETWEEN = 0.4, 0.1  # seconds
PARTS = 6


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    environ.pop("HTTP_ACCEPT_ENCODING", None)  # a compressed page would show nothing before its last part
    head: dict[str, str] = {}

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        head.update(headers)
        return start_response(status, headers, *rest)

    body = quick(environ, start)
    return in_parts(body) if head.get("Content-Type", "").startswith("text/html") else body


def in_parts(body: Any) -> Iterator[bytes]:
    whole = b"".join(body)
    body.close()
    time.sleep(BEFORE)
    for n in range(PARTS):
        yield whole[len(whole) * n // PARTS : len(whole) * (n + 1) // PARTS]
        time.sleep(BETWEEN)
