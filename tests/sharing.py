"""Tests share what is made of the content, as requests do, although each of them is a transaction.

Outside of tests, ``portal/publishing/kept.py`` keeps what pages are made from while the content stays as it is, but not
inside a transaction. Most tests are one, and most only read; each would read every decision again for each page.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from portal.publishing import content_version, kept

outside_transactions = kept.may_be_shared
_settled_at: int | None = None


@contextmanager
def sharing() -> Iterator[None]:
    """Tests share until one changes something; a test that counts queries counts those of whoever asks first."""
    with settled(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            kept,
            "may_be_shared",
            lambda: outside_transactions() or (not connection.force_debug_cursor and _as_settled()),
        )
        yield


@contextmanager
def settled() -> Iterator[None]:
    """A test has changed what it wanted to; from here on its requests share as well, until readers would see another
    change. On PostgreSQL they do not: it raises the number at the end of a transaction.
    """
    global _settled_at
    before, _settled_at = _settled_at, content_version.number()
    forget()
    try:
        yield
    finally:
        _settled_at = before
        forget()


def _as_settled() -> bool:
    if connection.vendor != "postgresql":
        return content_version.number() == _settled_at
    with connection.cursor() as cursor:  # whether this transaction has written anything
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
        return cursor.fetchone()[0]


def forget() -> None:
    """Begin anew: another test may come to the same number by other changes."""
    kept._held = None, {}
