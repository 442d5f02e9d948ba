"""Feeds that rooms offer, in several formats: valid whatever texts hold, and the same while nothing changes."""

import datetime
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from .addresses import absolute
from .feed_formats import FORMATS

#: Characters that XML knows no way to write.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def writable(text: str) -> str:
    return UNWRITABLE.sub("", text)


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
        """An entry, and what else Django's ``add_item`` takes. With ``days`` (the first, and the one after the last) it
        is in the calendar, too.
        """
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
