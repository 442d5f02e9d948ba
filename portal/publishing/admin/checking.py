"""One change that waits for a second person, on one screen.

The screen shows old and new, where from, what a change does to the site, and which sentences it may belie. A second
person confirms it, corrects it or rejects it with a reason, and goes on to the next.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from .. import actions, as_if, audit, diff, doubts, guard, links, values
from ..models import Change, Edition, Source
from ..permissions import allowed, staff_of
from .correcting import add_errors, correction_forms
from .entrance import page, staff_who_may
from .inbox import address_of, after, kept, may_answer
from .reading import FRAMED, WIDTHS

#: Of so many public pages the screen of a change shows what it alters; to the others it leads.
PAGES_COMPARED = 2
#: What the screen calls a change that waits.
PROPOSED = {
    Change.Verb.ADD: "Proposed addition",
    Change.Verb.CHANGE: "Proposed change",
    Change.Verb.REMOVE: "Proposed removal",
}


def _rows(change: Change) -> Iterator[dict[str, Any]]:
    """Its fields: old and new as people read them, and the new one with what it changed marked."""
    model = change.governed
    for name, old, new in values.old_and_new(change):
        says_nothing = change.verb == Change.Verb.ADD and new in ("", "no")
        if model._meta.get_field(name).editable and not says_nothing:
            marked = diff.plain(old, new).html if old and new else ""
            yield {"label": values.label(model, name), "old": old, "new": new, "marked": marked}


def fingerprint(change: Change) -> str:
    """Digest of everything that the screen shows of a change, so that nobody confirms what they did not see.

    It covers the names of the rows that it points to: those that readers do not see yet can still get other ones.
    """
    shown: list[Any] = []
    for one in change.group():
        row = values.stored(one)
        now = values.of_row(row, one.before) if row is not None else None
        source = values.of_row(one.source, Source.READERS_SEE) if one.source else None
        named = [[row._meta.label_lower, row.pk, guard.fingerprint(row)] for row in one.named()]
        shown.append([named, one.pk, one.before, one.after, [*values.old_and_new(one)], one.because, now, source])
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]


def warnings(change: Change, set_up: str) -> list[str]:
    """What a second person should know before confirming, the gravest first. ``set_up`` is of ``who_set_up_whom``."""
    source = change.source
    as_proposed = dict.fromkeys(line for one in change.group() for line in one.warnings.splitlines())
    told = [
        (change.affects_patients, "This affects patients."),
        (set_up, set_up),
        (change.governed.NEEDS_SOURCE and not source, "It has no source, so nobody can confirm it yet."),
        (source and not source.official, "Its source is not an official record."),
        (source and not source.read_on, "Nobody has noted reading its source."),
        *((True, line) for line in as_proposed),
        (change.doubt, f"Why it’s pending: {change.doubt}"),
    ]
    return [words for holds, words in told if holds]


@staff_who_may("view", Change)
def change(request: HttpRequest, change: int) -> HttpResponse:
    found = get_object_or_404(
        Change.objects.select_related("source", "proposed_by", "confirmed_by", "rejected_by"), pk=change
    )
    if found.leader_id:
        return redirect(found)
    button = request.POST.get("do", "")
    if button not in ANSWERS:
        return _show(request, found)
    try:
        return ANSWERS[button](request, found)
    except (actions.Refused, ValidationError) as refusal:
        again = _twice(request, found) if button in ("confirm", "reject") else None
        return again or _show(request, found, refused=actions.in_words(refusal), refused_field=button)


# Confirm, correct, reject: each goes on to the next change, or raises why it does not ---------


def _confirm(request: HttpRequest, change: Change) -> HttpResponse:
    _require(request, change, "confirm")
    if change.is_pending and request.POST.get("seen") != fingerprint(change):
        return _show(request, change, refused="This changed after you opened it, so it was not confirmed. Look again.")
    said = (
        "Readers see it now."
        if values.imagined(change).is_for_readers
        else "It counts now. Readers don’t see the row itself."
    )
    actions.confirm(change, by=staff_of(request))
    return _next(request, change, f"Confirmed: {{}}. {said}")


def _reject(request: HttpRequest, change: Change) -> HttpResponse:
    if change.proposed_by_id != request.user.pk:  # who proposed it may take it back
        _require(request, change, "confirm")
    actions.reject(change, by=staff_of(request), because=request.POST.get("because", ""))
    return _next(request, change, "Rejected: {}. You’ll find it under “Rejected,” with your reason.")


def _correct(request: HttpRequest, change: Change) -> HttpResponse:
    _require(request, change, "change")
    forms = correction_forms(change, request.POST)
    because = request.POST.get("why", "").strip()
    valid = [form.is_valid() for form in forms]  # each says what is wrong with it
    if all(valid):
        told = {"because": because} if because else {}
        corrected = {form.change.pk: form.cleaned_data for form in forms}
        try:
            made = actions.amend(change, corrected, by=staff_of(request), **told)
        except ValidationError as error:
            add_errors(forms, error)
        except actions.Refused as refusal:
            return _show(request, change, forms=forms, refused=str(refusal))
        else:
            return _next(request, made, "Corrected: {}. You’re now its author, so another person must confirm it.")
    return _show(request, change, forms=forms)


def _reverse(request: HttpRequest, change: Change) -> HttpResponse:
    _require(request, change, "change")
    made = actions.reverse(change, by=staff_of(request), because=request.POST.get("because", ""))
    return _next(request, made, "Proposed: {}. Readers see no difference until another person confirms it.")


ANSWERS: dict[str, Callable[[HttpRequest, Change], HttpResponse]] = {
    "confirm": _confirm,
    "reject": _reject,
    "correct": _correct,
    "reverse": _reverse,
}


def _require(request: HttpRequest, change: Change, verb: str) -> None:
    if not all(allowed(request, verb, one.governed) for one in change.group()):
        raise PermissionDenied


def _twice(request: HttpRequest, change: Change) -> HttpResponse | None:
    """A second click of the same person, who is told that the first one did it."""
    change.refresh_from_db()
    mine = request.user.pk in (change.confirmed_by_id, change.rejected_by_id)
    said = f"You clicked twice. Your first click did it: {{}} is {change.state}."
    return _next(request, change, said) if mine else None


def _next(request: HttpRequest, change: Change, said: str) -> HttpResponse:
    """On to the next change that waits, with a way back to this one."""
    query, following = kept(request.GET), after(change, request)
    here = address_of(change, query)
    messages.success(request, format_html(said + ' <a href="{}">Open it again</a>', change.about, here))
    if following and following.is_shipped and not change.is_shipped:
        messages.info(request, "That was the last change proposed here. This next one came with the portal.")
    return redirect(address_of(following, query) if following else reverse("desk:inbox"))


# The screen --------------------------------------------------------------------------------


def _show(request: HttpRequest, change: Change, forms: list[Any] | None = None, **said: Any) -> HttpResponse:
    may_change = all(allowed(request, "change", one.governed) for one in change.group())
    if forms is None and may_change and change.is_pending:
        forms = correction_forms(change)
    mine = change.proposed_by_id == request.user.pk
    may_confirm = may_answer(request, change) and change.is_pending
    told = as_if.effects(change) if change.is_pending else None
    waiting = change.group() if change.is_pending else []
    suspects = [one for member in waiting for one in doubts.suspects(member)]
    second, proposers = change.confirmed_by or staff_of(request), [one.proposed_by_id for one in change.group()]
    set_up = audit.who_set_up_whom(second, proposers, until=change.confirmed_at)
    context: dict[str, Any] = {
        "change": change,
        "set_up": set_up,
        "subtitle": PROPOSED[Change.Verb(change.verb)] if change.is_pending else "",
        "sections": [
            {"change": one, "kind": one.governed._meta.verbose_name, "rows": [*_rows(one)]} for one in change.group()
        ],
        "for_readers": values.imagined(change).is_for_readers,
        "warnings": warnings(change, set_up if may_confirm else ""),
        "mine": mine,
        "may_confirm": may_confirm and not (told and told.refused),
        "may_reject": change.is_pending and (mine or may_answer(request, change)),
        "may_reverse": change.is_confirmed and may_change,
        "seen": fingerprint(change),
        "forms": forms,
        "is_wrong": any(form.errors for form in forms or ()),
        "why": request.POST.get("why", "").strip(),
        "effects": told,
        "altered": as_if.altered(request, change, told.addresses[:PAGES_COMPARED]) if told and not told.refused else [],
        "further_pages": told.addresses[PAGES_COMPARED:] if told else [],
        "history": audit.of(change, change.governed(pk=change.row))[:8],
        "suspects": list(dict.fromkeys(suspects)),
        "may_write": allowed(request, "add", Edition),
        "next": address_of(following, kept(request.GET)) if (following := after(change, request)) else "",
        "query": kept(request.GET),
        "because": request.POST.get("because", ""),
        **said,
    }
    return page(request, "change.html", change.about, **context)


# The public pages before and after ----------------------------------------------------------


def _asked(request: HttpRequest) -> str:
    """The public address that is asked for. Raises Http404 for what is none of this site's pages."""
    address = request.GET.get("at", "")
    try:
        match = resolve(address)
    except Resolver404:
        raise Http404("There is no such page.") from None
    if match.namespaces[:1] in (["desk"], ["admin"]) or f"{address}/".startswith(links.CLOSED):
        raise Http404("This is not a public page.")
    return address


@staff_who_may("view", Change)
@require_safe
def pages(request: HttpRequest, change: int) -> HttpResponse:
    """A public page before and after, side by side."""
    found = get_object_or_404(Change, pk=change)
    at = _asked(request)
    width = request.GET.get("width") if request.GET.get("width") in WIDTHS else "phone"
    context: dict[str, Any] = {"change": found, "at": at, "width": width, "widths": WIDTHS}
    return page(request, "change_pages.html", f"Before and after: {at}", **context)


@csp_override(FRAMED)  # outermost, since whatever the admin lets through gets the policy of the desk
@xframe_options_sameorigin
@staff_who_may("view", Change)
@require_safe
def public_page(request: HttpRequest, change: int) -> HttpResponse:
    """A public page as it is, or with ``after``, as it would be."""
    found = get_object_or_404(Change, pk=change)
    wanted = found if "after" in request.GET and found.is_pending else None
    try:
        return as_if.page(request, _asked(request), wanted)
    except actions.Refused as refusal:
        return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8", status=409)
