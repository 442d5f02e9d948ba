"""A server that plays FDA on this machine, with all its moods. No test asks the real one."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from urllib3 import HTTPConnectionPool

from portal.publishing import fetching
from portal.publishing.fetching import Client
from therapies.watch.fda_client import FdaClient

#: What an address does with a question: it sends an answer by itself.
type Mood = Callable[["Question"], None]


class Question(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "FdaServer"

    def do_GET(self) -> None:
        address = f"https://{self.headers['Host']}{self.path}"
        self.server.asked.append((address, dict(self.headers)))
        self.server.moods.get(address, nothing)(self)

    def give(self, content: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass


class FdaServer(ThreadingHTTPServer):
    """What is at each address, and what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Question)
        self.moods: dict[str, Mood] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def handle_error(self, *args: Any) -> None:
        """The other side hung up, as it should where an answer has no end."""

    def addresses(self) -> list[str]:
        return [address for address, _ in self.asked]


@contextmanager
def playing_fda() -> Iterator[FdaServer]:
    server = FdaServer()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class Local(Client):
    """Asks the server of this machine, whatever the host. All that is checked before that is as ever."""

    def __init__(self, server: FdaServer, **changed: Any) -> None:
        super().__init__("desk@portal.example", **({"pause": 0, "seconds": 5} | changed))
        self.port = server.server_port

    def pool(self, host: str, ip: str) -> HTTPConnectionPool:
        return HTTPConnectionPool("127.0.0.1", self.port)


class LocalClient(Local, FdaClient):
    pass


def at_public_address(monkeypatch: Any) -> None:
    """Every name leads to an address that all the world can reach, without asking anybody."""
    monkeypatch.setattr(fetching, "looked_up", lambda host: ["23.72.1.1"])


# Moods ------------------------------------------------------------------------------------------------------


def nothing(question: Question) -> None:
    question.give(b'{"error": {"code": "NOT_FOUND", "message": "No matches found!"}}', 404)


def holding(content: bytes, etag: str = "", last_modified: str = "") -> Mood:
    """Gives its content, and says where nothing is new."""

    def mood(question: Question) -> None:
        marks = {"ETag": etag, "Last_Modified": last_modified}
        sent = {name: value for name, value in marks.items() if value}
        known = question.headers["If-None-Match"] or question.headers["If-Modified-Since"]
        if known and known in (etag, last_modified):
            question.give(b"", 304, **sent)
        else:
            question.give(content, **sent)

    return mood


def failing(status: int, **headers: str) -> Mood:
    return lambda question: question.give(b"", status, **headers)


def moved_to(address: str, status: int = 302) -> Mood:
    return failing(status, Location=address)


def saying_sorry(question: Question) -> None:
    """A page where data should be, with a friendly status."""
    question.give(b"<!DOCTYPE html><html><title>FDA Apology</title><p>We apologize for the inconvenience.</html>")


def breaking_off(content: bytes) -> Mood:
    """Announces more than comes."""

    def mood(question: Question) -> None:
        question.give(content[: len(content) // 2], Content_Length=str(len(content)))
        question.close_connection = True

    return mood


DRIPPING = 6  # seconds that an answer drips at least, if nobody leaves it


def dripping(question: Question) -> None:
    """A byte now and then, without end."""
    question.send_response(200)
    question.end_headers()
    question.close_connection = True
    for _ in range(DRIPPING * 50):
        try:
            question.wfile.write(b" ")
        except OSError:
            return
        time.sleep(0.02)


def dripping_headers(question: Question) -> None:
    """A line of the header now and then, without end."""
    question.close_connection = True
    question.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(90):
        try:
            question.wfile.write(b"X-%d: 1\r\n" % number)
        except OSError:
            return
        time.sleep(DRIPPING / 90)


def bomb(question: Question) -> None:
    """Some kilobytes that unpack to 200 MB."""
    packed = gzip.compress(b"\0" * 1_000_000, 9) * 200  # members in a row are one stream
    question.give(packed, Content_Encoding="gzip")


def packed(content: bytes) -> Mood:
    return lambda question: question.give(gzip.compress(content), Content_Encoding="gzip")


def flooding(question: Question) -> None:
    """More than anybody reads, without saying how much."""
    question.send_response(200)
    question.end_headers()
    question.close_connection = True
    for _ in range(64):
        try:
            question.wfile.write(b"x" * 1_000_000)
        except OSError:
            return
