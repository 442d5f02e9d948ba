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


@contextmanager
def sharing() -> Iterator[None]:
    """Tests share until one changes something; a test that counts queries counts those of whoever asks first."""
    begun_with = content_version.number()

    def unchanged() -> bool:
        if connection.vendor != "postgresql":
            return content_version.number() == begun_with
        with connection.cursor() as cursor:  # the number is raised at the end, so ask whether anything was written
            cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
            return cursor.fetchone()[0]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            kept,
            "may_be_shared",
            lambda: outside_transactions() or (not connection.force_debug_cursor and unchanged()),
        )
        yield
