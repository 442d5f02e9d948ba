"""Public pages of the therapies: each view reads what is published and confirmed, and renders it."""

from collections import Counter
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode

from portal.publishing.models import PageQuerySet
from portal.publishing.prepared import Number, Prepared
from portal.publishing.prose import figures_of
from portal.publishing.references import references_to, word

from . import mechanism, reading, that_day, timeline
from .catalogue import Catalogue
from .catalogue.record import Record
from .decisions import DecisionRecord, Decisions
from .figures import TherapyNumbers
from .forms import ApprovalsForm, CatalogueForm, GridForm
from .grid import Grid
from .models import ApprovalEvent, Biomarker, Cancer, Family, Indication, Therapy, TherapyClass
from .reading import TherapiesOfPages, UsesOfPages

#: With uses in more cancers than these, the page of a therapy opens them one cancer at a time.
CANCERS_AT_ONCE = 6


def index(request: HttpRequest) -> HttpResponse:
    catalogue = Catalogue(figures_of(request).provider(Record))
    form = CatalogueForm(request.GET, choices=catalogue.choices())
    if not form.is_valid():
        return render(request, "therapies/index.html", {"form": form}, status=400)
    rows = catalogue.select(form.cleaned_data)
    if "go" in request.GET and catalogue.meant:  # somebody typed a name in the head of a page
        return redirect(catalogue.meant)
    form.show_counts(catalogue.counts())
    wider = [(form[name].label, f"?{urlencode(query)}", number) for name, query, number in catalogue.wider()]
    context = {"form": form, "catalogue": catalogue, "rows": rows, "wider": [] if rows or len(wider) < 2 else wider}
    context["list_query"] = catalogue.address
    return render(request, "therapies/index.html", context)


THERAPY = Prepared(
    lambda slug: Therapy.objects.published().select_related("therapy_class__family").filter(slug=slug), "slug"
)


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    therapy = THERAPY.first(slug=slug)
    return that_day.answer(request, therapy) or show(request, therapy)


def _beside_therapy(therapy: Number) -> tuple[QuerySet, ...]:
    its_class = TherapyClass.objects.published().filter(therapies=therapy)
    component: Any = Therapy._meta.get_field("components").related_model
    question: Any = Therapy._meta.get_field("questions").related_model
    return (
        references_to("signs_of_its_class", its_class, name=word("emergency"), note=word("when_to_call")),
        references_to("component", component.objects.published().filter(therapies=therapy)),
        references_to("question", question.objects.published().filter(therapies=therapy), name=word("question")),
    )


USES_OF_THERAPY = UsesOfPages(
    lambda therapy: Indication.objects.filter(therapy=therapy), _beside_therapy, are_its_own=True
)


def show(request: HttpRequest, therapy: Therapy) -> HttpResponse:
    facts = reading.facts(therapy)
    uses, references = USES_OF_THERAPY.of(therapy)
    current, former = timeline.parted(uses)
    groups = timeline.by_cancer(current)
    context = {
        "page": therapy,
        "facts": facts,
        "current": current,
        "former": former,
        "groups": groups,
        "prevents": timeline.only_prevent(current),
        "one_cancer_at_a_time": len(groups) > CANCERS_AT_ONCE,
        "former_groups": timeline.by_cancer(former),
        "ends": {use.state for use in former},
        "license_revoked": None if current else timeline.license_revoked(former),
        "further": [rows for kind, rows in facts.items() if kind not in reading.PLACED],
        "first": min((use.granted for use in uses), default=None),
        "fact_sources": reading.sources(uses, facts),
        "references": references,
    }
    return render(request, "therapies/detail.html", context)


def types(request: HttpRequest) -> HttpResponse:
    classes = list(TherapyClass.objects.published().select_related("family"))
    families = [(f, [c for c in classes if c.family_id == f.pk]) for f in Family.objects.published()]
    return render(request, "therapies/types.html", {"families": families})


FAMILY = Prepared(lambda slug: Family.objects.published().filter(slug=slug), "slug")
CLASS = Prepared(lambda slug: TherapyClass.objects.published().select_related("family").filter(slug=slug), "slug")


def type_detail(request: HttpRequest, slug: str) -> HttpResponse:
    for family in FAMILY.ask(slug=slug):
        return show_type(request, family)
    for found in CLASS.ask(slug=slug.removesuffix("-class")):
        if found.address == slug:
            return show_type(request, found)
    raise Http404


THERAPIES_OF_FAMILY = TherapiesOfPages("therapy_class__family")
THERAPIES_OF_CLASS = TherapiesOfPages("therapy_class")


def show_type(request: HttpRequest, page: Family | TherapyClass) -> HttpResponse:
    family = page if isinstance(page, Family) else page.family
    rows, references = (THERAPIES_OF_FAMILY if page is family else THERAPIES_OF_CLASS).of(page)
    approved = figures_of(request).provider(TherapyNumbers).therapies_now
    steps = [] if isinstance(page, Family) else mechanism.steps(page, references.get("component", []))
    context = {
        "page": page,
        "steps": steps,
        "height": len(steps) * mechanism.HEIGHT,
        "family": family,
        "is_family": page is family,
        "groups": [(kind, list(of_kind)) for kind, of_kind in groupby(rows, key=lambda row: row.page.therapy_class)],
        "by_target": [] if page is family else reading.by_target(rows),
        "approved": approved,
        "number": sum(row.page.slug in approved for row in rows),
        "references": references,
    }
    return render(request, "therapies/type.html", context)


