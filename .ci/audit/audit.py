"""What only outside tools can say about the portal: valid HTML and CSS (Nu), size on the wire, Lighthouse.

Started by ``make audit``, which installs the tools. The server is the one of ``make run``, with a fresh
database and the whole shipped content in a folder of its own. AUDIT=quick leaves Lighthouse out.
"""

import gzip
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import brotli
from lxml import html

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "var" / "audit"

# Views that the sitemap does not name, and how they must answer.
ALSO = {
    "/therapies/?cancer=melanoma": 200,
    "/therapies/?status=withdrawn": 200,
    "/therapies/?q=nothing+like+this": 200,
    "/therapies/?on=2019-02-28": 200,
    "/approvals/?on=2019-02-28": 200,
    "/therapies/?on=yesterday": 400,
    "/approvals/?on=2999-01-01": 400,
    "/nothing-here/": 404,
}
FIRST_VIEW, DETAIL, FONT = 40_960, 40_000, 35_000  # bytes on the wire; the font stands apart

# The ten templates that differ most. Each is seen on a phone, where Lighthouse gives a page a slow processor and a slow
# line. A desktop is spared both, and sees those of which the layout differs most there; axe opens every kind of page at
# that width (tests/browser/test_public_pages.py).
LIGHTHOUSE_PAGES = (
    *("/", "/therapies/", "/therapies/pembrolizumab/", "/cancers/melanoma/", "/approvals/"),
    *("/faq/", "/faq/side-effects/", "/immune/", "/glossary/", "/about/freshness/"),
)
ON_A_DESKTOP = ("/", "/therapies/", "/therapies/pembrolizumab/")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# A shared machine has slow moments, which cost performance alone: the best of three visits counts.
LOWEST, TRIES = (95, 100, 100, 100), 3
# Lighthouse now and then loses its own recording (NO_NAVSTART) and gives no scores: it is asked again, after a rest.
RESTS = (0, 5, 15, 30)  # seconds
# What the Nu checker says of CSS that browsers know and it does not: Anchor Positioning, container queries. And what it
# says of roles in tables whose rows stack on phones: some browsers forget what a table is when its display changes.
PASSED_OVER = re.compile(
    "CSS: “(?:anchor-name|position-anchor|position-area|position-try-fallbacks|container-type)”: Property"
    "|CSS: “top”: Parse Error"  # the place of an anchor
    "|CSS: Unrecognized at-rule “@container”"
    "|The “role” attribute must not be used on a “t[dhr]” element which has a “table” ancestor"
    "|The “(?:table|rowgroup|row|cell|columnheader|rowheader)” role is unnecessary for element"
)
FLAGS = "--headless=new --disable-gpu --disable-background-networking --disable-component-update --no-first-run"


