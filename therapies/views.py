"""Public pages of the therapies: each view fetches what is published and confirmed, and renders it."""

import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode

from portal.publishing.prose import figures_of
from portal.publishing.references import gather, to

from . import lifeline, timeline
from .catalogue import Catalogue
from .figures import Figures
from .forms import CatalogueForm, DayForm
from .models import (
    ApprovalEvent,
    Biomarker,
    Cancer,
    Family,
    Indication,
    Therapy,
    TherapyClass,
    TherapyFact,
)


def _day(request: HttpRequest) -> tuple[datetime.date, DayForm]:
    """The day that ``?on=`` asks for, today without one; the form carries what is wrong with it."""
    today = timezone.localdate()
    form = DayForm(request.GET if "on" in request.GET else None)
    return (form.cleaned_data["on"] or today) if form.is_bound and form.is_valid() else today, form


def _drawn(uses: list[timeline.Use]) -> list[timeline.Use]:
    """Give each use its life line."""
    today = timezone.localdate()
    for use in uses:
        events = [(event.kind, event.date, event.precision) for event in use.events]
        use.line = lifeline.of_use(events, use.on, today)  # type: ignore[attr-defined]
    return uses


def _axis() -> list[tuple[int, float]]:
    return lifeline.years(timezone.localdate())


def index(request: HttpRequest) -> HttpResponse:
    catalogue = Catalogue()
    form = CatalogueForm(request.GET, catalogue=catalogue)
    valid = form.is_valid()
    rows = catalogue.select(form.cleaned_data if valid else {})
    if valid:
        form.show_counts(catalogue.counts())
    context = {
        "form": form,
        "catalogue": catalogue,
        "valid": valid,
        "rows": rows if valid else [],
        "said": catalogue.said(rows) if valid else "Something in the form needs a change",
        "wider": [] if rows else _wider(form, catalogue),
        "axis": _axis(),
    }
    return render(request, "therapies/index.html", context, status=None if valid else 400)


def _wider(form: CatalogueForm, catalogue: Catalogue) -> list[tuple[str, str, int]]:
    """Ways out of an empty list: words, address, number of therapies."""
    return [
        (f"Leave open: {form.fields[name].label}".replace("None", name), f"?{urlencode(query)}", number)
        for name, query, number in catalogue.wider()
    ]


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    therapies = Therapy.objects.published().select_related("therapy_class__family")
    return show(request, get_object_or_404(therapies, slug=slug))


def show(request: HttpRequest, therapy: Therapy) -> HttpResponse:
    events = _events().filter(indication__therapy=therapy)
    uses = _drawn(timeline.uses(events, timezone.localdate()))
    facts = _facts(therapy)
    references = gather(
        therapy.live,
        _biomarkers_of(Indication.objects.filter(therapy=therapy)),
        to("component", therapy.components.published()),
        to("question", therapy.questions.published(), name="live__question"),
    )
    _give_biomarkers(uses, references)
    current = [use for use in uses if use.in_force]
    context = {
        "page": therapy,
        "therapy": therapy,
        "facts": facts,
        "uses": uses,
        "current": current,
        "former": [use for use in uses if not use.in_force],
        "groups": timeline.by_cancer(current),
        "former_groups": timeline.by_cancer(use for use in uses if not use.in_force),
        "first": min((use.granted for use in uses), default=None),
        "fact_sources": _fact_sources(uses, facts),
        "references": references,
        "axis": _axis(),
    }
    return render(request, "therapies/detail.html", context)


def _events() -> QuerySet[ApprovalEvent]:
    return ApprovalEvent.objects.public().select_related("indication__cancer__parent", "source")


def _facts(therapy: Therapy) -> dict[str, list[TherapyFact]]:
    """Confirmed facts by kind, with underscores so that templates can name them."""
    found: dict[str, list[TherapyFact]] = {}
    for fact in therapy.facts.confirmed().select_related("source"):
        found.setdefault(fact.kind.replace("-", "_"), []).append(fact)
    return found


