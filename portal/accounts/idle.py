"""A session ends once nobody has used it for a while: somebody left a computer, or the cookie got elsewhere.

Django counts from the last time that a session is saved, so one in use is saved now and then. A page that only stays
open does not count: its script asks who else is writing, and nobody need sit before it.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

USED = "used"
#: Readers' pages ask no session, so that everybody gets the same.
OF_STAFF = ("/admin/", "/desk/", "/account/")
BY_ITSELF = "/present/"


def idle_sessions(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, below that of sessions."""

    def answer(request: HttpRequest) -> HttpResponse:
        if (
            request.path.startswith(OF_STAFF)
            and not request.path.endswith(BY_ITSELF)
            and SESSION_KEY in request.session
        ):
            now = int(time.time())
            if now - request.session.get(USED, 0) > settings.SESSION_COOKIE_AGE // 20:
                request.session[USED] = now
        return get_response(request)

    return answer


def drop_ended() -> None:
    """Delete the sessions that have ended: nothing else would, and each names a person and the days of their work."""
    ended = Session.objects.filter(expire_date__lt=timezone.now())
    if ended.exists():  # to delete none would take the only lock for writing that SQLite has
        ended.delete()
