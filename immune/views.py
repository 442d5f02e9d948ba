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
    links = [to("therapy", component.therapies.published(), note="therapy_class__name")] if component else []
    siblings = type(page).objects.published().exclude(pk=page.pk)
    context = {"page": page, "component": component, "siblings": siblings, "references": gather(page.live, *links)}
    return render(request, "immune/detail.html", context)
