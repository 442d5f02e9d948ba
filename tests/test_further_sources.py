"""On how many sources a decision rests, and what readers see of one that gives another day."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError

from portal.publishing import actions
from portal.publishing.models import Change, Source
from therapies.models import ApprovalEvent, FurtherSource, Indication

pytestmark = pytest.mark.django_db
WHY = "The notice names the day itself; the table was filled in later."


@pytest.fixture
def decision(confirmed):
    """One that rests on a page of a society alone."""
    use = Indication.objects.get(therapy__slug="pembrolizumab", code="cervical-cancer--with-chemoradiation")
    page = Source.objects.create(title="A society", url="https://www.a-society.org/news", official=False)
    return confirmed(ApprovalEvent, indication=use, kind="approval", date=datetime.date(2024, 1, 19), source=page)


@pytest.fixture
def page_of(client, decision):
    def page() -> str:
        return client.get(f"/therapies/{decision.indication.therapy.slug}/").content.decode()

    return page


def other() -> Source:
    return Source.objects.create(title="Another society", url="https://www.another-society.org/news")


def test_readers_see_on_how_many_pages_a_decision_rests(decision, page_of, confirmed):
    before = page_of().count("(2 sources outside FDA)")
    confirmed(FurtherSource, event=decision, source=other())
    assert page_of().count("(2 sources outside FDA)") == before + 1


def test_another_day_is_told_with_the_reason_why_ours_stands(decision, page_of, confirmed):
    confirmed(FurtherSource, event=decision, source=other(), date=datetime.date(2019, 1, 2), why=WHY)
    shown = page_of()
    told = f'Another source gives <time datetime="2019-01-02">January 2, 2019</time>. {WHY}'
    terms = re.findall(r'<details class="terms">(.*?)</details>', shown, re.S)
    assert shown.count(told) == 1 and any(told in one for one in terms), "it stands with the sources of its use"


def test_a_further_source_waits_for_a_second_person(decision, page_of, desk, data_editor, second_data_editor):
    browser, before = desk(data_editor), page_of()
    sent = {"source": other().pk, "date": "", "why": ""}
    browser.post(f"/desk/decisions/{decision.pk}/sources/new/", sent)
    change = Change.objects.pending().to(FurtherSource).get()
    assert page_of() == before
    actions.confirm(change, by=second_data_editor)
    assert "Another society" in browser.get(f"/desk/decisions/{decision.pk}/").content.decode()


def test_a_conflict_needs_a_word_and_the_first_source_is_not_counted_twice(decision, data_editor):
    given = {"event": decision, "source": other(), "date": datetime.date(2019, 1, 2)}
    with pytest.raises(ValidationError, match="why we keep our day"):
        actions.propose_new(FurtherSource, given, by=data_editor)
    with pytest.raises(ValidationError, match="independent"):
        actions.propose_new(FurtherSource, {"event": decision, "source": decision.source}, by=data_editor)
