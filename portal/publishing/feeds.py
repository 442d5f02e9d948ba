"""Feeds that rooms offer, as Atom and JSON Feed: valid whatever texts hold, and the same while nothing changes."""

import datetime
import json
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed, rfc3339_date

from .addresses import absolute

#: Characters that XML knows no way to write.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def writable(text: str) -> str:
    return UNWRITABLE.sub("", text)


class AtomFeed(Atom1Feed):
    def latest_post_date(self) -> datetime.datetime:
        """An empty feed stays the same, so that nobody fetches it twice."""
        return super().latest_post_date() if self.items else datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


class JsonFeed(SyndicationFeed):
    """JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/"""

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


FORMATS: dict[str, type[AtomFeed | JsonFeed]] = {"atom": AtomFeed, "json": JsonFeed}


class Feed:
    """One feed in the format that its address asks for, else a 404. ``link`` is the page that shows the same."""

    def __init__(self, request: HttpRequest, form: str, name: str, title: str, about: str, link: str) -> None:
        if form not in FORMATS:
            raise Http404
        # Tag URIs: they name an entry or a feed for good, wherever its page stands.
        self.tag = f"tag:{urlsplit(settings.SITE_ADDRESS).hostname},2026:"
        self.made = FORMATS[form](
            title=writable(title),
            link=absolute(link),
            description=about,
            subtitle=about,
            language="en-US",
            feed_url=absolute(request.path),
            feed_guid=self.tag + name,
            author_name=urlsplit(settings.SITE_ADDRESS).netloc,
            author_link=absolute("/"),
        )

    def add(self, name: str, title: str, html: str, link: str, updated: datetime.datetime, **more: Any) -> None:
        """An entry, and what else Django's ``add_item`` takes."""
        self.made.add_item(
            title=writable(title),
            link=absolute(link),
            description=writable(html),
            unique_id=self.tag + name,
            updateddate=updated,
            **more,
        )

    def answer(self) -> HttpResponse:
        response = HttpResponse(content_type=self.made.content_type)
        self.made.write(response, "utf-8")
        return response
