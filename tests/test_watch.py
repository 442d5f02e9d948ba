"""The watch over FDA's own files: what changed becomes one batch for people, and a fault costs nothing that was known.

A server of this machine plays FDA.
"""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.publishing.models import AuditEntry, Change
from therapies.desk import actions
from therapies.models import ApprovalEvent, Batch, BatchRow, TherapyFact, WatchedFile, WatchTurn
from therapies.watch import sources, watching

from . import fda_files as files
from . import fda_server as fda
from .imports import keep
from .watched_fda import (
    CBER,
    FILED,
    KEYTRUDA,
    LABELS,
    NOTICES,
    OPDIVO,
    ZIP,
    book,
    cber,
    label,
    on_a_quiet_day,
    standing_of,
    turn_of,
    zip_with_a_generic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = datetime.timedelta(days=1)


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


def known(address):
    return WatchedFile.objects.get(address=address)


def later(**by):
    """As if some time had gone by since the last look."""
    time = datetime.timedelta(**by)
    for file in WatchedFile.objects.all():
        for name in ("asked_at", "checked_at", "not_before"):
            if at := getattr(file, name):
                setattr(file, name, at - time)
        file.save()


# What changed -----------------------------------------------------------------------------------------------


def test_the_first_turn_makes_a_batch_of_each_file_and_no_fact(watch):
    facts, events = TherapyFact.objects.count(), ApprovalEvent.objects.count()
    pending = Change.objects.count()
    watch()
    kinds = list(Batch.objects.order_by("kind").values_list("kind", flat=True))
    assert set(kinds) <= {source.kind for source in sources.WATCHED} and "openfda-label" in kinds
    assert (TherapyFact.objects.count(), ApprovalEvent.objects.count()) == (facts, events)
    assert Change.objects.count() == pending, "rows wait for somebody to accept them"


def test_a_batch_says_that_the_watch_brought_it_and_from_where(watched, desk, data_editor):
    batch = Batch.objects.get(kind="openfda-label")
    assert batch.read_by is None and batch.name == "2 answers from api.fda.gov"
    assert batch.source.url == "https://api.fda.gov/drug/label.json" and batch.source.official
    assert batch.source.read_as.startswith("fetched 2 answers from api.fda.gov, SHA-256 ")
    entry = AuditEntry.objects.get(verb="read", kind="therapies.batch", row=str(batch.pk))
    assert (entry.by, entry.name) == (None, "the watch")
    page = desk(data_editor).get(f"/desk/files/{batch.pk}/").content.decode()
    assert "by the watch," in page and "label of June 1, 2026" in page


def test_a_second_turn_with_no_change_makes_no_batch(watched, server):
    before, asked = Batch.objects.count(), len(server.asked)
    lines = watched()
    assert Batch.objects.count() == before
    assert len(server.asked) == 2 * asked
    assert [line for line in lines if not line.endswith("asked, 0 changed.")] == []


def test_a_turn_of_another_day_asks_for_what_is_new_alone(watched, server):
    server.asked.clear()
    watched()
    asked = dict(server.asked)
    assert asked[KEYTRUDA]["If-None-Match"] == '"k1"'
    assert asked[book()]["If-Modified-Since"] == "Sun, 01 Nov 2026 06:00:00 GMT"


def test_a_change_makes_exactly_one_batch(watched, server):
    before = set(Batch.objects.values_list("pk", flat=True))
    server.moods[KEYTRUDA] = fda.holding(label("20261127"), etag='"k2"')
    watched()
    [batch] = Batch.objects.exclude(pk__in=before)
    assert batch.kind == "openfda-label" and batch.rows_read == 1
    assert batch.rows.get(bucket="new date").date == datetime.date(2026, 11, 27)
    assert known(KEYTRUDA).batch == batch and known(OPDIVO).batch != batch
    watched()
    assert Batch.objects.count() == len(before) + 1


def test_changes_of_several_labels_on_one_day_are_one_batch(watched, server):
    before = Batch.objects.count()
    server.moods[KEYTRUDA] = fda.holding(label("20261127"))
    server.moods[OPDIVO] = fda.holding(label("20261126", "BLA125554", "Opdivo", "NIVOLUMAB"))
    watched()
    assert Batch.objects.count() == before + 1
    assert Batch.objects.latest("pk").rows.filter(bucket="new date").count() == 2


def test_another_stamp_or_order_is_no_change(watched, server):
    before, changed_at = Batch.objects.count(), known(KEYTRUDA).changed_at
    content = files.answer(files.label(effective_time="20260601"), updated="2026-07-24")
    server.moods[KEYTRUDA] = fda.holding(content, etag='"k2"')
    rows = [[*files.NOTICE[:2], "05/27/2022"]]
    server.moods[NOTICES] = fda.holding(files.page(["Title", "Description", "Date"], rows, title="Anew"))
    watched()
    assert Batch.objects.count() == before
    file = known(KEYTRUDA)
    assert file.etag == '"k2"' and file.changed_at == changed_at


def test_a_change_that_asks_nothing_new_is_remembered_without_a_batch(watched, server):
    before, digest = Batch.objects.count(), known(ZIP).digest
    server.moods[ZIP] = fda.holding(zip_with_a_generic())
    lines = watched()
    assert Batch.objects.count() == before
    assert known(ZIP).digest != digest and f"Drugs@FDA: nothing to answer in {ZIP}." in lines


def test_a_new_therapy_on_cber_s_list_comes_to_people(watched, server):
    server.moods[CBER] = fda.holding(cber("KYMRIAH (tisagenlecleucel)", "NEWCEL (novocabtagene autoleucel)"))
    watched()
    batch = Batch.objects.filter(kind="cellular-products").latest("pk")
    row = batch.rows.get(bucket="new therapy")
    assert row.proposal["name"] == "novocabtagene autoleucel" and batch.source.url == CBER


def test_what_is_asked_again_waits_once(watched, server, desk, data_editor):
    """Each batch holds its whole file, as an upload does, so a question that nobody answered is in several."""
    twice = {"submission_type": "SUPPL", "submission_number": "500", "submission_status": "AP"}
    twice |= {"submission_status_date": "20261102", "submission_class_code": "EFFICACY"}
    address, filed = FILED.format("BLA125514"), files.drugsfda()
    server.moods[address] = fda.holding(files.answer(filed | {"submissions": [*filed["submissions"], twice]}))
    watched()
    thrice = twice | {"submission_number": "501", "submission_status_date": "20261103"}
    server.moods[address] = fda.holding(files.answer(filed | {"submissions": [*filed["submissions"], twice, thrice]}))
    watched()
    first, second = Batch.objects.filter(kind="openfda-drugsfda").order_by("-pk")[:2][::-1]
    assert (first.rows.unanswered().count(), second.rows.unanswered().count()) == (1, 2)
    assert BatchRow.objects.unanswered().asked_last().filter(batch__in=[first, second]).count() == 2
    page = desk(data_editor).get("/desk/files/").content.decode()
    assert page.index("2 open rows") < page.index(f"/desk/files/{first.pk}/") < page.index("No open rows")
    actions.undo(second, by=data_editor, because="Wrong.")
    assert first.rows.unanswered().asked_last().count() == 1, "what was undone asks nothing"


def test_of_drugs_at_fda_only_what_is_ours_is_kept(watch, server):
    server.moods[ZIP] = fda.holding(zip_with_a_generic())
    watch()
    rows = Batch.objects.get(kind="drugs-at-fda").rows
    assert rows.exists() and not rows.filter(bucket="not ours", therapies=[]).exists()


def test_an_undone_batch_may_come_again_with_the_next_change(watched, server, data_editor):
    batch = Batch.objects.get(kind="openfda-label")
    actions.undo(batch, by=data_editor, because="Wrong.")
    server.moods[KEYTRUDA] = fda.holding(label("20261127"))
    watched()
    assert Batch.objects.filter(kind="openfda-label", undone_at=None).count() == 1


def test_what_was_skipped_in_an_upload_is_not_asked_again(watch, server, data_editor):
    batch = keep(label("20260601"), by=data_editor)
    actions.skip(batch, batch.rows.values_list("pk", flat=True), by=data_editor, because="Checked.")
    del server.moods[OPDIVO]
    watch()
    assert Batch.objects.filter(kind="openfda-label").count() == 1


def test_every_application_of_ours_is_asked(watch, server, monkeypatch):
    monkeypatch.undo()
    fda.at_public_address(monkeypatch)
    watch()
    labels = [address for address in server.addresses() if "/label.json" in address]
    assert len(labels) == len(set(labels)) > 100 and {KEYTRUDA, OPDIVO} <= set(labels)


def test_an_application_that_is_no_longer_ours_is_forgotten(watched):
    WatchedFile.objects.create(kind="openfda-label", address=LABELS.format("BLA999999"))
    watched()
    assert not WatchedFile.objects.filter(address=LABELS.format("BLA999999")).exists()


# Faults: they lose nothing, they check nothing, and they are told --------------------------------------------------


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


# The month that is not there yet ---------------------------------------------------------------------------------


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


# What is not what it should be -----------------------------------------------------------------------------------


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


# Turns ----------------------------------------------------------------------------------------------------------


def test_one_turn_at_a_time(watch, server):
    other = WatchTurn.objects.create()
    assert watch() == ["Another process is asking FDA right now, so this one left it at that."]
    assert server.asked == []
    WatchTurn.objects.filter(pk=other.pk).update(alive_at=timezone.now() - datetime.timedelta(minutes=16))
    watch()
    assert server.asked, "a turn whose process is gone holds up nobody"


def test_a_turn_ends_whatever_happens(server, monkeypatch):
    def broken(self, source):
        raise RuntimeError
        yield

    monkeypatch.setattr(watching.Looking, "at", broken)
    with pytest.raises(RuntimeError):
        list(watching.watch(fda.LocalClient(server)))
    assert WatchTurn.objects.filter(is_under_way=True).count() == 0


def test_the_clock_asks_once_a_day_and_only_where_the_watch_is_on(server, settings, monkeypatch):
    monkeypatch.setattr(watching, "FdaClient", lambda contact: fda.LocalClient(server))
    assert list(watching.watch_when_due()) == [] and server.asked == [], "it is off unless somebody turns it on"
    settings.FDA_WATCH_CONTACT = "desk@portal.example"
    assert list(watching.watch_when_due())
    asked = len(server.asked)
    assert list(watching.watch_when_due()) == [] and len(server.asked) == asked
    later(hours=25)
    assert list(watching.watch_when_due()) and len(server.asked) == 2 * asked


def test_the_command_asks_now(server, settings, monkeypatch):
    settings.FDA_WATCH_CONTACT = "desk@portal.example"
    command = "therapies.management.commands.fda_watch.FdaClient"
    monkeypatch.setattr(command, lambda contact: fda.LocalClient(server))
    out = StringIO()
    call_command("fda_watch", stdout=out)
    assert "Labels at openFDA: new batch 2 answers from api.fda.gov." in out.getvalue()
    call_command("fda_watch", stdout=out)
    assert WatchTurn.objects.count() == 2


def test_nothing_is_asked_before_fda_knows_whom_to_write_to(settings):
    settings.FDA_WATCH_CONTACT = ""
    with pytest.raises(CommandError, match="Set FDA_WATCH_CONTACT"):
        call_command("fda_watch")