def _chosen(request: HttpRequest, name: str, pages: PageQuerySet) -> Any:
    """The page that somebody chose at a door of the home page."""
    return pages.filter(slug=request.GET[name]).first() if name in request.GET else None


def cancers(request: HttpRequest) -> HttpResponse:
    if chosen := _chosen(request, "cancer", Cancer.objects.published()):
        return redirect(chosen)
    rows = figures_of(request).provider(TherapyNumbers).now
    numbers = Counter(cancer for cancer, _ in {(slug, row.therapy) for row in rows for slug, *_ in row.cancers})
    without_words = Cancer.objects.published().select_related(None)
    pages = [(page, numbers[page.slug]) for page in without_words]
    groups = [
        (page, number, [kind for kind in pages if kind[0].parent_id == page.pk])
        for page, number in pages
        if not page.parent_id
    ]
    parts = [
        ("Cancers from A to Z", [g for g in groups if g[0].kind == Cancer.Kind.CANCER]),
        ("Tumors of any site, by test result", [g for g in groups if g[0].kind == Cancer.Kind.TUMOR_AGNOSTIC]),
        ("Precancers and related conditions", [g for g in groups if g[0].kind == Cancer.Kind.OTHER]),
    ]
    return render(request, "therapies/cancers.html", {"parts": parts})


def grid(request: HttpRequest) -> HttpResponse:
    found = Grid(figures_of(request).provider(Record))
    form = GridForm(request.GET, choices={"type": [("", "All types"), *found.families.items()]})
    wrong = not form.is_valid()
    if not wrong:
        found.on, found.family = form.cleaned_data["on"] or found.today, form.cleaned_data["type"]
    context = {"form": form, "grid": found, "list_query": found.address}
    return render(request, "therapies/grid.html", context, status=400 if wrong else None)


CANCER = Prepared(lambda slug: Cancer.objects.published().select_related("parent").filter(slug=slug), "slug")


def cancer(request: HttpRequest, slug: str) -> HttpResponse:
    page = CANCER.first(slug=slug)
    return that_day.answer(request, page, cancer=slug) or show_cancer(request, page)


def _kinds_of(cancer: Number) -> tuple[QuerySet]:
    return (references_to("kind", Cancer.objects.published().filter(parent=cancer)),)


USES_FOR_CANCER = UsesOfPages(reading.of_cancer, _kinds_of)


def show_cancer(request: HttpRequest, page: Cancer) -> HttpResponse:
    uses, references = USES_FOR_CANCER.of(page)
    current, former = timeline.parted(timeline.regimens(uses))
    stages = timeline.by_stage(current)
    context = {
        "page": page,
        "stages": stages,
        "current": current,
        "former": former,
        "ends": {use.state for use in former},
        "therapies": timeline.therapies(current),
        "children": [use for _, rows in stages for use in rows if use.terms.children],
        "fact_sources": reading.sources(uses, {}),
        "references": references,
    }
    return render(request, "therapies/cancer.html", context)


def biomarkers(request: HttpRequest) -> HttpResponse:
    if chosen := _chosen(request, "result", Biomarker.objects.published()):
        return redirect(chosen)
    pages = list(Biomarker.objects.published())
    groups = [(kind, [page for page in pages if page.kind == kind]) for kind in Biomarker.Kind]
    return render(request, "therapies/biomarkers.html", {"groups": groups})


BIOMARKER = Prepared(lambda slug: Biomarker.objects.published().filter(slug=slug), "slug")


def biomarker(request: HttpRequest, slug: str) -> HttpResponse:
    page = BIOMARKER.first(slug=slug)
    return that_day.answer(request, page, biomarker=slug) or show_biomarker(request, page)


USES_THAT_REQUIRE = UsesOfPages(lambda test: Indication.objects.filter(biomarkers=test))


def show_biomarker(request: HttpRequest, page: Biomarker) -> HttpResponse:
    uses, references = USES_THAT_REQUIRE.of(page)
    current, former = timeline.parted(timeline.regimens(uses))
    for use in (*current, *former):
        use.on_page_of = page.slug
    groups = timeline.by_cancer(current)
    context = {
        "page": page,
        "groups": groups,
        "current": current,
        "former": former,
        "references": references,
    }
    return render(request, "therapies/biomarker.html", context)


def approvals(request: HttpRequest) -> HttpResponse:
    decisions = Decisions(figures_of(request).provider(DecisionRecord))
    form = ApprovalsForm(request.GET, choices=decisions.choices())
    wrong = not form.is_valid()
    decisions.select({} if wrong else form.cleaned_data)
    form.show_counts(decisions.counts())
    current, former = timeline.parted(decisions.uses)
    context = {
        "form": form,
        "decisions": decisions,
        "list_query": decisions.address,
        "chart": decisions.chart,
        "wider": [(form[name].label, f"?{urlencode(query)}", number) for name, query, number in decisions.wider()],
        "in_force": len(current),
        "ended": len(former),
        "therapies": len({use.indication.therapy_id for use in current}),
        "new_for": ApprovalEvent.NEW_FOR.days,
        "today": timezone.localdate(),
    }
    return render(request, "therapies/approvals.html", context, status=400 if wrong else None)
