"""The search of staff: pages, versions that readers do not see yet, and pending changes, as far as they may look."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from ..models import OPEN, Change, Edition, SearchEntry, specific, with_pages
from ..permissions import allowed
from ..search import misses
from ..search.drafts import pending_with, versions_with
from ..search.finding import find
from .base import at_desk
from .entrance import page, staff_who_may

MOST = 25
LONGEST = 200


class DeskResult(NamedTuple):
    address: str
    words: str
    note: str


@staff_who_may("view", Edition)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    typed = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:LONGEST]
    context: dict[str, Any] = {"typed": typed, "missed": misses.readable()[:50]}
    if typed:
        context |= {"pages": _pages(request, typed), "versions": _versions(request, typed)}
        context["changes"] = _changes(request, typed) if allowed(request, "view", Change) else []
    return page(request, "search.html", "Search", **context)


def _pages(request: HttpRequest, typed: str) -> list[DeskResult]:
    """What readers would find, with the way to its form."""
    found = find(typed).matches[:MOST]
    entries = SearchEntry.objects.filter(pk__in=[match.entry.pk for match in found]).exclude(page=None)
    of_entry = {entry.pk: entry.page for entry in entries.select_related("page")}
    rows = specific(one for one in of_entry.values() if one)
    told = []
    for match in found:
        owner = of_entry.get(match.entry.pk)
        row = rows.get(owner.pk) if owner else None
        if row is not None and allowed(request, "view", type(row)):
            name = f"{match.by.sort}: {match.by.words}" if match.by else ""
            told.append(DeskResult(at_desk(row), str(capfirst(match.entry.title)), _joined(_kind(row), name)))
    return told


def _versions(request: HttpRequest, typed: str) -> list[DeskResult]:
    found = with_pages(versions_with(typed, OPEN).select_related("page")[:MOST])
    return [
        DeskResult(at_desk(one.page), one.title, _joined(_kind(one.page), one.get_status_display().lower()))
        for one in found
        if allowed(request, "view", type(one.page))
    ]


def _changes(request: HttpRequest, typed: str) -> list[DeskResult]:
    return [
        DeskResult(one.get_absolute_url(), one.about, _joined(one.get_verb_display(), one.because))
        for one in pending_with(typed)[:MOST]
        if allowed(request, "view", one.governed)
    ]


def _kind(row: Any) -> str:
    return str(capfirst(row._meta.verbose_name))


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))
