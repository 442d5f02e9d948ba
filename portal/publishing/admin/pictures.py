"""Pictures at the desk: uploaded once, described, put into texts from the editor's Insert menu."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from PIL.Image import Image

from .. import actions, destinations, pictures, prose
from ..guard import GuardedForm
from ..models import Edition, Picture, Status, with_pages
from ..permissions import staff_of
from .base import at_desk
from .guarded import GuardedAdmin

SETTLED = (
    "A text with this picture is in review or has been published, so these words can’t change. "
    "To use other words, add the picture again."
)


class PictureForm(GuardedForm):
    file = forms.FileField(
        help_text="JPEG, PNG, WebP, or AVIF, up to 10 MB. Location, camera, and date details in the file are removed.",
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.avif"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["file"]

    def clean_file(self) -> Image:
        try:
            return pictures.read(self.cleaned_data["file"])
        except pictures.Unusable as answer:
            raise forms.ValidationError(str(answer)) from None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "alt" in self.cleaned_data and bool(self.cleaned_data["alt"]) == self.cleaned_data["decorative"]:
            self.add_error("alt", "Describe what the picture shows, or mark it as decorative, but not both.")
        if self.errors and "file" in self.cleaned_data:
            self.add_error("file", "Choose the file again, because the browser doesn’t keep it.")
        return cleaned


class PictureAdmin(GuardedAdmin):
    form = PictureForm
    list_display = ("small", "__str__", "credit", "uploaded_at")
    list_display_links = ("__str__",)
    search_fields = ("alt", "caption", "credit", "key")
    search_help_text = "Search descriptions, captions, and credits."
    readonly_fields = ("shown", "in_texts", "uploaded_by", "uploaded_at")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        words = ("alt", "decorative", "caption", "credit")
        if obj is None:
            return [(None, {"fields": ("file", *words, "seen")})]
        fields = ("shown", *words, "in_texts", "uploaded_by", "uploaded_at", "seen")
        return [(None, {"fields": fields, "description": SETTLED if self._settled(obj) else ""})]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and self._settled(obj))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Where a picture can't be kept, the form comes again with the words, for which the file is chosen anew."""
        try:
            return super().add_view(request, form_url, extra_context)
        except actions.Refused as refusal:
            messages.error(request, f"{refusal} Nothing was saved.")
            said = {name: request.POST[name] for name in ("alt", "caption", "credit") if request.POST.get(name)}
            return redirect(f"{request.path}?{urlencode(said)}")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            actions.add_picture(obj, form.cleaned_data["file"], by=staff_of(request))
        elif form.changed_data:
            actions.describe_picture(obj, by=staff_of(request))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        pass  # the verb tells the audit trail

    # Where it is shown

    def _shown_in(self, picture: Any) -> list[Edition]:
        """Every version that shows a picture, old ones too, each with its page."""
        if not hasattr(picture, "in_editions"):
            picture.in_editions = with_pages(picture.editions.select_related("page"))
        return picture.in_editions

    def _settled(self, picture: Picture) -> bool:
        return any(edition.status not in (Status.DRAFT, Status.DISCARDED) for edition in self._shown_in(picture))

    def _links(self, picture: Picture) -> list[SafeString]:
        shown = self._shown_in(picture)
        return [format_html('<a href="{}">{}</a>', at_desk(edition.page), edition) for edition in shown]

    @admin.display(description="used in")
    def in_texts(self, picture: Picture) -> str:
        shown = format_html_join("", "<li>{}</li>", ((link,) for link in self._links(picture)))
        return format_html('<ul class="plain-list">{}</ul>', shown) if shown else "No text uses this picture yet."

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed, counts, missing, protected = super().get_deleted_objects(objs, request)
        return listed, counts, missing, protected + [link for picture in objs for link in self._links(picture)]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        actions.remove_picture(obj, by=staff_of(request))

    # What it looks like

    @admin.display(description="thumbnail")
    def small(self, picture: Picture) -> str:
        address = pictures.address(picture, picture.widths[0])
        return format_html('<img class="small-picture" src="{}" alt="" loading="lazy">', address)

    @admin.display(description="as readers see it")
    def shown(self, picture: Picture) -> str:
        return pictures.figure(picture)

    # The Insert menu, and the pages that a link may choose from

    def get_urls(self) -> list[URLPattern]:
        return [
            self.address("insertions/", require_safe(self.insertions), "insertions"),
            self.address("pages/", require_safe(self.pages), "pages"),
            *super().get_urls(),
        ]

    def pages(self, request: HttpRequest) -> JsonResponse:
        """The pages that a link in a text may lead to. Readers can open all of them."""
        return JsonResponse({"pages": destinations.places()})

    def insertions(self, request: HttpRequest) -> JsonResponse:
        """What the Insert menu of every text offers now. All of it is public, or shown to whoever may see pictures."""
        offered = prose.figures_of(request).menu()
        seen = offered if self.has_view_permission(request) else [line for line in offered if not line.image]
        return JsonResponse({"insertions": [line._asdict() for line in seen]})
