from django.contrib import admin

from .desk.guarded import GuardedAdmin
from .models import MedicalCredential, Source


@admin.register(Source)
class SourceAdmin(GuardedAdmin):
    list_display = ("title", "official", "read_on")
    list_filter = ("official",)
    search_fields = ("title", "url")


@admin.register(MedicalCredential)
class MedicalCredentialAdmin(GuardedAdmin):
    list_display = ("user", "shown_as")
    autocomplete_fields = ("user",)