class Server:
    """The portal on a free port of this machine."""

    def __init__(self, folder: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        # Not the caller's database, and nothing of the make that started this script.
        outer = {"DATABASE_URL", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PORTAL_DEBUG"}
        self.env = {k: v for k, v in os.environ.items() if k not in outer}
        self.env |= {"PORTAL_DEV": "1", "PORTAL_VAR": folder, "PORT": str(self.port)}

    def get(self, path: str, accept: str = "br, gzip") -> tuple[int, str, bytes]:
        """Status, content encoding, and the body as it crosses the wire."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Accept-Encoding": accept})
        response = connection.getresponse()
        found = response.status, response.headers.get("Content-Encoding", ""), response.read()
        connection.close()
        return found


@contextmanager
def running() -> Iterator[Server]:
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK, prefix="portal-") as folder, (WORK / "server.log").open("w+") as log:
        server = Server(folder)
        process = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=server.env,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            deadline = time.monotonic() + 300
            while True:
                try:
                    server.get("/robots.txt")
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > deadline:
                        log.seek(0)
                        sys.exit(f"The server did not start:\n{log.read()[-3000:]}")
                    time.sleep(0.2)
            yield server
        finally:
            for stop in (signal.SIGTERM, signal.SIGKILL):
                if process.poll() is None:
                    os.killpg(process.pid, stop)
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(15)


def plain(encoding: str, body: bytes) -> str:
    opened = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding](body)
    return opened.decode()


#: What a browser loads at once.
LOADED = (
    "//link[@rel='stylesheet' or @rel='icon' or @rel='preload' or @rel='modulepreload' or @rel='manifest']/@href"
    "|//script/@src|//img[not(@loading='lazy')]/@src|//source[not(@loading='lazy')]/@src"
)


def walk(server: Server, folder: Path) -> tuple[dict[Path, str], list[str]]:
    """Visit every page, store it and what it loads for the checker, and weigh it."""
    sitemap = plain(*server.get("/sitemap.xml")[1:])
    listed = [urlsplit(address).path for address in re.findall("<loc>(.*?)</loc>", sitemap)]
    pages = dict.fromkeys(listed, 200) | ALSO
    stored: dict[Path, str] = {}
    problems: list[str] = []
    parts: dict[str, tuple[int, list[str]]] = {}  # address of a style sheet, script … → bytes, what it loads itself
    rows = []

    def part(address: str) -> tuple[int, list[str]]:
        if address not in parts:
            status, encoding, body = server.get(address)
            if status != 200:
                problems.append(f"{address}: {status}")
            onward = []
            if (suffix := Path(urlsplit(address).path).suffix) in (".css", ".svg"):
                text = plain(encoding, body)
                path = folder / Path(urlsplit(address).path).name
                path.write_text(text)
                stored[path] = address
                if suffix == ".css":
                    onward = [urljoin(address, u) for u in re.findall(r"""url\(["']?([^"')#]+)""", text)]
            parts[address] = len(body), onward
        return parts[address]

    for number, (address, expected) in enumerate(pages.items()):
        status, encoding, body = server.get(address)
        page = plain(encoding, body)
        path = folder / f"{number:03d}.html"
        path.write_text(page)
        stored[path] = address
        if status != expected:
            problems.append(f"{address}: {status}, not {expected}")
        wanted = {urljoin(address, a) for a in html.fromstring(page).xpath(LOADED) if a and not a.startswith("data:")}
        for a in list(wanted):
            wanted.update(u for u in part(a)[1] if not u.startswith("data:"))
        fonts = {a for a in wanted if ".woff" in a}
        font = sum(part(a)[0] for a in fonts)
        rest = sum(part(a)[0] for a in wanted - fonts)
        detail = (
            address.count("/") > 2
            and "?" not in address
            and not any(other != address and other.startswith(address) for other in listed)
        )
        rows.append((len(body) + rest, len(body), rest, font, detail, address))
        if len(fonts) > 1 or font > FONT:
            problems.append(f"{address}: {len(fonts)} fonts, {font} bytes")

    print(f"\nSizes on the wire, in bytes: {len(rows)} pages, the heaviest of each kind")
    print(f"{'in all':>8} {'page':>8} {'rest':>8} {'font':>8}")
    for kind, limit in ((False, FIRST_VIEW), (True, DETAIL)):
        heaviest = sorted((r for r in rows if r[4] is kind), reverse=True)
        for whole, own, rest, font, _, address in heaviest[:5]:
            print(f"{whole:8d} {own:8d} {rest:8d} {font:8d}  {address}")
        problems += [f"{r[5]}: {r[0]} bytes, more than {limit}" for r in heaviest if r[0] > limit]
    return stored, problems


def error_page(server: Server, folder: Path) -> dict[Path, str]:
    """The page of status 500, which no address gives on purpose."""
    code = (
        "import django; django.setup(); from django.template.loader import render_to_string as r; print(r('500.html'))"
    )
    env = server.env | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    path = folder / "500.html"
    path.write_bytes(subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True, stdout=-1).stdout)
    return {path: "the page of status 500"}


def check(stored: dict[Path, str]) -> list[str]:
    """Ask the Nu checker. Errors are problems; warnings are only shown."""
    jar = WORK / "node_modules/vnu-jar/build/dist/vnu.jar"
    command = ["java", "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", "--skip-info-messages"]
    command += ["--also-check-css", "--also-check-svg", *stored]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    where = {path.resolve().as_uri().replace("file:///", "file:/"): address for path, address in stored.items()}
    seen: dict[tuple[str, str], list[str]] = {}
    for message in json.loads(found.stdout)["messages"]:
        if PASSED_OVER.match(message["message"]):
            continue
        kind = message["type"] if message["type"] != "info" else message.get("subType", "info")
        place = f"{where.get(message.get('url', ''), message.get('url'))} line {message.get('lastLine', '?')}"
        extract = " ".join(message.get("extract", "").split())
        seen.setdefault((kind, message["message"]), []).append(f"{place}: {extract}")
    print(f"\nNu checker: {len(stored)} documents")
    for (kind, text), places in sorted(seen.items()):
        print(f"{kind} × {len(places)}: {text}\n    {places[0]}")
    return [f"Nu: {text} (× {len(places)})" for (kind, text), places in seen.items() if kind != "warning"]


def lighthouse(url: str, preset: str) -> dict[str, Any]:
    flags = FLAGS + (" --no-sandbox" if os.geteuid() == 0 else "")  # Chromium's sandbox refuses root
    command = ["node", WORK / "node_modules/lighthouse/cli/index.js", url, "--quiet", "--no-enable-error-reporting"]
    command += ["--output=json", "--output-path=stdout", f"--chrome-flags={flags}"]
    command += [f"--only-categories={','.join(CATEGORIES)}"] + (["--preset=desktop"] if preset == "desktop" else [])
    for rest in RESTS:
        time.sleep(rest)
        try:
            found = subprocess.run(command, capture_output=True, text=True, timeout=180)
        except subprocess.TimeoutExpired:
            failed = "It took more than 180 seconds."
            continue
        if found.returncode == 0:
            return json.loads(found.stdout)
        failed = found.stderr[-2000:]
        print(f"{preset:8} {url}: no scores. {failed.strip().splitlines()[-1] if failed.strip() else ''}", flush=True)
    return {"failed": failed}


def scores_of(report: dict[str, Any]) -> list[int]:
    """The four scores; all zero where Lighthouse gave none."""
    return [round(100 * (report.get("categories", {}).get(c, {}).get("score") or 0)) for c in CATEGORIES]


def is_low(scores: list[int]) -> bool:
    return any(score < lowest for score, lowest in zip(scores, LOWEST, strict=True))


def faults_of(report: dict[str, Any]) -> list[str]:
    """What cost points, by category."""
    if "failed" in report:
        return [report["failed"]]
    return [
        f"    {name}: {audit['title']} {audit.get('displayValue', '')}"
        for name in CATEGORIES
        for reference in report["categories"][name]["auditRefs"]
        if reference["weight"] and (audit := report["audits"][reference["id"]])["score"] not in (None, 1)
    ]


def visit(server: Server) -> list[str]:
    """Lighthouse, two pages at a time. They disturb each other, so a low score is tried again alone."""
    problems = []
    visits = [("mobile", address) for address in LIGHTHOUSE_PAGES] + [("desktop", one) for one in ON_A_DESKTOP]
    print(f"\nLighthouse\n{'':8} {' '.join(f'{c:>14}' for c in CATEGORIES)}")
    with ThreadPoolExecutor(2) as two:
        first = list(two.map(lambda visit: lighthouse(server.address + visit[1], visit[0]), visits))
    for (preset, address), best in zip(visits, first, strict=True):
        for _ in range(TRIES - 1):
            if not is_low(scores_of(best)):
                break
            report = lighthouse(server.address + address, preset)
            best = max(best, report, key=lambda one: (not is_low(scores_of(one)), min(scores_of(one))))
        scores = scores_of(best)
        print(f"{preset:8} {' '.join(f'{s:14d}' for s in scores)}  {address}", flush=True)
        if is_low(scores):
            problems.append(f"Lighthouse, {preset}, {address}: {dict(zip(CATEGORIES, scores, strict=True))}")
            print("\n".join(faults_of(best)))
    return problems


def main() -> int:
    quick = os.environ.get("AUDIT") == "quick"
    for tool, package in {"java": "default-jre-headless", "node": "nodejs"}.items():
        if not shutil.which(tool):
            sys.exit(f"make audit needs {tool}; on Debian: apt-get install {package}")
    if not quick:
        os.environ["CHROME_PATH"] = os.environ["CHROMIUM"]
    with running() as server, tempfile.TemporaryDirectory(dir=WORK, prefix="pages-") as name:
        stored, problems = walk(server, Path(name))
        problems += check(stored | error_page(server, Path(name)))
        if not quick:
            problems += visit(server)
    print("\n" + ("\n".join(["The audit failed:", *problems]) if problems else "The audit found nothing to fix."))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
