from django.contrib import admin

from portal.publishing.admin.ordering import ORDERING
from portal.publishing.admin.pages import PageAdmin
from portal.publishing.drafts import DraftInline

from . import views
from .models import Component, Organ


@admin.register(Component)
class ComponentAdmin(PageAdmin):
    show = staticmethod(views.show)
    inlines = (DraftInline,)
    list_display = ("name", "kind", "order")
    list_filter = ("kind",)
    actions = ORDERING
    search_fields = ("name",)


@admin.register(Organ)
class OrganAdmin(PageAdmin):
    show = staticmethod(views.show)
    inlines = (DraftInline,)
    list_display = ("name", "order")
    actions = ORDERING
    search_fields = ("name",)
