"""What stands before everything else: the addresses for whoever runs the portal, then finished pages, then Django."""

from typing import Any

from django.conf import settings
from django.db import connection

from .health import Health, livez, readyz
from .page_cache import PageCache
from .rendering import Application
from .versions import of_database


class Front:
    """A WSGI program. Its own addresses answer whatever the host is and whether the scheme is https or not."""

    def __init__(self, application: Application, own: dict[str, Application]) -> None:
        self.application = application
        self.own = own

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        if (answer := self.own.get(environ["PATH_INFO"])) and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return answer(environ, start)
        return self.application(environ, start)


def in_front_of(application: Application) -> Front:
    """The program that a server runs. With ``PAGE_CACHE_MB=0`` no page is kept."""
    version = of_database(connection)
    own = {"/livez": livez, "/readyz": readyz(Health(version))}
    if not settings.PAGE_CACHE_MB:
        return Front(application, own)
    return Front(PageCache(application, version, megabytes=settings.PAGE_CACHE_MB), own)
