"""What goes wrong at FDA loses nothing that was known, counts as no look, and is told."""

import datetime

import pytest
from django.utils import timezone

from therapies.models import Batch, WatchedFile, WatchTurn
from therapies.watch import watching

from .. import fda_files as files
from .. import fda_server as fda
from .quiet_day import KEYTRUDA, NOTICES, OPDIVO, ZIP, book, known, label, later, standing_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FAULTS = {
    "too many questions": (fda.failing(429, Retry_After="7200"), "asked us to come back later (429)"),
    "a problem of theirs": (fda.failing(500), "has a problem of its own (500)"),
    "cut off": (fda.breaking_off(label()), "broke off before its end"),
    "half a JSON": (fda.holding(label()[:-20]), "or is cut off"),
    "a page that says sorry": (fda.saying_sorry, "turned us away"),
    "gone": (fda.nothing, "There is nothing at this address any more."),
    "elsewhere": (fda.moved_to("https://files.example/"), "isn’t on our list"),
    "inside": (fda.moved_to("https://127.0.0.1/admin/"), "isn’t on our list"),
    "turned away": (fda.moved_to("/apology_objects/abuse-detection-apology.html"), "turned us away"),
    "too large": (fda.flooding, "more than the 20 MB"),
    "a bomb": (fda.bomb, "more than the 20 MB"),
    "another file": (fda.holding(files.answer(files.drugsfda())), "but this is Drugs@FDA at openFDA"),
    "an error in JSON": (fda.holding(b'{"error": {"message": "Try later"}}'), "Try later"),
    "nothing at all": (fda.holding(b""), "empty"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_loses_nothing_checks_nothing_and_is_told(watched, server, desk, data_editor, name):
    mood, said = FAULTS[name]
    later(hours=25)
    before, batches = known(KEYTRUDA), Batch.objects.count()
    server.moods[KEYTRUDA] = mood
    lines = watched()
    file = known(KEYTRUDA)
    for field in ("etag", "last_modified", "digest", "edition", "checked_at", "changed_at", "batch_id"):
        assert getattr(file, field) == getattr(before, field), field
    assert file.failures == 1 and said in file.trouble and file.not_before > timezone.now()
    assert Batch.objects.count() == batches
    assert f"{KEYTRUDA}: {file.trouble}" in lines and WatchTurn.objects.first().failed == 1
    assert said in desk(data_editor).get("/desk/watch/").content.decode()
    server.moods[KEYTRUDA] = fda.holding(label("20260601"), etag='"k1"')
    later(hours=25)
    watched()
    assert (known(KEYTRUDA).failures, known(KEYTRUDA).trouble) == (0, "")
    assert Batch.objects.count() == batches, "it is as it was"


def test_a_change_that_came_with_a_fault_comes_with_the_next_turn(watched, server):
    before = Batch.objects.count()
    server.moods[KEYTRUDA] = fda.breaking_off(label("20261127"))
    watched()
    server.moods[KEYTRUDA] = fda.holding(label("20261127"))
    later(hours=2)
    watched()
    assert Batch.objects.count() == before + 1


def test_a_change_that_could_not_be_stored_is_not_remembered(watched, server, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    before = known(KEYTRUDA)
    server.moods[KEYTRUDA] = fda.holding(label("20261127"), etag='"k2"')
    monkeypatch.setattr(watching.actions, "keep_news", broken)
    watched()
    monkeypatch.undo()
    file = known(KEYTRUDA)
    assert (file.etag, file.digest) == (before.etag, before.digest)
    assert file.trouble == "It could not be compared."


def test_one_address_that_fails_keeps_no_other_from_being_asked(watched, server):
    server.moods[KEYTRUDA] = fda.holding(b"{")
    server.moods[OPDIVO] = fda.holding(label("20261126", "BLA125554", "Opdivo", "NIVOLUMAB"))
    watched()
    assert known(KEYTRUDA).trouble and known(OPDIVO).changed_at > known(KEYTRUDA).changed_at


def test_a_host_that_wants_rest_is_left_alone_and_others_are_asked(watched, server):
    later(hours=25)
    server.asked.clear()
    first = WatchedFile.objects.filter(kind="openfda-label").in_turn().first().address
    server.moods[first] = fda.failing(429, Retry_After="7200")
    watched()
    assert [address for address in server.addresses() if "api.fda.gov" in address] == [first]
    assert NOTICES in server.addresses() and known(NOTICES).trouble == ""
    rest = known(OPDIVO).not_before - timezone.now()
    assert datetime.timedelta(hours=1.9) < rest <= datetime.timedelta(hours=2)
    server.asked.clear()
    watched()
    assert [address for address in server.addresses() if "api.fda.gov" in address] == []
    later(hours=3)
    server.moods[first] = fda.nothing
    watched()
    assert KEYTRUDA in server.addresses()


def test_in_the_first_turn_too(watch, server):
    server.moods[ZIP] = fda.moved_to("/apology_objects/abuse-detection-apology.html")
    watch()
    assert [address for address in server.addresses() if "www.fda.gov" in address] == [ZIP]


def test_each_fault_in_a_row_waits_longer_and_a_day_at_most(watched, server):
    server.moods[KEYTRUDA] = fda.holding(b"{")
    rests = []
    for _ in range(7):
        watched()
        rests.append(round((known(KEYTRUDA).not_before - timezone.now()) / datetime.timedelta(hours=1)))
        later(hours=25)
    assert rests == [1, 2, 4, 8, 16, 24, 24]


@pytest.mark.parametrize("mood", [fda.nothing, fda.saying_sorry])
def test_the_purple_book_of_this_month_may_not_be_there_yet(watch, server, mood):
    server.moods[book(0)] = mood
    watch()
    assert known(book(0)).trouble == "" and known(book(0)).digest == ""
    assert not standing_of("purple-book").is_late


def test_it_is_read_when_it_comes(watched, server):
    march = files.purple_book(files.keytruda(), files.product(number="769998", brand="Newmab", name="newmab-abcd"))
    server.moods[book(0)] = fda.holding(march)
    watched()
    assert Batch.objects.filter(kind="purple-book").count() == 2


def test_where_no_month_is_there_its_site_has_moved(watch, server):
    del server.moods[book()]
    watch()
    assert standing_of("purple-book").looked_at is None


def test_a_page_that_says_sorry_is_no_look_at_a_label_even_the_first_time(watch, server):
    server.moods[OPDIVO] = fda.saying_sorry
    watch()
    assert known(OPDIVO).trouble and known(OPDIVO).checked_at is None
    assert standing_of("openfda-label").looked_at is None


def test_a_redirect_to_nonsense_holds_up_no_other_source(watch, server):
    server.moods[KEYTRUDA] = fda.moved_to("https://[bad", 302)
    watch()
    assert "which is no address" in known(KEYTRUDA).trouble
    assert known(NOTICES).checked_at


def test_an_answer_that_breaks_what_asks_holds_up_no_other_source(watch, server, monkeypatch):
    asked = fda.LocalClient.get

    def broken(self, address, *known):
        if address == KEYTRUDA:
            raise ValueError
        return asked(self, address, *known)

    monkeypatch.setattr(fda.LocalClient, "get", broken)
    watch()
    assert known(KEYTRUDA).trouble and known(NOTICES).checked_at
