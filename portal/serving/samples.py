"""The numbers of a process, each with the family that it belongs to."""

import contextlib
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.core.cache import caches

from .counting import BOUNDS, tally
from .page_cache import PageCache
from .versions import Version, VersionUnknown

STARTED = time.time()
#: Each family by its name: its type, and what it tells.
FAMILIES = {
    "portal_requests": ("counter", "Requests by what they were and the class of their status."),
    "portal_render_seconds": ("histogram", "Seconds that Django took for a page that is kept, or could not be."),
    "portal_cache_bytes": ("gauge", "Bytes of finished pages in memory, without and with a query."),
    "portal_cache_pages": ("gauge", "Finished pages in memory, without and with a query."),
    "portal_content_version": ("gauge", "The number that grows with every change that readers can see."),
    "portal_content_version_age_seconds": ("gauge", "Seconds since the content version was last known."),
    "portal_slots_in_use": ("gauge", "Places for renders, and for what goes straight to Django, that are taken."),
    "portal_slots_waiting": ("gauge", "Requests that wait for such a place."),
    "portal_database_errors": ("counter", "Times that the database failed or was away."),
    "portal_shared_cache_errors": ("counter", "Times that Redis failed or was away."),
    "portal_shared_cache_away": ("gauge", "1 while this process counts attempts to sign in by itself."),
    "process_resident_memory_bytes": ("gauge", "Bytes of memory that are in use."),
    "process_cpu_seconds": ("counter", "Seconds of the processor, for the program and for the system on its behalf."),
    "process_start_time_seconds": ("gauge", "When the process started, in seconds since 1970."),
}


class Sample(NamedTuple):
    family: str
    ending: str
    labels: dict[str, str]
    value: float


def samples(version: Version, cache: PageCache | None) -> Iterator[Sample]:
    """The numbers of this process."""
    for (kind, status), number in sorted(tally.requests().items()):
        yield Sample("portal_requests", "_total", {"kind": kind, "status": status}, number)
    yield from _renders()
    yield from _pages(cache) if cache else ()
    with contextlib.suppress(VersionUnknown):
        yield Sample("portal_content_version", "", {}, version.now())
    if (age := version.age()) is not None:
        yield Sample("portal_content_version_age_seconds", "", {}, round(age, 3))
    yield Sample("portal_database_errors", "_total", {}, tally.database_errors)
    if link := getattr(caches["default"], "link", None):
        yield Sample("portal_shared_cache_errors", "_total", {}, link.errors)
        yield Sample("portal_shared_cache_away", "", {}, int(link.away))
    used = resource.getrusage(resource.RUSAGE_SELF)
    yield Sample("process_resident_memory_bytes", "", {}, _memory(used.ru_maxrss))
    yield Sample("process_cpu_seconds", "_total", {}, round(used.ru_utime + used.ru_stime, 3))
    yield Sample("process_start_time_seconds", "", {}, round(STARTED, 3))


def _renders() -> Iterator[Sample]:
    name = "portal_render_seconds"
    within, seconds = tally.renders()
    for bound, number in zip((*map(str, BOUNDS), "+Inf"), within, strict=True):
        yield Sample(name, "_bucket", {"le": bound}, number)
    yield Sample(name, "_sum", {}, round(seconds, 6))
    yield Sample(name, "_count", {}, within[-1])


def _pages(cache: PageCache) -> Iterator[Sample]:
    for has_query, memory in cache.memories.items():
        labels = {"query": "yes" if has_query else "no"}
        yield Sample("portal_cache_bytes", "", labels, memory.size)
        yield Sample("portal_cache_pages", "", labels, len(memory))
    for name, slots in (("pages", cache.pages), ("made_up", cache.made_up), ("others", cache.others)):
        in_use, waiting = slots.taken()
        yield Sample("portal_slots_in_use", "", {"slots": name}, in_use)
        yield Sample("portal_slots_waiting", "", {"slots": name}, waiting)


def _memory(most: int) -> int:
    """What is in use now; where the system has no /proc, the most that ever was."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return most
