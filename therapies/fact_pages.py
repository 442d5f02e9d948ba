"""A page for each use and each decision of FDA, at an address that stays whatever is corrected.

There is one of every fact that readers may see, and of no other: what waits or was rejected has no row here.
"""

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from portal.publishing import citations, corrections
from portal.publishing.prepared import Prepared

from . import reading, timeline
from .feeds import TOLD
from .models import ApprovalEvent, Indication
from .names_in_sentences import within


def use(request: HttpRequest, short_id: str) -> HttpResponse:
    if removed := _removed(Indication, request, short_id):
        return removed
    found = _use_of(reading.BY_USE, short_id)
    row = found.indication
    names = ("setting", "plainly", "stage", "combination", "children", "biomarkers", "cancer", "also_cancers")
    context = {
        "use": found,
        "uses": [found],
        "title": titled(found),
        "corrections": corrections.of(row, names),
        "fact_sources": reading.sources([found], {}),
    }
    return _shown(request, "therapies/use.html", context, "use", short_id)


def event(request: HttpRequest, short_id: str) -> HttpResponse:
    if removed := _removed(ApprovalEvent, request, short_id):
        return removed
    found, step = _step_of(short_id)
    names = ("kind", "date", "precision", "source")
    context = {
        "use": found,
        "step": step,
        "said": TOLD[step.word],
        "title": titled(found, step),
        "corrections": corrections.of(step.event, names),
    }
    return _shown(request, "therapies/event.html", context, "event", short_id)


def cite_use(request: HttpRequest, short_id: str, ending: str) -> HttpResponse:
    return _cited(request, ending, "use", short_id, _use_of(reading.BY_USE, short_id))


def cite_event(request: HttpRequest, short_id: str, ending: str) -> HttpResponse:
    return _cited(request, ending, "event", short_id, *_step_of(short_id))


def _removed(model: type[Indication | ApprovalEvent], request: HttpRequest, short_id: str) -> HttpResponse | None:
    """What stands at the address of a fact that two people took away; None where it is there, or never was."""
    if model.objects.filter(short_id=short_id).exists():
        return None
    day = corrections.removed_on(model, short_id)
    if day is None:
        raise Http404
    response = render(request, "therapies/removed.html", {"day": day}, status=410)
    response["Cache-Control"] = "no-store"
    return response


def _use_of(by: Prepared[ApprovalEvent], short_id: str) -> timeline.Use:
    found = reading.one_use(by, short_id, timezone.localdate())
    if found is None:
        raise Http404
    return found


def _step_of(short_id: str) -> tuple[timeline.Use, timeline.HistoryStep]:
    found = _use_of(reading.BY_DECISION, short_id)
    for step in found.story:
        if step.event.short_id == short_id:
            return found, step
    raise Http404  # a decision known by its month alone, which has not ended


def titled(use: timeline.Use, step: timeline.HistoryStep | None = None) -> str:
    """“Pembrolizumab: for melanoma that has spread”, or “Pembrolizumab for melanoma: accelerated approval, 2014”."""
    name, cancer = capfirst(use.name), within(use.indication.cancer.name)
    if step:
        return f"{name} for {cancer}: {step.word.lower()}, {step.event.date.year}"
    said = use.indication.headline.rstrip(".")
    return f"{name}: {within(said)}" if use.indication.plainly else f"{name} for {cancer}: {within(said)}"


def _version(use: timeline.Use, step: timeline.HistoryStep | None = None) -> str:
    """Short digest of what the record says: the same on every installation that says the same."""
    terms = step.terms if step else use.indication
    said: list[Any] = [use.name, use.indication.cancer.name, terms.setting, terms.headline, terms.stage, terms.children]
    for one in [step] if step else use.story:
        said += [
            one.word,
            one.event.date,
            one.event.precision,
            one.event.source.title,
            one.event.source.url,
            one.change,
        ]
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()[:8]


def _shown(request: HttpRequest, template: str, context: dict[str, Any], kind: str, short_id: str) -> HttpResponse:
    files = [(one.name, reverse(f"therapies:{kind}-citation", args=[short_id, one.ending])) for one in citations.FILES]
    version = _version(context["use"], context.get("step"))
    return render(request, template, context | {"fact_version": version, "citation_files": files})


def _cited(
    request: HttpRequest,
    ending: str,
    kind: str,
    short_id: str,
    use: timeline.Use,
    step: timeline.HistoryStep | None = None,
) -> HttpResponse:
    file = next((one for one in citations.FILES if one.ending == ending), None)
    if file is None:
        raise Http404
    context = {
        "title": titled(use, step),
        "fact_version": _version(use, step),
        "path": reverse(f"therapies:{kind}", args=[short_id]),
        "ending": ending,
    }
    response = render(request, "citation.txt", context, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{kind}-{short_id}.{ending}"'
    return response
