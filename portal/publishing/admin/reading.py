"""Reading the versions of a page at the desk: as readers would see them, side by side, compared, and brought back.

A preview borrows the page's public view. It alone may stand in a frame of this site; public pages stand in none.
"""

import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from .. import actions, as_if, audit, comparison, moments, rooms
from ..models import ENDED, AuditEntry, Edition, Page, SavedDraft, Source, Status
from ..parts import cleaned
from ..permissions import allowed, staff_of
from ..values import primary_key
from .base import at_desk
from .coaching import FORM, typed
from .guarded import GuardedAdmin

FRAMED: dict[str, Any] = settings.SECURE_CSP | {"frame-ancestors": [CSP.SELF]}
#: Widths at which a page is looked at. The style sheet knows what they measure.
WIDTHS = {"phone": "Phone", "tablet": "Tablet", "desktop": "Desktop"}
#: What may be brought back as a draft.
RESTORABLE = [*ENDED, Status.DISCARDED]
#: People whom the history and the labels name.
PEOPLE = (
    *("created_by", "edited_by", "submitted_by", "returned_by", "scheduled_by", "published_by"),
    *("reviewed_by", "unpublish_planned_by", "unpublished_by"),
)


def label(edition: Edition) -> str:
    """“Published, November 3, 2026, 14:02 EST, by Edith”: state, when it came about, and who wrote it."""
    day = moment(edition.published_at or edition.created_at)
    return f"{edition.get_status_display()}, {day}, {f'by {edition.created_by}' if edition.created_by else 'shipped'}"


def moment(at: datetime.datetime) -> str:
    return f"{moments.minute(at)} {timezone.localtime(at):%Z}"


def banner(edition: Edition) -> str:
    """What stands above a preview."""
    if edition.status == Status.PUBLISHED:
        return f"As readers see it now. {label(edition)}."
    kind = "a draft" if edition.is_open else "an older text"
    return f"Preview of {kind}. Readers do not see this. {label(edition)}."


