"""One fact on one screen: what it says, where from, what it changes on the site and which sentences it may belie.

A second person confirms it, corrects it or rejects it with a reason, and goes on to the next.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from portal.publishing import actions, audit, contradictions
from portal.publishing.guard import GuardedForm, Lines, fingerprint
from portal.publishing.models import Fact, Source
from portal.publishing.permissions import allowed

from ..models import ApprovalEvent, Cancer, Therapy, TherapyFact
from . import inbox, sentences
from .entrance import page, staff_who_may
from .preview import effects, page_as_if

NEWEST_SOURCES = 20
STALE = "Somebody has changed this fact since you opened it, so it was not {}. See below how it stands now."
FIELDS = {
    ApprovalEvent: ("kind", "date", "precision", "source", "because", "note"),
    TherapyFact: ("kind", "value", "date", "source", "because", "note"),
}


class CorrectionForm(GuardedForm):
    """Whoever corrects becomes the recorder. Sources to choose from: those of this therapy, and the newest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "date" in self.fields:
            self.fields["date"].widget.attrs["autocomplete"] = "off"
        therapy = therapy_of(self.instance)
        newest = Source.objects.order_by("-pk").values_list("pk", flat=True)[:NEWEST_SOURCES]
        kept = [*newest, *([self.instance.source_id] if self.instance.source_id else [])]
        theirs = Q(approvalevents__indication__therapy=therapy) | Q(therapyfacts__therapy=therapy)
        sources: Any = self.fields["source"]
        sources.queryset = Source.objects.filter(Q(pk__in=Source.objects.filter(theirs).values("pk")) | Q(pk__in=kept))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and not self.changed_data:
            raise forms.ValidationError("You changed nothing, so nothing was saved.")
        return cleaned


def therapy_of(fact: Any) -> Therapy:
    return fact.indication.therapy if isinstance(fact, ApprovalEvent) else fact.therapy


def _correction(model: type[Fact]) -> Any:
    widgets: Any = {
        "date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        "because": forms.TextInput,
        "note": Lines(attrs={"rows": 3}),
    }
    return forms.modelform_factory(model, form=CorrectionForm, fields=(*FIELDS[model], "seen"), widgets=widgets)


def _found(model: Any, pk: int) -> Any:
    related = (*inbox.RELATED[model], "source", "recorded_by", "confirmed_by", "rejected_by")
    return get_object_or_404(model._default_manager.select_related(*related), pk=pk)


@staff_who_may("view", ApprovalEvent)
def event(request: HttpRequest, event: int) -> HttpResponse:
    return check(request, ApprovalEvent, event)


@staff_who_may("view", TherapyFact)
def fact(request: HttpRequest, fact: int) -> HttpResponse:
    return check(request, TherapyFact, fact)


def check(request: HttpRequest, model: type[Fact], pk: int) -> HttpResponse:
    if request.method == "POST":
        return _answer(request, model, pk)
    return _show(request, _found(model, pk))


# Confirm, correct, reject ------------------------------------------------------------------


def _answer(request: HttpRequest, model: type[Fact], pk: int) -> HttpResponse:
    """Do what the button says. What was typed stays on the page when it is refused."""
    do = request.POST.get("do", "")
    if not allowed(request, "change" if do == "correct" else "confirm", model):
        raise PermissionDenied
    if verb := ANSWERS.get(do):
        with transaction.atomic():
            if not model._default_manager.select_for_update(of=("self",)).filter(pk=pk).exists():
                raise Http404
            fact = _found(model, pk)
            return verb(request, fact)
    return _show(request, _found(model, pk))


def _confirm(request: HttpRequest, fact: Any) -> HttpResponse:
    if fact.waits and _is_stale(request, fact):
        return _refused(request, fact, STALE.format("confirmed"))
    try:
        actions.confirm(fact, by=request.user)  # type: ignore[arg-type]
    except actions.Refused as refusal:
        return _twice(request, fact, "confirmed") or _refused(request, fact, str(refusal))
    return _next(request, fact, "Confirmed: {}. Readers see it now.")


def _reject(request: HttpRequest, fact: Any) -> HttpResponse:
    if not fact.is_rejected and _is_stale(request, fact):
        return _refused(request, fact, STALE.format("rejected"), field="reject")
    try:
        actions.reject(fact, by=request.user, because=request.POST.get("because", ""))  # type: ignore[arg-type]
    except actions.Refused as refusal:
        return _twice(request, fact, "rejected") or _refused(request, fact, str(refusal), field="reject")
    return _next(request, fact, "Rejected: {}. It stays under “Rejected”, with your reason.")


