"""How fast this machine is now: seconds for a fixed piece of plain Python, to read other times by.

``python -m tests.machine`` prints it.
"""

import time

STEPS = 10_000_000


def pace() -> str:
    start = time.perf_counter()
    for _ in range(STEPS):
        pass
    return f"{STEPS // 1_000_000} million steps of a Python loop take {time.perf_counter() - start:.2f} s here"


if __name__ == "__main__":
    print(pace())
