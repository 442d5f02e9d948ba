"""``/metrics``: numbers in the text form of Prometheus, for whoever has the token.

Every series bears its process, since a counter that several share would seem to jump back whenever one of them ends.
"""

import hmac
from typing import Any

from .board import Board
from .health import plain_answer
from .samples import FAMILIES, Sample


def text(of_processes: dict[str, list[Sample]]) -> str:
    """The text form, version 0.0.4: each family once, with the series of all processes."""
    lines = []
    for family, (kind, told) in FAMILIES.items():
        name = f"{family}_total" if kind == "counter" else family
        lines += [f"# HELP {name} {told}", f"# TYPE {name} {kind}"]
        for process, found in sorted(of_processes.items()):
            for sample in found:
                if sample.family == family:
                    labels = ",".join(
                        f'{key}="{value}"' for key, value in (sample.labels | {"process": process}).items()
                    )
                    lines.append(f"{family}{sample.ending}{{{labels}}} {sample.value}")
    return "\n".join(lines) + "\n"


class Metrics:
    """The program behind the address. Whoever has no token learns nothing but that there is nothing."""

    def __init__(self, token: str, board: Board) -> None:
        self._wanted = f"Bearer {token}".encode()
        self.board = board

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        sent = environ.get("HTTP_AUTHORIZATION", "").encode("latin-1", "replace")
        if not hmac.compare_digest(sent, self._wanted):
            return plain_answer(environ, start, "404 Not Found", b"Not found\n", "text/plain; charset=utf-8")
        body = text(self.board.all()).encode()
        return plain_answer(environ, start, "200 OK", body, "text/plain; version=0.0.4; charset=utf-8")
