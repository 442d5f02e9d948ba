"""The page of a guest reviewer: one text, reached through a signed link, without an account.

Everything that answers under ``/review/`` goes through ``discretion.py``, which keeps the link to its guest.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from portal.publishing import actions, comparison, prose, rooms
from portal.publishing.comments import NOT_TOO_LONG, CommentForm, filled, shown
from portal.publishing.models import Edition, Invitation

View = Callable[..., HttpResponse]


class ApprovalForm(forms.Form):
    name = forms.CharField(max_length=90, required=False, label="Your name")
    role = forms.CharField(
        max_length=100, required=False, label="Your profession", help_text="For example: MD, oncologist"
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("role") and not cleaned.get("name"):
            self.add_error("name", "Enter your name, too, or leave both fields empty.")
        return cleaned

    @property
    def shown_as(self) -> str:
        """Name and role as one line, as readers will see it."""
        return ", ".join(filter(None, (self.cleaned_data["name"].strip(), self.cleaned_data["role"].strip())))


class ChangesForm(forms.Form):
    because = forms.CharField(
        label="What should change", validators=NOT_TOO_LONG, widget=forms.Textarea(attrs={"rows": 5})
    )


def through_a_link(view: View) -> View:
    """Turn the token of an address into the invitation and its edition, or answer that the link opens nothing."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        invitation = Invitation.objects.of(token)
        if not invitation:
            return render(request, "review/closed.html", status=404)
        edition = invitation.edition
        if not invitation.is_open or not edition.is_open:
            sent = request.POST.get("text") or request.POST.get("because")
            return render(request, "review/closed.html", {"sent": sent}, status=410)
        # The desk's own queryset brings along what a page needs to say its name.
        desk: Any = admin.site.get_model_admin(edition.page.model)
        edition.page = desk.get_queryset(request).get(pk=edition.page_id)
        return view(request, invitation, edition)

    return opened


@require_http_methods(["GET", "HEAD", "POST"])
@through_a_link
def guest(request: HttpRequest, invitation: Invitation, edition: Edition) -> HttpResponse:
    kinds: dict[str, Any] = {
        "comment": partial(CommentForm, edition=edition),
        "approve": ApprovalForm,
        "changes": ChangesForm,
    }
    shown_forms = {say: kind() for say, kind in kinds.items()}
    refused, status, is_staff = "", 200, request.user.is_authenticated
    if request.method == "POST":
        said = request.POST.get("say", "")
        said = said if said in kinds else "changes"
        form = shown_forms[said] = kinds[said](request.POST)
        status = 400
        if is_staff:
            refused, status = "You’re signed in as staff. Only the invited reviewer can answer here.", 403
        elif form.is_valid():
            try:
                return HttpResponseRedirect(_say(said, form, request, invitation, edition))
            except actions.Refused as refusal:
                refused, status = str(refusal), 409
    elif request.method == "GET" and not is_staff:
        actions.note_opening(invitation)
    mine = [judgement for judgement in edition.judgements() if judgement.invitation == invitation]
    text = filled(edition)
    live = edition.page.live_edition()
    words = sum(len(prose.plain(passage.text).split()) for passage in text)
    context = {
        "invitation": invitation,
        "edition": edition,
        "passages": text,
        "comparison": comparison.compare(live, edition) if live else None,
        "sources": edition.sources.all(),
        "minutes": max(1, round(words / 200)),
        "comments": shown(edition, invitation.comments.all()),
        "judgement": mine[0] if mine else None,
        "seen": edition.digest(),
        "forms": shown_forms,
        "refused": refused,
        "is_staff": is_staff,
    }
    return render(request, "review/guest.html", context, status=status)


def _say(said: str, form: Any, request: HttpRequest, invitation: Invitation, edition: Edition) -> str:
    """Do what the guest sent; answers where on the page they see it."""
    seen = request.POST.get("seen", "")
    if said == "comment":
        made = actions.comment(edition, by=invitation, **form.cleaned_data)
        return f"{invitation.get_absolute_url()}#comment-{made.pk}"
    if said == "approve":
        actions.approve(edition, by=invitation, seen=seen, shown_as=form.shown_as)
    else:
        actions.ask_for_changes(edition, by=invitation, seen=seen, because=form.cleaned_data["because"])
    return f"{invitation.get_absolute_url()}#judgement"


@require_safe
@through_a_link
def page(request: HttpRequest, invitation: Invitation, edition: Edition) -> HttpResponse:
    """The edition as the real page."""
    edition.page.live = edition
    request.preview_of = "Preview of a draft. Readers do not see this."  # type: ignore[attr-defined]
    return rooms.page_kind(edition.page.page_kind).show(request, edition.page)