def _fact_sources(uses: list[timeline.Use], facts: dict[str, list[TherapyFact]]) -> list[Any]:
    sources = {event.source for use in uses for event in use.events}
    sources |= {fact.source for rows in facts.values() for fact in rows}
    return sorted((s for s in sources if s), key=lambda s: (not s.official, s.title))


def _biomarkers_of(indications: QuerySet[Indication]) -> QuerySet:
    rows = Biomarker.objects.published().filter(indications__in=indications)
    return to("biomarker", rows, key="indications__pk")


def _give_biomarkers(uses: list[timeline.Use], references: dict[str, list]) -> None:
    for use in uses:
        use.biomarkers = [r for r in references.get("biomarker", []) if r.key == use.indication.pk]


def types(request: HttpRequest) -> HttpResponse:
    classes = list(TherapyClass.objects.published().select_related("family"))
    families = [(f, [c for c in classes if c.family_id == f.pk]) for f in Family.objects.published()]
    figures = figures_of(request).provider(Figures)
    counts: dict[int, int] = {}
    for class_id, slug in Therapy.objects.published().values_list("therapy_class_id", "slug"):
        counts[class_id] = counts.get(class_id, 0) + (slug in figures.therapies_now)
    context = {"families": families, "counts": counts}
    return render(request, "therapies/types.html", context)


def type_detail(request: HttpRequest, slug: str) -> HttpResponse:
    page: Any = Family.objects.published().filter(slug=slug).first()
    if not page:
        classes = TherapyClass.objects.published().select_related("family")
        page = next((c for c in classes.filter(slug=slug.removesuffix("-class")) if c.address == slug), None)
    if not page:
        raise Http404
    return show_type(request, page)


def show_type(request: HttpRequest, page: Family | TherapyClass) -> HttpResponse:
    is_family = isinstance(page, Family)
    inside = Q(therapy_class__family=page) if is_family else Q(therapy_class=page)
    therapies = list(Therapy.objects.published().filter(inside).select_related("therapy_class__family"))
    therapies.sort(key=lambda t: (t.therapy_class.order, t.name))
    approved = figures_of(request).provider(Figures).therapies_now
    context = {
        "page": page,
        "family": page if isinstance(page, Family) else page.family,
        "is_family": is_family,
        "groups": [(c, list(rows)) for c, rows in groupby(therapies, key=lambda t: t.therapy_class)],
        "approved": approved,
        "number": sum(t.slug in approved for t in therapies),
        "references": gather(page.live),
    }
    return render(request, "therapies/type.html", context)


def cancers(request: HttpRequest) -> HttpResponse:
    figures = figures_of(request).provider(Figures)
    counts: dict[str, set[str]] = {}
    for row in figures.now:
        for slug, *_ in row.cancers:
            counts.setdefault(slug, set()).add(row.therapy)
    pages = list(Cancer.objects.published())
    for page in pages:
        page.number = len(counts.get(page.slug, ()))
    groups = [(page, [kind for kind in pages if kind.parent_id == page.pk]) for page in pages if not page.parent_id]
    parts = [
        ("Cancers", [g for g in groups if g[0].kind == Cancer.Kind.CANCER]),
        ("Tumors of any site, by test result", [g for g in groups if g[0].kind == Cancer.Kind.TUMOR_AGNOSTIC]),
        ("Precancers and related conditions", [g for g in groups if g[0].kind == Cancer.Kind.OTHER]),
    ]
    return render(request, "therapies/cancers.html", {"parts": parts})


def _uses_where(indications: QuerySet[Indication]) -> list[timeline.Use]:
    """Drawn uses of several therapies, with each therapy and its class at hand."""
    events = (
        _events()
        .filter(indication__in=indications)
        .select_related("indication__therapy__therapy_class", "source", "indication__cancer__parent")
    )
    return _drawn(timeline.uses(events, timezone.localdate()))


