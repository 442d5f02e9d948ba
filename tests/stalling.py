"""A way to a database on which the test can stop everything that is said, without a word to either side."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Way:
    """Hands on what both sides say. While it is stalled, whatever is said is taken and goes nowhere yet."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._to = parts.hostname or "127.0.0.1", parts.port or 5432
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._flowing = threading.Event()
        self._flowing.set()
        netloc = f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{self._server.getsockname()[1]}"
        self.url = parts._replace(netloc=netloc).geturl()
        threading.Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        self._flowing.clear()

    def flow(self) -> None:
        self._flowing.set()

    def close(self) -> None:
        self.flow()
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                one = self._server.accept()[0]
                other = socket.create_connection(self._to)
                for ends in ((one, other), (other, one)):
                    threading.Thread(target=self._hand_on, args=ends, daemon=True).start()

    def _hand_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError), one, other:
            while said := one.recv(65536):
                self._flowing.wait()
                other.sendall(said)
            other.shutdown(socket.SHUT_RDWR)


@contextmanager
def stalling(url: str) -> Iterator[Way]:
    way = Way(url)
    try:
        yield way
    finally:
        way.close()
