"""A cache of pages before a program that counts what it is asked."""

import pytest

from portal.serving import page_cache

from ..like_django import Content, Site
from .asking import OF_STAFF, around


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def content():
    return Content()


@pytest.fixture
def cache(site, content):
    return around(site, content)


@pytest.fixture(autouse=True)
def sessions(monkeypatch):
    """Without a database, one session is somebody’s."""
    monkeypatch.setattr(page_cache, "is_signed_in", lambda environ: environ["HTTP_COOKIE"] == OF_STAFF)
