"""What no row can be looked up by is answered here, once for every address, form and filter that it may come to.

PostgreSQL compares a number that is too large for any row and finds nothing. SQLite and Python's dates raise
OverflowError instead, deep inside whichever lookup the number came to. Words where a key belongs raise ValueError, as
when the admin asks for the rows that a form names, to show them again. PostgreSQL takes no NUL, and Python takes no
address that begins an IPv6 host and does not end it.
"""

import unicodedata
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse

#: What libraries raise over a value. Whatever else they raise, such as TypeError, is about how they were called.
OVER_A_VALUE = (ValueError, OverflowError, DataError, ValidationError)
#: How many calls away from the failure a value is still what it failed over.
CALLS = 4
OURS = tuple(str(Path(settings.BASE_DIR, name)) for name in ("portal", "faq", "therapies", "immune"))


class Senseless:
    """Middleware. What was written before the value came up is rolled back, as after any error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """A library could make nothing of a value, and the value was sent. Any other error is a fault of ours."""
        if isinstance(error, OVER_A_VALUE) and not _handled(error.__traceback__).isdisjoint(_sent(request)):
            if isinstance(error, OverflowError) and request.method != "POST":  # a form is shown again with its words
                raise Http404("No row has a number that large.") from error
            raise BadRequest(f"Nothing can be read from what was sent: {error}") from error


def _sent(request: HttpRequest) -> set[str]:
    """Every value of a request, whole and by its parts, as words or digits that can be compared."""
    values = [one for data in (request.GET, request.POST) for _, several in data.lists() for one in several]
    if match := request.resolver_match:
        values += [str(one) for one in match.kwargs.values()]
    return {_plain(part) for one in values for part in (one, *one.split(","))} - {""}


def _handled(trace: TracebackType | None) -> set[str]:
    """What the library that our code called had in hand when it failed."""
    frames = [frame for frame, _ in walk_tb(trace)][-CALLS:]
    theirs = takewhile(lambda frame: not frame.f_code.co_filename.startswith(OURS), reversed(frames))
    return {_plain(one) for frame in theirs for value in frame.f_locals.values() for one in _atoms(value)}


def _atoms(value: Any) -> Iterator[str]:
    if isinstance(value, str | int):
        yield str(value) if isinstance(value, str) or abs(value) < 10**100 else ""
    elif type(value) in (list, tuple, set):
        for one in value:
            if isinstance(one, str | int):
                yield from _atoms(one)


def _plain(text: str) -> str:
    """As it can be compared, whatever was put around it on its way: a NUL is one wherever it stands."""
    return "\0" if "\0" in text else unicodedata.normalize("NFKC", text).strip()
