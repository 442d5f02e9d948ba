"""What FDA decided, for feed readers: Atom and JSON Feed, of everything, of one cancer and of one therapy.

An entry is told from its confirmation on, and leaves the feed while it is being corrected. So a feed may shrink, and
only its ETag says truly whether it changed: a Last-Modified of the newest entry would hide a correction.
"""

import datetime
import json
import re
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed, rfc3339_date
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.views.decorators.http import conditional_page

from portal.publishing import addresses
from portal.publishing.models import Page
from portal.publishing.templatetags.publishing import day

from . import reading, timeline
from .models import ApprovalEvent, Cancer, Therapy

NEWEST = 50
TITLE = "Cancer immunotherapies: FDA decisions"
TITLES: dict[type[Page], str] = {Cancer: "{}: " + TITLE, Therapy: "{}: FDA decisions"}
ABOUT = "FDA approvals and withdrawals, each with its date and source, listed once a second person has confirmed them."
TOLD = {
    "Approved": "FDA approved this use.",
    "Accelerated approval": "FDA approved this use early. More research must confirm that it helps.",
    "Confirmed": "More research confirmed this use, so FDA changed its accelerated approval to a regular one.",
    timeline.WIDENED: "FDA expanded this use to more people.",
    "Narrowed": "FDA limited this use to fewer people.",
    "Withdrawn": "This use is no longer approved.",
    "License revoked": "FDA revoked the license of this drug, so this use is no longer approved.",
}
#: Characters that XML knows no way to write.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


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
            "external_url": item["source_url"],
            "title": item["title"],
            "content_html": item["description"],
            "date_modified": rfc3339_date(item["updateddate"]),
            "tags": item["categories"],
        }
        return {name: value for name, value in told.items() if value}


FORMATS: dict[str, type[AtomFeed | JsonFeed]] = {"atom": AtomFeed, "json": JsonFeed}


@conditional_page
def approvals(request: HttpRequest, form: str) -> HttpResponse:
    return _feed(request, form, reading.events(), "approvals", TITLE, reverse("therapies:approvals"))


@conditional_page
def of_page(request: HttpRequest, slug: str, form: str, model: type[Cancer | Therapy]) -> HttpResponse:
    """Decisions on one cancer or therapy. Followers of a page that has another address now stay followers."""
    kind = model._meta.model_name
    page = model.objects.published().filter(slug=slug).first()
    if page:
        events = reading.events().filter(indication__in=reading.indications_for(page))
        title = TITLES[model].format(capfirst(page.name))
        return _feed(request, form, events, f"{kind}-{page.pk}", title, page.get_absolute_url())
    address = addresses.moved(model(slug=slug).get_absolute_url())
    if not address:
        raise Http404
    # The page may move back, so not for good.
    return HttpResponseRedirect(reverse(f"therapies:{kind}-feed", args=[addresses.slug_of(address), form]))


def _feed(
    request: HttpRequest, form: str, events: QuerySet[ApprovalEvent], name: str, title: str, link: str
) -> HttpResponse:
    if form not in FORMATS:
        raise Http404
    # Tag URIs: they name an event or a feed for good, wherever its page stands.
    tag = f"tag:{request.get_host().partition(':')[0]},2026:"
    feed = FORMATS[form](
        title=_writable(title),
        link=request.build_absolute_uri(link),
        description=ABOUT,
        subtitle=ABOUT,
        language="en-US",
        feed_url=request.build_absolute_uri(request.path),
        feed_guid=tag + name,
        author_name=request.get_host(),
        author_link=request.build_absolute_uri("/"),
    )
    uses = timeline.uses(events, timezone.localdate())
    reading.learn_changes(uses)
    newest = sorted(timeline.decisions(uses), key=lambda row: _age(row[0].event), reverse=True)
    page = request.build_absolute_uri(reverse("therapies:approvals"))
    for step, use in newest[:NEWEST]:
        word, event = step.word, step.event
        therapy, cancer = capfirst(use.indication.therapy.name), use.indication.cancer.name
        told = {"said": TOLD[word], "step": step, "use": use, "setting": step.terms.headline.rstrip(".")}
        feed.add_item(
            title=_writable(f"{word}: {therapy}, {cancer} ({strip_tags(day(event.date, event.precision))})"),
            link=f"{page}?year={event.date.year}#e{event.pk}",
            description=_writable(render_to_string("therapies/_feed_item.html", told).strip()),
            unique_id=f"{tag}approval-{event.pk}",
            updateddate=event.confirmed_at,
            categories=[_writable(words) for words in (word, therapy, cancer)],
            source_url=event.source.url if event.source else "",
        )
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def _age(event: ApprovalEvent) -> tuple[datetime.datetime, datetime.date, int]:
    return event.confirmed_at, event.date, event.pk


def _writable(text: str) -> str:
    return UNWRITABLE.sub("", text)
