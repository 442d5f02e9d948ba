"""What happens to a text at a moment to come: verbs that plan it, and the clock that does what has come due."""

import datetime
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from .. import audit, moments
from ..models import Edition, Status, with_pages
from .moving import hold, moved, noted
from .refusal import Refused
from .texts import approved, check_unpublishing, switch, take_away

SHOWN_OR_SOON = [Status.SCHEDULED, Status.PUBLISHED]


def _require_future(at: datetime.datetime) -> None:
    if at <= timezone.now():
        raise Refused("That time has passed. Choose a later time, or do it now.")
    if at > timezone.now() + datetime.timedelta(days=3653):  # the last days of the calendar are none in another zone
        raise Refused("Choose a time within the next ten years.")


@transaction.atomic
def schedule(edition: Edition, *, by: User, at: datetime.datetime) -> Edition:
    """Approve a submitted text and let it go public at a moment to come. Raises Refused as ``publish`` does."""
    _require_future(at)
    alone, allowed = approved(edition, by)
    moved(
        edition,
        allowed=allowed,
        status=Status.SCHEDULED,
        publish_at=at,
        scheduled_at=timezone.now(),
        scheduled_by=by,
        published_alone=alone,
        **({} if edition.submitted_at else {"submitted_at": timezone.now(), "submitted_by": by}),
    )
    note = audit.who_set_up_whom(by, edition.authors())
    return noted("scheduled", edition, by=by, detail=f"for {moments.when(at)} {note}".strip())


@transaction.atomic
def unschedule(edition: Edition, *, by: User) -> Edition:
    """Take a text off the schedule: it waits for review again, and can be changed."""
    moved(
        edition,
        allowed=[Status.SCHEDULED],
        status=Status.IN_REVIEW,
        publish_at=None,
        scheduled_at=None,
        scheduled_by=None,
        published_alone=False,
        unpublish_at=None,
        unpublish_planned_by=None,
        unpublished_because="",
    )
    return noted("taken off the schedule", edition, by=by)


@transaction.atomic
def plan_unpublication(edition: Edition, *, by: User, at: datetime.datetime, because: str, words: str = "") -> Edition:
    """Let a text be taken from readers at a moment to come, unless a later text takes its place before.

    It may still be scheduled: then it is public for a time that was set from the start. ``because`` and ``words`` are
    those of ``unpublish``.
    """
    hold(edition)
    _require_future(at)
    if edition.publish_at and edition.status == Status.SCHEDULED and at <= edition.publish_at:
        raise Refused("That is before the text goes public. Choose a later time.")
    check_unpublishing(edition, because)
    moved(
        edition,
        allowed=SHOWN_OR_SOON,
        unpublish_at=at,
        unpublish_planned_by=by,
        unpublished_because=because,
    )
    return noted("planned to unpublish", edition, by=by, detail=f"{moments.when(at)}: {because} {words}".strip())


@transaction.atomic
def keep(edition: Edition, *, by: User) -> Edition:
    """Give up a planned unpublication."""
    moved(edition, allowed=SHOWN_OR_SOON, unpublish_at=None, unpublish_planned_by=None, unpublished_because="")
    return noted("kept", edition, by=by)


# What has come due ---------------------------------------------------------------------


class Plan(NamedTuple):
    """Something that will happen by itself."""

    at: datetime.datetime
    publishes: bool
    edition: Edition


def planned(until: datetime.datetime | None = None) -> list[Plan]:
    """Everything that will happen by itself, in order; with ``until``, what is due by then.

    Of what is planned for one moment, what goes public comes first. Two queries, and one a kind of page.
    """
    rows = Edition.objects.select_related("page", "scheduled_by", "unpublish_planned_by")
    going = rows.filter(status__in=SHOWN_OR_SOON, unpublish_at__isnull=False)
    found = [Plan(edition.publish_at, True, edition) for edition in rows.filter(status=Status.SCHEDULED)]
    found += [Plan(edition.unpublish_at, False, edition) for edition in going]
    found = [plan for plan in found if not until or plan.at <= until]
    with_pages(plan.edition for plan in found)
    return sorted(found, key=lambda plan: (plan.at, not plan.publishes, plan.edition.pk))


def catch_up(now: datetime.datetime | None = None) -> list[str]:
    """Do, in order, what has come due; answer what was done. Of two that run at once, each thing is done by one."""
    done = []
    for plan in planned(until=now or timezone.now()):
        try:
            _do(plan.edition, plan.publishes)
            done.append(f"{'published' if plan.publishes else 'unpublished'} {plan.edition.page}")
        except Refused:
            continue  # somebody else did it first, or took it off the schedule
    return done


@transaction.atomic
def _do(edition: Edition, publishes: bool) -> None:
    hold(edition)
    if publishes and (approver := edition.scheduled_by):
        switch(edition, allowed=[Status.SCHEDULED], by=approver, alone=edition.published_alone)
        noted("published", edition, by=None, name="the clock", detail=f"as {approver} scheduled it")
    elif not publishes and edition.unpublish_at:
        take_away(edition, edition.unpublish_planned_by, edition.unpublished_because)
        noted("unpublished", edition, by=None, name="the clock", detail=edition.unpublished_because)
    else:
        raise Refused("This is no longer scheduled.")
