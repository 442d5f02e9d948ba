"""The audit trail at the desk: to read, to filter and to take along. Nobody changes it."""

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.views.decorators.http import require_POST

from .. import audit, moments
from ..models import AuditEntry, Edition, Page
from ..spreadsheets import guarded

COLUMNS = ("at", "name", "verb", "kind", "row", "about", "detail")


#: Stands for "none" in an address.
NONE = "-"
#: As the desk calls them.
PLAINER = {"auth.user": "Person", "auth.group": "Role"}


def kind_in_words(label: str) -> str:
    if label in PLAINER:
        return PLAINER[label]
    try:
        return str(capfirst(apps.get_model(label)._meta.verbose_name)) if label else ""
    except LookupError:  # of an older release
        return label


class _Choices(admin.SimpleListFilter):
    """A filter by what stands in one column."""

    column = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found = AuditEntry.objects.order_by().values_list(self.column, flat=True).distinct()
        return sorted(((value, self.in_words(value)) for value in found if value), key=lambda choice: choice[1].lower())

    def in_words(self, value: str) -> str:
        return value

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class WhatFilter(_Choices):
    title, parameter_name, column = "what", "what", "verb"


class WhoFilter(_Choices):
    """By account. Names without one are not listed: anybody can try as many as they like at the sign-in."""

    title, parameter_name, column = "who", "who", "name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = AuditEntry.objects.exclude(by=None).order_by("name").values_list("name", flat=True).distinct()
        return [*((name, name) for name in names), (NONE, "Nobody with an account")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == NONE:
            return queryset.filter(by=None)
        return super().queryset(request, queryset.exclude(by=None)) if self.value() else queryset


class KindFilter(_Choices):
    title, parameter_name, column = "kind", "of", "kind"

    def in_words(self, value: str) -> str:
        return kind_in_words(value)


def _form_of(row: Any) -> str:
    """The form or screen of a row at the desk. Raises NoReverseMatch where it has none."""
    own = "" if isinstance(row, Page) else getattr(row, "get_absolute_url", str)()
    if own.startswith("/desk/"):  # of a guest it is the link of the invitation, which is theirs
        return own
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


class AuditAdmin(admin.ModelAdmin):
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"title": "Audit trail", "subtitle": f"Times are those of {moments.place()}"}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description="when", ordering="at")
    def when(self, entry: AuditEntry) -> str:
        return date_format(timezone.localtime(entry.at), "F j, Y, H:i:s")

    @admin.display(description="kind", ordering="kind")
    def kind_of_row(self, entry: AuditEntry) -> str:
        return kind_in_words(entry.kind)

    @admin.display(description="to what", ordering="about")
    def to_what(self, entry: AuditEntry) -> str:
        if not entry.row:
            return entry.about
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:publishing_auditentry_row", args=[entry.pk]), entry.about
        )

    @admin.display(description="detail")
    def in_short(self, entry: AuditEntry) -> str:
        return Truncator(entry.detail).chars(160)

    # Beside the list

    def get_urls(self) -> list[URLPattern]:
        def address(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"publishing_auditentry_{name}")

        return [
            address("<path:object_id>/row/", self.open_row, "row"),
            address("export/<str:form>/", require_POST(self.export), "export"),
            *super().get_urls(),
        ]

    def open_row(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """On to the form of what an entry speaks of; of a text, to its page."""
        self._require_view(request)
        entry = get_object_or_404(AuditEntry, pk=int(object_id) if object_id.isdecimal() else 0)
        try:
            row = apps.get_model(entry.kind)._default_manager.get(pk=entry.row)
            return HttpResponseRedirect(_form_of(row.page.specific if isinstance(row, Edition) else row))
        except (LookupError, ValueError, ObjectDoesNotExist, NoReverseMatch):
            raise Http404("What this entry speaks of is no longer there, or has no form of its own.") from None

    def export(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """The entries that the filters leave, in a file. One query, a row at a time."""
        self._require_view(request)
        if form not in EXPORTS:
            raise Http404("An export is csv or json.")
        try:
            found = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:  # the list answers the same with all of its entries
            return HttpResponseRedirect(f"{reverse('admin:publishing_auditentry_changelist')}?e=1")
        audit.note("exported the audit trail", by=request.user, detail=request.GET.urlencode())  # type: ignore[arg-type]
        rows = found.order_by("at", "pk").values_list(*COLUMNS).iterator(chunk_size=500)
        lines, content_type = EXPORTS[form]
        response = StreamingHttpResponse(lines(rows), content_type=content_type)
        name = f"audit-trail-{timezone.localdate():%Y-%m-%d}.{form}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


class _Line:
    """What csv writes into, to have each line back."""

    def write(self, line: str) -> str:
        return line


def _told(row: tuple) -> tuple[str, ...]:
    return (timezone.localtime(row[0]).isoformat(timespec="seconds"), *row[1:])


def as_csv(rows: Iterator[tuple]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for row in rows:
        yield writer.writerow(map(guarded, _told(row)))


def as_json(rows: Iterator[tuple]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield (
            ("," if number else "") + "\n" + json.dumps(dict(zip(COLUMNS, _told(row), strict=True)), ensure_ascii=False)
        )
    yield "\n]\n"


EXPORTS: dict[str, tuple[Callable[[Iterator[tuple]], Iterator[str]], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json"),
}