def _correct(request: HttpRequest, fact: Any) -> HttpResponse:
    form = _correction(type(fact))(request.POST, instance=fact, auto_id="id_correct_%s")
    if not form.is_valid():
        return _show(request, _found(type(fact), fact.pk), form=form)
    actions.record(form.save(commit=False), by=request.user)  # type: ignore[arg-type]
    return _next(request, fact, "Corrected: {}. You recorded it now, so another person must confirm it.")


ANSWERS: dict[str, Callable[[HttpRequest, Any], HttpResponse]] = {
    "confirm": _confirm,
    "reject": _reject,
    "correct": _correct,
}


def _is_stale(request: HttpRequest, fact: Any) -> bool:
    return request.POST.get("seen") != fingerprint(fact)


def _twice(request: HttpRequest, fact: Any, verb: str) -> HttpResponse | None:
    """A second click of the same person, who is told that the first one did it."""
    if not audit.just_done(verb, fact, by=request.user):  # type: ignore[arg-type]
        return None
    return _next(request, fact, f"You clicked twice. Your first click did it: {{}} is {verb}.")


def _refused(request: HttpRequest, fact: Any, said: str, field: str = "") -> HttpResponse:
    return _show(request, _found(type(fact), fact.pk), refused=said, refused_field=field)


def _next(request: HttpRequest, fact: Any, said: str) -> HttpResponse:
    """On to the next fact that waits, with a way back to this one."""
    here = inbox.address_of(type(fact), fact.pk, inbox.kept(request.GET))
    messages.success(request, format_html(said + ' <a href="{}">Open it again</a>', fact, here))
    following = inbox.after(fact, request.GET, request.user)
    return redirect(following or reverse("desk:inbox"))


# The page ----------------------------------------------------------------------------------


def _show(request: HttpRequest, fact: Any, form: Any = None, **said: Any) -> HttpResponse:
    model = type(fact)
    mine = fact.recorded_by_id == request.user.pk
    may_change, may_confirm = allowed(request, "change", model), allowed(request, "confirm", model)
    if may_change and form is None:
        form = _correction(model)(instance=fact, auto_id="id_correct_%s")
    doubted = contradictions.suspects(fact)
    why_not = "" if fact.source_id else "It has no source. Correct it below and say where it was read."
    if fact.lacks_reason:
        why_not = "Patients are affected, and nobody has said why it changes. Correct it below and give the reason."
    why_not = why_not or (fact.waits_for if fact.waits else "")
    context = {
        "fact": fact,
        "therapy": therapy_of(fact),
        "is_event": model is ApprovalEvent,
        "mine": mine,
        "may_confirm": may_confirm and fact.waits and not mine and not why_not,
        "may_reject": may_confirm and not fact.is_rejected,
        "why_not": why_not if fact.waits else "",
        "seen": fingerprint(fact),
        "form": form if may_change else None,
        "effects": effects([fact]) if fact.waits and fact.source_id else None,
        "preview": reverse("desk:event-preview" if model is ApprovalEvent else "desk:fact-preview", args=[fact.pk]),
        "history": audit.of(fact)[:6],
        "sentences": sentences.offered(request, fact, doubted),
        "next": inbox.after(fact, request.GET, request.user),
        "query": inbox.kept(request.GET),
        "admin": reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_change", args=[fact.pk]),
        "because": request.POST.get("because", "") if request.POST.get("do") == "reject" else "",
        **said,
    }
    return page(request, "check.html", _title(fact), **context)


def _title(fact: Any) -> str:
    if isinstance(fact, ApprovalEvent):
        return f"{fact.indication.therapy}: {fact.get_kind_display().lower()}, {fact.indication.cancer}"
    return f"{fact.therapy}: {fact.get_kind_display().lower()}"


@staff_who_may("view", ApprovalEvent)
@require_safe
def preview_event(request: HttpRequest, event: int) -> HttpResponse:
    return _preview(request, _found(ApprovalEvent, event))


@staff_who_may("view", TherapyFact)
@require_safe
def preview_fact(request: HttpRequest, fact: int) -> HttpResponse:
    return _preview(request, _found(TherapyFact, fact))


def _preview(request: HttpRequest, fact: Any) -> HttpResponse:
    """The public page as it would be; ``of=cancer`` shows the cancer's."""
    shown: Therapy | Cancer = therapy_of(fact)
    if isinstance(fact, ApprovalEvent) and request.GET.get("of") == "cancer":
        shown = fact.indication.cancer
    return page_as_if(request, [fact], shown)
