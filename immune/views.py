from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.publishing.references import by_key, gather, to

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
        links = [
            to("therapy", therapies, note="therapy_class__name"),
            to("brand", therapies.filter(facts__kind="brand"), name="facts__value"),
        ]
    references = gather(page.live, *links)
    brands = by_key(references.get("brand", []))
    told = sorted(references.get("therapy", []), key=lambda one: (one.note, one.name))
    context = {
        "page": page,
        "component": component,
        "siblings": type(page).objects.published().exclude(pk=page.pk),
        "therapies": [(one, [brand.name for brand in brands[one.key]]) for one in told],
        "references": references,
    }
    return render(request, "immune/detail.html", context)
