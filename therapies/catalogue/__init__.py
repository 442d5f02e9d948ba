"""The catalogue: every therapy with what FDA's decisions say of it on a day, filtered and counted."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from .. import lifeline
from ..models import ApprovalEvent
from ..narrowing import Asked, Filter, NarrowedList
from .filters import FILTERS
from .record import Record, TherapyRow, UseRow

#: Filters that tell the uses of one therapy apart, and what such a use is for.
TELLING = {"cancer": "this cancer", "biomarker": "this test result"}
SORT = {"": "By name", "newest": "Newest first", "oldest": "Oldest first", "uses": "Most uses first"}


def uses_asked(row: TherapyRow, asked: Asked) -> list[UseRow]:
    """The uses that all filters but that by status leave."""
    wanted = [(one.of_use, asked[one.name]) for one in FILTERS if one.of_use and asked.get(one.name)]
    return [use for use in row.uses if all(value in of_use(row, use) for of_use, value in wanted)]


def _status_fits(row: TherapyRow, uses: list[UseRow], asked: Asked) -> bool:
    status = asked.get("status")
    return not status or status in row.statuses(uses)


class Catalogue(NarrowedList):
    offered = FILTERS
    headed, cited = "Therapies", "Immunotherapies approved by FDA"

    def __init__(self) -> None:
        super().__init__()
        self.record = Record()

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return super().choices() | {"sort": list(SORT.items())}

    def fitting(self, asked: Asked) -> list[TherapyRow]:
        words = asked.get("q", "").lower().split()
        named = [row for row in self.all if row.matches(words)]
        return [row for row in named if (uses := uses_asked(row, asked)) and _status_fits(row, uses, asked)]

    def answers(self, row: TherapyRow, one: Filter, others: Asked) -> Iterable[str]:
        uses = uses_asked(row, others)
        if not one.of_use:
            return row.statuses(uses)
        return {value for use in uses if _status_fits(row, [use], others) for value in one.of_use(row, use)}

    def select(self, filters: Asked) -> list[TherapyRow]:
        """The rows that the filters leave, in order. What was not approved by that day is not in the catalogue."""
        self.ask(filters)
        self.all = self.record.rows(self.on)
        rows = self.fitting(self.filters)
        since = self.today - ApprovalEvent.NEW_FOR
        told = [words for name, words in TELLING.items() if name in self.filters]
        for row in rows:
            row.shown = uses_asked(row, self.filters)
            row.asked = told[0] if len(told) == 1 else "these uses"
            row.is_new = any(date >= since for use in row.shown for _, date, _ in use.events)
            row.line = lifeline.of_therapy([use.events for use in row.shown], self.on, self.today)
        self.rows = sorted(rows, key=self._order)
        return self.rows

    def _order(self, row: TherapyRow) -> tuple:
        keys: dict[str, Any] = {"newest": -row.first.toordinal(), "oldest": row.first.toordinal(), "uses": -row.number}
        return (not row.in_force, keys.get(self.filters.get("sort", ""), 0), row.name.lower())  # those that ended last

    @property
    def elsewhere(self) -> list[tuple[str, str]]:
        """Cancers and test results with the words that no therapy has in a name: their names and addresses."""
        words = self.filters.get("q", "").lower().split()
        pages = [(name, "cancer", slug) for slug, (name, _) in self.record.cancers.items()]
        pages += [(name, "biomarker", slug) for slug, name in self.record.biomarkers.items()]
        found = [page for page in sorted(pages) if words and all(word in page[0].lower() for word in words)]
        return [(name, reverse(f"therapies:{kind}", args=[slug])) for name, kind, slug in found]

    def filters_said(self) -> list[str]:
        named = [f"with “{self.filters['q']}” in a name"] if "q" in self.filters else []
        return super().filters_said() + named

    @property
    def said(self) -> str:
        """What the list holds, as one sentence without its end."""
        approved = sum(row.in_force for row in self.rows)
        ended = len(self.rows) - approved
        parts = [f"{approved} {'therapy' if approved == 1 else 'therapies'} approved", *self.filters_said()]
        if ended:
            parts.append(f"and {ended} no longer approved")
        return " ".join(parts)
