"""Addresses of files, which are ready as they are: style sheets, scripts, pictures."""

from django.conf import settings
from django.http import HttpResponseNotFound


def is_file(path: str) -> bool:
    return path.startswith(tuple(f"/{address.strip('/')}/" for address in (settings.STATIC_URL, settings.MEDIA_URL)))


def no_such_file() -> HttpResponseNotFound:
    """In one line: nobody reads it, and a page would cost a hundred times as much, as often as anybody asks."""
    return HttpResponseNotFound("There is no such file here.\n", "text/plain; charset=utf-8")
