from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.publishing.prepared import Number
from portal.publishing.prose import figures_of
from portal.publishing.references import Reference, ReferencesOfPages, by_key, references_to

from .models import Component, Organ
from .reading import ImmuneSystem


def index(request: HttpRequest) -> HttpResponse:
    parts = figures_of(request).provider(ImmuneSystem)
    context = {"components": parts.components, "organs": parts.organs}
    return render(request, "immune/index.html", context)


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    parts = figures_of(request).provider(ImmuneSystem)
    pages: list[Component | Organ] = [*parts.components, *parts.organs]
    for page in pages:
        if page.slug == slug:
            return show(request, page)
    raise Http404


def _therapies_that_use(component: Number) -> tuple[QuerySet, ...]:
    therapy: Any = Component._meta.get_field("therapies").related_model
    therapies = therapy.objects.published().filter(components=component)
    return (
        references_to("therapy", therapies, note="therapy_class__name"),
        references_to(
            "class",
            therapies,
            name="therapy_class__name",
            slug="therapy_class__slug",
            note="therapy_class__family__slug",
            key="therapy_class_id",
        ),
        references_to("brand", therapies.filter(facts__kind="brand"), name="facts__value"),
    )


REFERENCES_OF_COMPONENT, REFERENCES_OF_ORGAN = ReferencesOfPages(_therapies_that_use), ReferencesOfPages()


def show(request: HttpRequest, page: Component | Organ) -> HttpResponse:
    component = page if isinstance(page, Component) else None
    parts = figures_of(request).provider(ImmuneSystem)
    references = (REFERENCES_OF_COMPONENT if component else REFERENCES_OF_ORGAN).of(page)
    brands = by_key(references.get("brand", []))
    told = sorted(references.get("therapy", []), key=lambda one: (one.note, one.name))
    context = {
        "page": page,
        "component": component,
        "siblings": [one for one in (parts.components if component else parts.organs) if one.pk != page.pk],
        "therapies": [(one, [brand.name for brand in brands[one.key]]) for one in told],
        "classes": {one.name: _address(one) for one in references.get("class", [])},
        "references": references,
    }
    return render(request, "immune/detail.html", context)


def _address(its_class: Reference) -> str:
    """Where a class is: one that is called like its family gives the family the address."""
    return f"{its_class.slug}-class" if its_class.slug == its_class.note else its_class.slug
