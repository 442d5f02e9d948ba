"""The connections to the database that the threads of a server share."""

from django.conf import settings

#: Connections to PostgreSQL of one process. Seven requests at most are with Django at once (``page_cache.py``); beside
#: them the clock, the watch and the state of health may ask. With one for each thread, two workers would take all that
#: PostgreSQL has. Whoever waits in vain for one is told so soon, and a database that is back is found at the next try.
POOL = {"min_size": 0, "max_size": 10, "timeout": 2.0, "max_idle": 60.0, "reconnect_timeout": 1.0}

#: Seconds that a request waits for a row or a table that somebody else has locked, and for an answer at all. A request
#: that gives up is answered with 503, or with the last good copy of its page.
WAIT_FOR_A_LOCK, WAIT_FOR_AN_ANSWER = 3, 15
PATIENCE = f"-c lock_timeout={WAIT_FOR_A_LOCK}s -c statement_timeout={WAIT_FOR_AN_ANSWER}s"


def share_connections() -> None:
    """For the program that a server runs. Commands use one connection, some of them to several databases in turn."""
    known = settings.DATABASES["default"]
    if known["ENGINE"] == "django.db.backends.postgresql":
        own = known.get("OPTIONS", {})
        known["OPTIONS"] = own | {"pool": POOL, "options": f"{PATIENCE} {own.get('options', '')}".strip()}
    else:
        known["ENGINE"] = "portal.serving.sqlite"
    known["CONN_MAX_AGE"] = 0  # a thread gives its connection back after each request
