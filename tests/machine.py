"""How fast this machine is now: seconds for a fixed piece of plain Python, to read other times by.

``python -m tests.machine`` prints it.
"""

import time
from collections.abc import Callable

STEPS = 10_000_000


def pace() -> str:
    start = time.perf_counter()
    for _ in range(STEPS):
        pass
    return f"{STEPS // 1_000_000} million steps of a Python loop take {time.perf_counter() - start:.2f} s here"


def steps_in_the_time_of(work: Callable[[], object]) -> float:
    """How many million steps of a plain Python loop the processor makes in the time that the work takes it.

    A test that something does not run away compares this figure: seconds would fail on a slow or busy machine.
    """
    before = _seconds_for_a_million()
    start = time.process_time()
    work()
    taken = time.process_time() - start
    return taken / max(before, _seconds_for_a_million())


def _seconds_for_a_million() -> float:
    start = time.process_time()
    for _ in range(1_000_000):
        pass
    return time.process_time() - start


if __name__ == "__main__":
    print(pace())
