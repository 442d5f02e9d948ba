from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from portal.publishing.desk.guarded import GuardedAdmin
from portal.publishing.desk.pages import PageAdmin
from portal.publishing.drafts import DraftInline

from . import views
from .models import Section, SectionEdition, SiteSettings, TakePartLink


class SectionDraft(DraftInline):
    model = SectionEdition


@admin.register(Section)
class SectionAdmin(PageAdmin):
    show = staticmethod(views.show_section)
    inlines = (SectionDraft,)
    list_display = ("__str__", "order")
    list_filter = ("place",)
    search_fields = ("slug",)


@admin.register(TakePartLink)
class TakePartLinkAdmin(GuardedAdmin):
    list_display = ("label", "kind", "address", "order", "active_from", "active_to", "checked_on")
    list_filter = ("kind",)
    search_fields = ("label", "address")


@admin.register(SiteSettings)
class SiteSettingsAdmin(GuardedAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return not SiteSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
