"""How every room's desk writes, reviews and publishes text. Rooms subclass ``PageAdmin``.

Buttons save what was typed first and act then, so no button loses words.
"""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, URLPattern
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from .. import actions, addresses, audit, doubts, moments, presence, where_used
from ..guard import fingerprint
from ..models import OPEN, Change, Edition, Page, SentenceInDoubt, Status
from ..page_forms import DraftInline, PageForm
from ..permissions import allowed, freshly_signed_in, sign_in_afresh, staff_of
from ..search.drafts import versions_with
from . import buttons, coaching, reviews
from .base import TableFilter
from .reading import ReadingAdmin


def newest_word(part: str) -> Subquery:
    """A part of the newest version of each page, for kinds of page that are called by their words."""
    newest = Edition.objects.filter(page=OuterRef("pk")).order_by("-pk")
    return Subquery(newest.annotate(word=KT(f"words__{part}")).values("word")[:1])


def saved_words(page: Page) -> str:
    """What a person is told who saved words: they are safe, and readers do not see them."""
    edition, live = page.open_edition(), page.live_edition()
    saved = "Changes saved." if edition and edition.status == Status.IN_REVIEW else "Draft saved."
    if live:
        return f"{saved} Readers still see the version of {moments.day(live.dated)}."
    if page.was_published():
        return f"{saved} This page is unpublished, so readers don’t see it."
    return f"{saved} Readers don’t see this page yet."


#: Whether a page has an edition that readers see, that waits, and so on, by the name that its rows have for it.
HAS = {
    "is_live": Status.PUBLISHED,
    "is_draft": Status.DRAFT,
    "is_in_review": Status.IN_REVIEW,
    "is_scheduled": Status.SCHEDULED,
    "is_gone": Status.UNPUBLISHED,
}
MOVE_WAITS = (
    "Your change to the address is pending. Readers will find the page at its current address until a second person "
    "confirms the change."
)


class StatusFilter(TableFilter):
    title = "state of the text"
    parameter_name = "state"
    FOUND = {
        Status.DRAFT: ("Being written", Q(is_draft=True)),
        Status.IN_REVIEW: ("Waiting for review", Q(is_in_review=True)),
        Status.SCHEDULED: ("Scheduled", Q(is_scheduled=True)),
        Status.PUBLISHED: ("Published", Q(is_live=True)),
        "gone": ("Unpublished", Q(is_live=False, is_gone=True)),
        "none": ("No published text", Q(is_live=False)),
    }


