"""Feeds tell followers what FDA decided: valid, stable, asked for cheaply, and nothing that readers may not see."""

import datetime
import json
from xml.etree import ElementTree

import feedparser
import pytest
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from portal.publishing import actions
from portal.publishing.feed_formats import FORMATS
from therapies.models import ApprovalEvent, Cancer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/feeds/approvals", "/feeds/cancers/melanoma", "/feeds/therapies/pembrolizumab")


def atom(client, address: str = "/feeds/approvals.atom"):
    return ElementTree.fromstring(client.get(address).content)  # noqa: S314  our own bytes


def entries(client, address: str = "/feeds/approvals.atom") -> list[dict[str, str]]:
    return [
        {part.tag.removeprefix(ATOM): part.text for part in entry}
        for entry in atom(client, address).iter(f"{ATOM}entry")
    ]


def items(client, address: str = "/feeds/approvals.json") -> list[dict]:
    return json.loads(client.get(address).content)["items"]


@pytest.fixture
def change(use, source, pending):
    """Pembrolizumab was approved for one more use, which nobody has confirmed yet."""
    given = {"indication": use, "kind": "approval", "date": datetime.date(2024, 3, 1), "note": "A word among staff"}
    return pending(ApprovalEvent, source=source, **given)


@pytest.fixture
def decision(change, second_data_editor):
    """The same once it is confirmed."""
    return ApprovalEvent.objects.get(pk=actions.confirm(change, by=second_data_editor).row)


@pytest.fixture
def corrected(data_editor, second_data_editor):
    """Gives a decision another day; answers the change, which waits."""

    def correct(decision, date):
        told = {"because": "The letter names this day.", "source": decision.source}
        return actions.propose_change(decision, {"date": date}, by=data_editor, **told)

    return correct


@pytest.mark.parametrize("address", FEEDS)
def test_both_formats_tell_the_same(client, address):
    told, same = entries(client, f"{address}.atom"), items(client, f"{address}.json")
    assert 0 < len(told) <= 50
    assert [(e["id"], e["title"], e["summary"], e["updated"]) for e in told] == [
        (i["id"], i["title"], i["content_html"], i["date_modified"]) for i in same
    ]


@pytest.mark.parametrize("address", FEEDS)
def test_an_rss_feed_is_read_without_a_fault_and_tells_the_same(client, address):
    response = client.get(f"{address}.rss")
    assert response.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    read, same = feedparser.parse(response.content), items(client, f"{address}.json")
    assert not read.bozo and read.version == "rss20" and read.feed.language == "en-US"
    assert [(e.id, e.title, e.link, e.summary) for e in read.entries] == [
        (i["id"], i["title"], i["url"], i["content_html"]) for i in same
    ]
    assert all(not entry.guidislink and entry.published_parsed for entry in read.entries)


@pytest.mark.parametrize("address", FEEDS)
def test_a_calendar_shows_each_decision_on_its_day(client, address):
    response = client.get(f"{address}.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    calendar = Calendar.from_ical(response.content)
    told = {str(event["uid"]): event for event in calendar.events}
    assert calendar["version"] == "2.0" and calendar["prodid"] and not calendar.errors
    for item in items(client, f"{address}.json"):
        event = ApprovalEvent.objects.get(short_id=item["id"].rpartition("-")[2])
        if event.precision == "by":
            assert item["id"] not in told
            continue
        shown = told.pop(item["id"])
        day = datetime.timedelta(days=1)
        first = event.date if event.precision == "day" else event.date.replace(day=1)
        assert (shown.start, shown.end) == (first, event.date + day)
        assert (str(shown["summary"]), str(shown["url"])) == (item["title"], item["url"])
        assert not shown.errors and "<" not in shown["description"] and "&amp;" not in shown["description"]
    assert not told


@pytest.mark.parametrize("address", FEEDS)
def test_an_atom_feed_has_all_that_its_standard_asks_for(client, address):
    response = client.get(f"{address}.atom")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = atom(client, f"{address}.atom")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver{address}.atom"
    assert client.get(links["alternate"]).status_code == 200
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    for part in (feed, *feed.iter(f"{ATOM}entry")):
        assert part.find(f"{ATOM}title").text
        assert part.find(f"{ATOM}id").text.startswith("tag:testserver,2026:")
        assert datetime.datetime.fromisoformat(part.find(f"{ATOM}updated").text).tzinfo


@pytest.mark.parametrize("address", FEEDS)
def test_a_json_feed_has_all_that_its_standard_asks_for(client, address):
    response = client.get(f"{address}.json")
    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = response.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] and feed["feed_url"] == f"http://testserver{address}.json"
    assert all(item["id"] and item["content_html"] for item in feed["items"])


def test_an_entry_says_in_plain_words_what_was_decided_when_and_where_it_is_written(client, decision):
    entry = entries(client)[0]
    assert entry["title"] == "Approved: Pembrolizumab, Neuroblastoma (March 1, 2024)"
    for words in (
        "FDA approved this use.",
        "For whom: After everything else.",
        "March 1, 2024",
        "FDA letter of a test",
    ):
        assert words in entry["summary"]
    assert "(official record)" in entry["summary"] and '<a href="https://www.fda.gov/test">' in entry["summary"]
    assert datetime.datetime.fromisoformat(entry["updated"]) == decision.confirmed_at


