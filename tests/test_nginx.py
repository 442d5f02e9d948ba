"""nginx with our file in front of the portal: what it passes on, keeps out, and whom it lets in."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from .databases import database, server
from .ports import answering, free_port
from .served import served

FILE = Path(__file__).parents[1] / "deploy" / "nginx.conf"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("nginx") or not shutil.which("openssl"), reason="nginx is not on this machine"),
    pytest.mark.skipif(type(server()).__name__ == "Postgres", reason="one database is enough for what stands before"),
]


@contextmanager
def in_front_of(portal: int, folder: Path) -> Iterator[int]:
    """The port of an nginx that leads to a port, by our file with a certificate of the day."""
    files = f"-keyout {folder}/privkey.pem -out {folder}/fullchain.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=portal.example.org {files}"
    subprocess.run(command.split(), check=True, capture_output=True)
    text, port = FILE.read_text().replace("127.0.0.1:8000", f"127.0.0.1:{portal}"), free_port()
    for known, here in (("/etc/letsencrypt/live/portal.example.org", folder), ("/var/log/nginx", folder)):
        text = text.replace(known, str(here))
    text = re.sub(r"    listen \[::\].*\n", "", text).replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds) + f"error_log {folder}/error.log;\n"
    user = "user root;\n" if os.geteuid() == 0 else ""  # the folder is for this user alone
    (folder / "nginx.conf").write_text(f"{user}daemon off;\npid {folder}/pid;\nevents {{}}\nhttp {{\n{own}{text}\n}}\n")
    started = ["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    with answering(subprocess.Popen(started), port):
        yield port


@pytest.fixture(scope="module")
def door(template, tmp_path_factory, worker_id):
    folder = tmp_path_factory.mktemp("nginx")
    with (
        database(f"nginx-{worker_id}", folder, like=template) as url,
        served(url, folder, BEHIND_PROXY="1", ALLOWED_HOSTS="portal.example.org,127.0.0.1") as portal,
        in_front_of(portal.port, folder) as port,
    ):
        yield port


def ask(port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str):
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    with closing(http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=anybody)) as connection:
        connection.request(method, path, body, {"Host": "portal.example.org"} | headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def test_it_passes_pages_on(door):
    status, headers, body = ask(door, "/about/", **{"Accept-Encoding": "gzip"})
    assert status == 200 and headers["content-encoding"] == "gzip" and body[:2] == b"\x1f\x8b"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert ask(door, "/about/", **{"If-None-Match": headers["etag"], "Accept-Encoding": "gzip"})[0] == 304
    assert ask(door, "/livez")[0] == 200


def test_a_whole_hospital_signs_in_from_one_address_within_a_minute(door):
    assert [ask(door, "/account/login/")[0] for _ in range(60)] == [200] * 60


def test_a_stranger_sends_no_large_body_and_staff_do(door):
    for path, status in (("/my-visit/", 413), ("/account/login/", 413), ("/desk/files/", 403)):  # 403: no token
        assert ask(door, path, "POST", b"x" * 70_000)[0] == status


def test_no_header_passes_that_a_server_takes_for_one_of_the_proxy(door):
    named = ask(door, "/nowhere/", **{"X_Request_ID": "made-up", "X-Request-ID": "made-up"})[1]["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", named)
