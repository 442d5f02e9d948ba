"""What the public site would say if a change were confirmed, or words were saved: shown to staff, then rolled back.

Nothing is simulated. The change is applied inside a transaction, the site's own code reads and renders, and the
transaction ends without a trace: no row, no entry in the audit trail. So what is shown is what comes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urldefrag

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import resolve

from . import page_words, prose, rooms, values
from .actions import changes, drafts
from .actions.refusal import Refused
from .models import Change, Page, Source
from .permissions import staff_of

BEFORE = "As readers see it now."
AFTER = "Preview. Readers don’t see this until a second person confirms the change."
UNSAVED = "Preview of unsaved words. Readers don’t see this."


class Number(NamedTuple):
    """A live number of the site before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Effects:
    """What confirming a change does to the public site. ``refused`` says why it cannot be confirmed now."""

    numbers: list[Number]
    addresses: list[str]  # public pages that tell of it, before or after
    refused: str = ""


@contextmanager
def applied(*found: Change) -> Iterator[list[Any]]:
    """Within this the changes hold; after it nothing was. Raises Refused where one cannot be confirmed."""
    with transaction.atomic():
        yield [row for change in found for row in changes.apply(change)]
        transaction.set_rollback(True)


def effects(*found: Change) -> Effects:
    """Numbers and pages that some changes would change."""
    stored = [row for change in found for one in change.group() if (row := values.stored(one))]
    before, old = prose.Figures().counted(), _addresses(stored)
    try:
        with applied(*found) as rows:
            after, new = prose.Figures().counted(), _addresses(rows)
    except Refused as refusal:
        return Effects([], old, str(refusal))
    numbers = [Number(label, before[label], after[label]) for label in before if before[label] != after[label]]
    return Effects(numbers, list(dict.fromkeys([*new, *old])))


def _addresses(rows: list[Any]) -> list[str]:
    # A row that is removed has lost its relations: its pages were asked for before.
    return list(dict.fromkeys(urldefrag(at).url for row in rows if not row._state.adding for at in row.addresses()))


def page_of(
    request: HttpRequest, write: Callable[[], list[Change]], choose: Callable[[list[Any]], str]
) -> HttpResponse | None:
    """A public page after what ``write`` proposes is confirmed; ``choose`` names it among the rows that were written.

    Everything is rolled back. None where there is no such page. Raises Refused.
    """
    with transaction.atomic():
        with applied(*write()) as rows:
            address = choose(rows)
            shown = _shown(request, address, AFTER) if address else None
        transaction.set_rollback(True)
    return shown


def page(request: HttpRequest, address: str, change: Change | None = None) -> HttpResponse:
    """A public page as it is, or as it would be once ``change`` is confirmed. For staff only: the caller asks.

    Raises Refused where the change cannot be confirmed, and Http404 for what is no page.
    """
    if change is None:
        return _shown(request, address, BEFORE)
    with applied(change):
        return _shown(request, address, AFTER)


class PageChange(NamedTuple):
    """What a change alters in the words of a public page, and whether readers find it there before and after."""

    address: str
    was_there: bool
    is_there: bool
    passages: list[page_words.AlteredLines]


def altered(request: HttpRequest, change: Change, addresses: Iterable[str]) -> list[PageChange]:
    """Some public pages before and after a change, each rendered twice. Raises Refused where it cannot be confirmed."""
    before = {address: _html(request, address) for address in addresses}
    with applied(change):
        after = {address: _html(request, address) for address in addresses}
    return [
        PageChange(at, bool(old), bool(after[at]), page_words.altered(old, after[at]) if old and after[at] else [])
        for at, old in before.items()
    ]


def _html(request: HttpRequest, address: str) -> str:
    """A public page; empty where readers find none, or are led on."""
    try:
        response = _shown(request, address, AFTER)
    except Http404:
        return ""
    return response.content.decode() if response.status_code == 200 else ""


def words(request: HttpRequest, page: Page, *, given: Mapping[str, str], sources: Iterable[Source]) -> HttpResponse:
    """A page, which may be a new one, with words that nobody has saved. For those who may write it: the caller asks.

    Raises Refused where the words are locked.
    """
    by = staff_of(request)
    with transaction.atomic():
        if page.pk is None:
            page.save()
        draft = page.open_edition() or drafts.start_draft(page, by=by)
        page.live = drafts.save_draft(draft, by=by, sources=sources, **given)
        asked = _asking(request, urldefrag(page.get_absolute_url()).url, UNSAVED)
        response = rooms.page_kind(page.page_kind).show(asked, page)
        transaction.set_rollback(True)
    return for_staff(response)


def _shown(request: HttpRequest, address: str, banner: str) -> HttpResponse:
    view, args, kwargs = resolve(address)
    return for_staff(view(_asking(request, address, banner), *args, **kwargs))


def _asking(request: HttpRequest, address: str, banner: str) -> HttpRequest:
    """The request as if it had asked for a public page."""
    asked: Any = copy(request)
    asked.method, asked.path, asked.path_info = "GET", address, address
    asked.GET, asked.POST = QueryDict(), QueryDict()
    asked.preview_of = banner
    asked.__dict__.pop("_figures", None)  # counted before the change
    return asked


def for_staff(response: HttpResponse) -> HttpResponse:
    """No cache and no search engine keeps it."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
