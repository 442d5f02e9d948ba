"""What the public site would say if a change were confirmed: shown to staff, and rolled back each time.

Nothing is simulated. The change is applied inside a transaction, the site's own code reads and renders, and the
transaction ends without a trace: no row, no entry in the audit trail. So what is shown is what comes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urldefrag

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import resolve

from . import prose
from .actions import changes
from .actions.refusal import Refused
from .models import Change

BEFORE = "As readers see it now."
AFTER = "Preview. Readers don’t see this until a second person confirms the change."


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
        yield [row for change in found for row in _apply(change)]
        transaction.set_rollback(True)


def _apply(change: Change) -> list[Any]:
    rows = changes.apply(change)
    for one, row in zip(change.group(), rows, strict=True):  # references among them need the keys
        Change.objects.filter(pk=one.pk).update(row=row.pk)
    return rows


def effects(*found: Change) -> Effects:
    """Numbers and pages that some changes would change."""
    before, old = _numbers(), _addresses(_rows(found))
    try:
        with applied(*found) as rows:
            after, new = _numbers(), _addresses(rows)
    except Refused as refusal:
        return Effects([], old, str(refusal))
    numbers = [Number(label, before[label], after[label]) for label in before if before[label] != after[label]]
    return Effects(numbers, list(dict.fromkeys([*new, *old])))


def _rows(found: tuple[Change, ...]) -> list[Any]:
    keys = [(one.governed, one.row) for change in found for one in change.group() if one.row]
    rows = (model._default_manager.filter(pk=pk).first() for model, pk in keys)
    return [row for row in rows if row is not None]


def _addresses(rows: list[Any]) -> list[str]:
    # A row that is removed has lost its relations: its pages were asked for before.
    return list(dict.fromkeys(urldefrag(at).url for row in rows if not row._state.adding for at in row.addresses()))


def _numbers() -> dict[str, str]:
    return prose.Figures().counted()


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


def _shown(request: HttpRequest, address: str, banner: str) -> HttpResponse:
    asked: Any = copy(request)
    asked.method, asked.path, asked.path_info = "GET", address, address
    asked.GET, asked.POST = QueryDict(), QueryDict()
    asked.preview_of = banner
    asked.__dict__.pop("_figures", None)  # counted before the change
    view, args, kwargs = resolve(address)
    response = view(asked, *args, **kwargs)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
