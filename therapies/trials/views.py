"""The page that leads to trials. It asks no register: readers go there by a link, if they want to."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..models import Biomarker, Cancer, Therapy
from ..reading import brands_of
from . import asking_back
from .asking import TrialQuestion
from .forms import TrialsForm


def trials(request: HttpRequest) -> HttpResponse:
    pages: dict[str, dict[str, Any]] = {
        "cancer": {page.slug: page for page in Cancer.objects.published().select_related("parent")},
        "therapy": {page.slug: page for page in Therapy.objects.published()},
        "result": {page.slug: page for page in Biomarker.objects.published()},
    }
    choices = {
        "cancer": [("", "Any cancer"), *((slug, page.name) for slug, page in pages["cancer"].items())],
        "therapy": [("", "Any therapy"), *brands_of(pages["therapy"].values())],
        "result": [("", "Any test result"), *((slug, page.name) for slug, page in pages["result"].items())],
    }
    asked = request.GET if any(name in request.GET for name in TrialsForm.base_fields) else None
    form = TrialsForm(asked, choices=choices)
    wrong = form.is_bound and not form.is_valid()
    shown = {"form": form, **_answered(form, pages)} if form.is_bound else {"form": form}
    return render(request, "therapies/trials.html", shown, status=400 if wrong else 200)


def _answered(form: TrialsForm, pages: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The search that was asked for, or what we ask back."""
    place = asking_back.places_meant(form)
    if not form.is_valid():
        unsure = [place] if place and not form.cleaned_data.get("place") else []
        return {"asked_back": [*asking_back.names_meant(form), *unsure] or [asking_back.lists()]}
    told = form.cleaned_data
    if told["place"] is None and place:
        return {"asked_back": [place]}
    chosen = {name: pages[name].get(told[name]) for name in pages}
    above = chosen["cancer"] and chosen["cancer"].parent
    parent = {"parent": above and pages["cancer"].get(above.slug)}
    return {"question": TrialQuestion(told | chosen | parent), "elsewhere": place}
