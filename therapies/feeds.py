"""What FDA decided, for feed readers and calendars: of everything, of one cancer and of one therapy.

An entry is told from its confirmation on. A decision that is removed, or corrected to be of another cancer, leaves a
feed, so only the ETag says truly whether it changed: a Last-Modified of the newest entry would hide that.
"""

import datetime

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.views.decorators.http import conditional_page

from portal.publishing import addresses
from portal.publishing.feeds import Feed, writable
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
    feed = Feed(request, form, name, title, ABOUT, link)
    uses = timeline.uses(events, timezone.localdate())
    reading.attach_changed_tests(uses)
    rows = [(step.event, step, use) for step, use in timeline.decisions(uses)]
    rows.sort(key=lambda row: (row[0].confirmed_at, row[0].date, row[0].pk), reverse=True)
    for event, step, use in rows[:NEWEST]:
        word = step.word
        therapy, cancer = capfirst(use.indication.therapy.name), use.indication.cancer.name
        told = {"said": TOLD[word], "step": step, "use": use, "setting": step.terms.headline.rstrip(".")}
        feed.add(
            f"event-{event.short_id}",
            f"{word}: {therapy}, {cancer} ({strip_tags(day(event.date, event.precision))})",
            render_to_string("therapies/_feed_item.html", told).strip(),
            reverse("therapies:event", args=[event.short_id]),
            event.confirmed_at,
            categories=[writable(words) for words in (word, therapy, cancer)],
            source_url=event.source.url if event.source else "",
            days=_days(event),
        )
    return feed.answer()


def _days(event: ApprovalEvent) -> tuple[datetime.date, datetime.date] | None:
    """The first day and the one after the last: a month where its day is not known. None where it had come by then."""
    after = event.date + datetime.timedelta(days=1)
    if event.precision == ApprovalEvent.Precision.BY:
        return None
    return (event.date.replace(day=1) if event.precision == ApprovalEvent.Precision.MONTH else event.date), after
