"""``make bench``: what a page costs without any cache, as CPU milliseconds of one request through the WSGI application.

The ratio to a bare Django view behind the same middleware holds on any machine; milliseconds hold on this one.
Then what ``fda_diff`` costs on FDA's real files, where they lie beside the checkout: seconds of CPU, and memory.
Last what it costs to give them to the desk, until the batch is stored, and to accept 500 rows. Nothing of it stays.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import django
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import path

UPLOADED = "--uploaded"  # runs one upload, in a process of its own
BARE = "/bare-view-of-the-benchmark/"
PAGES = ("/", "/therapies/", "/approvals/", "/cancers/", "/faq/", "/immune/")
DETAILS = ("/therapies/pembrolizumab/", "/cancers/melanoma/")
#: Milliseconds for a page, on a machine that takes 0.2 s for ten million steps of a plain loop.
AIM = {"/": 12, "/therapies/": 15, "/approvals/": 25, "/therapies/pembrolizumab/": 15, "/cancers/melanoma/": 12}
LIST_AIM = 10  # milliseconds for a list of the API
SECONDS = 1.5  # for each page
ROOT = Path(__file__).resolve().parents[2]
#: FDA's files with the seconds that reading and comparing one may take; none may take more memory than the last.
FDA_FILES = {"drugsatfda_20180626.zip": 15, "purplebook_2025-02_slice.csv": 2}
MEGABYTES = 300


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("A bare view.")


def ask(application: Any, address: str, version: int | None) -> int:
    """One request as the page cache makes it, which knows the content version; the number of bytes in the answer."""
    said: list[str] = []
    environ: dict[str, Any] = {"PATH_INFO": address, "portal.content_version": version}
    setup_testing_defaults(environ)
    response = application(environ, lambda status, headers: said.append(status))
    size = sum(map(len, response))
    response.close()
    if said != ["200 OK"]:
        sys.exit(f"{address}: {said}")
    return size


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "PAGE_CACHE_MB": "0", "API_REQUESTS_PER_MINUTE": "0"}
    django.setup()
    if sys.argv[1:2] == [UPLOADED]:
        uploaded(Path(sys.argv[2]))
        return
    with ThreadPoolExecutor(1) as server:  # a connection of the server is for its threads
        server.submit(pages).result()
    files()


def pages() -> None:
    from portal import urls
    from portal.wsgi import application

    urls.urlpatterns.append(path(BARE[1:], bare))
    print(f"{'CPU ms':>8} {'× bare':>8} {'queries':>8} {'bytes':>8}")
    base = 0.0
    for address in (BARE, *PAGES, *DETAILS):
        cost = page(application, address, base)
        base = base or cost
    api(application, base)


def page(application: Any, address: str, base: float) -> float:
    """Print what an address costs. ``base`` is what the bare view did."""
    from portal.publishing import content_version

    version = content_version.number()
    ask(application, address, version)  # warms templates and caches of code
    with CaptureQueriesContext(connection) as captured:
        size = ask(application, address, version)
    queries = len(captured)  # the next request begins another list of them
    times = []
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        start = time.process_time()
        ask(application, address, version)
        times.append(1000 * (time.process_time() - start))
    cost = statistics.median(times)
    aim = AIM.get(address)
    verdict = f"  (aim: {aim} ms, {'met' if cost <= aim else 'missed'})" if aim else ""
    print(f"{cost:8.2f} {cost / (base or cost):8.0f} {queries:8d} {size:8d}  {address}{verdict}", flush=True)
    return cost


def api(application: Any, base: float) -> None:
    """Each list of the API with as many rows as come by themselves, then the one in the middle."""
    from portal.publishing import rooms

    costs = [page(application, f"/api/v1/{name}/", base) for name in rooms.open_tables()]
    half, met = statistics.median(costs), sum(cost <= LIST_AIM for cost in costs)
    told = f"{met} of {len(costs)} within {LIST_AIM} ms"
    print(f"{half:8.2f} {half / base:8.0f}  lists of the API, in the middle ({told})")


def files() -> None:
    """Each of FDA's files through the command, in a process of its own, and one with a row too many."""
    real = next((found for up in ROOT.parents if (found := up / "shared/reference/fda").is_dir()), None)
    if real is None:
        print("\nFDA's real files are not beside this checkout (../shared/reference/fda): fda_diff was not measured.")
        return
    print(f"\n{'CPU s':>8} {'peak MB':>8}  fda_diff --json")
    for name, seconds in FDA_FILES.items():
        cost(real / name, seconds, 0)
    with tempfile.NamedTemporaryFile(suffix=".csv") as many:
        header, *_ = (real / "purplebook_2025-02_slice.csv").read_bytes().splitlines(keepends=True)
        row = b",,125514,Keytruda,pembrolizumab,351(a),,,,,Rx,Licensed,4-Sep-14" + b"," * 12 + b"\r\n"
        many.write(header + row * 100_001)
        many.flush()
        cost(Path(many.name), 5, 2)
    print(f"\n{'CPU s':>8} {'peak MB':>8}  given to the desk, stored as a batch, and accepted")
    with tempfile.NamedTemporaryFile(suffix="_500_biosimilars.csv") as similar:
        row = ",,{},Similar{},bevacizumab-zzzz,351(k) Biosimilar,,,,,Rx,Licensed,4-Sep-14" + "," * 12 + "\r\n"
        similar.write(header + "".join(row.format(760_000 + n, n) for n in range(500)).encode())
        similar.flush()
        for path in (*(real / name for name in FDA_FILES), Path(similar.name)):
            cost(path, FDA_FILES.get(path.name, 10) * 2, 0, [__file__, UPLOADED, str(path)])


