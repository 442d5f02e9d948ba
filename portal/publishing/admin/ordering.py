"""Lists that people put in order: two buttons in each row move it by one place, and readers see it at once.

They belong to the form around the list, so they work by key and without a script. The address that follows names the
button, so that the browser gives it the focus again: pressing Enter once more moves the same row on.
"""

import re
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join

from .. import actions
from ..permissions import staff_of
from .base import DeskAdmin

#: By how many places each button moves a row, and its words.
WAYS = {"up": (-1, "Move up"), "down": (1, "Move down")}
BUTTON = (
    '<button type="submit" class="button" name="_move" value="{0}-{1}" id="move-{0}-{1}">{2}'
    '<span class="visually-hidden"> “{3}”</span></button>'
)
PRESSED = re.compile(r"(?P<key>\d{1,18})-(?P<way>up|down)", re.ASCII)


class OrderedAdmin(DeskAdmin):
    """Admin of rows that have an ``order`` of their own in each list."""

    def get_ordering(self, request: HttpRequest) -> Any:
        """Each list as readers have it, one after the other."""
        return list(dict.fromkeys([*self.model.ORDERED_WITHIN, *self.opts.ordering]))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Each row with the ends of its list, whatever a filter leaves of that."""
        alike = self.model._default_manager.filter(**{name: OuterRef(name) for name in self.model.ORDERED_WITHIN})
        alike = alike.order_by(*self.opts.ordering, "pk").values("pk")
        ends = {"at_up": Subquery(alike[:1]), "at_down": Subquery(alike.reverse()[:1])}
        return super().get_queryset(request).annotate(**ends)

    def get_list_display(self, request: HttpRequest) -> Any:
        name, *others = super().get_list_display(request)
        return (name, "move", *others) if self.has_change_permission(request) else (name, *others)

    @admin.display(description="move")
    def move(self, row: Any) -> str:
        ways = [(way, words) for way, (_, words) in WAYS.items() if row.pk != getattr(row, f"at_{way}")]
        buttons = ((row.pk, way, words, self.name_of(row)) for way, words in ways)
        return format_html('<span class="moves">{}</span>', format_html_join(" ", BUTTON, buttons))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST" and "_move" in request.POST:
            return self._moved(request, request.POST["_move"])
        return super().changelist_view(request, extra_context)

    def _moved(self, request: HttpRequest, pressed: str) -> HttpResponse:
        button = PRESSED.fullmatch(pressed)
        row: Any = self.get_queryset(request).filter(pk=button["key"]).first() if button else None
        if not button or not row:
            raise Http404("There is no such row.")
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        try:
            place = actions.shift(row, WAYS[button["way"]][0], by=staff_of(request))
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"“{self.name_of(row)}” is number {place} now. Readers see the new order.")
        return HttpResponseRedirect(f"{request.get_full_path()}#move-{pressed}")
