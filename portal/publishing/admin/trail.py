"""The audit trail at the desk: to read, to filter and to take along. Nobody changes it."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.views.decorators.http import require_POST

from .. import audit, moments
from ..models import AuditEntry, Edition, Page
from ..permissions import staff_of
from ..spreadsheets import as_csv
from .base import ReadOnlyAdmin, at_desk

COLUMNS = ("at", "name", "verb", "kind", "row", "about", "detail")
#: Stands for "none" in an address.
NONE = "-"
#: As the desk calls them.
PLAINER = {"auth.user": "Person", "auth.group": "Role"}


def kind_in_words(value: str) -> str:
    if value in PLAINER:
        return PLAINER[value]
    try:
        return str(capfirst(apps.get_model(value)._meta.verbose_name)) if value else ""
    except LookupError:  # of an older release
        return value


class WhatFilter(admin.SimpleListFilter):
    title, parameter_name, column = "what", "what", "verb"

    @staticmethod
    def in_words(value: str) -> str:
        return value

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found = AuditEntry.objects.order_by().values_list(self.column, flat=True).distinct()
        choices = [(value, self.in_words(value)) for value in found if value]
        return sorted(choices, key=lambda choice: choice[1].lower())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class KindFilter(WhatFilter):
    title, parameter_name, column = "kind", "of", "kind"
    in_words = staticmethod(kind_in_words)


class WhoFilter(admin.SimpleListFilter):
    """By account. Names without one are not listed: anybody can try as many as they like at the sign-in."""

    title, parameter_name = "who", "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = AuditEntry.objects.exclude(by=None).order_by("name").values_list("name", flat=True).distinct()
        return [*((name, name) for name in names), (NONE, "Nobody with an account")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == NONE:
            return queryset.filter(by=None)
        return queryset.exclude(by=None).filter(name=self.value()) if self.value() else queryset


class AuditAdmin(ReadOnlyAdmin):
    change_list_template = "admin/publishing/trail.html"
    list_display = ("when", "name", "verb", "kind_of_row", "to_what", "in_short")
    list_display_links = ("when",)
    list_filter = (WhatFilter, WhoFilter, KindFilter)
    date_hierarchy = "at"
    search_fields = ("name", "about", "detail")
    search_help_text = "Search by person, item, or details."
    list_per_page = 100
    show_full_result_count = False
    fields = ("when", "name", "verb", "kind_of_row", "to_what", "detail")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"subtitle": f"Times are {moments.place()} time"})

    @admin.display(description="when", ordering="at")
    def when(self, entry: AuditEntry) -> str:
        return date_format(timezone.localtime(entry.at), "F j, Y, H:i:s")

    @admin.display(description="kind", ordering="kind")
    def kind_of_row(self, entry: AuditEntry) -> str:
        return kind_in_words(entry.kind)

    @admin.display(description="item", ordering="about")
    def to_what(self, entry: AuditEntry) -> str:
        if not entry.row:
            return entry.about
        address = reverse("admin:publishing_auditentry_row", args=[entry.pk])
        return format_html('<a href="{}">{}</a>', address, entry.about)

    @admin.display(description="detail")
    def in_short(self, entry: AuditEntry) -> str:
        return Truncator(entry.detail).chars(160)

    # Beside the list

    def get_urls(self) -> list[URLPattern]:
        return [
            self.address("<path:object_id>/row/", self.open_row, "row"),
            self.address("export/<str:form>/", require_POST(self.export), "export"),
            *super().get_urls(),
        ]

    def open_row(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """On to the form of what an entry speaks of; of a text, to its page."""
        entry = self.row(request, object_id)
        try:
            row: Any = apps.get_model(entry.kind)._default_manager.get(pk=entry.row)
            row = row.page.specific if isinstance(row, Edition) else row
            own = "" if isinstance(row, Page) else getattr(row, "get_absolute_url", str)()
            # Of a guest it is the link of the invitation, which is theirs.
            return HttpResponseRedirect(own if own.startswith("/desk/") else at_desk(row))
        except (LookupError, ValueError, ObjectDoesNotExist, NoReverseMatch):
            raise Http404("The item in this entry no longer exists, or it has no form of its own.") from None

    def export(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """The entries that the filters leave, in a file. One query, a row at a time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if form not in EXPORTS:
            raise Http404("An export is csv or json.")
        try:
            found = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:  # the list answers the same with all of its entries
            return HttpResponseRedirect(f"{reverse('admin:publishing_auditentry_changelist')}?e=1")
        audit.note("exported the audit trail", by=staff_of(request), detail=request.GET.urlencode())
        rows = found.order_by("at", "pk").values_list(*COLUMNS).iterator(chunk_size=500)
        told = ((timezone.localtime(at).isoformat(timespec="seconds"), *others) for at, *others in rows)
        lines, content_type = EXPORTS[form]
        name = f"audit-trail-{timezone.localdate():%Y-%m-%d}.{form}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(lines(told), content_type=content_type, headers=headers)


def as_json(rows: Iterable[tuple]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False)
    yield "\n]\n"


EXPORTS: dict[str, tuple[Callable[[Iterable[tuple]], Iterator[str]], str]] = {
    "csv": (lambda rows: as_csv(chain([COLUMNS], rows)), "text/csv; charset=utf-8"),
    "json": (as_json, "application/json"),
}
