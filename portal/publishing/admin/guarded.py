"""The form of any row at the desk: it notices a newer version, and says when nothing was changed."""

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from .. import actions, audit, values
from ..guard import LINES, GuardedForm
from ..models import Change, Governed, Page
from ..permissions import staff_of
from .base import DeskAdmin, at_desk


def _with_link(words: str, told: Any, change: Change) -> Any:
    return format_html(words + ' <a href="{}">See the change</a>', told, change.get_absolute_url())


class GuardedAdmin(DeskAdmin):
    """ModelAdmin whose form notices a newer version, and whose rows wait for each other while being saved."""

    form = GuardedForm
    formfield_overrides = LINES
    change_form_template = "admin/publishing/guarded_form.html"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        asked = request.resolver_match.url_name if request.resolver_match else ""
        if row and request.method == "POST" and "change" in (asked or ""):
            type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
            row.refresh_from_db()
        return row

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in getattr(self.model, "AT_ONCE", ()):
            field.help_text = f"{field.help_text} Readers see a new value right away.".strip()
        return field

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        # Django adds the declared field "seen" by itself; where fields are declared it needs a place.
        (name, options), *others = super().get_fieldsets(request, obj)
        fields = options["fields"]
        return [(name, options | {"fields": fields if "seen" in fields else (*fields, "seen")}), *others]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if row := context.get("original"):
            context["pending_changes"] = Change.objects.pending().of(row).select_related("proposed_by")
            context["waits"] = isinstance(row, Governed) and row.is_seen()
        context["because"] = request.POST.get("_why", "")
        inlines = [form for inline in context["inline_admin_formsets"] for form in inline.formset.forms]
        forms = [context["adminform"].form, *inlines]
        context["meetings"] = [form for form in forms if form.was_sent and form.meeting]
        return super().render_change_form(request, context, *args, **kwargs)

    # What readers see waits for a second person

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store what nobody sees; propose the rest. The row that readers see stays as it is."""
        if not (change or obj.NEW_IS_SEEN):
            return super().save_model(request, obj, form, change)
        try:
            (self._revise if change else self._propose_new)(request, obj, form)
        except (actions.Refused, ValidationError) as refusal:
            saved = "Only the words were saved." if isinstance(obj, Page) else "Nothing was saved."
            messages.error(request, f"{actions.in_words(refusal)} {saved}")
            request.told = True  # type: ignore[attr-defined]
            if change:
                obj.refresh_from_db()
        return None

    def _propose_new(self, request: HttpRequest, row: Any, form: Any) -> None:
        fields = values.kept_names(type(row))
        given = {name: value for name, value in form.cleaned_data.items() if name in fields}
        because = request.POST.get("_why", "")
        change = actions.propose_new(type(row), given, by=staff_of(request), because=because)
        words = 'Your proposal is pending. Readers see it once a second person confirms it. <a href="{}">See it</a>'
        messages.success(request, format_html(words, change.get_absolute_url()))

    def _revise(self, request: HttpRequest, row: Any, form: Any) -> None:
        given = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
        given.pop("seen", None)
        before = type(row)._default_manager.get(pk=row.pk)
        why = request.POST.get("_why", "")
        done = actions.revise(before, given, by=staff_of(request), because=why)
        if done.pending:
            request.told = True  # type: ignore[attr-defined]
            if done.at_once:
                names = ", ".join(values.label(type(row), name) for name in done.at_once)
                messages.success(request, f"Saved. Readers see the new {names.lower()} now.")
            waiting = ", ".join(values.label(done.pending.governed, name).lower() for name in done.pending.after)
            words = "Readers still see the old {}. Your change is pending until a second person confirms it."
            messages.warning(request, _with_link(words, waiting, done.pending))
        row.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if form.instance.pk is None:  # it is only proposed
            return
        if not change:  # else the verb stored its lists, or they wait
            form.save_m2m()
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if obj.pk is not None:
            return super().response_add(request, obj, post_url_continue)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset:
            self.delete_model(request, row)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        request.told = True  # type: ignore[attr-defined]
        if not obj.is_seen():
            name = str(obj)
            audit.note("deleted", obj, by=staff_of(request))
            obj.delete()
            messages.success(request, f"“{name}” is deleted.")
            return
        try:
            change = actions.propose_removal(obj, by=staff_of(request))
        except (actions.Refused, ValidationError) as refusal:
            messages.error(request, actions.in_words(refusal))
        else:
            words = "Readers still see “{}” until a second person confirms its removal."
            messages.warning(request, _with_link(words, obj, change))

    def message_user(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if not getattr(request, "told", False):  # Django would say that all rows are deleted
            super().message_user(request, *args, **kwargs)

    # What was saved

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Tells the browser that what it sent is saved, so that it forgets its own copy (static/keep.js)."""
        response = super().changeform_view(request, *args, **kwargs)
        copy = request.POST.get("kept", "")
        if getattr(request, "was_saved", False) and re.fullmatch(r"[\w-]{1,40}", copy):
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie("kept", copy, 3600, path=reverse("admin:index"), secure=secure, samesite="Lax")
        return response

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        message = super().construct_change_message(request, form, formsets, add)
        every = [form, *(one for formset in formsets or () for one in formset.forms)]
        stale = any(one.was_sent and one.is_stale for one in every)
        request.was_saved, request.was_saved_before, request.untouched = True, stale, not message  # type: ignore[attr-defined]
        return message

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if obj.pk is not None:  # else it is only proposed
            audit.note("added", obj, by=staff_of(request))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        saved: Any = request
        if IS_POPUP_VAR in request.POST or not (saved.untouched or getattr(request, "told", False)):
            return super().response_change(request, obj)
        if saved.untouched:  # saved before: a second click, or the same words by somebody else
            words = (
                "This was already saved."
                if saved.was_saved_before
                else "You didn’t change anything, so nothing was saved."
            )
            messages.info(request, words)
        return self._form_again(obj)

    def _form_again(self, obj: Any, typed: dict[str, str] | None = None) -> HttpResponseRedirect:
        return HttpResponseRedirect(f"{at_desk(obj)}?{urlencode(typed)}" if typed else at_desk(obj))
