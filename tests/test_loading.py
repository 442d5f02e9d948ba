"""Loading the shipped content once more: it adds nothing, and leaves what staff edited, removed, wrote or answered."""

from io import StringIO

import pytest
from django.core.management import call_command

from faq.models import Question, Topic
from portal.pages.models import TakePartLink
from portal.publishing import actions
from portal.publishing.models import Change, ShippedRow, Source
from therapies import shipping
from therapies.models import ApprovalEvent, Biomarker, Cancer, TherapyFact

from . import databases
from .shipped import doubts, story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def load() -> str:
    """What the command says."""
    out = StringIO()
    call_command("load_content", stdout=out)
    return out.getvalue()


def test_the_database_plans_for_what_it_was_filled_with():
    assert databases.never_counted() == []


def test_loading_again_changes_nothing():
    out = load()
    assert "new" not in out and "updated" not in out and "published" not in out


def test_loading_again_leaves_what_staff_edited_removed_wrote_or_answered(published, data_editor):
    Cancer.objects.filter(slug="melanoma").update(plain_name="Mended by staff")
    TakePartLink.objects.filter(kind="donate").delete()
    question = Question.objects.get(slug="types")
    published(question, in_short="Rewritten here.")
    confirmed, rejected = Change.objects.pending().filter(source__isnull=False)[:2]
    actions.confirm(confirmed, by=data_editor)
    actions.reject(rejected, by=data_editor, because="Read wrongly.")
    waiting = Change.objects.pending().count()
    load()
    assert Cancer.objects.get(slug="melanoma").plain_name == "Mended by staff"
    assert not TakePartLink.objects.filter(kind="donate").exists()
    assert Question.objects.published().get(slug="types").live.words["in_short"] == "Rewritten here."
    confirmed.refresh_from_db()
    assert confirmed.governed.objects.get(pk=confirmed.row).change == confirmed
    assert Change.objects.pending().count() == waiting == len(doubts()) - 2


def test_what_staff_renamed_is_not_made_again():
    Topic.objects.filter(questions__slug="types").update(name="Renamed here")
    Source.objects.filter(title__startswith="FDA cancer accelerated-approval tables").update(title="Renamed too")
    topics, sources = Topic.objects.count(), Source.objects.count()
    load()
    assert (Topic.objects.count(), Source.objects.count()) == (topics, sources)
    assert Question.objects.get(slug="types").topic.name == "Renamed here"


def test_a_page_that_staff_made_first_stays_theirs():
    ShippedRow.objects.filter(key="therapies.biomarker:pd-l1").delete()
    Biomarker.objects.filter(slug="pd-l1").update(name="Made here")
    assert "made by staff" in load()
    assert Biomarker.objects.get(slug="pd-l1").name == "Made here"


def test_a_later_release_corrects_a_fact_in_its_place(monkeypatch):
    """A corrected value or date replaces the shipped one; it does not stand beside it."""
    read = shipping.read_toml

    def corrected(path):
        entry = read(path)
        if path.name == "olaratumab.toml":
            next(f for f in entry["facts"] if f["kind"] == "market-status")["value"] = "discontinued"
            entry["uses"][0]["events"][1]["date"] = "2020-02-26"
        return entry

    monkeypatch.setattr(shipping, "read_toml", corrected)
    before = TherapyFact.objects.count(), ApprovalEvent.objects.count()
    assert "2 updated" in load()
    assert (TherapyFact.objects.count(), ApprovalEvent.objects.count()) == before
    assert story("olaratumab", "soft-tissue-sarcoma--with-doxorubicin")[1] == ("withdrawn", "2020-02-26")
