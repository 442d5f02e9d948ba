"""The coach beside the words: what it said when they were saved, and a second look at words that are not saved yet."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .. import coach
from ..models import Edition
from ..permissions import allowed

FORM = "editions-0"  # prefix of the one form that holds the words of a page


def may_see(request: HttpRequest, model: type[Edition]) -> bool:
    """The coach speaks to those who write and to those who review."""
    return any(allowed(request, verb, model) for verb in ("add", "change", "publish"))


def panel(model: type[Edition], reading: Mapping[str, Any]) -> dict[str, Any]:
    """A reading in the words of the form: each passage with its field and all that is said of it."""

    def label(part: str) -> str:
        field: Any = model._meta.get_field(part)
        return str(capfirst(field.verbose_name))

    passages: dict[tuple[str, str], list[str]] = {}
    for finding in reading["findings"]:
        if finding["part"] not in {"", *model.TEXT}:  # kept before the form lost this part
            continue
        # The one thing that is said of the whole concerns its sources.
        passages.setdefault((finding["part"] or "sources", finding["words"]), []).append(finding["advice"])
    return {
        "summary": coach.summary(reading),
        "grades": [(label(part), round(grade)) for part, grade in reading["grades"].items() if part in model.TEXT],
        "passages": [
            {"label": label(part), "field": f"id_{FORM}-{part}", "words": words, "advice": advice}
            for (part, words), advice in passages.items()
        ],
        "more": sum(reading["counts"].values()) - len(reading["findings"]),
    }


def saved(edition: Edition) -> dict[str, Any]:
    """The panel for the words of an edition as they were saved. Words that came with the software are read now."""
    kept = edition.dossier.findings if edition.dossier else None
    reading = kept or coach.look_at(edition, edition.words(), sourced=edition.sources.exists())._asdict()
    return panel(type(edition), reading)


@require_POST
@never_cache
def look_again(request: HttpRequest, model: type[Edition]) -> HttpResponse:
    """The panel for words that somebody is typing. Writes nothing."""
    if not may_see(request, model):
        raise PermissionDenied
    words = {name: model.cleaned(name, request.POST.get(f"{FORM}-{name}", "")) for name in model.TEXT}
    reading = coach.look_at(model, words, sourced=any(request.POST.getlist(f"{FORM}-sources")))
    return render(request, "admin/publishing/coach.html", {"coach": panel(model, reading._asdict()), "fresh": True})
