from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from portal.publishing import moments
from portal.publishing.admin.guarded import GuardedAdmin
from portal.publishing.admin.ordering import OrderedAdmin
from portal.publishing.admin.pages import PageAdmin, newest_word
from portal.publishing.models import OPEN, Edition, Status
from portal.publishing.page_forms import DraftForm, DraftInline, NamedByWordsForm

from .models import CheckedLink, Section, SiteSettings, TakePartLink, Term, forms_of


@admin.register(Section)
class SectionAdmin(OrderedAdmin, PageAdmin):
    list_display = ("__str__", "order")
    list_filter = ("place",)
    search_fields = ("slug",)


class EntryForm(DraftForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        name, also = self.cleaned_data.get("name", ""), self.cleaned_data.get("also", "")
        others = Edition.objects.of_kind(Term).filter(status__in=[*OPEN, Status.PUBLISHED])
        taken = {
            form.casefold(): other.words["name"]
            for other in others.exclude(page=self.instance.page_id)
            for form in forms_of(other.words["name"], other.words["also"])
        }
        for form in filter(None, forms_of(name, also)):
            field = "name" if form == name.strip() else "also"
            if other := taken.get(form.casefold()):
                self.add_error(
                    field, f"“{form}” already leads to the term “{other}”. Revise that term, or leave this word out."
                )
            if len(form) == 1:
                self.add_error(field, f"“{form}” is a single letter, which would link in many wrong places.")
        return cleaned


class TermDraft(DraftInline):
    form = EntryForm


class TermForm(NamedByWordsForm):
    named_by = "name"


@admin.register(Term)
class TermAdmin(PageAdmin):
    form = TermForm
    inlines = (TermDraft,)
    fields = ("linked", "slug")
    list_display = ("__str__", "linked")
    list_filter = ("linked",)
    search_fields = ("slug",)
    search_help_text = "Search terms and their texts."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(named=newest_word("name"))


@admin.register(TakePartLink)
class TakePartLinkAdmin(OrderedAdmin, GuardedAdmin):
    list_display = ("label", "kind", "address", "order", "active_from", "active_to", "checked_on", "answered")
    list_filter = ("kind",)
    search_fields = ("label", "address")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        asked = CheckedLink.objects.filter(address=OuterRef("address"))
        found = {name: Subquery(asked.values(name)[:1]) for name in ("trouble", "worked_at")}
        return super().get_queryset(request).annotate(**found)

    @admin.display(description="what a check found")
    def answered(self, link: Any) -> str:
        return link.trouble or (f"Works: {moments.day(link.worked_at)}" if link.worked_at else "")


@admin.register(SiteSettings)
class SiteSettingsAdmin(GuardedAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return not SiteSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
