"""Bodies of requests: whoever is not signed in has nothing large to send.

It is said before any of the body is read. Django would keep a file of any size on the disk first, and only then ask who
sent it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.publishing import rooms

#: Bytes. The form of a page whose writer was signed out meanwhile must fit: it is shown again with its words.
OF_STRANGERS = 2**19
#: Of the largest file that a form takes, 20 MB, and the form around it.
OF_STAFF = 25 * 2**20


def length(environ: Mapping[str, Any]) -> int:
    """As Django reads it: a body that names no length is empty to it."""
    told = environ.get("CONTENT_LENGTH") or ""
    return int(told) if told.isdecimal() and len(told) < 20 else 0


def large_bodies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, below that of accounts."""

    def answer(request: HttpRequest) -> HttpResponse:
        size = length(request.META)
        most = rooms.open_forms().get(request.path) if size else None
        if size > (most or OF_STRANGERS) and (most or size > OF_STAFF or not request.user.is_authenticated):
            response = render(request, "413.html", status=413)
            response["Connection"] = "close"
            return response
        return get_response(request)

    return answer
