"""Every use and every decision has an address that stays, a source and a citation; what waits has none."""

import datetime
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from portal.publishing import actions, citations
from portal.publishing.models import Source
from portal.publishing.short_ids import LENGTH, LETTERS, drawn
from therapies.models import ApprovalEvent, Indication

from .public import FACTS, facts

pytestmark = [pytest.mark.django_db, pytest.mark.sampled(4)]
USE, EVENT = FACTS  # pembrolizumab for melanoma, confirmed in 2015


GIVEN = Path(__file__).with_name("addresses_given.txt")


def the_event() -> ApprovalEvent:
    return ApprovalEvent.objects.get(short_id=EVENT.split("/")[2])


def test_every_public_fact_has_its_own_address_a_source_and_nothing_twice():
    decisions = ApprovalEvent.objects.public()
    assert not decisions.filter(source=None).exists()
    assert Counter(facts()).most_common(1)[0][1] == 1
    assert all(re.fullmatch(f"[{LETTERS}]{{{LENGTH}}}", one.split("/")[2]) for one in facts())
    assert len([one for one in facts() if one.startswith("/events/")]) == decisions.count()


def test_a_shipped_fact_has_the_same_address_on_every_installation(client):
    use = Indication.objects.get(therapy__slug="pembrolizumab", short_id=USE.split("/")[2])
    assert use.short_id == drawn(f"use:pembrolizumab:{use.code}")
    assert the_event().short_id == drawn(f"event:{use.short_id}:converted:2015-12-18")
    assert client.get(USE).status_code == client.get(EVENT).status_code == 200


def test_what_a_decision_changed_is_told_in_whole_sentences(client):
    """Also where the words before are all that is known of it, which lists tell after a date and a colon."""
    narrowed = client.get("/events/rhp9f4dx/").content.decode()
    assert "<h2>What it changed</h2><p>Before that, the approved use was “" in narrowed


def test_no_release_takes_an_address_away():
    """Whoever corrects the day of a shipped decision says the first one under ``was`` (decision 50)."""
    given = GIVEN.read_text().split()
    assert len(given) > 700 and set(given) <= {*facts()}


@pytest.mark.slow
def test_a_site_that_named_decisions_by_itself_gets_the_names_of_all_sites():
    event, other = ApprovalEvent.objects.public().order_by("pk")[:2]
    names = event.short_id, other.short_id
    for row, name in ((event, "-"), (other, names[0]), (event, "zzzzzzzz")):  # one has the name of the other
        ApprovalEvent.objects.filter(pk=row.pk).update(short_id=name)
    call_command("load_content", verbosity=0)
    assert [ApprovalEvent.objects.get(pk=row.pk).short_id for row in (event, other)] == [*names]


def test_a_corrected_decision_keeps_its_address_and_shows_old_and_new(client, data_editor, second_data_editor):
    event = the_event()
    told = {"by": data_editor, "because": "A secret word of staff.", "source": event.source}
    change = actions.propose_change(event, {"date": datetime.date(2015, 12, 17), "note": "Staff alone."}, **told)
    assert "Nobody has corrected" in client.get(EVENT).content.decode()
    actions.confirm(change, by=second_data_editor)
    page = client.get(EVENT).content.decode()
    assert "Date was “December 18, 2015” and is now “December 17, 2015”" in page
    assert "secret word" not in page and "Staff alone" not in page and data_editor.username not in page
    again = ApprovalEvent.objects.create(
        indication=event.indication, kind="converted", date=datetime.date(2015, 12, 18), source=event.source
    )
    assert again.short_id not in ("", event.short_id)  # what it would be drawn from is taken


def test_what_waits_has_no_address_and_what_two_people_removed_says_so(client, data_editor, second_data_editor):
    use = Indication.objects.filter(events=None).first() or Indication.objects.create(
        therapy=the_event().indication.therapy, cancer=the_event().indication.cancer, code="waits", setting="Secret"
    )
    source = Source.objects.first()
    day = datetime.date(2020, 1, 1)
    actions.propose_new(
        ApprovalEvent,
        {"indication": use, "kind": "approval", "date": day, "source": source},
        by=data_editor,
        source=source,
    )
    for address in (f"/uses/{use.short_id}/", f"/events/{drawn(f'event:{use.short_id}:approval:{day}')}/"):
        assert client.get(address).status_code == client.get(f"{address}cite.bib").status_code == 404
    told = {"by": data_editor, "because": "It was no decision.", "source": source}
    going = ApprovalEvent.objects.public().filter(kind="withdrawn", earlier_terms=None, further_sources=None)[0]
    address = f"/events/{going.short_id}/"
    removal = actions.propose_removal(going, **told)
    actions.confirm(removal, by=second_data_editor)
    gone = client.get(address)
    assert gone.status_code == 410 and "It was no decision" not in gone.content.decode()
    back = actions.reverse(removal, by=data_editor, because="It was one.")
    actions.confirm(back, by=second_data_editor)
    assert client.get(address).status_code == 200


def test_a_use_that_ended_keeps_its_page(client):
    ended = ApprovalEvent.objects.public().filter(kind="withdrawn").first()
    page = client.get(f"/uses/{ended.indication.short_id}/").content.decode()
    assert "This use is no longer approved." in page and f"/events/{ended.short_id}/" in page


@pytest.mark.parametrize("address", [USE, EVENT])
def test_a_fact_is_cited_in_every_format_with_its_day_and_version(client, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get(address).content.decode()
    version = re.search(r"\(version ([0-9a-f]{8})\)", page)[1]
    assert [style.name for style in citations.STYLES] == re.findall("<dt>(APA|AMA|Vancouver)</dt>", page)
    for file in citations.FILES:
        answer = client.get(f"{address}cite.{file.ending}")
        text = answer.content.decode()
        assert answer["Content-Type"] == file.content_type and version in text and f"testserver{address}" in text
    entry = json.loads(client.get(f"{address}cite.json").content)[0]
    assert entry["version"] == version and entry["issued"]["date-parts"][0][0] >= 2026
    assert client.get(f"{address}cite.doc").status_code == 404


def test_what_programs_read_survives_any_title():
    day = datetime.date(2026, 11, 30)
    one = citations.Citation("A & B {50%}_\n“x”", "Us & them", day, "https://x.example/uses/a/", day, version="ab")
    assert r"A \& B \{50\%\}\_" in citations.bibtex(one)
    assert "TI  - A & B {50%}_ “x” (version ab)\r\n" in citations.ris(one)
    assert json.loads(citations.csl_json(one))[0]["id"] == "uses-a-20261130"
    assert "Us &amp; them" in citations.apa(one)


def test_therapy_and_cancer_pages_lead_to_each_decision(client):
    for address in ("/therapies/pembrolizumab/", "/cancers/melanoma/"):
        assert f'href="{EVENT}"' in client.get(address).content.decode()
