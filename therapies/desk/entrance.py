"""The door of ``/desk/``: the desk's own gate (signed in, second factor shown), then one permission."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from portal.publishing.permissions import allowed

#: The rooms of the registrars' desk, in the order of their work: name of the address, and its words.
PLACES = [
    ("desk:index", "Overview"),
    ("desk:record", "Record"),
    ("desk:inbox", "To confirm"),
    ("desk:batches", "FDA’s files"),
    ("desk:gaps", "Gaps"),
    ("desk:sentences", "Sentences"),
    ("desk:export", "Export"),
]


def staff_who_may(verb: str, *kinds: type[models.Model]) -> Callable:
    """Let in members of staff who may ``verb`` rows of every one of these models; 403 for other staff."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not all(allowed(request, verb, kind) for kind in kinds):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.__name__ = view.__name__

        # The site of the admin is the roof's; it is there when the first request comes.
        def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return admin.site.admin_view(guarded)(request, *args, **kwargs)

        return never_cache(enter)

    return decorate


def _here(request: HttpRequest) -> str:
    """The room that a page belongs to: one fact to the queue, one file to the files."""
    return max(
        (name for name, _ in PLACES if request.path.startswith(reverse(name))), key=lambda name: len(reverse(name))
    )


def page(request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the registrars' desk."""
    frame = {**admin.site.each_context(request), "title": title, "places": PLACES, "here": _here(request)}
    return render(request, f"desk/{template}", frame | context, status=status)
