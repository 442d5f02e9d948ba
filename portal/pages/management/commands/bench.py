"""Print what a page costs: milliseconds of processor time, the ratio to a bare Django view, queries and bytes.

Measured in one run, so that the ratios hold on a noisy machine. No cache is involved.
"""

import gzip
import statistics
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

PAGES = (
    "/robots.txt",
    "/",
    "/therapies/",
    "/therapies/?cancer=melanoma&status=approved",
    "/therapies/?on=2019-02-28",
    "/therapies/pembrolizumab/",
    "/therapies/tebentafusp/",
    "/cancers/",
    "/cancers/lung-cancer/",
    "/biomarkers/pd-l1/",
    "/approvals/",
    "/faq/",
    "/faq/types/",
    "/immune/",
    "/immune/antibodies/",
)
ROUNDS = 15


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):
            bare = self._measure("/robots.txt")[0]
            self.stdout.write(f"{'page':44} {'ms CPU':>7} {'× bare':>7} {'queries':>8} {'KB':>6} {'KB gzip':>8}")
            for address in PAGES:
                cost, queries, body = self._measure(address)
                packed = len(gzip.compress(body, 6)) / 1024
                self.stdout.write(
                    f"{address:44} {cost:7.1f} {cost / bare:7.1f} {queries:8d} {len(body) / 1024:6.1f} {packed:8.1f}"
                )
        self.stdout.write(f"Median of {ROUNDS} requests each; the bare view is /robots.txt ({bare:.2f} ms).")

    @staticmethod
    def _measure(address: str) -> tuple[float, int, bytes]:
        client = Client()
        client.get(address)
        times = []
        for _ in range(ROUNDS):
            start = time.process_time()
            response = client.get(address)
            times.append((time.process_time() - start) * 1000)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return statistics.median(times), len(queries), response.content
