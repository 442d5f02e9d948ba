"""One of FDA's files as it was read: what each row says beside ours, and a person's answers to them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from portal.publishing.actions import Refused
from portal.publishing.admin.entrance import page, staff_who_may
from portal.publishing.models import Change
from portal.publishing.permissions import allowed

from ..models import ApprovalEvent, Batch, BatchRow, Indication, Therapy, TherapyClass, TherapyFact
from . import actions, proposals
from .buckets import AGREES, BUCKETS, NEW_THERAPY, NOT_OURS, UNREADABLE
from .upload import called

ON_A_PAGE = 100
LONGEST_SEARCH = 100  # characters
TOLD = 8  # rows that were passed over, in one message
SETTLED = (AGREES, NOT_OURS, UNREADABLE)  # nothing to answer
BY_HAND = {NOT_OURS: "Record it anyway", "new date": "Record the use"}


class Tab(NamedTuple):
    bucket: str
    number: int
    open: int


class Line(NamedTuple):
    """A row of the file as it is shown."""

    row: BatchRow
    therapies: list[Therapy]
    proposes: str
    kinds: list[tuple[str, str]]
    kind: str
    needs_class: bool
    chosen_class: str
    by_hand: str  # words of the link to the form; empty where there is nothing to record
    change: Change | None
    selected: bool
    answerable: bool
    before: bool  # answered in an earlier edition


class Asked:
    """What was sent with the form: rows, choices, a reason. It comes back on the page when it is refused."""

    def __init__(self, request: HttpRequest) -> None:
        post = request.POST
        self.rows = {int(pk) for pk in post.getlist("row") if pk.isascii() and pk.isdigit() and len(pk) < 18}
        self.because = post.get("because", "")
        self.undo_because = post.get("undo_because", "")
        self.choices: dict[int, dict[str, str]] = {}
        for name in post:
            value = post.get(name, "")
            what, _, pk = name.partition("-")
            if what in ("kind", "class") and pk.isascii() and pk.isdigit() and len(pk) < 18:
                known = value.isascii() and value.isdigit() and len(value) < 10 if what == "class" else True
                self.choices.setdefault(int(pk), {})[what] = value if known else ""


@staff_who_may("view", Batch)
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, batch: int) -> HttpResponse:
    found = get_object_or_404(Batch.objects.select_related("source", "read_by", "undone_by"), pk=batch)
    if request.method != "POST":
        return _show(request, found)
    if not all(allowed(request, *asked) for asked in (("change", Batch), ("add", TherapyFact), ("add", ApprovalEvent))):
        raise PermissionDenied
    asked = Asked(request)
    verb = VERBS.get(request.POST.get("do", ""), _look)
    if request.POST.get("reopen"):
        verb = _reopen
    try:
        return verb(request, found, asked)
    except Refused as refusal:
        return _show(request, found, asked, refused=str(refusal))
    except IntegrityError:  # somebody recorded the same between looking and writing
        return _show(
            request, found, asked, refused="Somebody recorded the same at this moment. Look again, then decide."
        )


# Answers -----------------------------------------------------------------------------------------------


def _accept(request: HttpRequest, batch: Batch, asked: Asked) -> HttpResponse:
    if not asked.rows:
        raise Refused("Select a row first. Nothing was recorded.")
    return _accepted(request, batch, actions.accept(batch, asked.rows, choices=asked.choices, by=_who(request)))


def _accept_all(request: HttpRequest, batch: Batch, asked: Asked) -> HttpResponse:
    """Ask before a whole bucket is accepted: how many facts of which kind it would make."""
    bucket = _bucket(request)
    open_ = batch.rows.unanswered().filter(bucket=bucket)
    numbers: dict[str, int] = {}
    several: Any = open_.values_list("proposal", flat=True)
    for proposal in several:
        for kind in proposals.counted(proposal):
            numbers[kind] = numbers.get(kind, 0) + 1
    if not numbers or bucket == NEW_THERAPY:
        return _show(request, batch, asked)
    context: dict[str, Any] = {
        "batch": batch,
        "called": called(batch),
        "bucket": bucket,
        "numbers": numbers,
        "number": open_.count(),
    }
    return page(request, "accept.html", f"Accept all of “{bucket}”?", **context)


def _accept_bucket(request: HttpRequest, batch: Batch, asked: Asked) -> HttpResponse:
    return _accepted(request, batch, actions.accept(batch, bucket=_bucket(request), by=_who(request)))


def _accepted(request: HttpRequest, batch: Batch, done: actions.Done) -> HttpResponse:
    if done.rows:
        parts = [f"{done.made} fact{'' if done.made == 1 else 's'} recorded"] if done.made else []
        parts += [f"{done.corrected} corrected"] if done.corrected else []
        parts += [f"{done.found} were there already"] if done.found else []
        said = f"{done.rows} row{'' if done.rows == 1 else 's'} accepted: {', '.join(parts) or 'nothing to record'}. "
        said += "Readers see nothing of it until a second person confirms."
        messages.success(request, format_html('{} <a href="{}">Open the queue</a>', said, reverse("desk:inbox")))
    elif not done.told:
        messages.info(request, "Nothing was open any more, so nothing was recorded.")
    _tell(request, done)
    return _back(request, batch)


def _leave(request: HttpRequest, batch: Batch, asked: Asked) -> HttpResponse:
    if not asked.rows:
        raise Refused("Select a row first. Nothing was changed.")
    done = actions.leave(batch, asked.rows, by=_who(request), because=asked.because)
    if done.rows:
        messages.success(
            request, f"{done.rows} row{'' if done.rows == 1 else 's'} left. The next edition remembers it."
        )
    else:
        messages.info(request, "These rows were answered already. Nothing was changed.")
    return _back(request, batch)


def _reopen(request: HttpRequest, batch: Batch, asked: Asked) -> HttpResponse:
    pk = request.POST["reopen"]
    row = get_object_or_404(batch.rows, pk=int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 18 else 0)
    row.batch = batch
    actions.reopen(row, by=_who(request))
    messages.success(request, "The row is open again.")
    return _back(request, batch)


def _undo(request: HttpRequest, batch: Batch, asked: Asked) -> HttpResponse:
    done = actions.undo(batch, by=_who(request), because=asked.undo_because)
    said = (
        f"The batch is undone. {done.made} pending change{'' if done.made == 1 else 's'} rejected; for "
        f"{done.corrected} that readers see, the reverse is pending."
    )
    messages.success(request, said)
    _tell(request, done)
    return _back(request, batch)


def _look(request: HttpRequest, batch: Batch, asked: Asked) -> HttpResponse:
    return _show(request, batch, asked)


VERBS: dict[str, Callable[[HttpRequest, Batch, Asked], HttpResponse]] = {
    "accept": _accept,
    "accept-all": _accept_all,
    "accept-bucket": _accept_bucket,
    "leave": _leave,
    "undo": _undo,
}


def _tell(request: HttpRequest, done: actions.Done) -> None:
    if not done.told:
        return
    more = f"… and {len(done.told) - TOLD} more." if len(done.told) > TOLD else ""
    lines = format_html_join("", "<li>{}</li>", ((line,) for line in done.told[:TOLD]))
    messages.warning(request, format_html("Passed over:<ul>{}</ul>{}", lines, more))


def _who(request: HttpRequest) -> Any:
    return request.user


def _bucket(request: HttpRequest) -> str:
    bucket = request.POST.get("bucket") or request.GET.get("bucket") or ""
    return bucket if bucket in BUCKETS else ""


def _sought(request: HttpRequest) -> str:
    words = request.POST.get("q") or request.GET.get("q") or ""
    return " ".join(words.replace("\0", "").split())[:LONGEST_SEARCH]


def _back(request: HttpRequest, batch: Batch) -> HttpResponse:
    kept = {
        name: value for name in ("bucket", "q", "page") if (value := request.POST.get(name) or request.GET.get(name))
    }
    return redirect(reverse("desk:batch", args=[batch.pk]) + (f"?{urlencode(kept)}" if kept else ""))


# The page ----------------------------------------------------------------------------------------------


def _show(request: HttpRequest, batch: Batch, asked: Asked | None = None, refused: str = "") -> HttpResponse:
    tabs = _tabs(batch)
    waiting = next((tab.bucket for tab in tabs if tab.open), "")
    bucket = _bucket(request) or waiting or next((tab.bucket for tab in tabs if tab.number), AGREES)
    related = ("answered_by", "change")
    sought = _sought(request)
    rows = batch.rows.filter(bucket=bucket).naming(sought).select_related(*related).order_by("position")
    paginator = Paginator(rows, ON_A_PAGE)
    if not sought:
        paginator.count = next((tab.number for tab in tabs if tab.bucket == bucket), 0)  # asked already
    shown = paginator.get_page(request.GET.get("page") or request.POST.get("page"))
    may_answer = allowed(request, "change", Batch) and batch.undone_at is None
    lines = _lines(list(shown), asked, batch)
    context: dict[str, Any] = {
        "batch": batch,
        "called": called(batch),
        "tabs": tabs,
        "bucket": bucket,
        "tab": next(tab for tab in tabs if tab.bucket == bucket),
        "sought": sought,
        "and_sought": f"&{urlencode({'q': sought})}" if sought else "",
        "shown": shown,
        "lines": lines,
        "may_answer": may_answer,
        "answers": may_answer and any(line.answerable for line in lines),
        "by_row": bucket == NEW_THERAPY,
        "classes": TherapyClass.objects.all() if bucket == NEW_THERAPY else [],
        "again": "again" in request.GET,
        "asked": asked,
        "refused": refused,
        "accepted": _accepted_so_far(batch) if may_answer else None,
        "place": "Result" if batch.kind.startswith("openfda") else "Line",
    }
    return page(request, "batch.html", called(batch), **context)


def _tabs(batch: Batch) -> list[Tab]:
    waits = Q(answer="", proposal__isnull=False)
    counted = batch.rows.order_by().values("bucket").annotate(number=Count("pk"), waits=Count("pk", filter=waits))
    found = {row["bucket"]: row for row in counted}
    closed = batch.undone_at is not None
    return [
        Tab(bucket, row["number"], 0 if closed else row["waits"]) if (row := found.get(bucket)) else Tab(bucket, 0, 0)
        for bucket in BUCKETS
    ]


def _accepted_so_far(batch: Batch) -> dict[str, int]:
    confirmed = Q(change__confirmed_at__isnull=False)
    accepted = batch.rows.filter(answer=BatchRow.Answer.ACCEPTED)
    return accepted.aggregate(number=Count("pk"), confirmed=Count("pk", filter=confirmed))


def _lines(rows: list[BatchRow], asked: Asked | None, batch: Batch) -> list[Line]:
    slugs = {slug for row in rows for slug in row.therapies}
    therapies = {therapy.slug: therapy for therapy in Therapy.objects.filter(slug__in=slugs)} if slugs else {}
    pks = {row.proposal["use"] for row in rows if row.proposal and "use" in row.proposal}
    uses = Indication.objects.select_related("therapy", "cancer").in_bulk(pks) if pks else {}
    return [_line(row, therapies, uses, asked, batch) for row in rows]


def _line(
    row: BatchRow, therapies: dict[str, Therapy], uses: dict[int, Any], asked: Asked | None, batch: Batch
) -> Line:
    choices = asked.choices.get(row.pk, {}) if asked else {}
    proposal = row.proposal or {}
    kinds = proposals.kinds(proposal) if proposal else []
    change = row.change
    open_ = not row.answer and batch.undone_at is None
    by_hand = BY_HAND.get(row.bucket, "" if proposal else "Record it by hand")
    return Line(
        row=row,
        therapies=[therapies[slug] for slug in row.therapies if slug in therapies],
        proposes=proposals.described(proposal, uses) if proposal else "",
        kinds=[(kind, TherapyFact.Kind(kind).label) for kind in kinds] if len(kinds) > 1 else [],
        kind=choices.get("kind") or proposal.get("kind", ""),
        needs_class=proposal.get("make") == "therapy",
        chosen_class=choices.get("class", ""),
        by_hand=by_hand if open_ and row.bucket not in (AGREES, UNREADABLE) and not (change and not proposal) else "",
        change=change,
        selected=bool(asked and row.pk in asked.rows),
        answerable=open_ and row.bucket not in SETTLED,
        before=bool(row.answered_at and row.answered_at < batch.read_at),
    )
