"""What happens with nobody doing anything.

``tick`` does everything that has come due. A timer may call it (``manage.py tick``); where none does,
each process of the application server does it by itself in a thread. Any number may run at once.
"""

import logging
import threading

from django.conf import settings
from django.db import close_old_connections

from portal.publishing import actions

from . import digest

log = logging.getLogger(__name__)


def tick() -> list[str]:
    """Do what has come due, in order; answer what was done, a line each."""
    return [*actions.catch_up(), *digest.send_due()]


def start() -> None:
    """Tick every ``TICK_EVERY`` seconds for as long as this process lives; 0 leaves it to a timer."""
    if settings.TICK_EVERY:
        threading.Thread(target=_run, args=(settings.TICK_EVERY, threading.Event()), name="clock", daemon=True).start()


def _run(seconds: float, stop: threading.Event) -> None:
    while not stop.wait(seconds):
        close_old_connections()
        try:
            for line in tick():
                log.warning("%s", line)
        except Exception:  # the database may be away for a while; the next tick finds what was due
            log.exception("The clock stumbled; it tries again in %s seconds.", seconds)
        finally:
            close_old_connections()
