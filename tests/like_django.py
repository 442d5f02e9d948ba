"""What tests of ``portal/serving/`` put behind it: something like Django, and a version that a test sets."""

import threading
from collections import Counter

from portal.serving.versions import VersionUnknown

PAGE = b"<html><body><main>" + b"words " * 200 + b"</main></body></html>"


class Content:
    """A version that a test sets."""

    number: int | None = 1

    def now(self) -> int:
        if self.number is None:
            raise VersionUnknown
        return self.number


class Site:
    """Something like Django, which counts what it is asked."""

    status, headers, body = "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("X-Frame-Options", "DENY")], PAGE

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.seen: list[dict] = []
        self.wait = threading.Event()
        self.wait.set()

    def __call__(self, environ, start):
        self.asked[f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"] += 1
        self.seen.append(environ)
        self.wait.wait(10)
        start(self.status, self.headers)
        return [self.body]
