"""What every answer says to browsers: pages, files, redirects and errors, wherever on the way they were made.

Django's own middleware tells most of it, but only of what passes through it. The settings name this module before the
apps are loaded, so it imports no model.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

#: What no page of ours asks a browser for. Passkeys, sharing and the clipboard are not among them.
UNUSED = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi"),
    *("payment", "usb"),
)
#: What answers. Where nobody says it, the server names the software that it is.
SERVER = "portal"
#: Who asks with a cookie may get a page of their own, or a message. No proxy keeps it, also one that heeds no ``Vary``.
FOR_ONE = "private, max-age=0, must-revalidate"
DEFAULTS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Server": SERVER,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, outside all that could answer or fail by itself."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in DEFAULTS.items():
            if name == "X-Frame-Options" and getattr(response, "xframe_options_exempt", False):
                continue  # its policy says who may frame it
            response.headers.setdefault(name, value)
        if request.COOKIES or "Authorization" in request.headers:
            response.headers.setdefault("Cache-Control", FOR_ONE)
        return response

    return answer


def readable_anywhere[Response: HttpResponseBase](response: Response) -> Response:
    """Whatever site it is, a page there may read this answer. Nobody keeps it without asking again."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
    return response
