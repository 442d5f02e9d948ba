"""The connections to the database that the threads of a server share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

#: Connections to PostgreSQL of one process. Seven requests at most are with Django at once (``page_cache.py``); beside
#: them the clock, the watch and the state of health may ask. With one for each thread, two workers would take all that
#: PostgreSQL has. Whoever waits in vain for one is told so soon, and a database that is back is found at the next try.
POOL = {"min_size": 0, "max_size": 10, "timeout": 2.0, "max_idle": 60.0, "reconnect_timeout": 1.0}

#: Seconds that a request waits for an answer. Who gives up gets 503, or the last good copy of a page.
WAIT_FOR_AN_ANSWER = 15
PATIENCE = f"-c statement_timeout={WAIT_FOR_AN_ANSWER}s"
#: Seconds that a page which is rendered for all waits for a table that somebody else has locked: fewer than others wait
#: for its place. People at the desk wait longer, as for whoever accepts a file of five hundred rows at the same time.
WAIT_FOR_A_LOCK = 3


@contextmanager
def waiting_for_locks(*, is_for_all: bool) -> Iterator[None]:
    """Set how long the queries inside wait, each time that the connection has served the other kind of request."""
    wanted = f"{WAIT_FOR_A_LOCK}s" if is_for_all else "0"

    def ask(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        own = context["connection"].connection
        if getattr(own, "lock_timeout", "0") != wanted:
            own.execute(f"SET lock_timeout = '{wanted}'")
            own.lock_timeout = wanted
        return execute(sql, params, many, context)

    if connection.vendor == "postgresql":
        with connection.execute_wrapper(ask):
            yield
    else:
        yield


def share_connections() -> None:
    """For the program that a server runs. Commands use one connection, some of them to several databases in turn."""
    known = settings.DATABASES["default"]
    if known["ENGINE"] == "django.db.backends.postgresql":
        own = known.get("OPTIONS", {})
        known["OPTIONS"] = own | {"pool": POOL, "options": f"{PATIENCE} {own.get('options', '')}".strip()}
    else:
        known["ENGINE"] = "portal.serving.sqlite"
    known["CONN_MAX_AGE"] = 0  # a thread gives its connection back after each request
