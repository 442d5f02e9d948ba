"""How every room's desk writes, reviews and publishes text. Rooms subclass ``PageAdmin`` with a ``DraftInline``.

Buttons save what was typed first and act then, so no button loses words.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path

from .. import actions
from ..drafts import DraftInline
from ..guard import fingerprint
from ..models import Edition, Page, Status
from ..permissions import allowed
from .guarded import GuardedAdmin

#: What a button does: answers what the history and what the person are told.
Verb = Callable[[HttpRequest, Edition], tuple[str, str]]


class StatusFilter(admin.SimpleListFilter):
    title = "state of the text"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            (Status.DRAFT, "Being written"),
            (Status.IN_REVIEW, "Waiting for review"),
            (Status.PUBLISHED, "Published"),
            ("none", "Without published text"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "none":
            return queryset.filter(is_live=False)
        return queryset.filter(editions__status=self.value()).distinct() if self.value() else queryset


class PageAdmin(GuardedAdmin):
    """Admin of a page and its words. ``show`` is the public view that preview borrows."""

    change_form_template = "admin/publishing/page_form.html"
    object_history_template = "admin/publishing/history.html"
    show: Callable[[HttpRequest, Any], HttpResponse] | None = None
    inlines: Any = ()

    @property
    def edition_model(self) -> Any:
        return self.model._meta.get_field("editions").related_model

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        editions = self.edition_model._default_manager.filter(page=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                is_live=Exists(editions.filter(status=Status.PUBLISHED)),
                is_draft=Exists(editions.filter(status=Status.DRAFT)),
                is_in_review=Exists(editions.filter(status=Status.IN_REVIEW)),
            )
        )

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "state")

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (StatusFilter, *super().get_list_filter(request))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if self.fieldsets:
            return fieldsets
        # Who opens a page comes for its words: the rest is folded away once the page exists.
        folded = {"classes": ("collapse",)} if obj else {}
        return [("Name and place on the site", fieldsets[0][1] | folded)]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        named = any(field.name == "name" for field in self.opts.fields)
        return {"slug": ("name",)} if obj is None and named else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # An address that readers may have kept is not changed by accident.
        fixed = ("slug",) if obj and getattr(obj, "is_live", False) else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(obj) and not obj.editions.exists() and super().has_delete_permission(request, obj)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.is_live else None

    @admin.display(description="text")
    def state(self, page: Any) -> str:
        words = ["Published"] if page.is_live else ["Not public"]
        words += ["draft"] if page.is_draft else ["in review"] if page.is_in_review else []
        return ", ".join(words)

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, DraftInline) and obj and obj.pk:
            live = obj.editions.filter(status=Status.PUBLISHED).first()
            if live:
                initial = live.words() | {"sources": list(live.sources.all()), "seen": fingerprint(live)}
                kwargs["initial"] = [initial]
        return kwargs

    # What the buttons may do

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        page = context.get("original")
        edition = page.open_edition() if page else None
        context["edition"] = edition
        context["live_edition"] = page.editions.filter(status=Status.PUBLISHED).first() if page else None
        context |= self._buttons(request, edition)
        return super().render_change_form(request, context, *args, **kwargs)

    def _buttons(self, request: HttpRequest, edition: Edition | None) -> dict[str, bool]:
        in_review = edition is not None and edition.status == Status.IN_REVIEW
        reviews = in_review and allowed(request, "publish", self.edition_model)
        wrote = edition is not None and request.user.pk in edition.authors()
        wrote = wrote and not settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES
        may_write = allowed(request, "change" if edition else "add", self.edition_model)
        return {
            "may_write": may_write,
            "can_submit": may_write and not in_review,
            "can_send_back": reviews,
            "can_publish": reviews and not wrote,
            "wrote_it": reviews and wrote,
        }

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        verbs = {"_submit": self._submit, "_publish": self._publish, "_send_back": self._send_back}
        for button, verb in verbs.items():
            if button in request.POST:
                return self._act(request, obj, verb)
        return super().response_change(request, obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if "_submit" in request.POST:
            return self._act(request, obj, self._submit)
        return super().response_add(request, obj, post_url_continue)

    def _act(self, request: HttpRequest, page: Page, verb: Verb) -> HttpResponse:
        """Do what a button says; ``verb`` answers what the history and what the person are told."""
        edition = page.open_edition()
        try:
            if not edition:
                raise actions.Refused("There is no draft: the words are as readers see them. Change them first.")
            logged, said = verb(request, edition)
            self.log_change(request, page, logged)
            messages.success(request, said)
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
        return self._form_again(page)

    def _submit(self, request: HttpRequest, edition: Edition) -> tuple[str, str]:
        if not allowed(request, "change", self.edition_model):
            raise actions.Refused("Only somebody who may write texts can submit this one. Ask an editor.")
        actions.submit(edition, by=request.user)  # type: ignore[arg-type]
        said = "Submitted. A reviewer will read it; until it is published, readers do not see it."
        return "Submitted for review.", said

    def _publish(self, request: HttpRequest, edition: Edition) -> tuple[str, str]:
        self._require_reviewer(request)
        actions.publish(edition, by=request.user)  # type: ignore[arg-type]
        return "Published.", "Published. Readers see these words from now on."

    def _send_back(self, request: HttpRequest, edition: Edition) -> tuple[str, str]:
        self._require_reviewer(request)
        because = request.POST.get("_because", "").strip()
        actions.send_back(edition, by=request.user, because=because)  # type: ignore[arg-type]
        return f"Sent back: {because}", "Sent back to its author with your reason."

    def _require_reviewer(self, request: HttpRequest) -> None:
        if not allowed(request, "publish", self.edition_model):
            raise actions.Refused("Only a reviewer can publish a text or send it back. Ask one to read it.")

    # Preview and history

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        preview = path("<path:object_id>/preview/", self.admin_site.admin_view(self.preview), name=name)
        return [preview, *super().get_urls()]

    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The open edition as the real page, for staff; readers' caches never see it."""
        page = get_object_or_404(self.get_queryset(request), pk=unquote(object_id))
        if not self.has_view_permission(request, page):
            raise PermissionDenied
        edition = page.open_edition()
        if not edition or not self.show:
            raise Http404("There is no draft to preview.")
        page.live = edition
        request.preview_of = edition  # type: ignore[attr-defined]
        response = type(self).show(request, page)
        response["Cache-Control"] = "no-store"
        return response

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        editions = self.edition_model._default_manager.filter(page=unquote(object_id)).select_related(
            "created_by", "edited_by", "submitted_by", "sent_back_by", "published_by"
        )
        return super().history_view(request, object_id, {"editions": editions, **(extra_context or {})})
