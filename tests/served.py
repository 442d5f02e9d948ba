"""The portal behind its real server, with the flags of ``make run``, for tests that misbehave toward it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from environ import Env

from .ports import free_port

ROOT = Path(__file__).parents[1]
FLAGS = re.search(r"--workers 1 (.*--no-ws)", (ROOT / "Makefile").read_text())[1].split()  # type: ignore[index]
type Answer = tuple[int, dict[str, str], bytes]


class Served:
    """A server of the portal on a database of its own."""

    def __init__(self, url: str, folder: Path, *, log: Path | None = None, **variables: str) -> None:
        self.database = Env.db_url_config(url)["NAME"]
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        environment = os.environ | {
            "SITE_ADDRESS": self.address,
            "DATABASE_URL": url,
            "PORTAL_DEV": "1",
            "PORTAL_VAR": str(folder),
            "TICK_EVERY": "0",
            "PORTAL_DEBUG": "0",
            "MADE_UP_PERCENT": "0",  # one address plays all readers
        }
        (folder / "static").mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", "1", *FLAGS, "tests.serving_plainly:application"]
        self.log = log or folder / "server.log"
        with self.log.open("w") as said:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment | variables, stdout=said, stderr=said)
        for _ in range(600):
            with suppress(OSError):
                self.get("/livez")
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.process.kill()
        told = self.log.read_text() if self.log.is_file() else ""  # /dev/full is read without end
        raise AssertionError(f"It ended with {self.process.wait()}. {told}")

    def get(
        self, path: str, method: str = "GET", timeout: float = 30, body: bytes | None = None, **headers: str
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with closing(connection):
            connection.request(method, path, body, headers=headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def send(self, request: bytes, *, timeout: float = 30) -> bytes:
        """What the server answers to these very bytes, until it closes or says nothing more for a moment."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as one:
            with suppress(OSError):  # it may answer and close before it has read all
                one.sendall(request)
            told = b""
            with suppress(OSError):
                while part := one.recv(65536):
                    told += part
                    one.settimeout(0.5)
            return told

    @property
    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [pid for pid in map(int, children) if "granian" in Path(f"/proc/{pid}/cmdline").read_text()] or [
            int(children[-1])
        ]

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@contextmanager
def served(url: str, folder: Path, *, log: Path | None = None, **variables: str) -> Iterator[Served]:
    one = Served(url, folder, log=log, **variables)
    try:
        yield one
    finally:
        one.end()
