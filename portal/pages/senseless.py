"""What no row can be looked up by is answered here, once for every address, form and filter that it may come to.

PostgreSQL compares a number that is too large for any row and finds nothing. SQLite and Python's dates raise
OverflowError instead, deep inside whichever lookup the number came to. Words where a key belongs raise ValueError, as
when the admin asks for the rows that a form names, to show them again. PostgreSQL takes no NUL.
"""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse


class Senseless:
    """Middleware. What was written before the value came up is rolled back, as after any error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        # Any other is a fault of ours.
        if isinstance(error, OverflowError) and "int too large to convert" in str(error):
            raise Http404("No row has a number that large.") from error
        sent = [one for data in (request.GET, request.POST) for _, values in data.lists() for one in values]
        if isinstance(error, ValueError):
            keys = [part for one in sent for part in {one, *one.split(",")}]
            if any(f"expected a number but got {key!r}." in str(error) for key in keys):
                raise BadRequest("Words where a key belongs.") from error
        if isinstance(error, DataError | ValueError) and "NUL" in str(error) and any("\x00" in one for one in sent):
            raise BadRequest("A NUL.") from error
