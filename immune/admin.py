from django.contrib import admin

from portal.publishing.admin.ordering import OrderedAdmin
from portal.publishing.admin.pages import PageAdmin

from .models import Component, Organ


@admin.register(Component)
class ComponentAdmin(OrderedAdmin, PageAdmin):
    list_display = ("name", "kind", "order")
    list_filter = ("kind",)
    search_fields = ("name",)


@admin.register(Organ)
class OrganAdmin(OrderedAdmin, PageAdmin):
    list_display = ("name", "order")
    search_fields = ("name",)
