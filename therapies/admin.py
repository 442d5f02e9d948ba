"""Therapies in the admin. Facts and events are recorded by one person and confirmed by another."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.text import slugify

from portal.publishing import actions
from portal.publishing.admin.facts import ConfirmedFilter, FactAdmin, fact_state
from portal.publishing.admin.guarded import GuardedAdmin
from portal.publishing.admin.pages import PageAdmin
from portal.publishing.drafts import DraftInline
from portal.publishing.guard import LINES, GuardedForm

from . import views
from .models import (
    ApprovalEvent,
    Biomarker,
    BiomarkerEdition,
    Cancer,
    CancerEdition,
    Family,
    FamilyEdition,
    Indication,
    Therapy,
    TherapyClass,
    TherapyClassEdition,
    TherapyEdition,
    TherapyFact,
)


class FamilyDraft(DraftInline):
    model = FamilyEdition


class TherapyClassDraft(DraftInline):
    model = TherapyClassEdition


class CancerDraft(DraftInline):
    model = CancerEdition


class BiomarkerDraft(DraftInline):
    model = BiomarkerEdition


class TherapyDraft(DraftInline):
    model = TherapyEdition


def public_address(therapy: Therapy) -> str | None:
    page = Therapy.objects.published().filter(pk=therapy.pk).first()
    return page.get_absolute_url() if page else None


class FactInline(admin.TabularInline):
    model = TherapyFact
    form = GuardedForm
    formfield_overrides = LINES
    fields = ("kind", "value", "date", "source", "because", "state", "seen")
    readonly_fields = ("state",)
    autocomplete_fields = ("source",)
    can_delete = False
    show_change_link = True
    extra = 0
    verbose_name_plural = "facts: names, licences, targets, safety"
    classes = ("collapse",)
    state = staticmethod(fact_state)


@admin.register(Therapy)
class TherapyAdmin(PageAdmin):
    show = staticmethod(views.show)
    inlines = (TherapyDraft, FactInline)
    list_display = ("name", "therapy_class", "uses")
    list_filter = ("therapy_class__family", "therapy_class", "borderline")
    list_select_related = ("therapy_class",)
    search_fields = ("name", "facts__value")
    autocomplete_fields = ("therapy_class", "components")
    readonly_fields = ("approved_uses",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "therapy_class", "components", "approved_uses")}),
        ("Scope", {"classes": ("collapse",), "fields": ("borderline", "scope_note", "page_number", "note")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(number_of_uses=Count("indications", distinct=True))

    @admin.display(description="uses recorded", ordering="number_of_uses")
    def uses(self, therapy: Any) -> int:
        return therapy.number_of_uses

    @admin.display(description="approved uses")
    def approved_uses(self, therapy: Therapy) -> str:
        rows = therapy.indications.select_related("cancer") if therapy.pk else ()
        links = format_html_join(
            "",
            '<li><a href="{}">{}: {}</a></li>',
            ((reverse("admin:therapies_indication_change", args=[i.pk]), i.cancer, i.setting) for i in rows),
        )
        address = f"{reverse('admin:therapies_indication_add')}?{urlencode({'therapy': therapy.pk or ''})}"
        return format_html('<ul class="plain-list">{}</ul><a href="{}">Add a use</a>', links, address)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not TherapyFact:
            return super().save_formset(request, form, formset, change)
        facts = formset.save(commit=False)
        for fact in facts:
            actions.record(fact, by=request.user)  # type: ignore[arg-type]
        formset.save_m2m()
        if facts:
            messages.warning(
                request, "Readers do not see the facts that you wrote now: a second person must confirm them."
            )
        return None


class IndicationForm(GuardedForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk is None and {"therapy", "cancer", "setting"} <= self.cleaned_data.keys():
            self._name_use()
        return cleaned

    def _name_use(self) -> None:
        """Give a new use its short name. The same name again is the same use again."""
        data = self.cleaned_data
        code = f"{data['cancer'].slug}--{slugify(data['setting'])}"[:150]
        if data["therapy"].indications.filter(code=code).exists():
            raise ValidationError(
                {
                    "setting": "This use is recorded already. Open it to record an event, "
                    "or say what is different in this one."
                }
            )
        self.instance.code = code


@admin.register(Indication)
class IndicationAdmin(GuardedAdmin):
    form = IndicationForm
    list_display = ("therapy", "cancer", "setting", "public_events", "waiting")
    list_filter = ("stage", "children", "on_reference_page", "therapy__therapy_class")
    list_select_related = ("therapy", "cancer")
    search_fields = ("therapy__name", "cancer__name", "setting", "therapy__facts__value")
    autocomplete_fields = ("therapy", "cancer", "also_cancers", "biomarkers")
    readonly_fields = ("events", "code")
    WHAT = ("therapy", "cancer", "also_cancers", "setting", "stage", "biomarkers", "combination", "children")
    STAFF = ("code", "partner_label", "on_reference_page", "note")
    fieldsets = (
        (None, {"fields": WHAT}),
        ("Approval events", {"fields": ("events",)}),
        ("For staff", {"classes": ("collapse",), "fields": STAFF}),
    )

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return public_address(obj.therapy) if obj else None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        confirmed = Count("events", filter=Q(events__confirmed_at__isnull=False))
        return super().get_queryset(request).annotate(number_confirmed=confirmed, number=Count("events"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(obj) and not obj.events.exists() and super().has_delete_permission(request, obj)

    @admin.display(description="confirmed events")
    def public_events(self, use: Any) -> int:
        return use.number_confirmed

    @admin.display(description="waiting")
    def waiting(self, use: Any) -> int:
        return use.number - use.number_confirmed

    @admin.display(description="events")
    def events(self, use: Indication) -> str:
        if not use.pk:
            return "Save the use first; then its events can be recorded."
        rows = format_html_join(
            "",
            '<li><a href="{}">{} on {}</a>. {}.</li>',
            (
                (
                    reverse("admin:therapies_approvalevent_change", args=[e.pk]),
                    e.get_kind_display(),
                    e.date,
                    fact_state(e),
                )
                for e in use.events.select_related("confirmed_by", "rejected_by")
            ),
        )
        address = f"{reverse('admin:therapies_approvalevent_add')}?{urlencode({'indication': use.pk})}"
        return format_html('<ul class="plain-list">{}</ul><a href="{}">Record an event</a>', rows, address)


@admin.register(ApprovalEvent)
class ApprovalEventAdmin(FactAdmin):
    list_display = ("indication", "kind", "date", fact_state)
    list_filter = (ConfirmedFilter, "kind", "source__official")
    list_select_related = ("indication__therapy", "indication__cancer", "confirmed_by", "rejected_by")
    date_hierarchy = "date"
    search_fields = ("indication__therapy__name", "indication__cancer__name", "indication__setting")
    autocomplete_fields = ("indication", "source")
    fieldsets = ((None, {"fields": ("indication", "kind", "date", "precision", "source", "because", "note")}),)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return public_address(obj.indication.therapy) if obj else None


@admin.register(TherapyFact)
class TherapyFactAdmin(FactAdmin):
    list_display = ("therapy", "kind", "value", fact_state)
    list_filter = (ConfirmedFilter, "kind")
    list_select_related = ("therapy", "confirmed_by", "rejected_by")
    search_fields = ("therapy__name", "value")
    autocomplete_fields = ("therapy", "source")
    fieldsets = ((None, {"fields": ("therapy", "kind", "value", "date", "source", "because", "note")}),)


@admin.register(Family)
class FamilyAdmin(PageAdmin):
    show = staticmethod(views.show_type)
    inlines = (FamilyDraft,)
    list_display = ("name", "order")
    search_fields = ("name",)


@admin.register(TherapyClass)
class TherapyClassAdmin(PageAdmin):
    show = staticmethod(views.show_type)
    inlines = (TherapyClassDraft,)
    list_display = ("name", "family", "order")
    list_filter = ("family",)
    search_fields = ("name",)


@admin.register(Cancer)
class CancerAdmin(PageAdmin):
    show = staticmethod(views.show_cancer)
    inlines = (CancerDraft,)
    list_display = ("name", "plain_name", "parent", "kind")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "plain_name", "synonyms")
    autocomplete_fields = ("parent",)


@admin.register(Biomarker)
class BiomarkerAdmin(PageAdmin):
    show = staticmethod(views.show_biomarker)
    inlines = (BiomarkerDraft,)
    list_display = ("name",)
    search_fields = ("name", "synonyms")
