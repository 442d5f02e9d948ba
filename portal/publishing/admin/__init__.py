from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget

from ..links import WebAddressField
from ..models import AuditEntry, MedicalCredential, Picture, Source
from .guarded import GuardedAdmin
from .pictures import PictureAdmin
from .trail import AuditAdmin

admin.site.register(Picture, PictureAdmin)
admin.site.register(AuditEntry, AuditAdmin)


@admin.register(Source)
class SourceAdmin(GuardedAdmin):
    list_display = ("title", "official", "read_on")
    list_filter = ("official",)
    search_fields = ("title", "url")
    formfield_overrides = GuardedAdmin.formfield_overrides | {WebAddressField: {"widget": AdminURLFieldWidget}}


@admin.register(MedicalCredential)
class MedicalCredentialAdmin(GuardedAdmin):
    list_display = ("user", "shown_as")
    autocomplete_fields = ("user",)
