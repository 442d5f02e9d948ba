"""The door of ``/desk/``: the dashboard's own gate (signed in, second factor shown), then one permission.

What is at the desk is told by the floor and by the rooms: ``Declaration.desk``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from .. import rooms
from ..permissions import allowed, permission


def staff_who_may(verb: str, *kinds: type[models.Model]) -> Callable:
    """Let in members of staff who may ``verb`` rows of every one of these models; 403 for other staff."""
    asked = [permission(verb, kind) for kind in kinds]

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        guarded = permission_required(asked, raise_exception=True)(view)

        @never_cache
        @wraps(view)
        def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            # The site of the admin is the roof's; it is there when the first request comes.
            return admin.site.admin_view(guarded)(request, *args, **kwargs)

        return enter

    return decorate


def page(request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    """A screen of the desk, with the places where this person may go, in the order of the work.

    It belongs to the place whose address begins like its own: one file to the files.
    """
    found = sorted((place for told in rooms.declarations() for place in told.desk), key=lambda p: p.place)
    found = [p for p in found if all(allowed(request, verb, model) for verb, model in p.asks)]
    roads = [("desk:inbox", reverse("desk:changes")), *((p.address, reverse(p.address)) for p in found)]
    under = [(len(road), name) for name, road in roads if request.path.startswith(road)]
    _, here = max(under, default=(0, ""))
    frame = {**admin.site.each_context(request), "title": title, "places": found, "here": here}
    return render(request, f"desk/{template}", frame | context, status=status)
