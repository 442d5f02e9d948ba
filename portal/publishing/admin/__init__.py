from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from .. import actions
from ..links import WebAddressField
from ..models import AuditEntry, MedicalCredential, Picture, Source
from ..permissions import staff_of
from .guarded import GuardedAdmin
from .pictures import PictureAdmin
from .trail import AuditAdmin

admin.site.register(Picture, PictureAdmin)
admin.site.register(AuditEntry, AuditAdmin)


@admin.register(Source)
class SourceAdmin(GuardedAdmin):
    list_display = ("title", "kind", "official", "read_on", "as_of")
    list_filter = ("kind", "official")
    search_fields = ("title", "url")
    formfield_overrides = GuardedAdmin.formfield_overrides | {
        WebAddressField: {"widget": forms.URLInput(attrs={"class": "vURLField"})}
    }
    actions = None

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A source that pages or facts cite is not deleted: they are named instead."""
        source = self.get_object(request, object_id)
        if request.method == "POST" and source and self.has_delete_permission(request, source):
            try:
                actions.remove_source(source, by=staff_of(request))
            except actions.Refused as refusal:
                messages.error(request, str(refusal))
                return self._form_again(source)
            messages.success(request, f"“{source}” is deleted. Nothing cited it.")
            return HttpResponseRedirect("../../")
        return super().delete_view(request, object_id, extra_context)


@admin.register(MedicalCredential)
class MedicalCredentialAdmin(GuardedAdmin):
    list_display = ("user", "shown_as")
    autocomplete_fields = ("user",)
