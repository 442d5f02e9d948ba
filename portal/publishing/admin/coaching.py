"""The coach beside the words: what it said when they were saved, and a second look at words that are not saved yet."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .. import coach
from ..models import Edition, Page
from ..parts import Part, cleaned
from ..permissions import allowed

FORM = "editions-0"  # prefix of the one form that holds the words of a page


def may_see(request: HttpRequest) -> bool:
    """The coach speaks to those who write and to those who review."""
    return any(allowed(request, verb, Edition) for verb in ("add", "change", "publish"))


def typed(request: HttpRequest, parts: Iterable[Part]) -> dict[str, str]:
    """The words that stand in the form of a page."""
    return {part.name: request.POST.get(f"{FORM}-{part.name}", "").replace("\r\n", "\n") for part in parts}


def panel(parts: Iterable[Part], reading: Mapping[str, Any]) -> dict[str, Any]:
    """A reading in the words of the form: each passage with its field and all that is said of it."""
    labels = {part.name: part.title for part in parts} | {"sources": "Sources"}
    passages: dict[tuple[str, str], list[str]] = {}
    for finding in reading["findings"]:
        # The one thing that is said of the whole concerns its sources.
        part = finding["part"] or "sources"
        if part in labels:  # a saved reading may know a part that the form has lost since
            passages.setdefault((part, finding["words"]), []).append(finding["advice"])
    return {
        "summary": coach.summary(reading),
        "grades": [(labels[part], round(grade)) for part, grade in reading["grades"].items() if part in labels],
        "passages": [
            {"label": labels[part], "field": f"id_{FORM}-{part}", "words": words, "advice": advice}
            for (part, words), advice in passages.items()
        ],
        "more": sum(reading["counts"].values()) - len(reading["findings"]),
    }


def saved(edition: Edition) -> dict[str, Any]:
    """The panel for the words of an edition as they were saved. Words that came with the software are read now."""
    parts, words = edition.parts, edition.words
    reading = edition.findings or coach.look_at(parts, words, sourced=edition.sources.exists())._asdict()
    return panel(parts, reading)


@require_POST
@never_cache
def look_again(request: HttpRequest, kind: type[Page]) -> HttpResponse:
    """The panel for words that somebody is typing. Writes nothing."""
    if not may_see(request):
        raise PermissionDenied
    words = cleaned(kind.PARTS, typed(request, kind.PARTS))
    reading = coach.look_at(kind.PARTS, words, sourced=any(request.POST.getlist(f"{FORM}-sources")))
    shown = {"coach": panel(kind.PARTS, reading._asdict()), "fresh": True}
    return render(request, "admin/publishing/coach.html", shown)
