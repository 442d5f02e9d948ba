"""The form of any row at the desk: it notices a newer version, and says when nothing was changed."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst

from ..guard import LINES, GuardedForm


class GuardedAdmin(admin.ModelAdmin):
    """ModelAdmin whose form notices a newer version, and whose rows wait for each other while being saved."""

    form = GuardedForm
    formfield_overrides = LINES

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        asked = request.resolver_match.url_name if request.resolver_match else ""
        if row and request.method == "POST" and "change" in (asked or ""):
            type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
            row.refresh_from_db()
        return row

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        # Django adds the declared field "seen" by itself; where fields are declared it needs a place.
        (name, options), *others = super().get_fieldsets(request, obj)
        fields = options["fields"]
        return [(name, options | {"fields": fields if "seen" in fields else (*fields, "seen")}), *others]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if row := context.get("original"):
            context |= {"title": str(row), "subtitle": capfirst(self.opts.verbose_name)}
        return super().render_change_form(request, context, *args, **kwargs)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Saving without a change leaves no trace in the history, and the person is told so."""
        request.untouched = not message  # type: ignore[attr-defined]
        return super().log_change(request, obj, message) if message else None

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if getattr(request, "untouched", False) and IS_POPUP_VAR not in request.POST:
            messages.info(request, "You changed nothing, so nothing was saved.")
            return self._form_again(obj)
        return super().response_change(request, obj)

    def _form_again(self, obj: Any, typed: dict[str, str] | None = None) -> HttpResponseRedirect:
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])
        return HttpResponseRedirect(f"{address}?{urlencode(typed)}" if typed else address)
