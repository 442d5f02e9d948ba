"""A cache of pages before a program that counts what it is asked."""

import pytest

from ..like_django import Content, Site
from .asking import around


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def content():
    return Content()


@pytest.fixture
def cache(site, content):
    return around(site, content)
