"""The search of readers: its page, what it suggests while somebody types, and what tells browsers of it.

Nothing keeps what somebody searches for: no answer is stored, on no side, and no link from here tells where it stood.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify
from django.views.decorators.cache import cache_control

from portal.publishing import rooms
from portal.publishing.search import finding, misses, suggesting, texts
from portal.publishing.search.finding import Found
from portal.publishing.search.lexicon import Match
from portal.publishing.search.snippets import Marker
from portal.publishing.search.words import signs_of_life

BEST = 3  # that stand above the groups
IN_A_GROUP = 4
ON_A_PAGE = 20
OVERVIEWS = "Lists and tools of this site"


class SearchForm(forms.Form):
    q = forms.CharField(
        max_length=200,
        required=False,
        label="Search",
        error_messages={"max_length": "This is too long to search for. Use at most 200 characters."},
    )
    kind = forms.CharField(max_length=60, required=False)
    page = forms.IntegerField(min_value=1, max_value=100, required=False)
    exactly = forms.BooleanField(required=False)


class Result(NamedTuple):
    """A page that was found, as readers see it."""

    address: str
    title: str
    kind: str
    name: str  # another name by which it was found, and what sort of name that is
    text: SafeString


class Group(NamedTuple):
    """Results of one kind."""

    slug: str
    heading: str
    number: int
    results: list[Result]
    address: str  # of all of them


def unkept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let nobody keep an answer, list it, or tell other sites and pages what was asked."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


def called() -> dict[str, tuple[str, str]]:
    """What one page of a kind is called, and several, by the label of its model."""
    found = {"": ("list or tool", OVERVIEWS)}
    for kind in rooms.page_kinds():
        one, several = kind.model._meta.verbose_name, kind.model._meta.verbose_name_plural
        found[kind.model._meta.label_lower] = (kind.called or str(one), kind.several or str(capfirst(several)))
    return found


@unkept
def results(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    shown = signs_of_life(request.GET.get("q", "")).strip()  # what nobody sees could turn the page around
    if not form.is_valid():
        return render(request, "pages/search.html", {"form": form, "shown": shown}, status=400)
    form.cleaned_data["q"] = shown
    asked = form.cleaned_data
    if not asked["q"].strip():
        return render(request, "pages/search.html", {"form": form})
    found = finding.find(asked["q"], exactly=asked["exactly"])
    if not found.matches:
        misses.note(found.words)
    return render(request, "pages/search.html", {"form": form, "shown": shown, "found": found, **_shown(found, asked)})


def _shown(found: Found, asked: dict[str, Any]) -> dict[str, Any]:
    """The best of all and the others by kind; or, of one kind that is asked for, a page of them."""
    names = called()
    by_kind: dict[str, list[Match]] = {}
    for match in found.matches:
        by_kind.setdefault(names[match.entry.kind][1], []).append(match)
    kinds = {slugify(heading): heading for heading in by_kind}
    query = {"q": asked["q"]} | ({"exactly": "1"} if asked["exactly"] else {})
    filters = [
        (slug, heading, len(by_kind[heading]), f"?{urlencode(query | {'kind': slug})}")
        for slug, heading in kinds.items()
    ]
    context: dict[str, Any] = {"filters": filters, "everything": f"?{urlencode(query)}", "chosen": ""}
    context["exact_address"] = f"?{urlencode({'q': asked['q'], 'exactly': '1'})}"
    context["nearest"] = [(entry.address, entry.title) for entry in found.nearest]
    if chosen := kinds.get(asked["kind"]):
        page = Paginator(by_kind[chosen], ON_A_PAGE).get_page(asked["page"])
        further = f"?{urlencode(query | {'kind': asked['kind']})}&page="
        of_kind = _results(found, list(page), names)
        shown_as = {"chosen": asked["kind"], "heading": chosen, "page_of": page, "of_kind": of_kind}
        return context | shown_as | {"further": further}
    best = found.matches[:BEST]
    rest = {heading: [match for match in several if match not in best] for heading, several in by_kind.items()}
    shown = [*best, *(match for several in rest.values() for match in several[:IN_A_GROUP])]
    told = dict(zip([match.entry.pk for match in shown], _results(found, shown, names), strict=True))
    groups = [
        Group(slug, heading, number, [told[match.entry.pk] for match in rest[heading][:IN_A_GROUP]], address)
        for slug, heading, number, address in filters
        if rest[heading]
    ]
    return context | {"best": [told[match.entry.pk] for match in best], "groups": groups}


def _results(found: Found, matches: list[Match], names: dict[str, tuple[str, str]]) -> list[Result]:
    marker = Marker(found.forms)
    quotable = texts.quotable(match.entry.pk for match in matches)
    return [
        Result(
            match.entry.address,
            str(capfirst(match.entry.title)),
            str(capfirst(names[match.entry.kind][0])),
            f"{capfirst(match.by.sort)}: {match.by.words}" if match.by else "",
            marker.quote(quotable.get(match.entry.pk, "")),
        )
        for match in matches
    ]


@unkept
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the search field offers while somebody types."""
    names, typed = called(), request.GET.get("q", "")[:100]
    found = [
        {
            "title": str(capfirst(match.entry.title)),
            "address": match.entry.address,
            "kind": str(capfirst(names[match.entry.kind][0])),
            "name": match.by.words if match.by else "",
        }
        for match in suggesting.suggest(typed)
    ]
    return JsonResponse({"found": found})


@cache_control(max_age=3600, public=True)
def description(request: HttpRequest) -> HttpResponse:
    """What lets a browser search here from its own bar."""
    kind = "application/opensearchdescription+xml"
    return render(request, "pages/opensearch.xml", {"search": reverse("search")}, content_type=kind)
