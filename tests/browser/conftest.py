"""A real server with the whole content for each worker, and a browser that notices what a page should not do.

These tests read as a specification of the portal from outside: they know its addresses and
its words, and nothing of its code.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from ..databases import database
from ..ports import free_port

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET_CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
PATIENCE = 30_000  # milliseconds; a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE)
APPLICATION = "tests.browser.slow_line" if os.environ.get("SLOW_LINE") else "portal.wsgi"


# The server ------------------------------------------------------------------------------


class Site(NamedTuple):
    address: str
    passwords: dict[str, str]
    environment: dict[str, str]


@pytest.fixture(scope="session")
def site(template: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Site]:
    """The portal as ``make run`` starts it, with a database and files of its own."""
    folder = tmp_path_factory.mktemp("portal")
    shutil.copytree(static_files(tmp_path_factory), folder / "static")
    with database(f"browser-{worker_id}", folder, like=template) as url:
        environment = surroundings(folder) | {"DATABASE_URL": url}
        manage("demo_accounts", environment)
        with serving(environment, folder / "server.log") as address:
            yield Site(address, passwords_in(folder / "accounts.txt"), environment)


def surroundings(folder: Path) -> dict[str, str]:
    """All journeys come from one address, which asks for more than one reader would."""
    given = {"PORTAL_DEV": "1", "PORTAL_DEBUG": "0", "PORTAL_VAR": str(folder), "MADE_UP_PERCENT": "0"}
    return os.environ | given


def manage(command: str, environment: dict[str, str]) -> None:
    line = [sys.executable, "manage.py", *command.split()]
    subprocess.run(line, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Collected once for all workers: the first one collects them, the others wait."""
    run = tmp_path_factory.getbasetemp()
    folder = (run.parent if os.environ.get("PYTEST_XDIST_WORKER") else run) / "collected"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            manage("collectstatic --no-input", surroundings(folder))
    return folder / "static"


@contextmanager
def serving(environment: dict[str, str], log: Path) -> Iterator[str]:
    port = free_port()
    options = f"--interface wsgi --host 127.0.0.1 --port {port} --workers 1 --blocking-threads 192 --no-ws"
    granian = [sys.executable, "-m", "granian", *options.split(), f"{APPLICATION}:application"]
    environment = environment | {"PORT": str(port)}
    with log.open("w") as output:
        server = subprocess.Popen(granian, cwd=ROOT, env=environment, stdout=output, stderr=output)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, server, log)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{address}/robots.txt", timeout=2).close()  # noqa: S310 - our own server
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.2)
    pytest.exit(f"The server of the browser tests did not start:\n{log.read_text()}", 3)


def passwords_in(accounts: Path) -> dict[str, str]:
    return dict(re.findall(r"^(\w+) +(\S+) +\(", accounts.read_text(), re.M))


# Browsers --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser(template: str) -> Iterator[Browser]:
    """Started after the template is there, since Django asks no database inside of Playwright's loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET_CHROMIUM))
        yield browser
        browser.close()


@pytest.fixture
def noise() -> list[str]:
    """What pages did that they should not: words in the console, errors, requests to other hosts."""
    return []


@pytest.fixture
def open_browser(browser: Browser, site: Site, noise: list[str]) -> Iterator[Callable[..., Page]]:
    """Gives a page in a browser of its own. At the end of a test, no page may have made any noise."""
    contexts: list[BrowserContext] = []

    def open_browser(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": site.address, "viewport": WIDE, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.on("page", lambda page: listen(page, site, noise))
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()
    assert noise == []


def listen(page: Page, site: Site, noise: list[str]) -> None:
    here = (site.address, site.address.replace("127.0.0.1", "localhost"))  # passkeys need a name

    def heard(message: Any) -> None:
        # The browser itself reports the status of a page that is meant to answer 400, 404 or 410.
        if message.type in ("error", "warning") and not re.search(r"status of 4(0[034]|10)", message.text):
            noise.append(f"{page.url}: {message.text}")

    def asked(request: Any) -> None:
        if not request.url.startswith((*here, "data:", "blob:")):
            noise.append(f"{page.url} asked another host: {request.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: noise.append(f"{page.url}: {error}"))
    page.on("request", asked)


@pytest.fixture
def visitor(open_browser: Callable[..., Page]) -> Page:
    return open_browser()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, site: Site) -> Callable[[str], Any]:
    """The cookies of somebody who has signed in; each person signs in once."""
    known: dict[str, Any] = {}

    def signed_in(name: str) -> Any:
        if name not in known:
            context = browser.new_context(base_url=site.address)
            sign_in(context.new_page(), name, site.passwords[name])
            known[name] = context.storage_state()
            context.close()
        return known[name]

    return signed_in


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture
def staff(open_browser: Callable[..., Page], signed_in: Callable[[str], Any]) -> Callable[..., Page]:
    """A page of a member of staff: ``staff("editor")``."""

    def staff(name: str, **options: Any) -> Page:
        return open_browser(storage_state=signed_in(name), **options)

    return staff
