"""``/api/v1/``: the tables, their rows page by page, and each row alone. Pages of any site may read it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

from portal.publishing import rooms
from portal.publishing.addresses import absolute, slug_now
from portal.publishing.models import Page
from portal.publishing.open_data import counting, describing, formats
from portal.publishing.open_data.declaring import DataTable, Day
from portal.publishing.prose import figures_of

from ..headers import readable_anywhere
from . import limits, openapi, parameters, problems
from .problems import Problem

#: How its addresses begin.
AT = "/api/v1/"
METHODS = "GET, HEAD, OPTIONS"
ACCEPTED = ("application/json", "application/problem+json")
View = Callable[..., HttpResponse]


def answered(view: View) -> View:
    """What every address of the API does alike, whatever it is asked for and by whom."""

    @csrf_exempt
    @conditional_page
    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            response = _asked_well(request) or view(request, **kwargs)
        except Problem as problem:
            response = problem.response
        return readable_anywhere(response)

    return answer


def failed(kind: str, headers: dict[str, str]) -> HttpResponse:
    """The answer where a fault of ours, or a database that is away, left none."""
    return readable_anywhere(Problem(kind, problems.KINDS[kind].about, headers).response)


def _asked_well(request: HttpRequest) -> HttpResponse | None:
    """The answer to whoever asks what may be asked. Raises Problem."""
    if request.method == "OPTIONS":
        told = {"Allow": METHODS, "Access-Control-Allow-Methods": METHODS, "Access-Control-Max-Age": "86400"}
        return HttpResponse(status=204, headers=told | {"Access-Control-Allow-Headers": "If-None-Match"})
    if request.method not in ("GET", "HEAD"):
        raise Problem("wrong-method", f"{request.method} is not possible here.", {"Allow": METHODS})
    if not any(map(request.accepts, ACCEPTED)):
        raise Problem("not-acceptable", "Your request accepts no JSON.")
    limits.count(request)
    return None


@answered
def tables(request: HttpRequest) -> HttpResponse:
    """What there is, how many rows of it, and how far the facts were checked."""
    parameters.nothing_asked(request.GET)
    counted, checked = figures_of(request).provider(counting.CountNow).tables, rooms.checked_through()
    return _sent(
        {
            "as_of": timezone.localdate().isoformat(),
            "checked_through": checked.isoformat() if checked else None,
            "note": "This is education, not medical advice.",
            "license": describing.LICENSE["name"],
            "digest": counting.digest(counted),
            "description": absolute(reverse("api:openapi")),
            "documentation": absolute(reverse("data-api")),
            "data": [_table(table, counted[name]) for name, table in rooms.open_tables().items()],
        }
    )


def _table(table: DataTable, counted: counting.TableCount) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "about": table.about,
        "rows": counted.rows,
        "digest": counted.digest,
        "key": [*table.order],
        "filters": [*table.filters],
        "has_history": table.has_history,
        "address": absolute(reverse("api:rows", args=[table.name])),
    }


@answered
def rows(request: HttpRequest, name: str) -> HttpResponse:
    """The rows of a table on a day, page by page."""
    table = _named(name)
    asked = parameters.list_asked(table, request.GET)
    _look_for_keys(table, asked.filters)
    found = table.page(asked.on, after=asked.after, limit=asked.limit + 1, asked=asked.filters)
    more = found[asked.limit :]
    told = found[: asked.limit]
    following = _next(request, table, parameters.cursor_after(table, table.place(told[-1]))) if more else None
    return _sent({"as_of": _day(asked.on), "data": told, "next": following})


def _next(request: HttpRequest, table: DataTable, cursor: str) -> str:
    query = [(name, request.GET[name]) for name in sorted(request.GET) if name != "cursor"]
    return f"{absolute(reverse('api:rows', args=[table.name]))}?{urlencode([*query, ('cursor', cursor)])}"


def _look_for_keys(table: DataTable, filters: dict[str, str]) -> None:
    """Refuse the key of a row that readers don't see, as one that nothing has. Raises Problem.

    It is asked before the rows are: public rows may point to a page that is a draft, and how many do would tell of it.
    """
    for name, value in filters.items():
        field = table.filters[name]
        if field.to and not rooms.open_tables()[field.to].has(value):
            said = f"“{field.to}” has no row with the key “{value}”."
            raise Problem("no-such-key", said, parameter=name, table=field.to)


@answered
def row(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """One row of a table on a day. Whoever has the former key of a page is led to the present one."""
    table = _named(name)
    on = parameters.day_asked(table, request.GET)
    place = tuple(key.split("/", len(table.order) - 1))
    found = table.find(place, on) if len(place) == len(table.order) and "\0" not in key else None
    if found is None:
        if now := _key_now(table, key):
            return _led_to(request, reverse("api:row", args=[name, now]))
        raise Problem("no-such-row", f"“{name}” has no row with the key “{key[:200]}”{f' on {on}' if on else ''}.")
    return _sent({"as_of": _day(on), "data": found})


def _key_now(table: DataTable, key: str) -> str:
    if not issubclass(table.model, Page) or "\0" in key:
        return ""
    try:
        now = slug_now(table.model._meta.label_lower, key)
    except LookupError:
        return ""
    return now if table.find((now,)) else ""


@answered
def description(request: HttpRequest) -> HttpResponse:
    """The API in OpenAPI, with rows of today as examples."""
    parameters.nothing_asked(request.GET)
    return _sent(openapi.document(figures_of(request).provider(counting.CountNow).tables))


@answered
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that the API does not have. One without its last stroke is led on."""
    if rest.partition("/")[0] in rooms.open_tables() and not rest.endswith("/"):
        return _led_to(request, f"{AT}{quote(rest)}/")
    raise Problem("no-such-table", f"There is nothing at {AT}{rest[:200]}.", tables=[*rooms.open_tables()])


def _named(name: str) -> DataTable:
    table = rooms.open_tables().get(name)
    if table is None:
        raise Problem("no-such-table", f"There is no table “{name[:200]}”.", tables=[*rooms.open_tables()])
    return table


def _led_to(request: HttpRequest, path: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(absolute(path) + (f"?{query}" if query else ""))


def _day(on: Day) -> str:
    return (on or timezone.localdate()).isoformat()


def _sent(told: dict[str, Any]) -> HttpResponse:
    return HttpResponse(formats.written(told), "application/json")
