"""The clock of each server process: it ticks with nobody doing anything, and stumbles without stopping."""

import threading

import pytest

from portal.pages import clock


@pytest.fixture
def ticking(monkeypatch):
    """Runs the clock until it has ticked three times; answers what it did each time."""

    def run(tick):
        stop, ticks = threading.Event(), []

        def once():
            ticks.append(1)
            if len(ticks) == 3:
                stop.set()
            return tick()

        monkeypatch.setattr(clock, "close_old_connections", lambda: None)
        clock._run(once, 0.001, stop)
        return len(ticks)

    return run


def test_it_ticks_again_and_again(ticking, caplog):
    assert ticking(lambda: ["published a page"]) == 3
    assert caplog.messages == ["published a page"] * 3


def test_it_goes_on_after_a_stumble(ticking, caplog):
    def stumble():
        raise RuntimeError("the database is away")

    assert ticking(stumble) == 3
    assert "tries again" in caplog.text


def test_a_timer_takes_its_place_where_the_settings_say_so(settings, monkeypatch):
    started = []
    monkeypatch.setattr(threading.Thread, "start", lambda thread: started.append(thread.name))
    settings.TICK_EVERY = 0
    clock.start()
    settings.TICK_EVERY = 20
    clock.start()
    assert started == ["clock"]
    settings.FDA_WATCH_CONTACT = "desk@portal.example"
    clock.start()
    assert started == ["clock", "clock", "watch"], "the watch waits for others, so it has a thread of its own"
