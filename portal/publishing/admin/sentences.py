"""Sentences in doubt: a task each, until a new version words it differently or somebody says why it still holds."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import Truncator

from .. import actions, doubts
from ..models import Edition, Page, SentenceInDoubt
from ..permissions import allowed, staff_of
from ..values import primary_key
from .base import at_desk
from .entrance import page, staff_who_may

SETTLED = 50
NOTE = 300  # characters of a change note


@staff_who_may("view", SentenceInDoubt)
def in_doubt(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        if not allowed(request, "change", SentenceInDoubt):
            raise PermissionDenied
        if verb := VERBS.get(request.POST.get("do", "")):
            return verb(request)
    return _show(request)


def _show(request: HttpRequest, **said: Any) -> HttpResponse:
    settled = SentenceInDoubt.objects.exclude(settled_at=None).select_related("settled_by").order_by("-settled_at")
    context = {
        "tasks": doubts.open_tasks(),
        "may_write": allowed(request, "add", Edition),
        "may_settle": allowed(request, "change", SentenceInDoubt),
        "settled": settled[:SETTLED],
        **said,
    }
    return page(request, "sentences.html", "Sentences that may no longer be true", **context)


def _row(request: HttpRequest) -> SentenceInDoubt | None:
    return SentenceInDoubt.objects.filter(pk=primary_key(request.POST.get("row", ""))).first()


def _settle(request: HttpRequest) -> HttpResponse:
    task = _row(request)
    if task is None:
        messages.error(request, "That sentence is no longer in the list. Nothing was changed.")
        return redirect("desk:sentences")
    because = request.POST.get("because", "")
    try:
        actions.settle(task, by=staff_of(request), because=because)
    except actions.Refused as refusal:
        return _show(request, refused=str(refusal), refused_row=task.pk, typed=because)
    messages.success(request, f"Resolved: “{task.sentence}” still holds. You’ll find it below, with your reason.")
    return redirect("desk:sentences")


def _draft(request: HttpRequest) -> HttpResponse:
    """Open the form of the page, in a draft that says why; the sentence is quoted above it."""
    if not allowed(request, "add", Edition):
        raise PermissionDenied
    task = _row(request)
    sent = {name: request.POST.get(name, "") for name in ("page", "sentence", "about")}
    key = str(task.page_id) if task else sent["page"]
    sentence, about = (task.sentence, task.about) if task else (sent["sentence"], sent["about"])
    found = Page.objects.filter(pk=primary_key(key)).first()
    if found is None or not any(one.text == sentence for one in doubts.published([found.pk])):
        messages.info(request, "That sentence is no longer on the page, so there is nothing to fix.")
        return redirect("desk:sentences")
    text = found.specific
    note = Truncator(f"Updated. {about}".replace("\x00", " ")).chars(NOTE)
    try:
        draft = actions.start_draft(text, by=staff_of(request))
        actions.save_draft(draft, by=staff_of(request), change_note=note)
        said = "A draft is open."
    except actions.Refused:  # somebody writes on this page already: one page, one draft
        said = "This page already has an open draft."
    messages.info(request, f"{said} This sentence may be untrue now: “{sentence}” What changed: {about}")
    return redirect(at_desk(text))


VERBS = {"settle": _settle, "draft": _draft}
