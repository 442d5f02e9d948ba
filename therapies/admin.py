"""Therapies, cancers and test results in the admin. Facts, uses and FDA decisions are there to read only."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest
from django.template.loader import render_to_string

from portal.publishing.admin.base import FactAdmin, confirmation
from portal.publishing.admin.ordering import OrderedAdmin
from portal.publishing.admin.pages import PageAdmin
from portal.publishing.permissions import allowed

from .models import (
    ApprovalEvent,
    Biomarker,
    Cancer,
    DrugLabel,
    EarlierTerms,
    Family,
    FurtherSource,
    Indication,
    LabelledUse,
    Therapy,
    TherapyClass,
    TherapyFact,
    UnlabelledUse,
)


@admin.register(Therapy)
class TherapyAdmin(PageAdmin):
    list_display = ("name", "therapy_class", "uses")
    list_filter = ("therapy_class__family", "therapy_class", "borderline")
    list_select_related = ("therapy_class",)
    search_fields = ("name", "facts__value")
    autocomplete_fields = ("therapy_class", "components")
    readonly_fields = ("facts_at_desk",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "therapy_class", "components", "facts_at_desk")}),
        ("Scope", {"classes": ("collapse",), "fields": ("borderline", "scope_note", "page_number", "note")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        may_enter = Value(allowed(request, "add", ApprovalEvent) and allowed(request, "add", Indication))
        uses = Count("indications", distinct=True)
        found = super().get_queryset(request).annotate(number_of_uses=uses, may_enter=may_enter)
        return found.order_by(*self.opts.ordering)  # a count drops the order of the model, which the pickers rely on

    @admin.display(description="uses", ordering="number_of_uses")
    def uses(self, therapy: Any) -> int:
        return therapy.number_of_uses

    @admin.display(description="facts and approved uses")
    def facts_at_desk(self, therapy: Any) -> str:
        """The uses and facts, each with the way to the desk, where they are corrected."""
        if not therapy.pk:
            return "Once the therapy is here, enter them under FDA data."
        found = {"uses": therapy.indications.select_related("cancer"), "facts": therapy.facts.all()}
        return render_to_string("admin/therapies/_facts_at_desk.html", {"therapy": therapy} | found)


@admin.register(Indication)
class IndicationAdmin(FactAdmin):
    desk_address = "desk:use"
    list_display = ("therapy", "cancer", "setting", "decisions", "desk")
    list_filter = ("stage", "children", "on_reference_page", "therapy__therapy_class")
    list_select_related = ("therapy", "cancer")
    search_fields = ("therapy__name", "cancer__name", "setting", "therapy__facts__value")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(number=Count("events")).order_by(*self.opts.ordering)

    @admin.display(description="FDA decisions")
    def decisions(self, use: Any) -> int:
        return use.number


@admin.register(ApprovalEvent)
class ApprovalEventAdmin(FactAdmin):
    desk_address = "desk:event"
    list_display = ("indication", "kind", "date", confirmation, "desk")
    list_filter = ("kind", "source__official")
    list_select_related = ("indication__therapy", "indication__cancer", "change__confirmed_by")
    date_hierarchy = "date"
    search_fields = ("indication__therapy__name", "indication__cancer__name", "indication__setting")

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        therapy = obj.indication.therapy if obj else None
        return therapy.get_absolute_url() if therapy and therapy.live_edition() else None


@admin.register(EarlierTerms)
class EarlierTermsAdmin(FactAdmin):
    desk_address = "desk:terms"
    list_display = ("event", "setting", "desk")
    list_select_related = ("event__indication__therapy", "event__indication__cancer")
    search_fields = ("event__indication__therapy__name", "event__indication__cancer__name", "setting")


@admin.register(TherapyFact)
class TherapyFactAdmin(FactAdmin):
    desk_address = "desk:fact"
    list_display = ("therapy", "kind", "value", confirmation, "desk")
    list_filter = ("kind",)
    list_select_related = ("therapy", "change__confirmed_by")
    search_fields = ("therapy__name", "value")


@admin.register(DrugLabel)
class DrugLabelAdmin(FactAdmin):
    desk_address = "desk:label-reading"
    list_display = ("therapy", "brand", "effective", confirmation, "desk")
    list_filter = ("scope",)
    list_select_related = ("therapy", "change__confirmed_by")
    search_fields = ("therapy__name", "brand", "application", "set_id")


@admin.register(FurtherSource)
class FurtherSourceAdmin(FactAdmin):
    desk_address = "desk:further-source"
    list_display = ("event", "source", "date", "desk")
    list_select_related = ("event__indication__therapy", "event__indication__cancer", "source")
    search_fields = ("source__title", "event__indication__therapy__name")


@admin.register(LabelledUse)
class LabelledUseAdmin(FactAdmin):
    desk_address = "desk:labelled-use"
    list_display = ("label", "setting", "desk")
    list_select_related = ("label",)
    search_fields = ("label__brand", "setting")


@admin.register(UnlabelledUse)
class UnlabelledUseAdmin(FactAdmin):
    desk_address = "desk:unlabelled-use"
    list_display = ("label", "use", "reason", "desk")
    list_select_related = ("label", "use__therapy", "use__cancer")
    search_fields = ("label__brand", "use__setting")


@admin.register(Family)
class FamilyAdmin(OrderedAdmin, PageAdmin):
    list_display = ("name", "order")
    search_fields = ("name",)


@admin.register(TherapyClass)
class TherapyClassAdmin(OrderedAdmin, PageAdmin):
    list_display = ("name", "family", "order")
    list_filter = ("family",)
    search_fields = ("name",)


@admin.register(Cancer)
class CancerAdmin(PageAdmin):
    list_display = ("name", "plain_name", "parent", "kind")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "plain_name", "synonyms")
    autocomplete_fields = ("parent", "nci_source")


@admin.register(Biomarker)
class BiomarkerAdmin(PageAdmin):
    list_display = ("name", "kind")
    list_filter = ("kind",)
    search_fields = ("name", "synonyms")
