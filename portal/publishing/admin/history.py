"""The history of a row at the desk, as the audit trail tells it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from .. import audit, moments
from ..models import AuditEntry

#: Steps on one page of a history.
STEPS = 100


class HistoryAdmin(admin.ModelAdmin):
    object_history_template = "admin/publishing/guarded_history.html"

    def name_of(self, row: Any) -> str:
        """What the desk calls a row where it stands alone."""
        return capfirst(str(row))

    def entries_of(self, row: Any) -> QuerySet[AuditEntry]:
        """What the history of a row tells."""
        return audit.of(row)

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
