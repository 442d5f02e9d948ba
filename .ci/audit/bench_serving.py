"""``make bench-serving``: what finished pages cost, beside a program that only hands out the same bytes.

Servers are the same (granian, one worker, the flags of ``make run``) and take turns, round by round, since machines
have moods: ratios hold, requests per second do not. Then what must never happen is counted: an old page after a
commit, and readers who wait while somebody asks for made-up addresses. Needs wrk. ROUNDS and MINUTES change its length.
"""

import http.client
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from tests import load  # noqa: E402
from tests.machine import pace  # noqa: E402

HERE = Path(__file__).parent
CONNECTIONS, SECONDS = 64, 2
ROUNDS = int(os.environ.get("ROUNDS", "5"))
MINUTES = float(os.environ.get("MINUTES", "0.5"))
COMMITS, READS = 100, 100
#: Those of ``make run``.
FLAGS = re.search(r"--workers 1 (.*--no-ws)", (ROOT / "Makefile").read_text())[1]  # type: ignore[index]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(program: str, **environment: str) -> Iterator[tuple[int, int]]:
    """A server for a program; its port and the process id of its worker."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", *FLAGS.split(), program]
    path = os.pathsep.join((str(ROOT), str(HERE)))
    env = os.environ | {"PYTHONPATH": path} | environment
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                status, _, _ = fetched(port, "/about/")
                if status < 500:
                    break
            except OSError:
                time.sleep(0.1)
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        yield port, int(children[-1]) if children else server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


NGINX = """
daemon off; pid {folder}/pid; error_log {folder}/log; worker_processes 1; {user}
events {{ worker_connections 512; }}
http {{
    access_log off;
    proxy_cache_path {folder}/pages keys_zone=pages:1m;
    proxy_temp_path {folder}/parts; client_body_temp_path {folder}/bodies;
    fastcgi_temp_path {folder}/a; uwsgi_temp_path {folder}/b; scgi_temp_path {folder}/c;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{portal};
            proxy_set_header Host $http_host;
            proxy_cache pages; proxy_cache_key $uri$http_accept_encoding; proxy_cache_valid 200 1h;
            proxy_ignore_headers Cache-Control Vary; proxy_cache_lock on;
        }}
    }}
}}
"""


@contextmanager
def behind_nginx(portal: int, folder: Path) -> Iterator[tuple[int, int]]:
    """nginx with a cache of its own before the portal, which keeps each page for an hour, whatever changes."""
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, portal=portal, user=user))
    server = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with suppress(OSError):
                fetched(port, "/about/")
                break
            time.sleep(0.1)
        worker = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()[0]
        yield port, int(worker)
    finally:
        server.terminate()
        server.wait(20)


def fetched(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    told = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read()
    connection.close()
    return answer.status, told, body


def requests_per_second(port: int, path: str, headers: list[str]) -> float:
    """Requests per second that wrk reaches."""
    asked = [part for header in headers for part in ("-H", header)]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *asked, f"http://127.0.0.1:{port}{path}"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told and "If-None-Match" not in " ".join(headers):
        sys.exit(f"{path}: not every answer was a page.\n{told}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]


def cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ratios(page: str, portal: tuple[int, int], others: dict[str, tuple[int, int]], kinds: dict[str, list[str]]) -> None:
    """Rounds in which each server has its turn with each kind of request."""
    print(f"\n{page} at {CONNECTIONS} connections, medians of {ROUNDS} rounds of {SECONDS} s")
    print(f"{'':10}{'requests/s':>12}{'CPU µs':>9}   ratio of requests to others (of CPU)")
    for kind, headers in kinds.items():
        found: dict[str, list[tuple[float, float]]] = {}
        for _ in range(ROUNDS):
            for name, (port, process) in {"portal": portal, **others}.items():
                before = cpu_seconds(process)
                rate = requests_per_second(port, page, headers)
                found.setdefault(name, []).append((rate, (cpu_seconds(process) - before) / (rate * SECONDS) * 1e6))
        ours = found.pop("portal")
        told = []
        for name, theirs in found.items():
            rate = statistics.median(a[0] / b[0] for a, b in zip(ours, theirs, strict=True))
            cpu = statistics.median(a[1] / b[1] for a, b in zip(ours, theirs, strict=True))
            told.append(f"{name} {rate:.2f} ({cpu:.2f})")
        rate, cpu = (statistics.median(one[part] for one in ours) for part in (0, 1))
        print(f"{kind:10}{rate:12,.0f}{cpu:9.0f}   {', '.join(told)}")


# What must never happen ---------------------------------------------------------------------


def old_pages(port: int, database: str) -> None:
    """Commit a new line of the site again and again, and read it at once from many connections."""
    with closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as writer:
        before = writer.execute("SELECT tagline FROM pages_sitesettings").fetchone()[0]

        def commit(line: str) -> None:
            writer.execute("UPDATE pages_sitesettings SET tagline = ?", (line,))

        found = load.after_commits([port], commit, commits=COMMITS, reads=READS, at_once=True)
        commit(before)
    print(f"\nOld pages among {found.number:,} reads after {COMMITS} commits: {found.old}")


def waits(port: int, seconds: float) -> list[float]:
    """How long a reader waits, one page after another, in milliseconds."""
    found, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.monotonic()
        status, _, _ = fetched(port, random.choice(("/", "/about/", "/therapies/", "/cancers/melanoma/")))  # noqa: S311
        if status != 200:
            sys.exit(f"A finished page was answered with {status}.")
        found.append((time.monotonic() - start) * 1000)
    return found


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def made_up_addresses(port: int, process: int) -> None:
    idle = p95(waits(port, 5))
    script = HERE / "made_up.lua"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", "-d20s", "-s", str(script), f"http://127.0.0.1:{port}"]
    crawler = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    time.sleep(1)
    busy = p95(waits(port, 15))
    crawler.wait()
    start = time.monotonic()
    while p95(waits(port, 0.5)) > 3 * idle and time.monotonic() - start < 30:
        pass
    after = time.monotonic() - start
    print(
        f"Made-up addresses at {CONNECTIONS} connections: readers of pages wait {busy:.1f} ms (95 %), alone "
        f"{idle:.1f} ms: {busy / idle:.1f} times; "
        f"after it {after:.1f} s until they do again; {load.resident(process)} MB in the worker"
    )


def mixed_load(port: int, process: int) -> None:
    """Fifty requests a second for pages and narrowed lists, while every ten seconds something is published."""
    found = load.mixed(port, process, os.environ, seconds=MINUTES * 60)
    print(
        f"{MINUTES:g} minutes of 50 requests a second, {found.published} texts published: {len(found.times):,} "
        f"requests, {len(found.faults)} faults, 95 % within {p95(found.times):.1f} ms, half within "
        f"{statistics.median(found.times):.1f} ms; finished pages 95 % within {p95(found.hits):.1f} ms; "
        f"memory {', '.join(map(str, found.memory))} MB"
    )
    print("\n".join(found.faults[:10]))


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("This benchmark needs wrk (on Debian: apt-get install wrk).")
    database = str(Path(os.environ["PORTAL_VAR"]) / "portal.sqlite3")
    page = "/therapies/pembrolizumab/"
    with ExitStack() as stack:
        portal = stack.enter_context(serving("portal.wsgi:application", TICK_EVERY="0"))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kinds = {"brotli": ["Accept-Encoding: br"], "gzip": ["Accept-Encoding: gzip"], "plain": []}
        for name, headers in kinds.items():
            sent = dict(header.split(": ") for header in headers)
            (folder / name).write_bytes(fetched(portal[0], page, **sent)[2])
        etag = fetched(portal[0], page, Accept_Encoding="br")[1]["etag"]
        kinds["304"] = ["Accept-Encoding: br", f"If-None-Match: {etag}"]
        others = {
            "bare": stack.enter_context(serving("bare_bytes:application", BARE_BYTES=str(folder))),
            "Django's middleware": stack.enter_context(
                serving("django_cached:application", TICK_EVERY="0", PAGE_CACHE_MB="0")
            ),
        }
        if shutil.which("nginx"):
            (kept := folder / "nginx").mkdir()
            others["nginx"] = stack.enter_context(behind_nginx(portal[0], kept))
        else:
            print("nginx is not here, so its cache was left out.")
        for port, _ in (portal, *others.values()):
            fetched(port, page)
        print(pace())
        ratios(page, portal, others, kinds)
        old_pages(portal[0], database)
        mixed_load(*portal)
        made_up_addresses(*portal)  # last: readers have the crawler’s address here, and with it what it owes


if __name__ == "__main__":
    main()
