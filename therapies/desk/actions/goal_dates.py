"""The verbs of goal dates: one is added with its source, and closed with what became of it."""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from portal.publishing import actions, audit, moments
from portal.publishing.actions import Refused
from portal.publishing.actions.refusal import reason
from portal.publishing.models import Source

from ...models import GoalDate


@transaction.atomic
def add_goal_date(drug: str, use: str, date: datetime.date, source: Source, *, by: User) -> GoalDate:
    """Remember by when FDA means to decide. Raises Refused where it is known already, or its source may not be."""
    if GoalDate.objects.filter(drug=drug, use=use, date=date).exists():
        raise Refused("This goal date is already on the list. Nothing was added.")
    actions.add_source(source, by=by)
    goal = GoalDate.objects.create(drug=drug, use=use, date=date, source=source, added_by=by)
    audit.note("added", goal, by=by, detail=f"goal date {moments.day(date)}")
    return goal


@transaction.atomic
def close_goal_date(goal: GoalDate, outcome: str, *, by: User, because: str) -> None:
    """Say what became of it. Raises Refused without a reason, and where somebody else just did."""
    because = reason(because, "Say where you read it, or what happened.")
    if outcome not in GoalDate.Outcome:
        raise Refused("Choose what happened. Nothing was changed.")
    told = {"outcome": outcome, "closed_at": timezone.now(), "closed_by": by, "closed_because": because}
    if not GoalDate.objects.open().filter(pk=goal.pk).update(**told):
        raise Refused("Somebody else just closed this goal date. Nothing was changed.")
    audit.note("closed", goal, by=by, detail=f"{GoalDate.Outcome(outcome).label}: {because}")
