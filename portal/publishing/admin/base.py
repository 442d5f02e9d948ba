"""What the desk shows of every row in the same way: a title in its own words, and a history from the audit trail."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Field, Model, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.views.decorators.csp import csp_override

from .. import audit, moments
from ..models import AuditEntry, Fact

#: How the filters of our lists compare, and the dates above them.
ASKED = frozenset(("exact", "isnull", "in", "gte", "lt", "year", "month", "day"))
COMPARISONS = Field.class_lookups.keys()
#: Of a search above a list. SQLite refuses a question with a thousand conditions, as if it were away.
MOST_WORDS = 50
#: Steps on one page of a history.
STEPS = 100


def at_desk(row: Model, screen: str = "change") -> str:
    """The address of a row's form, or of another screen of it. Raises NoReverseMatch where it has none."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{screen}", args=[row.pk])


class TableFilter(admin.SimpleListFilter):
    """A filter told by a table: what stands in the address, its words, and which rows it leaves."""

    FOUND: Mapping[str, tuple[str, Q]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, words) for name, (words, _) in self.FOUND.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        _, rows = self.FOUND.get(self.value() or "", ("", Q()))
        return queryset.filter(rows)


@admin.display(description="confirmed", ordering="confirmed_at")
def confirmation(fact: Fact) -> str:
    """Who confirmed it and when, for lists."""
    who = fact.change.confirmed_by if fact.change else None
    return f"by {who}, {moments.day(fact.confirmed_on)}" if who else "from its source"


class DeskAdmin(admin.ModelAdmin):
    object_history_template = "admin/publishing/guarded_history.html"

    def name_of(self, row: Any) -> str:
        """What the desk calls a row where it stands alone."""
        return str(row)

    def entries_of(self, row: Any) -> QuerySet[AuditEntry]:
        """What the history of a row tells."""
        return audit.of(row)

    def address(self, route: str, view: Callable[..., HttpResponseBase], name: str, policy: Any = None) -> URLPattern:
        """An address beside those of Django, for ``get_urls``; ``policy`` takes the place of the desk's own."""
        guarded = self.admin_site.admin_view(view)
        guarded = csp_override(policy)(guarded) if policy else guarded
        return path(route, guarded, name=f"{self.opts.app_label}_{self.opts.model_name}_{name}")

    def row(self, request: HttpRequest, object_id: str, verb: str = "view") -> Any:
        """The row that an address names, for whoever may ``verb`` it."""
        row: Any = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404("There is no such row.")
        if not (self.has_change_permission if verb == "change" else self.has_view_permission)(request, row):
            raise PermissionDenied
        return row

    def screen(self, request: HttpRequest, row: Any, template: str, context: dict[str, Any]) -> HttpResponse:
        """A screen about one row, beside its form."""
        about = {"opts": self.opts, "original": row, "subtitle": self.name_of(row)}
        return TemplateResponse(request, template, self.admin_site.each_context(request) | about | context)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what a filter or a date above a list asks. A pattern in an address could take minutes, or be none."""
        how = lookup.rpartition(LOOKUP_SEP)[2]
        return (how in ASKED or how not in COMPARISONS) and super().lookup_allowed(lookup, value, request)

    def get_search_results(self, request: HttpRequest, rows: QuerySet, words: str) -> tuple[QuerySet, bool]:
        """Each word is a condition of its own, and a database takes only so many."""
        if len(words.split()) > MOST_WORDS:
            raise BadRequest(f"A search of more than {MOST_WORDS} words.")
        return super().get_search_results(request, rows, words)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if row := context.get("original"):
            context |= {"title": self.name_of(row), "subtitle": capfirst(self.opts.verbose_name)}
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return super().history_view(request, object_id)
        paginator = self.get_paginator(request, self.entries_of(row), STEPS)
        page = paginator.get_page(request.GET.get(PAGE_VAR, 1))
        context = {
            "title": "History",
            "subtitle": self.name_of(row),
            "action_list": page,
            "page_range": paginator.get_elided_page_range(page.number),
            "pagination_required": paginator.num_pages > 1,
            "place": moments.place(),
        }
        return super().history_view(request, object_id, context | (extra_context or {}))

    def _keep_no_log(self, *args: Any, **kwargs: Any) -> Any:
        """Django's own log: the audit trail tells the same and more, and is all that anybody reads."""

    log_addition = log_change = log_deletions = _keep_no_log


class ReadOnlyAdmin(DeskAdmin):
    """A list to search and a form to read."""

    def _nobody(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_add_permission = has_change_permission = has_delete_permission = _nobody


class FactAdmin(ReadOnlyAdmin):
    """Facts in the admin are there to read. They are entered, corrected and confirmed at ``/desk/``."""

    #: Name of the address at the desk where a row is corrected, with its key.
    desk_address = ""
    readonly_fields = ("desk",)

    def entries_of(self, row: Any) -> QuerySet[AuditEntry]:
        return audit.life_of(row)

    @admin.display(description="FDA data")
    def desk(self, row: Any) -> str:
        return format_html('<a href="{}">Open under FDA data</a>', reverse(self.desk_address, args=[row.pk]))
