"""The page of one of FDA's files: what each row states beside our data, and what people answer to it.

Rows are accepted, skipped and opened again, and the whole is undone.
"""

from collections import Counter
from collections.abc import Callable, Mapping
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
from portal.publishing.permissions import allowed, staff_of
from portal.publishing.values import primary_key

from ..compare.claims import BoxedWarning, Claim, MarketStatus
from ..compare.findings import FileFinding, finding_of, proposal_of
from ..compare.label_records import accounts_of
from ..compare.proposals import NewFact, NewLabel, NewTherapy
from ..compare.reasons import NOT_ASKED, SETTLED, Bucket
from ..fact_kinds import FactKind
from ..fda.file_kinds import file_kind
from ..models import ApprovalEvent, Batch, BatchRow, Therapy, TherapyClass, TherapyFact
from . import actions, cautions
from .synchronised import title_of
from .wording_of_findings import (
    BUCKETS,
    OursAtHand,
    claim_in_words,
    counted,
    kinds_of_entries,
    proposal_in_words,
    reason_in_words,
)

ON_A_PAGE = 100
LONGEST_SEARCH = 100  # characters
TOLD = 8  # rows that were passed over, in one message
ENTERED_AS: dict[type[Claim], FactKind] = {BoxedWarning: FactKind.BOXED_WARNING, MarketStatus: FactKind.MARKET_STATUS}
BY_HAND = {Bucket.NOT_OURS: "Enter it anyway", Bucket.NEW_DATE: "Enter the use"}


@staff_who_may("view", Batch)
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, batch: int) -> HttpResponse:
    found = get_object_or_404(Batch.objects.select_related("source", "read_by", "undone_by"), pk=batch)
    if request.method != "POST":
        return _show(request, found)
    if not all(allowed(request, *asked) for asked in (("change", Batch), ("add", TherapyFact), ("add", ApprovalEvent))):
        raise PermissionDenied
    verb = _reopen if request.POST.get("reopen") else VERBS.get(request.POST.get("do", ""), _show)
    try:
        return verb(request, found)
    except Refused as refusal:
        return _show(request, found, refused=str(refusal))
    except IntegrityError:  # somebody entered the same between looking and writing
        return _show(request, found, refused="Someone else just entered the same thing. Look again, then decide.")


# What was sent -------------------------------------------------------------------------------------------


def _asked(request: HttpRequest, name: str) -> str:
    """What the page or its search asks for, in the form or the address."""
    return request.POST.get(name) or request.GET.get(name) or ""


def _bucket(request: HttpRequest) -> str:
    bucket = _asked(request, "bucket")
    return bucket if bucket in Bucket else ""


def _rows(request: HttpRequest) -> set[int]:
    return {pk for row in request.POST.getlist("row") if (pk := primary_key(row))}


def _choices(request: HttpRequest) -> actions.Choices:
    choices: actions.Choices = {}
    for name, value in request.POST.items():
        what, _, row = name.partition("-")
        if what in ("kind", "class") and (pk := primary_key(row)):
            is_choice = what == "kind" or primary_key(str(value))
            choices.setdefault(pk, {})[what] = str(value) if is_choice else ""
    return choices


# The page ------------------------------------------------------------------------------------------------


class BucketTab(NamedTuple):
    bucket: Bucket
    number: int
    open: int

    @property
    def called(self) -> str:
        return BUCKETS[self.bucket]


def _show(request: HttpRequest, batch: Batch, refused: str = "") -> HttpResponse:
    """What was sent with the form comes back on the page when it is refused."""
    tabs = _tabs(batch)
    pending = next((tab.bucket for tab in tabs if tab.open), "")
    bucket = _bucket(request) or pending or next((tab.bucket for tab in tabs if tab.number), Bucket.AGREES)
    tab = next(tab for tab in tabs if tab.bucket == bucket)
    sought = " ".join(_asked(request, "q").replace("\0", "").split())[:LONGEST_SEARCH]
    rows = batch.rows.filter(bucket=bucket).naming(sought).select_related("answered_by", "change").order_by("position")
    paginator = Paginator(rows, ON_A_PAGE)
    if not sought:
        paginator.count = tab.number  # asked already
    shown = paginator.get_page(_asked(request, "page"))
    may_answer = allowed(request, "change", Batch) and batch.undone_at is None
    lines = _lines(list(shown), batch, _choices(request))
    context: dict[str, Any] = {
        "batch": batch,
        "tabs": tabs,
        "tab": tab,
        "sought": sought,
        "and_sought": f"&{urlencode({'q': sought})}" if sought else "",
        "shown": shown,
        "lines": lines,
        "may_answer": may_answer,
        "answers": may_answer and any(line["answerable"] for line in lines),
        "by_row": bucket == Bucket.NEW_THERAPY,
        "classes": TherapyClass.objects.all() if bucket == Bucket.NEW_THERAPY else [],
        "again": "again" in request.GET,
        "selected": _rows(request),
        "sent": request.POST,
        "refused": refused,
        "accepted": _accepted_so_far(batch) if may_answer else None,
        "place": file_kind(batch.kind).place,
        "cautions": cautions.of_file(batch),
    }
    return page(request, "batch.html", title_of(batch.kind, batch.edition), **context)


