"""Review clocks: what should be read again says so, to readers, at the desk and in a weekly mail."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from immune.models import Component
from portal.pages import digest, freshness
from portal.publishing import actions, rooms
from portal.publishing.models import DATED, Change, Edition
from therapies import reading
from therapies.desk import actions as desk_actions
from therapies.fda.file_kinds import FILE_KINDS
from therapies.models import ApprovalEvent, DrugLabel, Therapy, TherapyFact

from . import fda_files
from .conftest import ANSWER
from .imports import keep

pytestmark = pytest.mark.sampled(4)

YEAR = datetime.timedelta(days=366)
MONDAY = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC) + datetime.timedelta(hours=5)  # 9:00 in New York


@pytest.fixture
def old(question, published) -> Edition:
    """A text that was last read more than a year ago."""
    live = published(question, **ANSWER)
    long_ago = timezone.now() - YEAR
    Edition.objects.filter(pk=live.pk).update(published_at=long_ago, reviewed_at=long_ago)
    live.refresh_from_db()
    return live


def test_a_text_is_overdue_after_the_time_of_its_kind(old):
    assert [(edition.pk, edition.title) for edition in freshness.overdue()] == [(old.pk, "Is this new?")]
    assert freshness.overdue()[0].page == old.page.specific


def test_cells_and_organs_hold_for_two_years(db):
    cells = Edition.objects.of_kind(Component)
    cells.update(written_on=timezone.localdate() - YEAR)
    assert freshness.overdue() == []
    cells.update(written_on=timezone.localdate() - 2 * YEAR)
    assert len(freshness.overdue()) == 8


def test_a_shipped_text_bears_the_day_it_was_written_wherever_it_is_installed(client, db):
    shipped = Edition.objects.live().filter(page__slug="types")
    shipped.update(written_on=datetime.date(2026, 7, 1), published_at=timezone.now())
    page = " ".join(client.get("/faq/types/").content.decode().split())
    written = '<time datetime="2026-07-01">July 1, 2026</time>'
    assert f"Text dated {written}; next review due by" in page
    assert f"<li>{written}: The project’s authors drafted it.</li>" in page
    assert f"Updated {written}." in page[page.index('class="citations"') :]
    questions = next(t for t in freshness.texts() if t["name"] == "Questions")
    assert questions["oldest"] == datetime.date(2026, 7, 1)


def test_the_day_of_a_text_is_one_in_python_and_in_the_database(old):
    late = datetime.datetime(2026, 11, 23, 23, 30, tzinfo=datetime.UTC) + datetime.timedelta(hours=4)  # 22:30 here
    Edition.objects.filter(pk=old.pk).update(published_at=late)
    Edition.objects.live().filter(page__slug="types").update(written_on=datetime.date(2026, 7, 1), published_at=late)
    days = {edition.pk: (edition.day, edition.dated) for edition in Edition.objects.live().annotate(day=DATED)}
    assert days[old.pk] == (late.date() - datetime.timedelta(days=1),) * 2
    assert [pair for pair in days.values() if pair[0] != pair[1]] == []


def test_readers_are_told_discreetly(old, client, administrator):
    page = client.get("/faq/a-new-question/").content.decode()
    assert "It was due for another check by" in page
    actions.review_unchanged(old, by=administrator)
    page = client.get("/faq/a-new-question/").content.decode()
    assert "It was due" not in page and "next review due by" in page and "last checked on" in page


def test_the_public_page_tells_how_old_everything_is(old, client):
    page = client.get("/about/freshness/").content.decode()
    assert "Is this new?" in page and "/faq/a-new-question/" in page
    assert "FDA decisions" in page and "Pending, not shown" in page
    questions = next(t for t in freshness.texts() if t["name"] == "Questions")
    assert [questions[name] for name in ("number", "overdue", "second_reader", "reviewed")] == [13, 1, 1, 0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("single", "told"),
    [(0, "independent sources.</p>"), (1, "The other one rests on one page"), (2, "The others rest on")],
)
def test_decisions_with_one_source_are_counted_in_words_that_agree(client, monkeypatch, single, told):
    assert sum(reading.well_founded()[part] for part in ("founded", "single")) == reading.well_founded()["decisions"]
    monkeypatch.setattr(reading, "well_founded", lambda: {"decisions": 9, "founded": 9 - single, "single": single})
    assert told in client.get("/about/freshness/").content.decode()


def test_the_public_page_asks_few_questions(client, db, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        client.get("/about/freshness/")


def test_links_of_overdue_pages_ask_one_question_a_kind(client, db, django_assert_max_num_queries):
    Edition.objects.live().update(written_on=timezone.localdate() - 3 * YEAR)
    with django_assert_max_num_queries(20 + 1 + len(rooms.page_kinds())):
        page = client.get("/about/freshness/").content.decode()
    assert page.count("due by") > 250


def test_the_numbers_of_facts_are_those_of_the_gates(client, db):
    events, facts = freshness.facts(freshness.changes())
    waiting = Change.objects.pending().to(ApprovalEvent).count()
    assert (events["confirmed"], events["waiting"]) == (ApprovalEvent.objects.public().count(), waiting)
    assert facts["waiting"] > 0


def test_what_was_rejected_does_not_wait(administrator, db):
    before = freshness.facts(freshness.changes())[1]["waiting"]
    actions.reject(Change.objects.pending().to(TherapyFact).first(), by=administrator, because="Read wrongly.")
    assert freshness.facts(freshness.changes())[1]["waiting"] == before - 1


def test_overdue_pages_rise_at_the_desk_of_reviewers(old, desk, reviewer, editor):
    assert "To read again" in desk(reviewer).get("/admin/").content.decode()
    assert "To read again" not in desk(editor).get("/admin/").content.decode()


# FDA's files -------------------------------------------------------------------------------


NONE_YET = "No confirmed comparison yet"


def files_part(client):
    return client.get("/about/freshness/").content.decode().partition('<h2 id="files">')[2]


def vouched_for(batch, data_editor, second_data_editor):
    """A second person confirms something that rests on a file."""
    given = {"therapy": Therapy.objects.get(slug="naxitamab"), "kind": "brand", "value": f"Brand {batch.pk}"}
    told = {"by": data_editor, "because": "The file says so.", "source": batch.source}
    actions.confirm(actions.propose_new(TherapyFact, given | {"source": batch.source}, **told), by=second_data_editor)


def test_readers_learn_which_edition_of_fdas_files_was_compared(client, data_editor, second_data_editor):
    every = len([kind for kind in FILE_KINDS if kind.from_fda])
    assert files_part(client).count(NONE_YET) == every
    drugs = keep(fda_files.drugs_zip(), by=data_editor, name="secret-name.zip", edition="2018-06-26")
    vouched_for(drugs, data_editor, second_data_editor)
    fetched = keep(fda_files.purple_book(fda_files.keytruda()), by=data_editor, name="another.csv", edition="2025-02")
    type(fetched).objects.filter(pk=fetched.pk).update(read_by=None)  # as the watch keeps it
    page = files_part(client)
    assert "June 26, 2018" in page and "February 2025" in page and page.count(NONE_YET) == every - 2
    for secret in ("Dana", "secret-name", "another.csv", fetched.sha256, "wait for an answer", "open row"):
        assert secret not in page


def test_a_file_that_one_person_uploaded_changes_nothing_for_readers(client, desk, data_editor, second_data_editor):
    before = files_part(client)
    batch = keep(fda_files.drugs_zip(), by=data_editor, edition="2099-01-01")
    assert files_part(client) == before
    assert "January 1, 2099" in desk(data_editor).get("/desk/").content.decode(), "staff see it"
    vouched_for(batch, data_editor, second_data_editor)
    assert "January 1, 2099" in files_part(client)


def test_a_file_that_one_person_vouched_for_alone_changes_nothing_for_readers(client, data_editor, settings):
    settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES = True
    batch = keep(fda_files.drugs_zip(), by=data_editor, edition="2026-11-01")
    before = files_part(client)
    vouched_for(batch, data_editor, data_editor)
    assert files_part(client) == before


def test_a_label_in_a_file_of_one_person_takes_none_from_those_accounted_for(client, data_editor):
    total = DrugLabel.objects.current().count()
    keep(fda_files.answer(fda_files.label(effective_time="20261124")), by=data_editor)
    assert f"So far {total} of {total} labels" in client.get("/about/freshness/").content.decode()


def test_one_person_does_not_account_for_a_label_by_skipping_it_or_undoing_the_watch(client, data_editor):
    total = DrugLabel.objects.current().count()
    batch = keep(fda_files.answer(fda_files.label(effective_time="20261124")), by=data_editor)
    type(batch).objects.update(read_by=None)  # as the watch keeps it
    assert f"So far {total - 1} of {total} labels" in client.get("/about/freshness/").content.decode()
    rows = batch.rows.filter(bucket="new date").values_list("pk", flat=True)
    assert desk_actions.skip(batch, rows, by=data_editor, because="Nothing new in it.").rows == 1
    assert f"So far {total - 1} of {total} labels" in client.get("/about/freshness/").content.decode()
    desk_actions.undo(batch, by=data_editor, because="Not needed.")
    assert f"So far {total - 1} of {total} labels" in client.get("/about/freshness/").content.decode()


def test_an_undone_file_was_not_compared(client, data_editor):
    batch = keep(fda_files.drugs_zip(), by=data_editor)
    undone = {"undone_at": timezone.now(), "undone_by": data_editor, "undone_because": "Wrong file."}
    type(batch).objects.update(**undone)
    assert files_part(client).count(NONE_YET) == len([kind for kind in FILE_KINDS if kind.from_fda])


def test_data_editors_see_it_on_their_first_page_and_editors_do_not(desk, data_editor, editor):
    assert "None of FDA’s files has been compared here yet." in desk(data_editor).get("/admin/").content.decode()
    keep(fda_files.drugs_zip(), by=data_editor, edition="2018-06-26")
    assert "Last compared with Drugs@FDA, June 26, 2018." in desk(data_editor).get("/admin/").content.decode()
    assert "Drugs@FDA" not in desk(editor).get("/admin/").content.decode()


# The weekly mail ---------------------------------------------------------------------------


@pytest.fixture
def mailing(settings, reviewer, editor, data_editor):
    settings.SENDS_MAIL = True
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    for person in (reviewer, editor, data_editor):
        person.email = f"{person.username.lower()}@portal.example"
        person.save()


def test_a_change_that_was_rejected_is_not_told_as_waiting(mailing, data_editor, second_data_editor):
    waiting = digest.waiting_for(data_editor)["to_confirm"]
    actions.reject(Change.objects.pending().leading().first(), by=second_data_editor, because="Nobody read it.")
    assert digest.waiting_for(data_editor)["to_confirm"] == waiting - 1 > 0


def test_each_person_gets_what_waits_for_them_once_a_week(mailing, old):
    assert digest.send_due(MONDAY) == ["wrote to Rosa", "wrote to Dana"]
    assert digest.send_due(MONDAY + datetime.timedelta(days=2)) == []
    to_rosa, to_dana = mail.outbox
    assert "Is this new?" in to_rosa.body and "Changes to confirm" not in to_rosa.body
    assert (
        f"Changes to confirm: {Change.objects.pending().count()}" in to_dana.body and "Is this new?" not in to_dana.body
    )
    assert len(digest.send_due(MONDAY + datetime.timedelta(days=7))) == 2


def test_not_before_monday_morning(mailing, old):
    digest.send_due(MONDAY)
    assert digest.send_due(MONDAY + datetime.timedelta(days=6, hours=18)) == []  # Monday, three at night


def test_a_mail_that_could_not_be_sent_is_tried_again(mailing, old, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("no server there")

    monkeypatch.setattr(digest, "send_mail", refuse)
    assert digest.send_due(MONDAY) == []
    monkeypatch.undo()
    assert len(digest.send_due(MONDAY)) == 2


def test_without_a_mail_server_nothing_is_sent(old, settings, reviewer):
    settings.SENDS_MAIL = False
    assert digest.send_due(MONDAY) == []
