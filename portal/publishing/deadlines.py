"""Reading from a server until a moment and no longer, whatever trickles in.

A timeout of a socket counts the seconds between two bytes, so a server that sends one now and then could hold us for
hours, and within its headers we would not even see it.
"""

import http.client
import io
import socket
import time
from functools import partial
from typing import Any


class TooSlow(Exception):  # noqa: N818 - it is an answer, not an error
    """The moment has come."""


class _Line(io.RawIOBase):
    """The bytes of a socket. It waits for the next one as long as the socket does, but not beyond the moment."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self.sock, self.until, self.patience = sock, until, sock.gettimeout()
        self.raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TooSlow
        self.sock.settimeout(left if self.patience is None else min(left, self.patience))
        try:
            return self.raw.readinto(buffer)
        except TimeoutError:
            if time.monotonic() < self.until:
                raise
            raise TooSlow from None

    def close(self) -> None:
        self.raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, until: float, sock: socket.socket, *args: Any, **told: Any) -> None:
        line: Any = io.BufferedReader(_Line(sock, until))
        super().__init__(sock, *args, **told)
        self.fp.close()
        self.fp = line


def until(moment: float, connection: type[Any]) -> type[Any]:
    """A kind of connection whose answers are read until a moment, as ``time.monotonic`` counts. Else ``TooSlow``."""
    return type(connection.__name__, (connection,), {"response_class": staticmethod(partial(_Response, moment))})
