"""The formats of our feeds: Atom and RSS for feed readers, JSON Feed for programs, iCalendar for calendars."""

import datetime
import html
import json
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from icalendar import Calendar, Event

from .prose import without_markup


class Steady:
    """An empty feed stays the same, so that nobody fetches it twice."""

    items: list[dict[str, Any]]

    def latest_post_date(self) -> datetime.datetime:
        given = (item["updateddate"] for item in self.items)
        return max(given, default=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))


class AtomFeed(Steady, Atom1Feed):
    called = "Atom feed"


class RssFeed(Steady, Rss201rev2Feed):
    """RSS 2.0: https://www.rssboard.org/rss-specification"""

    called = "RSS feed"

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        # Its name leads nowhere, and the day is that on which we told it.
        its = {"unique_id_is_permalink": False, "pubdate": item["updateddate"]}
        super().add_item_elements(handler, item | its)


class JsonFeed(SyndicationFeed):
    """JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/"""

    called = "JSON feed"
    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        feed = self.feed
        told = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed["title"],
            "home_page_url": feed["link"],
            "feed_url": feed["feed_url"],
            "description": feed["subtitle"],
            "language": feed["language"],
            "authors": [{"name": feed["author_name"], "url": feed["author_link"]}],
            "items": [self._item(item) for item in self.items],
        }
        outfile.write(json.dumps(told, ensure_ascii=False).encode(encoding))

    @staticmethod
    def _item(item: dict[str, Any]) -> dict[str, Any]:
        told = {
            "id": item["unique_id"],
            "url": item["link"],
            "external_url": item.get("source_url", ""),
            "title": item["title"],
            "content_html": item["description"],
            "date_modified": rfc3339_date(item["updateddate"]),
            "tags": item["categories"],
        }
        return {name: value for name, value in told.items() if value}


class CalendarFeed(SyndicationFeed):
    """iCalendar (RFC 5545): what happened on a day that is known, or in a month."""

    called = "calendar"
    content_type = "text/calendar; charset=utf-8"
    A_DAY = datetime.timedelta(days=1)

    def write(self, outfile: Any, encoding: str) -> None:
        calendar = Calendar()
        told = {
            "prodid": f"-//{self.feed['author_name']}//Immunotherapy portal//EN",
            "version": "2.0",
            "name": self.feed["title"],
            "x-wr-calname": self.feed["title"],
            "description": self.feed["subtitle"],
            "source": self.feed["feed_url"],
            "url": self.feed["link"],
            "refresh-interval": self.A_DAY,
        }
        for name, value in told.items():
            calendar.add(name, value, parameters={"VALUE": "DURATION"} if value is self.A_DAY else {})
        for item in self.items:
            if item.get("days"):
                calendar.add_component(self._event(item))
        outfile.write(calendar.to_ical())

    @staticmethod
    def _event(item: dict[str, Any]) -> Event:
        event = Event()
        first, after = item["days"]
        told = {
            "uid": item["unique_id"],
            "dtstamp": item["updateddate"].astimezone(datetime.UTC),
            "dtstart": first,
            "dtend": after,
            "summary": item["title"],
            "description": html.unescape(without_markup(item["description"])),
            "url": item["link"],
            "transp": "TRANSPARENT",  # nobody is busy because FDA decided
        }
        for name, value in told.items():
            event.add(name, value)
        return event


FORMATS: dict[str, type[AtomFeed | RssFeed | JsonFeed | CalendarFeed]] = {
    "atom": AtomFeed,
    "rss": RssFeed,
    "json": JsonFeed,
    "ics": CalendarFeed,
}
