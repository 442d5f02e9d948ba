"""A single page as of a past day: names, uses, and decisions as they stood then.

Its texts and warnings are those of today, so they are not on it; it says where they are.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from . import reading, timeline
from .forms import DayForm
from .models import Biomarker, Cancer, Therapy

#: Facts that readers see of a past day.
TOLD = ("brand", "form", "market_status")


def answer(request: HttpRequest, page: Therapy | Cancer | Biomarker, **filters: str) -> HttpResponse | None:
    """The page on the day that its address names; None where that is today. ``filters`` lead back to the list."""
    form = DayForm(request.GET, choices={})
    if not form.is_valid():
        return render(request, "therapies/that_day.html", {"page": page, "form": form}, status=400)
    on = form.cleaned_data["on"]
    if on in (None, timezone.localdate()):
        return None
    found, references = reading.uses_and_references(page, reading.indications_for(page), on)
    if isinstance(page, Biomarker):
        found = [use for use in found if any(test.slug == page.slug for test in use.biomarkers)]
        for use in found:
            use.on_page_of = page.slug
    told = reading.facts(page, on) if isinstance(page, Therapy) and found else {}  # no brand before the first use
    facts = {kind: told[kind] for kind in TOLD if kind in told}
    current, former = timeline.parted(timeline.regimens(found))
    day = {"on": on.isoformat()}
    context = {
        "page": page,
        "on": on,
        "list_query": f"?{urlencode(day)}",
        "back": f"{reverse('therapies:index')}?{urlencode(filters | day)}",
        "facts": facts,
        "current": current,
        "therapies": timeline.therapies(current),
        "parts": [("Approved on that day", timeline.by_cancer(current)), ("Ended by then", timeline.by_cancer(former))],
        "fact_sources": reading.sources(found, facts),
        "references": references,
    }
    return render(request, "therapies/that_day.html", context)
