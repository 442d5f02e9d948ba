"""Searches that found nothing are counted without the person."""

import datetime

import pytest
from django.conf import settings as ours

from portal.publishing.models import SearchMiss
from portal.publishing.search import misses

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(15)]


def ask_on(day: int, typed: str, client, monkeypatch) -> None:
    monkeypatch.setattr(misses.timezone, "localdate", lambda: datetime.date(2026, 11, day))
    client.get("/search/", {"q": typed})


def test_words_in_vain_can_be_read_from_the_third_day_on(client, monkeypatch):
    for day in (1, 1, 2):
        ask_on(day, "Flubber  quux", client, monkeypatch)
    assert not SearchMiss.objects.exclude(words="").exists() and misses.readable() == []
    ask_on(3, "the quux flubber", client, monkeypatch)
    assert [(row.words, row.days) for row in misses.readable()] == [("flubber quux", 3)]


@pytest.mark.parametrize("typed", ["mrn 12345678x", "zq zw zx zy zv zu", "keytruda", "z" * 61])
def test_what_may_be_of_one_person_or_was_found_is_not_counted(client, typed):
    client.get("/search/", {"q": typed})
    assert not SearchMiss.objects.exists()


def test_the_count_can_be_switched_off(client, settings):
    settings.COUNT_EMPTY_SEARCHES = False
    client.get("/search/", {"q": "flubber quux"})
    assert not SearchMiss.objects.exists()


def test_the_count_is_on_unless_somebody_says_otherwise():
    assert ours.COUNT_EMPTY_SEARCHES
