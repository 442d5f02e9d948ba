from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.publishing.references import gather, to

from .models import Component, Organ


def index(request: HttpRequest) -> HttpResponse:
    context = {"components": Component.objects.published(), "organs": Organ.objects.published()}
    return render(request, "immune/index.html", context)


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    page = (
        Component.objects.published().filter(slug=slug).first() or Organ.objects.published().filter(slug=slug).first()
    )
    if not page:
        raise Http404
    return show(request, page)


def show(request: HttpRequest, page: Component | Organ) -> HttpResponse:
    component = page if isinstance(page, Component) else None
    links = []
    if component:
        therapies = component.therapies.published()
        brands = therapies.filter(facts__kind="brand")
        links = [
            to("therapy", therapies, note="therapy_class__name"),
            to("brand", brands, name="facts__value"),
        ]
    references = gather(page.live, *links)
    named: dict[int, list[str]] = {}
    for brand in references.get("brand", []):
        named.setdefault(brand.key, []).append(brand.name)
    told = sorted(references.get("therapy", []), key=lambda one: (one.note, one.name))
    context = {
        "page": page,
        "component": component,
        "siblings": type(page).objects.published().exclude(pk=page.pk),
        "therapies": [(one, named.get(one.key, [])) for one in told],
        "references": references,
    }
    return render(request, "immune/detail.html", context)