def test_an_entry_leads_to_the_page_of_its_decision(client, decision):
    """By an address that is the same on every installation."""
    assert items(client)[0]["url"] == f"http://testserver/events/{decision.short_id}/"
    assert client.get(items(client)[0]["url"]).context["step"].event == decision


def test_a_late_record_of_an_old_decision_reaches_followers(client, decision):
    assert decision.date.year == 2024 and items(client)[0]["id"].endswith(f":event-{decision.short_id}")


def test_nothing_unconfirmed_and_no_note_is_told(client, change, second_data_editor):
    def told():
        return "".join(client.get(f"{feed}.{form}").content.decode() for feed in FEEDS for form in FORMATS)

    assert "Pembrolizumab, Neuroblastoma" not in told()
    decision = ApprovalEvent.objects.get(pk=actions.confirm(change, by=second_data_editor).row)
    assert f":event-{decision.short_id}<" in told() and "A word among staff" not in told()


def test_a_corrected_entry_keeps_its_name_and_gets_a_new_moment(client, decision, corrected, second_data_editor):
    before = items(client)[0]
    change = corrected(decision, datetime.date(2024, 3, 2))
    assert items(client)[0] == before, "followers keep the old day until a second person confirms the new one"
    actions.confirm(change, by=second_data_editor)
    after = items(client)[0]
    assert after["id"] == before["id"] and after["date_modified"] > before["date_modified"]
    assert "March 2, 2024" in after["title"]


def test_the_newest_fifty_are_told(client):
    assert ApprovalEvent.objects.public().count() > 50 == len(items(client))


def test_marks_of_xml_and_characters_that_it_cannot_hold_do_no_harm(client, decision):
    use = decision.indication
    use.setting = 'Age < 5 & \x0b<script>alert(1)</script> ]]> "quoted"'
    use.save()
    summary = entries(client)[0]["summary"]
    assert "Age &lt; 5 &amp; &lt;script&gt;" in summary and "<script>" not in summary
    assert items(client)[0]["content_html"] == summary


@pytest.mark.parametrize("form", ["atom", "json"])
def test_a_feed_is_sent_again_only_when_it_changed(client, change, corrected, second_data_editor, form):
    def ask(etag=""):
        response = client.get(f"/feeds/approvals.{form}", headers={"If-None-Match": etag})
        return response.status_code, response.headers.get("ETag")

    _, first = ask()
    assert ask(first) == (304, first)
    actions.confirm(change, by=second_data_editor)
    status, second = ask(first)
    assert status == 200 and second != first
    correction = corrected(ApprovalEvent.objects.get(pk=change.row), datetime.date(2024, 3, 2))
    assert ask(second) == (304, second), "what is only proposed changes nothing"
    actions.confirm(correction, by=second_data_editor)
    assert ask(second)[0] == 200, "a correction is not hidden"


def test_a_feed_without_entries_is_valid_and_stays_the_same(client):
    ApprovalEvent.objects.filter(indication__therapy__slug="olaratumab").delete()
    response = client.get("/feeds/therapies/olaratumab.atom")
    assert entries(client, "/feeds/therapies/olaratumab.atom") == []
    again = client.get("/feeds/therapies/olaratumab.atom", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_a_feed_of_a_cancer_holds_its_kinds_as_its_page_does(client):
    group = {item["id"] for item in items(client, "/feeds/cancers/skin-cancer.json")}
    assert group & {item["id"] for item in items(client, "/feeds/cancers/melanoma.json")}


def test_followers_of_a_page_that_moved_stay_followers(client, editor, reviewer):
    moved = actions.move(Cancer.objects.get(slug="melanoma"), "melanomas", by=editor)
    actions.confirm(moved.pending, by=reviewer)
    response = client.get("/feeds/cancers/melanoma.atom")
    assert response.status_code == 302 and response.headers["Location"] == "/feeds/cancers/melanomas.atom"


@pytest.mark.parametrize(
    ("page", "feed"),
    [("/approvals/", FEEDS[0]), ("/cancers/melanoma/", FEEDS[1]), ("/therapies/pembrolizumab/", FEEDS[2])],
)
def test_a_page_names_its_feeds_for_readers_and_for_their_programs(client, page, feed):
    text = client.get(page).content.decode()
    for form, made in FORMATS.items():
        kind = made.content_type.partition(";")[0]
        assert f'<link rel="alternate" type="{kind}"' in text
        assert text.count(f'href="{feed}.{form}"') == 2


@pytest.mark.parametrize("feed", ["/feeds/approvals.atom", "/feeds/cancers/cancer.atom"])
def test_a_feed_asks_the_database_twice_at_most(bare, catalogue_of, client, feed, django_assert_num_queries):
    from django.db import connection

    catalogue_of(1)
    with CaptureQueriesContext(connection) as one:
        client.get(feed)
    assert len(one) <= 2
    catalogue_of(5)
    with django_assert_num_queries(len(one)):
        client.get(feed)


def test_a_feed_sets_no_cookie(client):
    assert not client.get("/feeds/approvals.atom").cookies
