from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from portal.publishing.admin.guarded import GuardedAdmin
from portal.publishing.admin.pages import PageAdmin
from portal.publishing.drafts import DraftForm, DraftInline
from portal.publishing.models import OPEN, Status
from portal.publishing.naming import NamedByWordsForm

from . import views
from .models import Section, SectionEdition, SiteSettings, TakePartLink, Term, TermEdition


class SectionDraft(DraftInline):
    model = SectionEdition


@admin.register(Section)
class SectionAdmin(PageAdmin):
    show = staticmethod(views.show_section)
    inlines = (SectionDraft,)
    list_display = ("__str__", "order")
    list_filter = ("place",)
    search_fields = ("slug",)


class EntryForm(DraftForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        written = TermEdition(name=self.cleaned_data.get("name", ""), also=self.cleaned_data.get("also", ""))
        others = TermEdition.objects.filter(status__in=[*OPEN, Status.PUBLISHED]).exclude(page=self.instance.page_id)
        taken = {form.casefold(): other.name for other in others for form in other.forms()}
        for form in filter(None, written.forms()):
            field = "name" if form == written.name.strip() else "also"
            if other := taken.get(form.casefold()):
                self.add_error(
                    field, f"“{form}” leads to the term “{other}” already. Revise that one, or leave it out."
                )
            if len(form) == 1:
                self.add_error(field, f"“{form}” is a single letter, which would link in many wrong places.")
        return cleaned


class TermDraft(DraftInline):
    model = TermEdition
    form = EntryForm


class TermForm(NamedByWordsForm):
    named_by = "name"


@admin.register(Term)
class TermAdmin(PageAdmin):
    form = TermForm
    show = staticmethod(views.show_term)
    inlines = (TermDraft,)
    fields = ("linked", "slug")
    list_display = ("__str__", "linked")
    list_filter = ("linked",)
    search_fields = ("slug", "editions__name", "editions__also")
    search_help_text = "Search the term and the other words for it."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        newest = TermEdition.objects.filter(page=OuterRef("pk")).order_by("-pk")
        return super().get_queryset(request).annotate(named=Subquery(newest.values("name")[:1]))


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
