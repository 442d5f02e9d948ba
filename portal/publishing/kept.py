"""What a process keeps of what readers see, for as long as nothing of it changes.

Many pages tell the same numbers, and each would read every decision for them. So whatever is made from what readers see
and from the day alone is made once per content version (``content_version.py``). The version is asked before anything
is read, so what is kept under a number is never older than that number; it may be newer, until the next request asks.

Inside a transaction nothing is kept or taken: its rows may be taken back, and PostgreSQL raises the number only at its
end. Previews of a change, and most tests, are such transactions.
"""

from typing import Any

from django.db import connection
from django.utils import timezone

from . import content_version

#: Where a request tells what version there was before any of its page was read.
ASKED = "portal.content_version"


class OfContent:
    """Base of what is worked out from the published content and today's date alone, whoever asks. All requests share
    one instance until the content changes, so its users must not alter it. Two threads that read the same
    ``cached_property`` first may both work it out, with the same result.
    """


type Store = dict[type[OfContent], Any]

_held: tuple[Any, Store] = (None, {})


def may_be_shared() -> bool:
    """Whether what is read now is what everybody reads."""
    return not connection.in_atomic_block


def store(version: int | None = None) -> Store:
    """Where to keep what is made now: by all requests of this version and day, or by one alone. One query, unless
    somebody asked for the version before anything was read (the page cache does).
    """
    global _held
    if not may_be_shared():
        return {}
    if version is None:
        version = content_version.number()
    if version is None:
        return {}
    key = connection.settings_dict["NAME"], version, timezone.localdate()
    held = _held
    if held[0] != key:
        held = _held = key, {}
    return held[1]
