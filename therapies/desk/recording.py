"""Entering what FDA did: paste a notice or fill in by hand, compare every field, submit. A second person confirms it.

One form carries everything, so nothing that was typed is lost between its buttons, and no script is needed.
"""

from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from portal.publishing import as_if
from portal.publishing.actions import Refused
from portal.publishing.admin.entrance import page, staff_who_may
from portal.publishing.models import Change, Source
from portal.publishing.permissions import staff_of
from portal.publishing.values import primary_key

from ..compare.claims import ApprovalNotice
from ..compare.findings import finding_of
from ..fda.records import Notice
from ..fda.wording import drafts
from ..models import ApprovalEvent, BatchRow, Indication
from . import actions
from .forms import SourceForm
from .names import NamesOfOurs
from .paste import taken_apart
from .prefilled import from_notice
from .use_form import UseForm
from .wording_of_findings import row_in_words

MOST = 12  # drafts on one page
LONGEST = 20_000  # characters of a notice that are read
#: Fields that a link, or a row of one of FDA's files, may fill.
GIVEN = ("therapy", "cancer", "kind", "date", "application", "setting", "combination", "because", "note")


class Recording:
    """The page as it stands: the pasted notice, its source, and the drafts."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.names = request, NamesOfOurs()
        self.row: BatchRow | None = None
        if asked := request.POST.get("row") or request.GET.get("row"):
            self.row = get_object_or_404(BatchRow.objects.select_related("batch__source"), pk=primary_key(asked))
        self.given: Source | None = self.row.batch.source if self.row else None
        self.source = SourceForm(request.POST or None, quiet=True, given=self.given)
        self.drafts: list[UseForm] = []
        self.problem = ""

    # Drafts

    def begin(self) -> None:
        """What a link or a row of a file gives; nothing given is the first step."""
        values: dict[str, Any] = {}
        if self.row and self.row.arguments.get("words"):
            self._read_row(self.row)
        if self.row and not self.drafts:
            known = self.names.therapies.get(next(iter(self.row.therapies), ""))
            values = {"therapy": known.name if known else "", "application": self.row.application}
            values |= {"date": self.row.date.isoformat() if self.row.date else ""}
            proposal = self.row.proposal or {}
            if proposal.get("make") == "event":
                values |= {name: told for name, told in proposal.items() if name in UseForm.base_fields}
            values["note"] = values.get("note") or row_in_words(self.row)[:600]
        values |= {name: told for name in GIVEN if (told := self.request.GET.get(name))}
        if values or "by-hand" in self.request.GET:
            self.add(values)

    def _read_row(self, row: BatchRow) -> None:
        """A notice inside a file fills the form as one that is pasted does."""
        words, claim = row.arguments["words"], finding_of(row).claim
        title = claim.title if isinstance(claim, ApprovalNotice) else ""
        initial = {"notice": words, "address": row.arguments.get("address", ""), "title": title}
        self.source = SourceForm(initial=initial, quiet=True, given=self.given)
        self._read(Notice(row.line, title, words, row.date, initial["address"]))

    def _read(self, notice: Notice) -> None:
        found = drafts(notice, self.names.ours.vocabulary, timezone.localdate())
        if not any(draft.kind for draft in found):
            self.problem = (
                "We found no approval, conversion, or withdrawal in this text. "
                "If FDA made one of these decisions, fill in the form by hand."
            )
        if len(found) + len(self.drafts) > MOST:
            self.problem = (
                f"This text reports more decisions than fit on one page ({MOST}). "
                "Enter those below, then paste the rest of the text on a new page."
            )
        for draft in found:
            self.add(from_notice(draft, self.names))

    def resume(self, *, quiet: bool) -> None:
        """The drafts as they were sent."""
        post = self.request.POST
        numbers = [int(n) for n in post.getlist("draft") if n.isascii() and n.isdigit() and len(n) < 4][:MOST]
        for number in dict.fromkeys(numbers):
            if str(number) != post.get("drop"):
                self.drafts.append(self._form(number, post, quiet=quiet))
        if not quiet:
            self.source = SourceForm(post, given=self.given)

    def add(self, values: dict[str, Any] | None = None) -> None:
        used = [int(str(form.prefix).removeprefix("use-")) for form in self.drafts]
        if len(self.drafts) < MOST:
            self.drafts.append(self._form(max(used, default=-1) + 1, initial=values))

    def _form(self, number: int, *args: Any, **kwargs: Any) -> UseForm:
        return UseForm(*args, prefix=f"use-{number}", names=self.names, by=staff_of(self.request), **kwargs)

    def read(self) -> None:
        """Fill drafts from what was pasted. Address and title are filled only where nothing stands."""
        today = timezone.localdate()
        whole = self.request.POST.get("notice", "")
        pasted = whole[:LONGEST]
        notice = taken_apart(pasted, today)
        post = self.request.POST.copy()
        post["address"] = post.get("address") or notice.address
        post["title"] = post.get("title") or notice.title
        self.source = SourceForm(post, quiet=True, given=self.given)
        if not pasted.strip():
            self.problem = "Paste a notice first, or fill in the form by hand."
            return
        if notice.address and not (notice.title or notice.description):
            self.problem = "This is just an address. Open that page, copy its text, and paste it here, too."
            return
        self._read(notice)
        if len(whole) > LONGEST and not self.problem:
            self.problem = (
                f"We read only the first {LONGEST:,} characters of this text. Paste the rest of it on a new page."
            )

    # Judging

    def is_valid(self, *, compared: bool = True) -> bool:
        if not compared:
            for form in self.drafts:
                form.errors.pop("compared", None)
        return bool(self.drafts) and not any(form.errors for form in (self.source, *self.drafts))

    def write(self) -> list[Change]:
        drafts = [form.cleaned_data for form in self.drafts]
        told = {"source": self.source.cleaned_data["source"], "evidence": self.request.POST.get("notice", "")}
        return actions.enter_uses(drafts, by=staff_of(self.request), row=self.row, **told)

    # Showing

    def shown(self, status: int = 200) -> HttpResponse:
        several = len(self.drafts) > 1
        forms = enumerate((self.source, *self.drafts))
        fields = [(place if several else 0, form[name]) for place, form in forms for name in form.fields]
        problems = [(place, field, error) for place, field in fields for error in field.errors]  # as on the page
        if problems:
            problems[0][1].field.widget.attrs["autofocus"] = True
        row = row_in_words(self.row) if self.row else ""
        context = {"recording": self, "row_in_words": row, "problems": problems, "names": self.names}
        template = "_looked.html" if self.request.htmx else "record.html"  # type: ignore[attr-defined]
        return page(self.request, template, "Enter an FDA decision", status=status, **context)


@staff_who_may("add", ApprovalEvent, Indication)
def record(request: HttpRequest) -> HttpResponse:
    recording = Recording(request)
    if request.method != "POST":
        recording.begin()
        return recording.shown()
    verb = next((verb for name, verb in VERBS.items() if name in request.POST), None)
    recording.resume(quiet=verb is None)
    if verb is None:
        if "read" in request.POST:
            recording.read()
        elif "add" in request.POST:
            recording.add()
        return recording.shown()
    if not recording.is_valid(compared=verb is _record):
        return recording.shown(400)
    try:
        return verb(request, recording)
    except actions.NotEntered as wrong:
        recording.drafts[wrong.place].add_refused(wrong.error)
    except Refused as refused:
        recording.problem = str(refused)
    except IntegrityError:  # somebody entered the same between looking and writing
        recording.problem = "Someone else just entered the same thing. Look at it, then decide."
    return recording.shown(400)


def _record(request: HttpRequest, recording: Recording) -> HttpResponse:
    """Where to read what was entered. The browser may let go of the words that it kept."""
    changes = [change.pk for change in recording.write()]
    response = redirect(reverse("desk:recorded", query={"change": changes}))
    if kept := request.POST.get("kept", ""):
        response.set_cookie("kept", kept[:60], 3600, path="/desk/", secure=request.is_secure(), samesite="Lax")
    return response


def _preview(request: HttpRequest, recording: Recording) -> HttpResponse:
    """The public page with these drafts confirmed. Nothing of it is stored."""

    def choose(rows: list[Any]) -> str:
        events = [row for row in rows if isinstance(row, ApprovalEvent)]
        use = events[0].indication if events else None
        page: Any = use.cancer if use and request.POST["preview"] == "cancer" else (use or rows[0]).therapy
        return page.get_absolute_url() if page.live_edition() else ""

    if shown := as_if.page_of(request, recording.write, choose):
        return shown
    recording.problem = "This page has no published text yet, so readers won’t see any of this until it does."
    return recording.shown()


VERBS = {"record": _record, "preview": _preview}


@staff_who_may("add", ApprovalEvent, Indication)
def recorded(request: HttpRequest) -> HttpResponse:
    """What was just entered, and what it will change once a second person confirms it."""
    asked = [primary_key(change) for change in request.GET.getlist("change")[:50]]
    changes = list(Change.objects.filter(pk__in=asked, leader=None).select_related("source"))
    pending = [change for change in changes if change.is_pending]
    context: dict[str, Any] = {"changes": changes, "effects": as_if.effects(*pending) if pending else None}
    return page(request, "recorded.html", "Entered", **context)
