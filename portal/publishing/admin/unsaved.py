"""The words that stand in the form of a page, as readers would see them, before anybody saves them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from .. import as_if
from ..actions import Refused
from ..models import Edition, Source
from ..permissions import allowed

#: How the form calls the fields of the words.
FIELDS = "editions-0-"


def preview(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """The real page with the words that were sent. Nothing of it is stored."""
    page = desk._page(request, object_id)
    if not allowed(request, "change" if page.open_edition() else "add", Edition):
        raise PermissionDenied
    given = {part.name: request.POST.get(f"{FIELDS}{part.name}", "").replace("\r\n", "\n") for part in page.parts}
    keys = [key for key in request.POST.getlist(f"{FIELDS}sources") if key.isdecimal() and len(key) < 19]
    try:
        return as_if.words(request, page, desk.show, given=given, sources=Source.objects.filter(pk__in=keys))
    except Refused as refusal:
        return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8", status=409)
