"""The roles at the desk, to read: they are part of the software, and ``apply_roles`` sets them to its table."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from portal.publishing.admin.base import ReadOnlyAdmin, at_desk
from portal.roles import DESCRIPTIONS

from .words import InOurWords


class RoleAdmin(InOurWords, ReadOnlyAdmin):
    """A role that somebody changed here would lose the change at the next update."""

    called = ("role", "roles")
    list_display = ("name", "what_it_allows", "number")
    ordering = ("name",)
    fields = ("what_it_allows", "people")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(number=Count("user", filter=Q(user__is_active=True)))

    @admin.display(description="what it allows")
    def what_it_allows(self, role: Group) -> str:
        return DESCRIPTIONS.get(role.name, "Made on the server of this site; ask whoever made it.")

    @admin.display(description="active people", ordering="number")
    def number(self, role: Any) -> str:
        return format_html('<a href="{}?role={}">{}</a>', reverse("admin:auth_user_changelist"), role.pk, role.number)

    @admin.display(description="people")
    def people(self, role: Group) -> str:
        found = [(at_desk(one), one) for one in role.user_set.filter(is_active=True)]
        return format_html_join(", ", '<a href="{}">{}</a>', found) or "Nobody"
