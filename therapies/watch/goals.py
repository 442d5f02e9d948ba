"""The calendar of goal dates: what FDA means to decide soon, and what it should have decided by now."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone

from portal.publishing import moments

from ..models import ApprovalEvent, GoalDate

SOON = datetime.timedelta(days=60)
#: FDA may decide this long before its goal.
EARLY = datetime.timedelta(days=120)


class ExpectedDecision(NamedTuple):
    """A goal date that nobody closed."""

    goal: GoalDate
    days: int  # until then; negative once it passed
    decided_on: datetime.date | None  # the last decision of ours on this drug that could be the one

    @property
    def has_passed(self) -> bool:
        return self.days < 0

    @property
    def note(self) -> str:
        """What staff should know of it now."""
        day = moments.day(self.goal.date)
        when = "tomorrow" if abs(self.days) == 1 else f"in {self.days} days"
        ago = "yesterday" if abs(self.days) == 1 else f"{-self.days} days ago"
        if not self.has_passed:
            return f"FDA’s goal date is {day}, {when if self.days else 'today'}."
        if self.decided_on:
            decided = moments.day(self.decided_on)
            return (
                f"FDA’s goal date, {day}, passed {ago}. Our data has an FDA decision on {self.goal.drug} of {decided}. "
                "If that is the one, close this goal date."
            )
        return f"FDA’s goal date, {day}, passed {ago}, and no decision is entered."


def expected(*, soon: bool = False) -> list[ExpectedDecision]:
    """Every open goal date, the earliest first; with ``soon`` without those that are far ahead. Two queries."""
    today = timezone.localdate()
    found = GoalDate.objects.open().select_related("source")
    goals = list(found.filter(date__lte=today + SOON) if soon else found)
    decided = _decisions(goals)
    return [
        ExpectedDecision(goal, (goal.date - today).days, _fitting(goal, decided[goal.drug.casefold()]))
        for goal in goals
    ]


def _decisions(goals: Iterable[GoalDate]) -> dict[str, list[datetime.date]]:
    """The days of our decisions by the name of their drug."""
    found: dict[str, list[datetime.date]] = defaultdict(list)
    if names := {name for goal in goals for name in (goal.drug, goal.drug.lower())}:
        events = ApprovalEvent.objects.filter(indication__therapy__name__in=names).order_by("date")
        for name, date in events.values_list("indication__therapy__name", "date"):
            found[name.casefold()].append(date)
    return found


def _fitting(goal: GoalDate, dates: list[datetime.date]) -> datetime.date | None:
    return max((date for date in dates if date >= goal.date - EARLY), default=None)
