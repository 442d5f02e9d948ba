"""Rows of Django's own models, under names of ours."""

import copy
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from portal.publishing.admin.history import HistoryAdmin


class InOurWords(HistoryAdmin):
    """Django's migrations know the names that its models have, so only the desk calls their rows otherwise."""

    called: tuple[str, str]  # one row, and several
    actions = None

    class Media:
        css = {"all": ["people.css"]}

    def __init__(self, model: Any, site: admin.AdminSite) -> None:
        super().__init__(model, site)
        self.opts = copy.copy(model._meta)
        self.opts.verbose_name, self.opts.verbose_name_plural = self.called

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changelist = super().get_changelist_instance(request)
        changelist.opts = self.opts
        return changelist

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = {"title": capfirst(self.called[1])}
        return super().changelist_view(request, title | (extra_context or {}))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if row := context.get("original"):
            context |= {"title": self.name_of(row), "subtitle": capfirst(self.called[0])}
        else:
            context["title"] = f"Add a {self.called[0]}"
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, *args, **kwargs)
