"""What is said of an open text, on a page of its own: comments, guests and their links, and what guests think.

It opens in a second tab beside the form, so that answering a comment costs nobody the words they are typing.
"""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.text import get_text_list

from .. import actions
from ..actions.reviews import LONGEST
from ..comments import CommentForm, shown
from ..models import Edition, Invitation, Judgement
from ..permissions import allowed
from ..values import primary_key


class InvitationForm(forms.Form):
    name = forms.CharField(
        max_length=120,
        label="Name of the invited reviewer",
        help_text="Write the name as you would address this person. Only staff see it.",
    )
    professional = forms.BooleanField(
        required=False,
        label="This is a medical professional. I checked it.",
        help_text="If they approve the text and give a name, readers see it once someone else publishes the text.",
    )
    days = forms.IntegerField(min_value=1, max_value=LONGEST.days, initial=14, label="Days the link stays open")


def said_of(edition: Edition | None) -> dict[str, Any]:
    """What the form of a page tells of comments and judgements on its open text."""
    if not edition:
        return {}
    found = shown(edition, edition.comments.select_related("resolved_by"))
    judgements, still_open = edition.judgements(), [comment for comment in found if not comment.resolved_at]
    return {
        "judgements": judgements,
        "open_comments": still_open,
        "resolved_comments": [comment for comment in found if comment.resolved_at],
        "unanswered": unanswered(judgements, len(still_open)),
    }


def unanswered(judgements: Iterable[Judgement], comments: int) -> str:
    """“Ana asked for changes, and 2 comments are open”: a warning to whoever publishes, or nothing to say."""
    asking = [str(one.invitation or one.by) for one in judgements if not one.approves and not one.void]
    told = [f"{get_text_list(asking, 'and')} asked for changes"] if asking else []
    if comments:
        told.append("1 comment is open" if comments == 1 else f"{comments} comments are open")
    return ", and ".join(told)


def may_publish(request: HttpRequest) -> bool:
    return allowed(request, "publish", Edition)


def may_comment(request: HttpRequest) -> bool:
    return allowed(request, "change", Edition) or may_publish(request)


# What the buttons do ----------------------------------------------------------------------


def _invite(edition: Edition, *, by: Any, days: int, **words: Any) -> Invitation:
    return actions.invite(edition, by=by, until=timezone.now() + datetime.timedelta(days=days), **words)


#: A button with a form writes something about the text; one beside a row of the text, which is named first, does
#: something with the row. Then the verb, and what the person is told.
BUTTONS: dict[str, tuple[str, Callable[..., Any], str]] = {
    "comment": (
        "",
        actions.comment,
        "Your comment is saved. The author and the reviewers will see it on their dashboards.",
    ),
    "invite": (
        "",
        _invite,
        "The link for {} is ready below. Nothing was sent: copy it, or write the message yourself.",
    ),
    "resolve": ("comments", actions.resolve, "Resolved. You can find the comment below and reopen it."),
    "reopen": ("comments", actions.reopen, "The comment is open again."),
    "revoke": (
        "invitations",
        actions.revoke,
        "The link for {} no longer works, and any approval given through it no longer counts.",
    ),
}
OF_REVIEWERS = ("invite", "revoke")


# The page ---------------------------------------------------------------------------------


def review(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """``desk`` is the page's admin."""
    page = desk.row(request, object_id)
    if not allowed(request, "view", Edition) or (request.method == "POST" and not may_comment(request)):
        raise PermissionDenied
    edition = page.open_edition()
    written: dict[str, forms.Form] = {}
    if edition:
        edition.page = page
        sent = {request.POST.get("do"): request.POST}
        written["comment"] = CommentForm(sent.get("comment"), edition=edition, auto_id="id_comment_%s")
        written["invite"] = InvitationForm(sent.get("invite"), auto_id="id_guest_%s")
    if request.method == "POST" and _press(request, edition, written):
        return HttpResponseRedirect(request.path)
    publishes = may_publish(request)
    wrote = bool(edition) and request.user.pk in edition.authors()
    context = {
        "title": "Comments and invited reviewers",
        "edition": edition,
        "invitations": edition.invitations.with_use().select_related("created_by") if edition else [],
        "comment_form": written.get("comment"),
        "invitation_form": written.get("invite"),
        "may_comment": may_comment(request),
        "may_revoke": publishes,
        "may_invite": publishes and (not wrote or settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES),
        "wrote_it": publishes and wrote,
        **said_of(edition),
    }
    return desk.screen(request, page, "admin/publishing/review.html", context)


def _press(request: HttpRequest, edition: Edition | None, written: dict[str, forms.Form]) -> bool:
    """Do what a button says. False when the page must be shown again with what was typed."""
    button = request.POST.get("do", "")
    if button not in BUTTONS or not edition:
        messages.error(request, "This text is no longer under review, so nothing was changed.")
        return True
    if button in OF_REVIEWERS and not may_publish(request):
        raise PermissionDenied
    form = written.get(button)
    if form and not form.is_valid():
        return False
    rows, verb, said = BUTTONS[button]
    row = getattr(edition, rows).filter(pk=primary_key(request.POST.get("row", ""))).first() if rows else None
    try:
        if rows and not row:
            raise actions.Refused("That belongs to another text or no longer exists. Nothing was changed.")
        done = verb(row or edition, by=request.user, **(form.cleaned_data if form else {}))
        messages.success(request, said.format(done))
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
        return False
    return True
