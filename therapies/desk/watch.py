"""The watch at the desk: how each of FDA's sources stands, and by when FDA means to decide what."""

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal.publishing.actions import Refused
from portal.publishing.admin.entrance import page, staff_who_may
from portal.publishing.permissions import allowed, staff_of
from portal.publishing.values import primary_key

from ..models import Batch, GoalDate, WatchTurn
from ..watch.goals import expected
from ..watch.standing import standings
from . import actions, synchronised
from .forms import DayField, SourceForm, line

FAR_AHEAD = datetime.timedelta(days=5 * 366)
CLOSED = 10  # of those that were closed last


class GoalDateForm(SourceForm):
    """A goal date, and where it was read."""

    notice = None  # type: ignore[assignment]
    drug = line("Drug", "The generic name, for example ivonescimab.", most=120, required=True)
    use = line("For what", "The cancer and the setting, in a few words.", most=300, required=True)
    date = DayField(
        label="Goal date",
        help_text="The day by which FDA means to decide, for example November 14, 2026.",
        error_messages={"required": "Enter the goal date."},
        latest=lambda: timezone.localdate() + FAR_AHEAD,
    )

    field_order = ("drug", "use", "date", "address", "title")


class ClosingForm(forms.Form):
    """What became of a goal date."""

    outcome = forms.ChoiceField(label="What happened", choices=[("", "Choose"), *GoalDate.Outcome.choices])
    because = line("Where you read it, or why", most=300)


@staff_who_may("view", Batch)
@require_http_methods(["GET", "HEAD", "POST"])
def watch(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request)
    closes = primary_key(request.POST.get("close", ""))
    if not allowed(request, "change" if closes else "add", GoalDate):
        raise PermissionDenied
    return _close(request, closes) if closes else _add(request)


def _add(request: HttpRequest) -> HttpResponse:
    form = GoalDateForm(request.POST)
    if not form.is_valid():
        return _show(request, form=form)
    data, by = form.cleaned_data, staff_of(request)
    try:
        goal = actions.add_goal_date(data["drug"], data["use"], data["date"], data["source"], by=by)
    except Refused as refusal:
        return _show(request, form=form, refused=str(refusal))
    messages.success(request, f"The goal date for {goal.drug} is on the list.")
    return redirect("desk:watch")


def _close(request: HttpRequest, key: int) -> HttpResponse:
    goal = get_object_or_404(GoalDate, pk=key)
    told = {"outcome": request.POST.get("outcome", ""), "because": request.POST.get("because", "")}
    try:
        actions.close_goal_date(goal, by=staff_of(request), **told)
    except Refused as refusal:
        return _show(request, refused=str(refusal), closing=(goal.pk, ClosingForm(told)))
    messages.success(request, f"The goal date for {goal.drug} is closed.")
    return redirect("desk:watch")


def _show(
    request: HttpRequest,
    form: GoalDateForm | None = None,
    refused: str = "",
    closing: tuple[int, ClosingForm] | None = None,
) -> HttpResponse:
    """What was sent comes back on the page when it is refused."""
    may_close = allowed(request, "change", GoalDate)
    context: dict[str, Any] = {
        "sources": standings(synchronised.batches()),
        "turn": WatchTurn.objects.first(),
        "contact": settings.FDA_WATCH_CONTACT,
        "expected": [
            (one, closing[1] if closing and closing[0] == one.goal.pk else ClosingForm(auto_id=f"id_%s_{one.goal.pk}"))
            for one in expected()
        ],
        "may_close": may_close,
        "closed": GoalDate.objects.exclude(outcome="").select_related("closed_by").order_by("-closed_at")[:CLOSED],
        "form": (form or GoalDateForm()) if allowed(request, "add", GoalDate) else None,
        "refused": refused,
    }
    return page(request, "watch.html", "FDA watch", **context)
