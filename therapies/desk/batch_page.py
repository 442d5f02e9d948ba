"""The page of one of FDA's files: what each row states beside our data, and what a person may answer to it."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from portal.publishing.admin.entrance import page
from portal.publishing.permissions import allowed

from ..compare.findings import FileFinding, finding_of
from ..compare.proposals import NewFact, NewTherapy
from ..compare.reasons import NOT_ASKED, SETTLED, Bucket
from ..fact_kinds import FactKind
from ..fda.file_kinds import file_kind
from ..models import Batch, BatchRow, Indication, Therapy, TherapyClass
from .synchronised import title_of
from .wording_of_findings import bucket_label, claim_in_words, proposal_in_words, reason_in_words

ON_A_PAGE = 100
LONGEST_SEARCH = 100  # characters
BY_HAND = {Bucket.NOT_OURS: "Enter it anyway", Bucket.NEW_DATE: "Enter the use"}


@dataclass(frozen=True)
class SentAnswers:
    """What was sent with the form: rows, choices, reasons. It comes back on the page when it is refused."""

    rows: frozenset[int] = frozenset()
    because: str = ""
    undo_because: str = ""
    choices: dict[int, dict[str, str]] = field(default_factory=dict)  # kind of fact, or class, by row


class BucketTab(NamedTuple):
    bucket: str
    label: str
    number: int
    open: int


class ShownRow(NamedTuple):
    """A row of the file as it is shown."""

    row: BatchRow
    claim: str
    reason: str
    therapies: list[Therapy]
    proposes: str
    kinds: list[tuple[str, str]]
    kind: str
    needs_class: bool
    chosen_class: str
    by_hand: str  # words of the link to the form; empty where there is nothing to enter
    selected: bool
    answerable: bool
    before: bool  # answered in an earlier release


def asked_bucket(request: HttpRequest) -> str:
    bucket = request.POST.get("bucket") or request.GET.get("bucket") or ""
    return bucket if bucket in Bucket else ""


def show_batch(request: HttpRequest, batch: Batch, sent: SentAnswers | None = None, refused: str = "") -> HttpResponse:
    sent = sent or SentAnswers()
    tabs = _tabs(batch)
    pending = next((tab.bucket for tab in tabs if tab.open), "")
    bucket = asked_bucket(request) or pending or next((tab.bucket for tab in tabs if tab.number), Bucket.AGREES)
    tab = next(tab for tab in tabs if tab.bucket == bucket)
    sought = _sought(request)
    related = ("answered_by", "change")
    rows = batch.rows.filter(bucket=bucket).naming(sought).select_related(*related).order_by("position")
    paginator = Paginator(rows, ON_A_PAGE)
    if not sought:
        paginator.count = tab.number  # asked already
    shown = paginator.get_page(request.GET.get("page") or request.POST.get("page"))
    may_answer = allowed(request, "change", Batch) and batch.undone_at is None
    lines = _shown_rows(list(shown), sent, batch)
    context: dict[str, Any] = {
        "batch": batch,
        "tabs": tabs,
        "tab": tab,
        "sought": sought,
        "and_sought": f"&{urlencode({'q': sought})}" if sought else "",
        "shown": shown,
        "lines": lines,
        "may_answer": may_answer,
        "answers": may_answer and any(line.answerable for line in lines),
        "by_row": bucket == Bucket.NEW_THERAPY,
        "classes": TherapyClass.objects.all() if bucket == Bucket.NEW_THERAPY else [],
        "again": "again" in request.GET,
        "sent": sent,
        "refused": refused,
        "accepted": _accepted_so_far(batch) if may_answer else None,
        "place": file_kind(batch.kind).place,
    }
    return page(request, "batch.html", title_of(batch.kind, batch.edition), **context)


def _sought(request: HttpRequest) -> str:
    words = request.POST.get("q") or request.GET.get("q") or ""
    return " ".join(words.replace("\0", "").split())[:LONGEST_SEARCH]


def _tabs(batch: Batch) -> list[BucketTab]:
    pending = Q(answer="", proposal__isnull=False)
    counted = batch.rows.order_by().values("bucket").annotate(number=Count("pk"), pending=Count("pk", filter=pending))
    found = {row["bucket"]: row for row in counted}
    closed = batch.undone_at is not None
    tabs = []
    for bucket in Bucket:
        row = found.get(bucket, {"number": 0, "pending": 0})
        tabs.append(BucketTab(bucket.value, bucket_label(bucket), row["number"], 0 if closed else row["pending"]))
    return tabs


def _accepted_so_far(batch: Batch) -> dict[str, int]:
    confirmed = Q(change__confirmed_at__isnull=False)
    accepted = batch.rows.filter(answer=BatchRow.Answer.ACCEPTED)
    return accepted.aggregate(number=Count("pk"), confirmed=Count("pk", filter=confirmed))


def _shown_rows(rows: list[BatchRow], sent: SentAnswers, batch: Batch) -> list[ShownRow]:
    slugs = {slug for row in rows for slug in row.therapies}
    therapies = {therapy.slug: therapy for therapy in Therapy.objects.filter(slug__in=slugs)} if slugs else {}
    pks = {row.proposal["use"] for row in rows if row.proposal and "use" in row.proposal}
    uses = Indication.objects.select_related("therapy", "cancer").in_bulk(pks) if pks else {}
    return [_shown_row(row, finding_of(row), therapies, uses, sent, batch) for row in rows]


def _shown_row(
    row: BatchRow,
    finding: FileFinding,
    therapies: dict[str, Therapy],
    uses: dict[int, Any],
    sent: SentAnswers,
    batch: Batch,
) -> ShownRow:
    names = {slug: therapy.name for slug, therapy in therapies.items()}
    choices, proposal = sent.choices.get(row.pk, {}), finding.proposal
    kinds = list(proposal.choices) if isinstance(proposal, NewFact) else []
    is_open = not row.answer and batch.undone_at is None
    may_enter = is_open and row.bucket not in NOT_ASKED and not (row.change and not proposal)
    by_hand = BY_HAND.get(finding.bucket, "" if proposal else "Enter it by hand")
    return ShownRow(
        row=row,
        claim=claim_in_words(finding.claim, names),
        reason=reason_in_words(finding, names),
        therapies=[therapies[slug] for slug in row.therapies if slug in therapies],
        proposes=proposal_in_words(proposal, uses) if proposal else "",
        kinds=[(kind, str(FactKind(kind).label)) for kind in kinds] if len(kinds) > 1 else [],
        kind=choices.get("kind") or (proposal.kind if isinstance(proposal, NewFact) else ""),
        needs_class=isinstance(proposal, NewTherapy),
        chosen_class=choices.get("class", ""),
        by_hand=by_hand if may_enter else "",
        selected=row.pk in sent.rows,
        answerable=is_open and row.bucket not in SETTLED,
        before=bool(row.answered_at and row.answered_at < batch.read_at),
    )
