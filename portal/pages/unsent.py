"""Forms of the desk that could not be taken, shown again with all that was typed."""

import re

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csp import csp_override

#: A tag, in whatever text. Django's ``striptags`` refuses one of many tags that don't end, and this page is itself the
#: answer to what was refused.
TAG = re.compile(r"<[^<>]*>")
#: Fields of a form that nobody typed.
NOT_WORDS = re.compile(r"^(_|kept|csrf)|-(seen|asked|keep|id|page|[A-Z_]+_FORMS)$|^(seen|asked)$")


def is_worth_keeping(request: HttpRequest) -> bool:
    """Whether a form of the desk was sent from the desk itself. Nothing with a password is ever shown again."""
    return (
        request.method == "POST"
        and "csrfmiddlewaretoken" in request.POST
        and not any("password" in name for name in request.POST)
        and request.path.startswith((reverse("admin:index"), reverse("desk:index")))
        and request.path not in (reverse("admin:logout"), reverse("desk:batches"))  # a file cannot be sent again
    )


def came_from_here(request: HttpRequest) -> bool:
    """What browsers say of a form that another site sends is something else, or nothing."""
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") == here


def unsent(request: HttpRequest, why: str, *, again: bool = True) -> HttpResponse:
    """A form that could not be taken, with all that was typed, ready to be sent once more where that may help."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {
        **admin.site.each_context(request),
        "title": "What you typed is still here",
        "why": why,
        "again": again,
        "fields": [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"],
        "words": [
            (name, TAG.sub("", value)) for name, value in fields if NOT_WORDS.search(name) is None and value.strip()
        ],
    }
    response = render(request, "admin/unsent.html", context, status=403 if again else 400)
    response["Cache-Control"] = "no-store"
    return response


@csp_override(settings.DESK_CSP)
def unreadable(request: HttpRequest) -> HttpResponse:
    """A form with something in it that no form of ours sends. Sent once more, it would meet the same answer."""
    return unsent(request, "Something in this form can’t be read, so nothing has been saved.", again=False)


@csp_override(settings.DESK_CSP)
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is not the browser's any more, most often since somebody signed in again in another tab."""
    if is_worth_keeping(request) and came_from_here(request):
        return unsent(request, "Someone signed in again in this browser, so this form hasn’t been saved yet.")
    return render(request, "403.html", status=403)
