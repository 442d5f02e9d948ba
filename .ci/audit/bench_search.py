"""What a search costs, as CPU milliseconds, at today's content and at 10,000 pages: those in the file of the tests.

The pages are made up of words of ours, inside a transaction that is taken back. ``python .ci/audit/bench_search.py``
"""

import os
import random
import statistics
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
PAGES = 10_000
#: Milliseconds: of a search today, of one at 10,000 pages, of suggestions.
AIMS = (5, 35, 3)
SYLLABLES = ("ba", "cel", "dor", "fi", "gam", "lu", "mab", "nib", "o", "pem", "ra", "sta", "ti", "vo", "xu", "ze")


def cost(asked: Callable[[str], object], queries: list[str]) -> tuple[float, float]:
    """The median and the largest but one in twenty."""
    times = []
    for query in queries:
        start = time.process_time()
        asked(query)
        times.append(1000 * (time.process_time() - start))
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    django.setup()
    from django.db import transaction

    from portal.publishing.models import SearchEntry
    from portal.publishing.search.finding import find
    from portal.publishing.search.suggesting import suggest

    queries = list(tomllib.loads((ROOT / "tests/searching/queries.toml").read_text()))
    begun = [query[: 2 + n % 6] for n, query in enumerate(queries)]

    def told(size: int, aim: int) -> None:
        start = time.process_time()
        find("warm up")
        find("wrm up immuntherapy")
        print(f"{size:6d} pages: read anew in {time.process_time() - start:.2f} s of CPU", flush=True)
        for what, asked, several, most in (("search", find, queries, aim), ("suggestions", suggest, begun, AIMS[2])):
            half, slow = cost(asked, several)
            met = "met" if half <= most else "missed"
            print(f"{'':14}{what}: median {half:.2f} ms, 95 in 100 below {slow:.2f} ms (aim: {most} ms, {met})")

    told(SearchEntry.objects.count(), AIMS[0])
    chance = random.Random(1)  # noqa: S311
    with transaction.atomic():
        rows = list(SearchEntry.objects.exclude(body=""))
        made = []
        for number in range(PAGES - SearchEntry.objects.count()):
            like = chance.choice(rows)
            name = "".join(chance.choices(SYLLABLES, k=4)) + str(number % 7)
            body = like.body.split()
            chance.shuffle(body)
            made.append(
                SearchEntry(
                    kind=like.kind,
                    address=f"/made-up/{number}/",
                    title=f"{name} {like.title}"[:300],
                    names=[["name", f"{name} {like.title}", name + "".join(like.heads.split())[:30]]],
                    heads=f"{name} {like.heads}",
                    lead=like.lead,
                    body=" ".join(body),
                    text=like.text,
                )
            )
        SearchEntry.objects.bulk_create(made, batch_size=500)
        told(SearchEntry.objects.count(), AIMS[1])
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
