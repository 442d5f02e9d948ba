"""What the database does with the queries of a request: which were slow, and how often it failed."""

import logging
import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from portal.publishing.kept import ASKED

from .connections import waiting_for_locks
from .counting import tally

log = logging.getLogger(__name__)
LONGEST = 1000
#: What could be a value in a query: text in quotes, and numbers.
VALUES = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
SEVERAL = re.compile(r"%s(?:, %s)+")


class DatabaseWatch:
    """Middleware that times every query. It stands outside all middleware that asks the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with connection.execute_wrapper(timed), waiting_for_locks(is_for_all=ASKED in request.META):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """A connection that can’t be made fails before any query."""
        tally.database_error(error)


def timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    except Exception as error:
        tally.database_error(error)
        raise
    finally:
        took = (time.perf_counter() - begun) * 1000
        if took > settings.SLOW_QUERY_MS > 0:
            told = {"ms": round(took), "sql": shape(sql)}
            log.warning("Slow query (%(ms)s ms): %(sql)s", told, extra={"fields": told})


def shape(sql: str) -> str:
    """A query without what somebody asked for: its values stay beside it, but those that are part of it go."""
    return SEVERAL.sub("%s, …", VALUES.sub("?", sql[: LONGEST * 10]))[:LONGEST]
