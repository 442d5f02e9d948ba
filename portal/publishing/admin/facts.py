"""How every room's desk records dated facts: what one person records a second one confirms."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html

from .. import actions
from ..models import Fact
from ..permissions import allowed
from .guarded import GuardedAdmin


@admin.display(description="state", ordering="confirmed_at")
def fact_state(fact: Fact) -> str:
    if fact.is_rejected:
        return f"Rejected by {fact.rejected_by}, {fact.rejected_at:%Y-%m-%d}: {fact.rejected_because}"
    if fact.confirmed_at and fact.confirmed_by:
        return f"Confirmed by {fact.confirmed_by}, {fact.confirmed_at:%Y-%m-%d}"
    return "Confirmed from its source" if fact.confirmed_at else "Not confirmed: readers do not see it"


class ConfirmedFilter(admin.SimpleListFilter):
    title = "confirmation"
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "Waiting for a second person"), ("yes", "Confirmed"), ("rejected", "Rejected")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "rejected":
            return queryset.filter(rejected_at__isnull=False)
        if self.value() == "no":
            return queryset.filter(confirmed_at__isnull=True, rejected_at__isnull=True)
        return queryset.filter(confirmed_at__isnull=False) if self.value() == "yes" else queryset


CHECKING = (
    "Checking",
    {
        "classes": ("collapse",),
        "fields": ("doubt", "settles", "recorded_by", "recorded_at", "confirmed_by", "confirmed_at"),
    },
)


class FactAdmin(GuardedAdmin):
    """Admin of dated facts: what one person records a second one confirms."""

    change_form_template = "admin/publishing/fact_form.html"
    verbs_note_themselves = True
    actions = ("confirm_selected",)
    autocomplete_fields: Any = ("source",)
    readonly_fields: Any = ("recorded_by", "recorded_at", "confirmed_by", "confirmed_at")
    list_filter: Any = (ConfirmedFilter,)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_fieldsets(request, obj), *([CHECKING] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a fact is corrected or ended, never removed

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and not form.changed_data:
            return
        was_public = change and obj.is_confirmed
        actions.record(obj, by=request.user)  # type: ignore[arg-type]
        if was_public:
            messages.warning(request, "Readers do not see this fact now: a second person must confirm the change.")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        fact: Any = context.get("original")
        waits = fact is not None and fact.waits
        context["can_confirm"] = waits and allowed(request, "confirm", self.model)
        context["is_recorder"] = waits and fact.recorded_by_id == request.user.pk
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if "_confirm" not in request.POST:
            return super().response_change(request, obj)
        self._confirm(request, [obj])
        return HttpResponseRedirect(request.get_full_path())

    @admin.action(description="Confirm: readers may see them", permissions=["confirm"])
    def confirm_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._confirm(request, list(queryset))

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return allowed(request, "confirm", self.model)

    def _confirm(self, request: HttpRequest, facts: list[Fact]) -> None:
        if not self.has_confirm_permission(request):
            raise PermissionDenied
        for fact in facts:
            try:
                actions.confirm(fact, by=request.user)  # type: ignore[arg-type]
                self.log_change(request, fact, "Confirmed.")
                messages.success(request, format_html("Confirmed: {}. Readers see it now.", fact))
            except actions.Refused as refusal:
                messages.error(request, format_html("{}: {}", fact, refusal))
