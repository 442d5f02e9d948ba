"""Whether somebody is signed in, known before anything is made for a request. Any other cookie may be made up."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, close_old_connections
from django.http import parse_cookie


def session_named(environ: Mapping[str, Any]) -> str:
    return parse_cookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME, "")


def is_signed_in(environ: Mapping[str, Any]) -> bool:
    """One question to the database; as long as it can't be asked, nobody is."""
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_named(environ))
    try:
        return SESSION_KEY in session.load()
    except (DatabaseError, ValueError):  # PostgreSQL takes no NUL
        return False
    finally:
        close_old_connections()
