"""Rows of Django's own models, under names of ours."""

import copy
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest

from portal.publishing.admin.base import DeskAdmin


class InOurWords(DeskAdmin):
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
