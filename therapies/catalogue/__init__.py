"""The catalogue: every therapy with what FDA's decisions say of it on a day, filtered and counted.

Ninety-odd rows are filtered in Python: one pass gives the list and the counts beside every
choice, and the number of queries does not depend on what is asked.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from .. import lifeline
from ..models import ApprovalEvent
from .filters import FILTERS, CatalogueFilter
from .record import Record, TherapyRow, UseRow

SORT = {"": "By name", "newest": "Newest first", "oldest": "Oldest first", "uses": "Most uses first"}

type Asked = Mapping[str, Any]


def uses_asked(row: TherapyRow, asked: Asked) -> list[UseRow]:
    """The uses that all filters but that by status leave."""
    wanted = [(one.of_use, asked[one.name]) for one in FILTERS if one.of_use and asked.get(one.name)]
    return [use for use in row.uses if all(value in of_use(row, use) for of_use, value in wanted)]


def passes(row: TherapyRow, asked: Asked) -> bool:
    uses = uses_asked(row, asked)
    return bool(uses) and _status_fits(row, uses, asked)


def _status_fits(row: TherapyRow, uses: list[UseRow], asked: Asked) -> bool:
    status = asked.get("status")
    return not status or status in row.statuses(uses)


def answers(row: TherapyRow, one: CatalogueFilter, others: Asked) -> Iterable[str]:
    """The choices of one filter that a row fits, the other filters as they are."""
    uses = uses_asked(row, others)
    if not one.of_use:
        return row.statuses(uses)
    return {value for use in uses if _status_fits(row, [use], others) for value in one.of_use(row, use)}


class Catalogue:
    def __init__(self) -> None:
        self.record = Record()
        self.today = self.on = timezone.localdate()
        self.filters: dict[str, Any] = {}
        self.rows: list[TherapyRow] = []

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What each filter may be set to; the empty choice asks nothing."""
        return {one.name: one.offered(self.record) for one in FILTERS} | {"sort": list(SORT.items())}

    def select(self, filters: dict[str, Any]) -> list[TherapyRow]:
        """The rows that the filters leave, in order. What was not approved by that day is not in the catalogue."""
        self.filters = {name: value for name, value in filters.items() if value}
        self.on = self.filters.get("on") or self.today
        self.all = self.record.rows(self.on)
        words = self.filters.get("q", "").lower().split()
        self.named = [row for row in self.all if row.matches(words)]
        rows = [row for row in self.named if passes(row, self.filters)]
        since = self.today - ApprovalEvent.NEW_FOR
        for row in rows:
            row.shown = uses_asked(row, self.filters)
            row.is_new = any(date >= since for use in row.shown for _, date, _ in use.events)
            row.line = lifeline.of_therapy([use.events for use in row.shown], self.on, self.today)
        self.rows = sorted(rows, key=self._order)
        return self.rows

    def _order(self, row: TherapyRow) -> tuple:
        keys: dict[str, Any] = {"newest": -row.first.toordinal(), "oldest": row.first.toordinal(), "uses": -row.number}
        return (not row.in_force, keys.get(self.filters.get("sort", ""), 0), row.name.lower())  # withdrawn ones last

    def _without(self, name: str) -> dict[str, Any]:
        return {key: value for key, value in self.filters.items() if key != name}

    def counts(self) -> dict[str, dict[str, int]]:
        """For each filter and choice: how many therapies it would leave, the other filters as they are."""
        found: dict[str, dict[str, int]] = {}
        for one in FILTERS:
            others = self._without(one.name)
            rows = [row for row in self.named if passes(row, others)]
            found[one.name] = Counter(value for row in rows for value in answers(row, one, others))
        return found

    def wider(self) -> list[tuple[str, dict[str, str], int]]:
        """For an empty list: what leaving out one filter would give, as (filter, query, number), nearest first."""
        found = []
        for name in self.filters.keys() - {"sort", "on"}:
            others = self._without(name)
            number = sum(passes(row, others) for row in (self.all if name == "q" else self.named))
            if number:
                found.append((name, {key: str(value) for key, value in others.items()}, number))
        return sorted(found, key=lambda item: (item[2], item[0]))

    @property
    def is_past(self) -> bool:
        return self.on != self.today

    @property
    def said(self) -> str:
        """What the list holds, as one sentence without its end."""
        approved = sum(row.in_force for row in self.rows)
        withdrawn = len(self.rows) - approved
        parts = [f"{approved} {'therapy' if approved == 1 else 'therapies'} approved", *self._filters_said()]
        if withdrawn:
            parts.append(f"and {withdrawn} with withdrawn uses only")
        return " ".join(parts)

    def _filters_said(self) -> Iterable[str]:
        for one in FILTERS:
            if one.name in self.filters:
                yield one.said.format(one.choices(self.record)[self.filters[one.name]])
        if "q" in self.filters:
            yield f"with “{self.filters['q']}” in a name"