def uploaded(path: Path) -> None:
    """Give a file to the desk as a browser does, accept what can be, tell how long both took, and take it all back."""
    from django.contrib.auth.models import User
    from django.db import transaction
    from django.test import Client

    from therapies.compare.reasons import SETTLED, Bucket
    from therapies.desk import actions
    from therapies.models import Batch

    with transaction.atomic():
        person = User.objects.create_superuser("bench")
        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        start = time.monotonic()
        with path.open("rb") as file:
            lines = client.post("/desk/files/", {"file": file}).getvalue().decode().count(" rows read, ")
        stored = time.monotonic() - start
        batch = Batch.objects.get(name=path.name)
        numbers = {bucket: batch.rows.filter(bucket=bucket).count() for bucket in Bucket}
        asked = [bucket for bucket in Bucket if bucket not in (*SETTLED, Bucket.NEW_THERAPY) and numbers[bucket]]
        start = time.monotonic()
        accepted = sum(actions.accept(batch, bucket=bucket, by=person).rows for bucket in asked)
        took = time.monotonic() - start
        transaction.set_rollback(True)
    told = ", ".join(f"{bucket} {number:,}" for bucket, number in numbers.items() if number)
    print(f"\n  {path.name}: stored in {stored:.1f} s after {lines} lines of progress ({told});")
    print(f"  {accepted} rows accepted in {took:.1f} s", flush=True)


def cost(path: Path, seconds: int, status: int, command: list[str] | None = None) -> None:
    command = [sys.executable, *(command or ["manage.py", "fda_diff", str(path), "--json"])]
    shown = None if UPLOADED in command else subprocess.DEVNULL
    done = subprocess.Popen(command, cwd=ROOT, stdout=shown, stderr=subprocess.DEVNULL)
    _, ended, used = os.wait4(done.pid, 0)
    took, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024  # the machine may be shared
    if os.waitstatus_to_exitcode(ended) != status:
        sys.exit(f"{' '.join(command[1:3])} {path.name}: status {os.waitstatus_to_exitcode(ended)}")
    met = "met" if took <= seconds and memory <= MEGABYTES else "missed"
    name = path.name if status == 0 else "100,001 rows, refused"
    print(f"{took:8.2f} {memory:8.0f}  {name}  (aim: {seconds} s and {MEGABYTES} MB, {met})", flush=True)


if __name__ == "__main__":
    main()
