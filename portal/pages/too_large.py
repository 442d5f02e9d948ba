"""A number that is too large for any row is not found, wherever in an address or a form it stands.

PostgreSQL compares such a number and finds nothing. SQLite and Python's dates raise OverflowError instead, deep inside
whichever lookup, filter or field of a form the number came to. So it is answered here, once for all of them.
"""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse


class TooLarge:
    """Middleware. What was written before the number came up is rolled back, as after any error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        # Any other is a fault of ours.
        if isinstance(error, OverflowError) and "int too large to convert" in str(error):
            raise Http404("No row has a number that large.") from error
