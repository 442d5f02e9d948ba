"""The queue of changes: the work of people here first, what came with the software apart, and what was rejected."""

from typing import Any, NamedTuple

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from ..models import Change
from ..permissions import allowed
from .entrance import page, staff_who_may

ON_A_PAGE = 50
SOFTWARE = "software"
FILTERS = ("kind", "q", "by", "source")


class QueueLine(NamedTuple):
    change: Change
    address: str
    mine: bool


def pending(asked: QueryDict, *, rejected: bool = False) -> QuerySet[Change]:
    """The queue as the filters leave it, in the order in which it is answered."""
    found = Change.objects.rejected() if rejected else Change.objects.pending()
    found = found.leading().select_related("source", "proposed_by", "rejected_by").prefetch_related("members")
    if kind := asked.get("kind"):
        found = found.filter(model=kind)
    for word in asked.get("q", "").replace("\x00", "").split():
        found = found.filter(about__icontains=word)
    if by := asked.get("by"):
        found = found.filter(proposed_by=None) if by == SOFTWARE else found.filter(proposed_by__username=by)
    if source := asked.get("source"):
        found = found.filter(source__isnull=source == "no")
    return found.order_by("-rejected_at", "pk") if rejected else found.in_order()


def address_of(change: Change, query: str = "") -> str:
    return change.get_absolute_url() + (f"?{query}" if query else "")


def after(change: Change, request: HttpRequest) -> Change | None:
    """The next change of the queue that this person may confirm."""
    rows = [one for one in pending(request.GET) if one.pk != change.pk and may_answer(request, one)]
    later = [one for one in rows if _place(one) > _place(change)]
    return next(iter(later or rows), None)


def _place(change: Change) -> tuple[Any, ...]:
    """Its place in the queue, as ``in_order`` has it."""
    return change.is_shipped, not change.affects_patients, change.proposed_at, change.pk


def is_own(request: HttpRequest, change: Change) -> bool:
    """Whether this person proposed a change, so that another one must confirm it."""
    return change.proposed_by_id == request.user.pk and not settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES


def may_answer(request: HttpRequest, change: Change) -> bool:
    """Whether this person may confirm a change and all that it leads. One query, unless its members are at hand."""
    group = (change, *change.members.all())
    return not any(is_own(request, one) or not allowed(request, "confirm", one.governed) for one in group)


def kept(asked: QueryDict) -> str:
    """The filters, for links that lead back to the same list."""
    return urlencode({name: value for name in FILTERS if (value := asked.get(name))})


@staff_who_may("view", Change)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    rejected = request.GET.get("show") == "rejected"
    rows = pending(request.GET, rejected=rejected)
    everything = (Change.objects.rejected() if rejected else Change.objects.pending()).leading()
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    query = kept(request.GET)
    first = next((one for one in rows if may_answer(request, one)), None) if not rejected else None
    lines = [QueueLine(one, address_of(one, query), is_own(request, one)) for one in shown]
    context: dict[str, Any] = {
        "lines": [line for line in lines if rejected or not line.change.is_shipped],
        "shipped": [line for line in lines if line.change.is_shipped and not rejected],
        "all_shipped": everything.filter(proposed_by=None).count() if not rejected else 0,
        "today": everything.filter(proposed_at__date=timezone.localdate()).exclude(proposed_by=None).count(),
        "shown": shown,
        "number": shown.paginator.count,
        "everything": everything.count(),
        "rejected": rejected,
        "query": query,
        "begin": address_of(first, query) if first else "",
        "chosen": {name: request.GET.get(name, "") for name in FILTERS},
        "kinds": _kinds(everything),
        "people": _people(everything),
        "list_address": reverse("desk:inbox"),
    }
    return page(request, "inbox.html", "To confirm", **context)


def _kinds(changes: QuerySet[Change]) -> list[tuple[str, str]]:
    labels = changes.order_by().values_list("model", flat=True).distinct()
    named = [(label, str(capfirst(Change(model=label).governed._meta.verbose_name))) for label in labels]
    return sorted(named, key=lambda pair: pair[1])


def _people(changes: QuerySet[Change]) -> list[tuple[str, str]]:
    names = set(changes.order_by().values_list("proposed_by__username", flat=True).distinct())
    software = [(SOFTWARE, "Came with the portal")] if None in names else []
    return [*software, *((name, name) for name in sorted(name for name in names if name))]
