"""Entering what FDA did: paste a notice or fill in by hand, compare every field, submit. A second person confirms it.

One form carries everything, so nothing that was typed is lost between its buttons, and no script is needed.
"""

from typing import Any
from urllib.parse import urlencode

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from portal.publishing import as_if
from portal.publishing.actions import Refused
from portal.publishing.admin.entrance import page, staff_who_may
from portal.publishing.models import Change, Source

from ..compare.findings import finding_of
from ..fda.records import Notice
from ..fda.wording import drafts
from ..models import ApprovalEvent, BatchRow, Indication
from . import actions
from .names import NamesOfOurs
from .paste import taken_apart
from .prefill import from_notice
from .source_form import QuietForm, SourceForm
from .use_form import UseForm
from .wording_of_findings import claim_in_words

MOST = 12  # drafts on one page
#: Fields that a link, or a row of one of FDA's files, may fill.
GIVEN = ("therapy", "cancer", "kind", "date", "application", "setting", "combination", "because", "note")


class Recording:
    """The page as it stands: the pasted notice, its source, and the drafts."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.names = request, NamesOfOurs()
        self.row = self._row()
        self.given: Source | None = self.row.batch.source if self.row else None
        self.source = SourceForm(request.POST or None, quiet=True, given=self.given)
        self.drafts: list[UseForm] = []
        self.problem = ""

    def _row(self) -> BatchRow | None:
        asked = self.request.POST.get("row") or self.request.GET.get("row") or ""
        if not asked:
            return None
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
        return get_object_or_404(BatchRow.objects.select_related("batch__source"), pk=number)

    @property
    def row_in_words(self) -> str:
        return claim_in_words(finding_of(self.row).claim) if self.row else ""

    # Drafts

    def begin(self) -> None:
        """What a link or a row of a file gives; nothing given is the first step."""
        values: dict[str, Any] = {}
        if self.row:
            known = self.names.therapies.get(next(iter(self.row.therapies), ""))
            values = {"therapy": known.name if known else "", "application": self.row.application}
            values |= {"date": self.row.date.isoformat() if self.row.date else ""}
            proposal = self.row.proposal or {}
            if proposal.get("make") == "event":
                values |= {name: told for name, told in proposal.items() if name in UseForm.base_fields}
            values["note"] = values.get("note") or self.row_in_words[:600]
        values |= {name: told for name in GIVEN if (told := self.request.GET.get(name))}
        if values or "by-hand" in self.request.GET:
            self.drafts = [self._fresh(0, values)]

    def resume(self, *, quiet: bool) -> None:
        """The drafts as they were sent."""
        post = self.request.POST
        numbers = [int(n) for n in post.getlist("draft") if n.isascii() and n.isdigit() and len(n) < 4][:MOST]
        dropped = post.get("drop")
        for number in dict.fromkeys(numbers):
            if str(number) != dropped:
                self.drafts.append(self._form(number, post, quiet=quiet))
        if not quiet:
            self.source = SourceForm(post, given=self.given)

    def add(self, values: dict[str, Any] | None = None) -> None:
        used = [int(str(form.prefix).removeprefix("use-")) for form in self.drafts]
        if len(self.drafts) < MOST:
            self.drafts.append(self._fresh(max(used, default=-1) + 1, values or {}))

    def _fresh(self, number: int, values: dict[str, Any]) -> UseForm:
        return self._form(number, initial=values)

    def _form(self, number: int, *args: Any, **kwargs: Any) -> UseForm:
        by: Any = self.request.user
        return UseForm(*args, prefix=f"use-{number}", names=self.names, by=by, **kwargs)

    def read(self) -> None:
        """Fill drafts from what was pasted. Address and title are filled only where nothing stands."""
        today = timezone.localdate()
        pasted = self.request.POST.get("notice", "")[:20_000]
        notice: Notice = taken_apart(pasted, today)
        post = self.request.POST.copy()
        post["address"] = post.get("address") or notice.address
        post["title"] = post.get("title") or notice.title
        self.source = SourceForm(post, quiet=True, given=self.given)
        if not pasted.strip():
            self.problem = "Paste the words of a notice first, or fill in by hand."
            return
        for draft in drafts(notice, self.names.ours.vocabulary, today):
            self.add(from_notice(draft, self.names))

    # Judging

    def is_valid(self, *, compared: bool = True) -> bool:
        judged = [self.source.is_valid(), *(form.is_valid() for form in self.drafts)]
        if not compared:
            for form in self.drafts:
                form.errors.pop("compared", None)
            judged = [not form.errors for form in (self.source, *self.drafts)]
        return bool(self.drafts) and all(judged)

    def write(self) -> list[Change]:
        entered = [form.entered for form in self.drafts if form.entered]
        source: Any = self.source.source
        by: Any = self.request.user
        evidence = self.request.POST.get("notice", "")
        return actions.enter_uses(entered, source=source, by=by, row=self.row, evidence=evidence)

    # Showing

    def shown(self, status: int = 200) -> HttpResponse:
        forms: list[QuietForm] = [self.source, *self.drafts]
        wrong = [(place, form) for place, form in enumerate(forms) if not form.quiet and form.is_bound and form.errors]
        for _, form in wrong:
            if form.focus_first_error():
                break
        several = len(self.drafts) > 1
        fields = [(place if several else 0, form[name]) for place, form in wrong for name in form.fields]
        problems = [(place, field, error) for place, field in fields for error in field.errors]  # as on the page
        context = {"recording": self, "problems": problems, "names": self.names}
        template = "_looked.html" if self.request.htmx else "record.html"  # type: ignore[attr-defined]
        return page(self.request, template, "Enter an FDA decision", status=status, **context)


@staff_who_may("add", ApprovalEvent, Indication)
def record(request: HttpRequest) -> HttpResponse:
    recording = Recording(request)
    if request.method != "POST":
        recording.begin()
        return recording.shown()
    judges = "record" in request.POST or "preview" in request.POST
    recording.resume(quiet=not judges)
    if "record" in request.POST:
        return _record(request, recording)
    if "preview" in request.POST:
        return _preview(request, recording)
    if "read" in request.POST:
        recording.read()
    elif "add" in request.POST:
        recording.add()
    return recording.shown()


def _record(request: HttpRequest, recording: Recording) -> HttpResponse:
    if not recording.is_valid():
        return recording.shown(400)
    try:
        return _done(request, recording.write())
    except actions.NotEntered as wrong:
        form = recording.drafts[wrong.place]
        for name, several in wrong.errors.items():
            form.add_error(name if name in form.fields else "date", several)
    except Refused as refused:
        recording.problem = str(refused)
    except IntegrityError:  # somebody entered the same between looking and writing
        recording.problem = "Someone entered the same at this moment. Look at what is there, then decide."
    return recording.shown(400)


def _done(request: HttpRequest, changes: list[Change]) -> HttpResponse:
    """Where to read what was entered. The browser may let go of the words that it kept."""
    response = redirect(f"{reverse('desk:recorded')}?{urlencode([('change', change.pk) for change in changes])}")
    if kept := request.POST.get("kept", ""):
        response.set_cookie("kept", kept[:60], 3600, path="/desk/", secure=request.is_secure(), samesite="Lax")
    return response


def _preview(request: HttpRequest, recording: Recording) -> HttpResponse:
    """The public page with these drafts confirmed. Nothing of it is stored."""
    if not recording.is_valid(compared=False):
        return recording.shown(400)

    def choose(rows: list[Any]) -> str:
        events = [row for row in rows if isinstance(row, ApprovalEvent)]
        use = events[0].indication if events else None
        page: Any = use.cancer if use and request.POST["preview"] == "cancer" else (use or rows[0]).therapy
        return page.get_absolute_url() if page.live_edition() else ""

    try:
        shown = as_if.page_of(request, recording.write, choose)
    except actions.NotEntered as wrong:
        for name, several in wrong.errors.items():
            recording.drafts[wrong.place].add_error(name if name in UseForm.base_fields else "date", several)
        return recording.shown(400)
    except Refused as refused:
        recording.problem = str(refused)
        return recording.shown(400)
    if shown is None:
        recording.problem = "This page has no published text yet, so readers will see nothing of this until it has."
        return recording.shown()
    return shown


@staff_who_may("add", ApprovalEvent, Indication)
def recorded(request: HttpRequest) -> HttpResponse:
    """What was just entered, and what it will change once a second person confirms it."""
    asked = [int(pk) for pk in request.GET.getlist("change")[:50] if pk.isascii() and pk.isdigit() and len(pk) < 18]
    changes = list(Change.objects.filter(pk__in=asked, leader=None).select_related("source"))
    pending = [change for change in changes if change.is_pending]
    context: dict[str, Any] = {"changes": changes, "effects": as_if.effects(*pending) if pending else None}
    return page(request, "recorded.html", "Entered", **context)
