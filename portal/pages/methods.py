"""Pages that are there to be read: whatever else is asked of one is not allowed, whoever asks.

Said before Django looks for the token of a form. It would answer that the token is missing, as if there were a form.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from portal.publishing import rooms

READ = ("GET", "HEAD")
#: Where forms are sent, beside those that rooms declare as open.
WITH_FORMS = ("/admin/", "/desk/", "/account/", "/review/")


class ReadAlone:
    """Middleware, above that of tokens. An address of nothing is answered as one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *args: Any) -> HttpResponse | None:
        says_it_itself = request.path.startswith((*WITH_FORMS, *rooms.for_programs()))
        if request.method in READ or says_it_itself or request.path in rooms.open_forms():
            return None
        if request.method == "OPTIONS" and not request.path.startswith(rooms.streamed()):
            return HttpResponse(headers={"Allow": ", ".join([*READ, request.method])})  # Django would render the page
        return HttpResponseNotAllowed(READ)
