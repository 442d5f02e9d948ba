"""What a process did since it started. Finished pages are most of it, so they are counted without a lock."""

import threading
from bisect import bisect_left
from collections import Counter
from itertools import count

from django.db import InterfaceError, OperationalError

#: Upper bounds in seconds of what a render may take, for the histogram.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Tally:
    def __init__(self) -> None:
        #: Finished pages that were given out whole, and those that somebody had already. ``next`` counts one in one
        #: step of the interpreter, so that no two threads count the same.
        self.whole, self.unchanged = count(), count()
        self._requests: Counter[tuple[str, str]] = Counter()
        self._renders = [0] * (len(BOUNDS) + 1)
        self._render_seconds = 0.0
        self.database_errors = 0
        self._lock = threading.Lock()

    def request(self, kind: str, status: str) -> None:
        with self._lock:
            self._requests[kind, f"{status[:1]}xx"] += 1

    def render(self, seconds: float) -> None:
        with self._lock:
            self._renders[bisect_left(BOUNDS, seconds)] += 1
            self._render_seconds += seconds

    def database_error(self, error: Exception) -> None:
        """Count that the database failed, once for each error, however many layers see it pass."""
        if isinstance(error, (OperationalError, InterfaceError)) and not hasattr(error, "was_counted"):
            error.was_counted = True  # type: ignore[union-attr]
            with self._lock:
                self.database_errors += 1

    def requests(self) -> dict[tuple[str, str], int]:
        """How many, by what they were and the class of their status."""
        with self._lock:
            counted = Counter(self._requests)
        counted["hit", "2xx"] += _so_far(self.whole)
        counted["hit", "3xx"] += _so_far(self.unchanged)
        return dict(counted)

    def renders(self) -> tuple[list[int], float]:
        """How many took each bound at most, the last of any length, and all their seconds."""
        with self._lock:
            each, seconds = list(self._renders), self._render_seconds
        return [sum(each[: number + 1]) for number in range(len(each))], seconds


def _so_far(counter: count) -> int:
    """What ``next`` would answer, without asking it."""
    return int(repr(counter)[len("count(") : -1])


#: Of this process.
tally = Tally()