def _tabs(batch: Batch) -> list[BucketTab]:
    pending = Q(answer="", proposal__isnull=False, batch__undone_at=None)
    counted = batch.rows.order_by().values_list("bucket").annotate(Count("pk"), open=Count("pk", filter=pending))
    numbers = {bucket: (number, waiting) for bucket, number, waiting in counted}
    return [BucketTab(bucket, *numbers.get(bucket, (0, 0))) for bucket in Bucket]


def _accepted_so_far(batch: Batch) -> dict[str, int]:
    confirmed = Q(change__confirmed_at__isnull=False)
    accepted = batch.rows.filter(answer=BatchRow.Answer.ACCEPTED)
    return accepted.aggregate(number=Count("pk"), confirmed=Count("pk", filter=confirmed))


class Known(NamedTuple):
    """What of ours the rows of a page speak of, read at once."""

    therapies: Mapping[str, Therapy]  # by slug
    at_hand: OursAtHand
    facts: Mapping[tuple[str, str], int]  # keys of those that a person may correct, by therapy and kind
    beside_labels: Mapping[int, list[str]]  # by the key of a row


def _lines(rows: list[BatchRow], batch: Batch, choices: actions.Choices) -> list[dict[str, Any]]:
    slugs = {slug for row in rows for slug in row.therapies}
    therapies = {therapy.slug: therapy for therapy in Therapy.objects.filter(slug__in=slugs)} if slugs else {}
    at_hand = OursAtHand.of(proposal_of(row) for row in rows)
    kinds = [kind.value for kind in ENTERED_AS.values()]
    facts = TherapyFact.objects.filter(therapy__slug__in=slugs, kind__in=kinds).values_list(
        "therapy__slug", "kind", "pk"
    )
    known = Known(
        therapies, at_hand, {(slug, kind): pk for slug, kind, pk in facts} if slugs else {}, _beside_labels(rows)
    )
    return [_line(row, batch, known, choices.get(row.pk, {})) for row in rows]


def _beside_labels(rows: list[BatchRow]) -> dict[int, list[str]]:
    """What to know before a reading of a label is accepted, by the key of its row."""
    told = {row.pk: proposal for row in rows if isinstance(proposal := proposal_of(row), NewLabel) and not row.answer}
    accounts = accounts_of(list(told.values())) if told else []
    return {pk: cautions.of_label(one) for pk, one in zip(told, accounts, strict=True) if one}


def _line(row: BatchRow, batch: Batch, ours: Known, chosen: dict[str, str]) -> dict[str, Any]:
    """A row of the file as it is shown."""
    names = {slug: therapy.name for slug, therapy in ours.therapies.items()}
    finding = finding_of(row)
    proposal = finding.proposal
    kinds = list(proposal.choices) if isinstance(proposal, NewFact) else []
    is_open = not row.answer and batch.undone_at is None
    may_enter = is_open and row.bucket not in NOT_ASKED and not (row.change and not proposal)
    return {
        "row": row,
        "claim": claim_in_words(finding.claim, names),
        "reason": reason_in_words(finding, names),
        "therapies": [ours.therapies[slug] for slug in row.therapies if slug in ours.therapies],
        "proposes": proposal_in_words(proposal, ours.at_hand) if proposal else "",
        "cautions": ours.beside_labels.get(row.pk, []),
        "kinds": [(kind, str(FactKind(kind).label)) for kind in kinds] if len(kinds) > 1 else [],
        "kind": chosen.get("kind") or (proposal.kind if isinstance(proposal, NewFact) else ""),
        "needs_class": isinstance(proposal, NewTherapy),
        "chosen_class": chosen.get("class", ""),
        "by_hand": _by_hand(row, finding, ours) if may_enter else None,
        "answerable": is_open and row.bucket not in SETTLED,
        "before": bool(row.answered_at and row.answered_at < batch.read_at),  # in an earlier release
    }


def _by_hand(row: BatchRow, finding: FileFinding, ours: Known) -> tuple[str, str] | None:
    """Words and address of the link to the form in which a person enters it; None where accepting does that."""
    words = BY_HAND.get(finding.bucket, "" if finding.proposal else "Enter it by hand")
    kind, slug = ENTERED_AS.get(type(finding.claim)), next(iter(finding.therapies), "")
    if not (words and kind and slug in ours.therapies):
        return (words, reverse("desk:record", query={"row": row.pk})) if words else None
    if fact := ours.facts.get((slug, kind)):
        return "Correct our fact", reverse("desk:fact", args=[fact])
    return words, reverse("desk:new-fact", query={"therapy": ours.therapies[slug].pk, "kind": str(kind)})


