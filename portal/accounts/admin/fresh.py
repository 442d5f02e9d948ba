"""Forms of the desk that decide who may do what: they ask who is there before they open."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from portal.publishing.permissions import freshly_signed_in, sign_in_afresh


def stale() -> str:
    return format_html(
        "You signed in a while ago, so nothing was saved. What you typed is still here. "
        '<a href="{}" target="_blank">Confirm it’s you in another tab</a>, then come back and save again.',
        reverse("account_reauthenticate"),
    )


class FreshAdmin(admin.ModelAdmin):
    """If the sign-in grows old over the form, the form keeps what was typed."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)

        class FreshForm(form):
            def clean(self) -> Any:
                if not freshly_signed_in(request):
                    raise ValidationError(stale())
                return super().clean()

        return FreshForm

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" and not freshly_signed_in(request):
            return sign_in_afresh(request.get_full_path())
        return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not freshly_signed_in(request):
            return sign_in_afresh(request.get_full_path())
        return super().delete_view(request, *args, **kwargs)