class PageAdmin(ReadingAdmin):
    form = PageForm
    change_form_template = "admin/publishing/page_form.html"
    delete_confirmation_template = "admin/publishing/delete_page.html"
    search_help_text = "Search names and full texts, including drafts."
    inlines: Any = (DraftInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        editions = Edition.objects.filter(page=OuterRef("pk"))
        has = {name: Exists(editions.filter(status=status)) for name, status in HAS.items()}
        return super().get_queryset(request).annotate(**has)

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
        # An address that readers may have kept is not changed by accident: ``change_address`` does it on purpose.
        fixed = ("slug",) if obj and obj.was_published() else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A page that readers never saw may go, by whoever may write such pages."""
        may = allowed(request, "add", self.model) or allowed(request, "delete", self.model)
        return bool(obj) and may and not obj.is_seen()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        actions.remove_page(obj, by=staff_of(request))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed = [f"{capfirst(self.opts.verbose_name)}: {page}" for page in objs]
        return listed, {}, set(), []

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Names, and the whole texts that readers see or that are being written, without accents and case."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        for word in search_term.split():  # each in some version of the page
            queryset = queryset.filter(pk__in=versions_with(word, [*OPEN, Status.PUBLISHED]).values("page"))
        return (found | queryset if search_term.strip() else found), distinct

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.is_live else None

    @admin.display(description="text")
    def state(self, page: Any) -> str:
        words = ["Published" if page.is_live else "Unpublished" if page.is_gone else "Not public"]
        states = {"draft": page.is_draft, "in review": page.is_in_review, "scheduled": page.is_scheduled}
        words += [state for state, stands in states.items() if stands]
        return ", ".join(words)

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> Any:
        """A form from before its text was scheduled comes back unlocked, and is refused with what was typed."""
        inlines: Any = super().get_inline_instances(request, obj)
        scheduled = obj is not None and obj.editions.filter(status=Status.SCHEDULED).exists()
        for inline in inlines:
            inline.locked = scheduled and "editions-0-seen" not in request.POST
        return inlines

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj and obj.pk and (last := obj.last_edition()):
            initial = {"sources": list(last.sources.all()), "seen": fingerprint(last), "noted": last.change_note}
            kwargs["initial"] = [{**last.words, **initial}]
        return kwargs

    # What the buttons may do

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        page = context.get("original")
        edition = page.open_edition() if page else None
        live = page.live_edition() if page else None
        may_write = allowed(request, "change" if edition else "add", Edition)
        context |= {
            "edition": edition,
            "live_edition": live,
            "leaving": live or edition,
            "may_write": may_write,
            "can_submit": may_write and (edition is None or edition.status == Status.DRAFT),
            "can_preview": may_write and (edition is None or edition.status != Status.SCHEDULED),
            "place": moments.place(),
            "why_unpublished": actions.WHY_UNPUBLISHED,
            "typed": {name.strip("_"): (request.POST or request.GET).get(name, "") for name in buttons.TYPED},
            **buttons.offered(request, page, edition, live),
            **reviews.said_of(edition),
        }
        if page:
            context |= {
                "present": presence.told(page, edition or page, to=staff_of(request)),
                "gone_edition": None if live else page.last_edition(),
                "uses": where_used.of(page),
                "doubted": doubts.open_tasks(page) if allowed(request, "view", SentenceInDoubt) else [],
                "has_address": "#" not in page.get_absolute_url(),
            }
        if context["can_publish"]:
            context["set_up"] = audit.who_set_up_whom(staff_of(request), edition.authors() if edition else ())
        if coaching.may_see(request):
            context["coach"] = coaching.saved(words) if (words := edition or live) else {}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        request.wrote_words = bool(formset.new_objects or formset.changed_objects)  # type: ignore[attr-defined]

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._answer(request, obj) or super().response_change(request, obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._answer(request, obj) or super().response_add(request, obj, post_url_continue)

    def _answer(self, request: HttpRequest, page: Page) -> HttpResponse | None:
        """What follows a button, and a save of words. None where Django's own answer will do."""
        if button := buttons.pressed(request.POST):
            return self._press(request, page, button)
        if getattr(request, "wrote_words", False) and IS_POPUP_VAR not in request.POST:
            messages.success(request, saved_words(page))
            return self._form_again(page)
        return None

    def _press(self, request: HttpRequest, page: Page, button: buttons.Button) -> HttpResponse:
        typed = {name: request.POST[name] for name in buttons.TYPED if request.POST.get(name)}
        if button.fresh and not freshly_signed_in(request):
            messages.info(request, "What you typed is saved. Please press the button once more.")
            return sign_in_afresh(self._form_again(page, typed).url)
        try:
            said = buttons.press(button, request, page)
        except actions.Refused as refusal:
            if buttons.just_pressed(button, request, page):
                messages.info(request, f"You clicked twice. Your first click did it: {button.done}.")
                return self._form_again(page)
            messages.error(request, str(refusal))
            return self._form_again(page, typed)
        messages.success(request, said)
        return self._form_again(page)

    # Beside the form

    def get_urls(self) -> list[URLPattern]:
        row = "<path:object_id>/"
        return [
            self.address("coach/", partial(coaching.look_again, kind=self.model), "coach"),
            self.address(f"{row}address/", self.change_address, "address"),
            self.address(f"{row}review/", partial(reviews.review, self), "review"),
            self.address(f"{row}present/", require_POST(self.present), "present"),
            *super().get_urls(),
        ]

    def present(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The browser of somebody who has a page open says so, and is told who else has."""
        page = self.row(request, object_id)
        presence.note(page, by=staff_of(request))
        said = presence.told(page, page.open_edition() or page, to=staff_of(request))
        return HttpResponse(said, content_type="text/plain; charset=utf-8")

    def change_address(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What points here and what the new address will be, then one button: GET shows, POST does it."""
        page = self.row(request, object_id, "change")
        slug = (request.POST if request.method == "POST" else request.GET).get("slug", "").strip()
        if request.method == "POST":
            try:
                because = request.POST.get("because", "")
                done = actions.move(page, slug, by=staff_of(request), because=because)
            except actions.Refused as refusal:
                messages.error(request, str(refusal))
            else:
                now = f"The address is now {addresses.with_slug(page, slug)}."
                messages.success(request, MOVE_WAITS if done.pending else now)
                return HttpResponseRedirect(request.path)
        try:
            preview = addresses.with_slug(page, slug) if slug and slug != page.slug else ""
        except NoReverseMatch:  # no slug can be like that, as the verb explains
            preview = ""
        context = {
            "title": str(page),
            "subtitle": f"Change the address of this {self.opts.verbose_name}",
            "former": addresses.former(page),
            "slug": slug or page.slug,
            "preview": preview,
            "uses": where_used.of(page),
            "pending": Change.objects.pending().of(page).filter(after__has_key="slug").first(),
        }
        return self.screen(request, page, "admin/publishing/address.html", context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        page = self.get_object(request, unquote(object_id))
        return super().delete_view(
            request, object_id, {"uses": where_used.of(page) if page else [], **(extra_context or {})}
        )
