"""A watch that asks a server of this machine, which plays FDA on a quiet day."""

import pytest

from .quiet_day import on_a_quiet_day, turn_of


@pytest.fixture
def server(server, monkeypatch):
    return on_a_quiet_day(server, monkeypatch)


@pytest.fixture
def watch(server):
    return turn_of(server)


@pytest.fixture
def watched(watch):
    """A first turn is behind us."""
    watch()
    return watch