def _brands(indications: QuerySet[Indication]) -> QuerySet:
    facts = TherapyFact.objects.confirmed().filter(kind=TherapyFact.Kind.BRAND, therapy__indications__in=indications)
    return to("brand", facts.distinct(), key="therapy_id", name="value", slug="kind")


def _with_names(uses: list[timeline.Use], references: dict[str, list]) -> None:
    _give_biomarkers(uses, references)
    for use in uses:
        brands = [r.name for r in references.get("brand", []) if r.key == use.indication.therapy_id]
        use.brands = brands  # type: ignore[attr-defined]


def cancer(request: HttpRequest, slug: str) -> HttpResponse:
    return show_cancer(request, get_object_or_404(Cancer.objects.published().select_related("parent"), slug=slug))


def show_cancer(request: HttpRequest, page: Cancer) -> HttpResponse:
    here = Q(cancer=page) | Q(cancer__parent=page)
    also = Q(also_cancers=page) | Q(also_cancers__parent=page)
    indications = Indication.objects.filter(pk__in=Indication.objects.filter(here | also).values("pk"))
    uses = _uses_where(indications)
    kinds = Cancer.objects.published().filter(parent=page)
    references = gather(page.live, _biomarkers_of(indications), _brands(indications), to("kind", kinds))
    _with_names(uses, references)
    current = [use for use in uses if use.in_force]
    former = [use for use in uses if not use.in_force]
    context = {
        "page": page,
        "stages": timeline.by_stage(current),
        "current": current,
        "former": former,
        "therapies": len({use.indication.therapy_id for use in current}),
        "children": any(use.indication.children for use in current),
        "references": references,
        "axis": _axis(),
    }
    return render(request, "therapies/cancer.html", context)


def biomarkers(request: HttpRequest) -> HttpResponse:
    return render(request, "therapies/biomarkers.html", {"biomarkers": Biomarker.objects.published()})


def biomarker(request: HttpRequest, slug: str) -> HttpResponse:
    return show_biomarker(request, get_object_or_404(Biomarker.objects.published(), slug=slug))


def show_biomarker(request: HttpRequest, page: Biomarker) -> HttpResponse:
    indications = Indication.objects.filter(biomarkers=page)
    uses = _uses_where(indications)
    references = gather(page.live, _brands(indications), _biomarkers_of(indications))
    _with_names(uses, references)
    current = [use for use in uses if use.in_force]
    context = {
        "page": page,
        "groups": timeline.by_cancer(current),
        "current": current,
        "former": [use for use in uses if not use.in_force],
        "references": references,
        "axis": _axis(),
    }
    return render(request, "therapies/biomarker.html", context)


def approvals(request: HttpRequest) -> HttpResponse:
    on, form = _day(request)
    wrong = form.is_bound and not form.is_valid()
    rows = _events().filter(date__lte=on).select_related("indication__therapy", "indication__cancer__parent", "source")
    events = list(rows)
    newest = sorted(events, key=lambda e: (e.date, e.pk), reverse=True)
    uses = _drawn(timeline.uses(events, on))
    by_indication = {use.indication.pk: use for use in uses}
    for use in uses:
        for word, event in use.story:
            event.word = word  # type: ignore[attr-defined]
    for event in events:
        event.use = by_indication[event.indication_id]  # type: ignore[attr-defined]
    context = {
        "form": form,
        "on": on,
        "past": on < timezone.localdate(),
        "years": [(year, list(rows)) for year, rows in groupby(newest, key=lambda e: e.date.year)],
        "events": events,
        "in_force": sum(use.in_force for use in uses),
        "withdrawn": sum(use.state == timeline.WITHDRAWN for use in uses),
        "therapies": len({use.indication.therapy_id for use in uses if use.in_force}),
        "axis": _axis(),
    }
    return render(request, "therapies/approvals.html", context, status=400 if wrong else None)
