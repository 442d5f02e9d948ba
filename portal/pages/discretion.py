"""What keeps the link of a guest reviewer to that guest: whoever has the link can read the text and judge it.

A link with which somebody chooses a password stays out of the logs as well.

The settings name this module before the apps are loaded, so it imports no model.
"""

import logging
import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ROOT = "/review/"
LINK = re.compile(rf"({ROOT}|/account/choose-password/\w+/)[^/\s\"']+")


def guest_links(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the outermost: errors and redirects under ``/review/`` are kept as close as the page itself."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(ROOT):
            response["X-Robots-Tag"] = "noindex"
            response["Cache-Control"] = "no-store, private"
            response["Referrer-Policy"] = "no-referrer"
            if cookie := response.cookies.get(settings.CSRF_COOKIE_NAME):
                cookie["path"] = ROOT  # the one cookie that forms need goes nowhere else
        return response

    return answer


class WithoutLinks(logging.Filter):
    """Django logs the address of a request that failed; the link in it must not lie in a log."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if LINK.search(message):
            record.msg, record.args = LINK.sub(r"\1…", message), ()
        return True
