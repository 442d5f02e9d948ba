"""The buttons under a text: which make sense now, and what each does.

A button submits the whole form, so what was typed is saved before it acts.
"""

import datetime
from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from .. import actions, audit
from ..models import Edition, Page, Status
from ..moments import day, when
from ..permissions import allowed
from .reviews import unanswered

#: Does what a button says with what was typed, and answers what the person is told.
type Press = Callable[[Edition, Any, QueryDict], str]


class Button(NamedTuple):
    """``acts_on`` finds the edition that it moves: the one that is open, or the one that readers see.

    ``done`` is what the audit trail says when it has done its work.
    ``fresh`` buttons decide what readers see, so they ask for a sign-in of the last minutes.
    """

    acts_on: Callable[[Page], Edition | None]
    permission: str
    press: Press
    done: str
    fresh: bool = False


def _moment(typed: str) -> datetime.datetime:
    try:
        return forms.DateTimeField().clean(typed)
    except ValidationError as error:
        raise actions.Refused(f"Choose a date and a time. {' '.join(error.messages)}") from None


def _warning(edition: Edition) -> str:
    open_now = unanswered(edition.judgements(), edition.comments.open().count())
    return f" Still unanswered: {open_now}." if open_now else ""


def _verb(verb: Callable[..., Any], said: str, because: str = "") -> Press:
    """A button that says the same each time. ``because`` names the field of the reason that its verb takes."""

    def press(edition: Edition, by: Any, posted: QueryDict) -> str:
        verb(edition, by=by, **({"because": posted.get(because, "")} if because else {}))
        return said

    return press


def _publish(edition: Edition, by: Any, posted: QueryDict) -> str:
    ends = edition.page.editions.live().filter(unpublish_at__isnull=False).first()
    warning = _warning(edition)
    actions.publish(edition, by=by)
    said = f"Published. Readers see this version now.{warning}"
    if ends:
        said += (
            f" The previous version was going to be unpublished on {when(ends.unpublish_at)}. That no longer applies."
        )
    return said


def _schedule(edition: Edition, by: Any, posted: QueryDict) -> str:
    at = _moment(posted.get("_publish_at", ""))
    actions.schedule(edition, by=by, at=at)
    return f"Scheduled. Readers will see this version from {when(at)}.{_warning(edition)}"


def _review(edition: Edition, by: Any, posted: QueryDict) -> str:
    actions.review_unchanged(edition, by=by)
    due = day(edition.review_due)
    return f"Noted: you read this page today, and it is still right. Its next review is due by {due}."


def _unpublish(edition: Edition, by: Any, posted: QueryDict) -> str:
    actions.unpublish(edition, by=by, **_why(posted))
    return "Unpublished. Readers no longer see this page. Anyone who opens its link sees the reason you chose."


def _why(posted: QueryDict) -> dict[str, str]:
    return {"because": posted.get("_unpublish_because", ""), "words": posted.get("_unpublish_words", "")}


def _plan_unpublication(edition: Edition, by: Any, posted: QueryDict) -> str:
    at = _moment(posted.get("_unpublish_at", ""))
    actions.plan_unpublication(edition, by=by, at=at, **_why(posted))
    return f"Noted. Readers will see this page until {when(at)}."


_submit = _verb(actions.submit, "Submitted. A reviewer will read it. Until it is published, readers don’t see it.")
_discard = _verb(
    actions.discard, "Draft discarded. You can still read it in the history, and bring it back from there."
)
_unschedule = _verb(actions.unschedule, "Taken off the schedule. The text is back in review and can be changed.")
_return = _verb(actions.return_for_changes, "Returned to its author with your reason.", "_because")
_keep = _verb(actions.keep, "The page stays published.")


def _leaving(page: Page) -> Edition | None:
    """A page that is still to come may be planned to go."""
    return page.live_edition() or page.editions.filter(status=Status.SCHEDULED).first()


BUTTONS = {
    "_submit": Button(Page.open_edition, "change", _submit, "submitted"),
    "_discard": Button(Page.open_edition, "change", _discard, "discarded"),
    "_publish": Button(Page.open_edition, "publish", _publish, "published", fresh=True),
    "_schedule": Button(Page.open_edition, "publish", _schedule, "scheduled", fresh=True),
    "_unschedule": Button(Page.open_edition, "publish", _unschedule, "taken off the schedule"),
    "_return": Button(Page.open_edition, "publish", _return, "returned for changes"),
    "_review": Button(Page.live_edition, "publish", _review, "reviewed, no change"),
    "_unpublish": Button(Page.live_edition, "publish", _unpublish, "unpublished", fresh=True),
    "_plan_unpublication": Button(_leaving, "publish", _plan_unpublication, "planned to unpublish", fresh=True),
    "_keep": Button(_leaving, "publish", _keep, "kept"),
}
#: What somebody typed for a button; it comes back with a refusal.
TYPED = ("_because", "_publish_at", "_unpublish_because", "_unpublish_words", "_unpublish_at")


def pressed(posted: QueryDict) -> Button | None:
    return next((button for name, button in BUTTONS.items() if name in posted), None)


def press(button: Button, request: HttpRequest, page: Page) -> str:
    """Do what a button says. Raises Refused with a sentence for the person who pressed it."""
    if not allowed(request, button.permission, Edition):
        who = "a reviewer" if button.permission == "publish" else "an editor"
        raise actions.Refused(f"Only {who} can do that. What you typed is saved.")
    edition = button.acts_on(page)
    if not edition and button.acts_on is Page.open_edition:
        raise actions.Refused("There is no draft to act on. Change the text first.")
    if not edition:
        raise actions.Refused("Readers don’t see this page, so nothing was done.")
    return button.press(edition, request.user, request.POST)


def just_pressed(button: Button, request: HttpRequest, page: Page) -> bool:
    """Whether this person pressed the same button a moment ago, and it did its work: a second click is no mistake."""
    edition = button.acts_on(page) or page.last_edition()
    last = audit.last(edition) if edition else None
    if not last or (last.verb, last.by_id) != (button.done, request.user.pk):
        return False
    return timezone.now() - last.at < datetime.timedelta(minutes=1)


def offered(request: HttpRequest, page: Page | None, edition: Edition | None, live: Edition | None) -> dict[str, bool]:
    """The buttons that make sense now, for this person, as ``can_…`` for the form."""
    user: Any = request.user
    status = edition.status if edition else None
    alone = settings.PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES
    wrote = edition is not None and user.pk in {*edition.authors(), edition.submitted_by_id} and not alone
    reviews = allowed(request, "publish", Edition)
    ready = reviews and status in (Status.IN_REVIEW, Status.SCHEDULED)
    leaving = live or (edition if status == Status.SCHEDULED else None)
    return {
        "can_discard": status in (Status.DRAFT, Status.IN_REVIEW) and allowed(request, "change", Edition),
        "can_publish": ready and not wrote,
        "can_unschedule": reviews and status == Status.SCHEDULED,
        "can_return": reviews and status == Status.IN_REVIEW,
        "wrote_it": ready and wrote,
        "can_review": reviews and live is not None and edition is None and user.pk not in live.authors(),
        "can_unpublish": reviews and live is not None,
        "can_plan_unpublication": reviews and leaving is not None,
        "can_keep": reviews and leaving is not None and leaving.unpublish_at is not None,
    }
