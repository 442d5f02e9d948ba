"""What happens with nobody doing anything.

``tick`` does everything that has come due. A timer may call it (``manage.py tick``); where none does,
each process of the application server does it by itself in a thread. Any number may run at once.
The watch over FDA's files waits for answers from elsewhere, so it has a thread of its own and holds up nothing.
"""

import logging
import threading
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import close_old_connections

from portal.accounts import idle
from portal.publishing import actions
from therapies.watch.watching import watch_when_due

from . import digest

log = logging.getLogger(__name__)
WATCH_EVERY = 300  # seconds between two looks at whether the watch is due


def tick() -> list[str]:
    """Do what has come due, in order; answer what readers and people notice of it, a line each."""
    idle.drop_ended()
    return [*actions.catch_up(), *digest.send_due()]


def start() -> None:
    """Tick every ``TICK_EVERY`` seconds for as long as this process lives; 0 leaves it to a timer."""
    if settings.TICK_EVERY:
        _begin("clock", tick, settings.TICK_EVERY)
        if settings.FDA_WATCH_CONTACT:
            _begin("watch", watch_when_due, WATCH_EVERY)


def _begin(name: str, work: Callable[[], Iterable[str]], seconds: float) -> None:
    threading.Thread(target=_run, args=(work, seconds, threading.Event()), name=name, daemon=True).start()


def _run(work: Callable[[], Iterable[str]], seconds: float, stop: threading.Event) -> None:
    while not stop.wait(seconds):
        close_old_connections()
        try:
            for line in work():
                log.warning("%s", line)
        except Exception:  # the database may be away for a while; the next tick finds what was due
            log.exception("The %s stumbled; it tries again in %s seconds.", threading.current_thread().name, seconds)
        finally:
            close_old_connections()
