"""Addresses of one person, as those who are not signed in ask for them: where people sign in, above all.

Anybody can ask for them without end, yet nobody may be kept from signing in by whoever else is behind the same address.
So they have an allowance of their own, and whoever has used it up is not refused: its requests stand in line, and each
is answered as soon as those before it are paid for.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from .allowances import Allowances
from .rendering import Limits, Slots

#: One after another. Whoever stands here or waits to do so is one of those who linger at addresses that are made up.
LINE = Limits(1, waiting=40, seconds=20, lingering=69)


class Doors:
    #: Seconds of the processor that a request counts for at most. To look at a password takes more, and the limits of
    #: sign-in count how often that is done.
    MOST = 0.02
    LOOK = 0.01  # seconds between two looks at whether all is paid

    def __init__(self, percent: float, lingering: Slots) -> None:
        self.allowances = Allowances(percent)
        self._lingering = lingering
        self._line = Slots(LINE)

    @contextmanager
    def passed(self, client: str | None) -> Iterator[None]:
        """Stand in line if need be, and count what is done inside. Raises TooBusy where the line is too long."""
        with ExitStack() as place:
            if self.allowances.used_up(client):
                self._lingering.linger(lambda: self._has_come_first(client, place))
            with self.allowances.of(client, most=self.MOST):
                yield

    def _has_come_first(self, client: str | None, place: ExitStack) -> bool:
        place.enter_context(self._line.one())
        while self.allowances.used_up(client):
            time.sleep(self.LOOK)
        return True