class ReadingAdmin(GuardedAdmin):
    """The part of ``PageAdmin`` that shows editions."""

    object_history_template = "admin/publishing/history.html"

    def get_urls(self) -> list[URLPattern]:
        row, framed = "<path:object_id>/", xframe_options_sameorigin
        return [
            self.address(f"{row}preview/<int:edition>/", framed(self.preview), "preview", FRAMED),
            self.address(f"{row}preview-words/", framed(require_POST(self.preview_words)), "preview_words", FRAMED),
            self.address("preview-words/", framed(require_POST(self.preview_new)), "preview_new", FRAMED),
            self.address(f"{row}side-by-side/", self.side_by_side, "side_by_side"),
            self.address(f"{row}compare/", self.compare, "compare"),
            self.address(f"{row}restore/", require_POST(self.bring_back), "restore"),
            self.address(f"{row}bring-back/", require_POST(self.bring_back), "bring_back"),
            *super().get_urls(),
        ]

    def _editions(self, page: Page) -> list[Any]:
        """All of a page, newest first, each with its ``kept`` saves, newest first, and what screens say of both.

        A save may return into the version that is open, or begin a draft where none is. The newest save of an open
        version is what stands in it. Words are read of those saves alone that somebody looks at. Three queries.
        """
        saves = Prefetch("saves", SavedDraft.objects.defer("words").select_related("by"), to_attr="kept")
        editions: list[Any] = list(page.editions.select_related(*PEOPLE).prefetch_related(saves))
        _, opened = live_and_open(editions)
        for edition in editions:
            edition.page, edition.key, edition.label = page, str(edition.pk), label(edition)
            edition.restorable = edition.status in RESTORABLE
            takes_words = edition.status in (Status.DRAFT, Status.IN_REVIEW) if edition.is_open else not opened
            for save in edition.kept:
                save.is_save, save.edition, save.key = True, edition, f"save-{save.pk}"
                save.label = f"Saved {moment(save.at)}, by {save.by}"
                save.may_return = takes_words and not (edition.is_open and save == edition.kept[0])
        return editions

    # As the real page

    def preview(self, request: HttpRequest, object_id: str, edition: int) -> HttpResponse:
        """One edition as the real page, for staff; readers' caches never see it."""
        page = self.row(request, object_id)
        page.live = page.editions.select_related("created_by").filter(pk=edition).first()
        if not page.live:
            raise Http404("This page has no such version.")
        # By today's rules: an old version was cleaned by those of its day.
        page.live.words = cleaned(page.PARTS, {part.name: page.live.words.get(part.name, "") for part in page.PARTS})
        request.preview_of = banner(page.live)  # type: ignore[attr-defined]
        return as_if.for_staff(rooms.page_kind(page.page_kind).show(request, page))

    def preview_words(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The real page with the words that stand in its form. Nothing of it is stored."""
        page = self.row(request, object_id)
        if not allowed(request, "change" if page.open_edition() else "add", Edition):
            raise PermissionDenied
        return self._previewed(request, page)

    def preview_new(self, request: HttpRequest) -> HttpResponse:
        """The same of a page that somebody is only adding. What its form still lacks is said in its place."""
        if not (self.has_add_permission(request) and allowed(request, "add", Edition)):
            raise PermissionDenied
        form = self.get_form(request)(request.POST)
        if form.is_valid():
            return self._previewed(request, form.save(commit=False))
        labels = {name: f"{field.label}: " for name, field in form.fields.items()}
        lacks = [f"{labels.get(name, '')}{' '.join(map(str, told))}" for name, told in form.errors.items()]
        return _in_plain_text("\n".join(["Fill in what the preview needs:", *lacks]))

    def _previewed(self, request: HttpRequest, page: Any) -> HttpResponse:
        keys = map(primary_key, request.POST.getlist(f"{FORM}-sources"))
        given, sources = typed(request, page.parts), Source.objects.filter(pk__in=keys)
        try:
            return as_if.words(request, page, given=given, sources=sources)
        except actions.Refused as refusal:
            return _in_plain_text(str(refusal))

    def side_by_side(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """An edition beside the one that readers see, at the width of a phone, a tablet or a desktop."""
        page = self.row(request, object_id)
        editions = self._editions(page)
        live, opened = live_and_open(editions)
        shown = chosen(request.GET.get("edition"), editions) or opened or live
        if not shown:
            raise Http404("This page has no text yet.")
        context = {
            "title": "Preview",
            "edition": shown,
            "live_edition": live if live != shown else None,
            "width": request.GET.get("width") if request.GET.get("width") in WIDTHS else "phone",
            "widths": WIDTHS,
            "alone": "alone" in request.GET or not live or live == shown,
        }
        return self.screen(request, page, "admin/publishing/side_by_side.html", context)

    # Word by word

    def compare(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Two versions or saves as one text. Without a choice: what readers see, and what would come after it."""
        page = self.row(request, object_id)
        editions = self._editions(page)
        live, opened = live_and_open(editions)
        texts = with_saves(editions)
        new = chosen(request.GET.get("to"), texts) or opened or live or next(iter(editions), None)
        old = chosen(request.GET.get("from"), texts) or (before(new, editions, live) if new else None)
        context = {
            "title": "Compare two versions",
            "editions": editions,
            "sides": [("from", "Before", old), ("to", "After", new)],
            "old": old,
            "new": new,
            "comparison": comparison.compare(old, new) if new else None,
            "open_edition": opened,
            **offered(request),
        }
        return self.screen(request, page, "admin/publishing/compare.html", context)

    # Back again

    def bring_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Begin a draft with an older version, or give the open draft, or a new one, the words of an earlier save."""
        page = self.row(request, object_id)
        may = offered(request)
        text = chosen(request.POST.get("edition") or request.POST.get("save"), with_saves(self._editions(page)))
        is_save = isinstance(text, SavedDraft)
        if not may["may_bring_back" if is_save else "may_restore"]:
            raise PermissionDenied
        if not text:
            raise Http404("This page has no such version.")
        try:
            (actions.bring_back if is_save else actions.restore)(text, by=staff_of(request))
        except actions.Refused as refusal:
            messages.error(request, format_html('{} <a href="{}">Open the page</a>', refusal, at_desk(page)))
            return redirect(at_desk(page, "history"))
        if is_save:
            said = f"The draft has these words again: {text.label}. The words they replaced are kept, too."
        else:
            said = "The older version is back as a draft. Read it, make your changes, and submit it for review."
        messages.success(request, said)
        return self._form_again(page)

    def entries_of(self, row: Any) -> QuerySet[AuditEntry]:
        return audit.of(row, *row.editions.all())

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        page = self.row(request, object_id)
        editions = self._editions(page)
        prefetch_related_objects(editions, "comments__resolved_by", "judgements_given__invitation")
        live, opened = live_and_open(editions)
        context = {"editions": editions, "live_edition": live, "open_edition": opened, **offered(request)}
        return super().history_view(request, object_id, context | (extra_context or {}))


def _in_plain_text(words: str) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=409)


def offered(request: HttpRequest) -> dict[str, bool]:
    """Whether this person may begin a draft with an older version, and give a draft the words of an older save."""
    may_begin = allowed(request, "add", Edition)
    return {"may_restore": may_begin, "may_bring_back": may_begin and allowed(request, "change", Edition)}


def live_and_open(editions: list[Any]) -> tuple[Any, Any]:
    """The one that readers see and the one that is being written, each None where there is none."""
    live = next((edition for edition in editions if edition.status == Status.PUBLISHED), None)
    return live, next((edition for edition in editions if edition.is_open), None)


def before(text: Any, editions: list[Any], live: Any) -> Any:
    """What to compare a text with: a save with the one before it, a version with what readers see or saw before."""
    if isinstance(text, SavedDraft):
        kept = text.edition.kept  # type: ignore[attr-defined]
        return next(iter(kept[kept.index(text) + 1 :]), None)
    if live and text != live:
        return live
    return next((one for one in editions[editions.index(text) + 1 :] if not one.is_open), None)


def with_saves(editions: list[Any]) -> list[Any]:
    return [text for edition in editions for text in (edition, *edition.kept)]


def chosen(key: str | None, texts: list[Any]) -> Any:
    """The version or save whose key stands in an address or a form. Raises Http404 for one that is not of this page."""
    if not key:
        return None
    found = next((text for text in texts if text.key == key), None)
    if not found:
        raise Http404("This page has no such version.")
    return found
