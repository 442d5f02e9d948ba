"""``make bench``: what a page costs without any cache, as CPU milliseconds of one request through the WSGI application.

The ratio to a bare Django view behind the same middleware holds on any machine; milliseconds hold on this one.
"""

import os
import statistics
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import path

BARE = "/bare-view-of-the-benchmark/"
PAGES = ("/", "/therapies/", "/approvals/", "/cancers/", "/faq/", "/immune/")
DETAILS = ("/therapies/pembrolizumab/", "/cancers/melanoma/")
AIM = {"/therapies/": 25}  # milliseconds for the whole catalogue
SECONDS = 1.5  # for each page


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("A bare view.")


def ask(application: Any, address: str) -> int:
    """One request as a server makes it; the number of bytes in the answer."""
    said = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": address, "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    environ |= {"SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": BytesIO()}
    response = application(environ, lambda status, headers: said.append(status))
    size = sum(map(len, response))
    response.close()
    if said != ["200 OK"]:
        sys.exit(f"{address}: {said}")
    return size


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    django.setup()
    from portal import urls
    from portal.wsgi import application

    urls.urlpatterns.append(path(BARE[1:], bare))
    print(f"{'CPU ms':>8} {'× bare':>8} {'queries':>8} {'bytes':>8}")
    base = 0.0
    for address in (BARE, *PAGES, *DETAILS):
        ask(application, address)  # warms templates and caches of code
        with CaptureQueriesContext(connection) as captured:
            size = ask(application, address)
        queries = len(captured)
        times = []
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            start = time.process_time()
            ask(application, address)
            times.append(1000 * (time.process_time() - start))
        cost = statistics.median(times)
        base = base or cost
        aim = AIM.get(address)
        verdict = f"  (aim: {aim} ms, {'met' if cost <= aim else 'missed'})" if aim else ""
        print(f"{cost:8.2f} {cost / base:8.0f} {queries:8d} {size:8d}  {address}{verdict}", flush=True)


if __name__ == "__main__":
    main()
