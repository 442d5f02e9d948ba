"""Caddy with our file, as Debian ships it, in front of the portal: what it passes on, keeps out, and waits for."""

import http.client
import http.server
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from .databases import database, server
from .ports import answering, free_port
from .served import served

FILE = Path(__file__).parents[1] / "deploy" / "Caddyfile"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("caddy"), reason="Caddy is not on this machine"),
    pytest.mark.skipif(type(server()).__name__ == "Postgres", reason="one database is enough for what stands before"),
]


def caddy(verb: str, file: Path, home: Path) -> subprocess.Popen:
    command = ["caddy", verb, "--adapter", "caddyfile", "--config", str(file)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, env=os.environ | {"HOME": str(home)}, **pipes)  # type: ignore[call-overload]


@contextmanager
def in_front_of(portal: int, folder: Path) -> Iterator[int]:
    """The port of a Caddy that leads to a port, by our file without its certificate."""
    text, port = FILE.read_text().replace("127.0.0.1:8000", f"127.0.0.1:{portal}"), free_port()
    text = text.replace("portal.example.org {", f"http://127.0.0.1:{port} {{")
    (folder / "Caddyfile").write_text(text.replace("{\n\tservers", "{\n\tadmin off\n\tauto_https off\n\tservers", 1))
    with answering(caddy("run", folder / "Caddyfile", folder), port):
        yield port


@pytest.fixture(scope="module")
def door(template, tmp_path_factory, worker_id):
    folder = tmp_path_factory.mktemp("caddy")
    with (
        database(f"caddy-{worker_id}", folder, like=template) as url,
        served(url, folder, BEHIND_PROXY="1") as portal,
        in_front_of(portal.port, folder) as port,
    ):
        yield port


def ask(port: int, path: str, body: bytes | None = None, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def test_debians_caddy_takes_the_file(tmp_path):
    said, _ = caddy("validate", FILE, tmp_path).communicate(timeout=60)
    assert "Valid configuration" in said


def test_it_passes_pages_on_and_keeps_what_is_for_machines(door):
    status, headers, body = ask(door, "/about/")
    assert status == 200 and b"<main" in body
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "granian" not in str(headers).lower()
    assert [ask(door, path)[0] for path in ("/metrics", "/readyz")] == [404, 404]
    assert ask(door, "/livez")[0] == 200


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that it got."""

    def do_GET(self) -> None:
        body = json.dumps(dict(self.headers.items())).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def test_no_header_passes_that_a_server_takes_for_one_of_the_proxy(tmp_path):
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as echo,
        in_front_of(echo.server_port, tmp_path) as port,
        closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection,
    ):
        threading.Thread(target=echo.serve_forever, daemon=True).start()
        names = ("X_Forwarded_For", "X-Forwarded_Proto", "X_Forwarded-Host", "X_Request_ID", "X-Forwarded-For")
        connection.request("GET", "/", headers=dict.fromkeys(names, "made-up"))
        got = json.loads(connection.getresponse().read())
        echo.shutdown()
    assert got["X-Forwarded-For"] == "127.0.0.1" and got["X-Forwarded-Proto"] == "http"
    assert not [name for name, value in got.items() if "_" in name or value == "made-up"]


def test_it_refuses_a_large_body_from_a_stranger(door):
    status, _, body = ask(door, "/my-visit/", b"questions=" + b"x" * 70_000, "POST")
    assert status in (413, 502) and not body  # Caddy’s own word, of which 2.6 has the second; the portal never sees it


def test_forms_that_arrive_drop_by_drop_keep_nobody_waiting(door):
    """More of them than the portal has places for bodies."""
    with ExitStack() as slow:
        for _ in range(30):
            one = slow.enter_context(socket.create_connection(("127.0.0.1", door), 30))
            one.sendall(b"POST /my-visit/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nquestions=")
        time.sleep(1)
        began = time.monotonic()
        found = [ask(door, "/my-visit/", b"questions=when", "POST")[0] for _ in range(5)]
        assert 503 not in found and time.monotonic() - began < 10
        assert ask(door, "/about/")[0] == 200