# The answers ---------------------------------------------------------------------------------------------


def _accept(request: HttpRequest, batch: Batch) -> HttpResponse:
    if not (rows := _rows(request)):
        raise Refused("Select a row first. Nothing was entered.")
    return _accepted(request, batch, actions.accept(batch, rows, choices=_choices(request), by=staff_of(request)))


def _accept_all(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Ask before a whole bucket is accepted: what it would make of each row, and what speaks against it."""
    bucket = _bucket(request)
    rows = list(batch.rows.unanswered().filter(bucket=bucket).order_by("position"))
    proposals = [proposal for row in rows if (proposal := proposal_of(row))]
    numbers = Counter(kind for proposal in proposals for kind in kinds_of_entries(proposal))
    if not numbers or bucket == Bucket.NEW_THERAPY:
        return _show(request, batch)
    label = BUCKETS[Bucket(bucket)]
    context: dict[str, Any] = {
        "batch": batch,
        "called": title_of(batch.kind, batch.edition),
        "bucket": bucket,
        "label": label,
        "numbers": dict(numbers),
        "number": len(proposals),
        "lines": _lines(rows, batch, {}),
        "cautions": cautions.of_file(batch),
    }
    return page(request, "accept.html", f"Accept all of “{label}”?", **context)


def _accept_bucket(request: HttpRequest, batch: Batch) -> HttpResponse:
    return _accepted(request, batch, actions.accept(batch, bucket=_bucket(request), by=staff_of(request)))


def _accepted(request: HttpRequest, batch: Batch, done: actions.Done) -> HttpResponse:
    if done.rows:
        parts = [f"{counted(done.made, 'fact')} entered"] if done.made else []
        parts += [f"{done.corrected} corrected"] if done.corrected else []
        parts += [f"{done.found} already there"] if done.found else []
        words = f"{counted(done.rows, 'row')} accepted: {', '.join(parts) or 'nothing to enter'}. "
        words += "Readers won’t see any of it until a second person confirms it."
        messages.success(request, format_html('{} <a href="{}">Open the queue</a>', words, reverse("desk:inbox")))
    elif not done.told:
        messages.info(request, "No rows were still open, so nothing was entered.")
    _tell(request, done)
    return _back(request, batch)


def _skip(request: HttpRequest, batch: Batch) -> HttpResponse:
    if not (rows := _rows(request)):
        raise Refused("Select a row first. Nothing was changed.")
    done = actions.skip(batch, rows, by=staff_of(request), because=request.POST.get("because", ""))
    if done.rows:
        words = f"{counted(done.rows, 'row')} skipped. Later releases of this file won’t ask again."
        messages.success(request, words)
    else:
        messages.info(request, "These rows already have an answer. Nothing was changed.")
    return _back(request, batch)


def _reopen(request: HttpRequest, batch: Batch) -> HttpResponse:
    row = get_object_or_404(batch.rows, pk=primary_key(request.POST["reopen"]))
    actions.reopen(row, by=staff_of(request))
    messages.success(request, "The row is open again.")
    return _back(request, batch)


def _undo(request: HttpRequest, batch: Batch) -> HttpResponse:
    done = actions.undo(batch, by=staff_of(request), because=request.POST.get("undo_because", ""))
    words = f"The batch was undone. {counted(done.made, 'pending change')} rejected."
    if done.corrected:
        words += f" For {done.corrected} already public, the opposite is now pending in the queue."
    messages.success(request, words)
    _tell(request, done)
    return _back(request, batch)


VERBS: dict[str, Callable[[HttpRequest, Batch], HttpResponse]] = {
    "accept": _accept,
    "accept-all": _accept_all,
    "accept-bucket": _accept_bucket,
    "skip": _skip,
    "undo": _undo,
}


def _tell(request: HttpRequest, done: actions.Done) -> None:
    if not done.told:
        return
    more = f"… and {len(done.told) - TOLD} more." if len(done.told) > TOLD else ""
    lines = format_html_join("", "<li>{}</li>", ((line,) for line in done.told[:TOLD]))
    messages.warning(request, format_html("These rows could not be done:<ul>{}</ul>{}", lines, more))


def _back(request: HttpRequest, batch: Batch) -> HttpResponse:
    """To the page and the search from which the answer was sent."""
    kept = {name: value for name in ("bucket", "q", "page") if (value := _asked(request, name))}
    return redirect(reverse("desk:batch", args=[batch.pk], query=kept))
