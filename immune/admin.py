from django.contrib import admin

from portal.publishing.admin.base import ORDERING
from portal.publishing.admin.pages import PageAdmin

from .models import Component, Organ


@admin.register(Component)
class ComponentAdmin(PageAdmin):
    list_display = ("name", "kind", "order")
    list_filter = ("kind",)
    actions = ORDERING
    search_fields = ("name",)


@admin.register(Organ)
class OrganAdmin(PageAdmin):
    list_display = ("name", "order")
    actions = ORDERING
    search_fields = ("name",)
