"""What people answer to the rows of one of FDA's files: accept, skip, open again, and undo the whole."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from portal.publishing.actions import Refused
from portal.publishing.admin.entrance import page, staff_who_may
from portal.publishing.permissions import allowed

from ..compare.findings import proposal_of
from ..compare.reasons import Bucket
from ..models import ApprovalEvent, Batch, TherapyFact
from . import actions
from .batch_page import SentAnswers, asked_bucket, show_batch
from .source_form import primary_key
from .synchronised import title_of
from .wording_of_findings import bucket_label, counted, kinds_of_entries

TOLD = 8  # rows that were passed over, in one message


@staff_who_may("view", Batch)
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, batch: int) -> HttpResponse:
    found = get_object_or_404(Batch.objects.select_related("source", "read_by", "undone_by"), pk=batch)
    if request.method != "POST":
        return show_batch(request, found)
    if not all(allowed(request, *asked) for asked in (("change", Batch), ("add", TherapyFact), ("add", ApprovalEvent))):
        raise PermissionDenied
    sent = _sent(request)
    verb = VERBS.get(request.POST.get("do", ""), show_batch)
    if request.POST.get("reopen"):
        verb = _reopen
    try:
        return verb(request, found, sent)
    except Refused as refusal:
        return show_batch(request, found, sent, refused=str(refusal))
    except IntegrityError:  # somebody entered the same between looking and writing
        refused = "Someone else just entered the same thing. Look again, then decide."
        return show_batch(request, found, sent, refused=refused)


def _sent(request: HttpRequest) -> SentAnswers:
    post = request.POST
    choices: dict[int, dict[str, str]] = {}
    for name in post:
        what, _, row = name.partition("-")
        value = post.get(name, "")
        if what in ("kind", "class") and (pk := primary_key(row)):
            is_choice = bool(primary_key(value)) if what == "class" else True
            choices.setdefault(pk, {})[what] = value if is_choice else ""
    return SentAnswers(
        rows=frozenset(pk for row in post.getlist("row") if (pk := primary_key(row))),
        because=post.get("because", ""),
        undo_because=post.get("undo_because", ""),
        choices=choices,
    )


def _accept(request: HttpRequest, batch: Batch, sent: SentAnswers) -> HttpResponse:
    if not sent.rows:
        raise Refused("Select a row first. Nothing was entered.")
    return _accepted(request, batch, actions.accept(batch, sent.rows, choices=sent.choices, by=_who(request)))


def _accept_all(request: HttpRequest, batch: Batch, sent: SentAnswers) -> HttpResponse:
    """Ask before a whole bucket is accepted: how many facts of which kind it would make."""
    bucket = asked_bucket(request)
    rows = batch.rows.unanswered().filter(bucket=bucket).only("proposal")
    proposals = [proposal for row in rows if (proposal := proposal_of(row))]
    numbers = Counter(kind for proposal in proposals for kind in kinds_of_entries(proposal))
    if not numbers or bucket == Bucket.NEW_THERAPY:
        return show_batch(request, batch, sent)
    context: dict[str, Any] = {
        "batch": batch,
        "called": title_of(batch.kind, batch.edition),
        "bucket": bucket,
        "label": bucket_label(bucket),
        "numbers": dict(numbers),
        "number": len(proposals),
    }
    return page(request, "accept.html", f"Accept all of “{bucket_label(bucket)}”?", **context)


def _accept_bucket(request: HttpRequest, batch: Batch, sent: SentAnswers) -> HttpResponse:
    return _accepted(request, batch, actions.accept(batch, bucket=asked_bucket(request), by=_who(request)))


def _accepted(request: HttpRequest, batch: Batch, done: actions.Done) -> HttpResponse:
    if done.rows:
        parts = [f"{counted(done.made, 'fact')} entered"] if done.made else []
        parts += [f"{done.corrected} corrected"] if done.corrected else []
        parts += [f"{done.found} already there"] if done.found else []
        words = f"{counted(done.rows, 'row')} accepted: {', '.join(parts) or 'nothing to enter'}. "
        words += "Readers won’t see any of it until a second person confirms it."
        messages.success(request, format_html('{} <a href="{}">Open the queue</a>', words, reverse("desk:inbox")))
    elif not done.told:
        messages.info(request, "No row was open anymore, so nothing was entered.")
    _tell(request, done)
    return _back(request, batch)


def _skip(request: HttpRequest, batch: Batch, sent: SentAnswers) -> HttpResponse:
    if not sent.rows:
        raise Refused("Select a row first. Nothing was changed.")
    done = actions.skip(batch, sent.rows, by=_who(request), because=sent.because)
    if done.rows:
        words = f"{counted(done.rows, 'row')} skipped. Later releases of this file won’t ask again."
        messages.success(request, words)
    else:
        messages.info(request, "These rows already have an answer. Nothing was changed.")
    return _back(request, batch)


def _reopen(request: HttpRequest, batch: Batch, sent: SentAnswers) -> HttpResponse:
    row = get_object_or_404(batch.rows, pk=primary_key(request.POST["reopen"]))
    row.batch = batch
    actions.reopen(row, by=_who(request))
    messages.success(request, "The row is open again.")
    return _back(request, batch)


def _undo(request: HttpRequest, batch: Batch, sent: SentAnswers) -> HttpResponse:
    done = actions.undo(batch, by=_who(request), because=sent.undo_because)
    words = f"The batch was undone. {counted(done.made, 'pending change')} rejected."
    if done.corrected:
        words += f" For {done.corrected} already public, the reverse now waits for a second person in the queue."
    messages.success(request, words)
    _tell(request, done)
    return _back(request, batch)


VERBS: dict[str, Callable[[HttpRequest, Batch, SentAnswers], HttpResponse]] = {
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
    messages.warning(request, format_html("These rows were passed over:<ul>{}</ul>{}", lines, more))


def _who(request: HttpRequest) -> Any:
    return request.user


def _back(request: HttpRequest, batch: Batch) -> HttpResponse:
    """To the page and the search from which the answer was sent."""
    asked = {name: request.POST.get(name) or request.GET.get(name) for name in ("bucket", "q", "page")}
    kept = {name: value for name, value in asked.items() if value}
    return redirect(reverse("desk:batch", args=[batch.pk]) + (f"?{urlencode(kept)}" if kept else ""))
