"""The catalogue: every therapy with what the confirmed events say of it on a day, filtered and counted.

Ninety-odd rows are filtered in Python: one pass gives the list and the counts beside every
choice, and the number of queries does not depend on what is asked.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from .. import lifeline
from ..models import ApprovalEvent
from .record import Record, Row

STATUS = {
    "approved": "Approved",
    "accelerated": "Accelerated approval only",
    "withdrawn": "With a withdrawn use",
    "not-sold": "No longer sold in the US",
}
SORT = {"": "By name", "newest": "Newest first", "oldest": "Oldest first", "uses": "Most uses first"}
FILTERS = ("cancer", "family", "kind", "biomarker", "target", "status", "year")


class Catalogue:
    def __init__(self) -> None:
        self.record = Record()
        self.today = self.on = timezone.localdate()
        self.filters: dict[str, Any] = {}
        self.rows: list[Row] = []

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What each filter may be set to; the empty choice asks nothing."""
        record = self.record
        cancers = sorted((name, slug) for slug, (name, _) in record.cancers.items())
        return {
            "cancer": [("", "Any cancer"), *((slug, name) for name, slug in cancers)],
            "family": [("", "Any type"), *record.families.items()],
            "kind": [("", "Any class"), *record.kinds.items()],
            "biomarker": [("", "Any"), *record.biomarkers.items()],
            "target": [("", "Any target"), *sorted(record.targets.items(), key=lambda item: item[1].lower())],
            "status": [("", "Any status"), *STATUS.items()],
            "year": [("", "Any year"), *((str(year), str(year)) for year in record.years)],
            "sort": list(SORT.items()),
        }

    def select(self, filters: dict[str, Any]) -> list[Row]:
        """The rows that the filters leave, in order. What was not approved by that day is not in the catalogue."""
        self.filters = {name: value for name, value in filters.items() if value}
        self.on = self.filters.get("on") or self.today
        self.all = self.record.rows(self.on)
        words = self.filters.get("q", "").lower().split()
        self.named = [row for row in self.all if row.matches(words)]
        rows = [row for row in self.named if self._passes(row, self.filters)]
        since = self.today - ApprovalEvent.NEW_FOR
        for row in rows:
            row.shown = row.asked(self.filters)
            row.is_new = any(date >= since for use in row.shown for _, date, _ in use.events)
            row.line = lifeline.of_therapy([use.events for use in row.shown], self.on, self.today)
        self.rows = sorted(rows, key=self._order)
        return self.rows

    @staticmethod
    def _passes(row: Row, filters: dict[str, Any]) -> bool:
        for name, value in filters.items():
            if name in ("family", "kind") and getattr(row, name) != value:
                return False
            if name == "target" and value not in row.targets:
                return False
            if name == "year" and str(row.first.year) != value:
                return False
        uses = row.asked(filters)
        return bool(uses) and ("status" not in filters or filters["status"] in row.statuses(uses))

    def _order(self, row: Row) -> tuple:
        keys: dict[str, Any] = {"newest": -row.first.toordinal(), "oldest": row.first.toordinal(), "uses": -row.number}
        return (not row.in_force, keys.get(self.filters.get("sort", ""), 0), row.name.lower())  # withdrawn ones last

    def counts(self) -> dict[str, dict[str, int]]:
        """For each filter and choice: how many therapies it would leave, the other filters as they are."""
        found: dict[str, dict[str, int]] = {}
        for name in FILTERS:
            others = {key: value for key, value in self.filters.items() if key != name}
            rows = [row for row in self.named if self._passes(row, others)]
            found[name] = Counter(value for row in rows for value in self._answers(row, name, others))
        return found

    @staticmethod
    def _answers(row: Row, name: str, others: dict[str, Any]) -> Iterable[str]:
        """The choices of one filter that a row fits, the other filters as they are."""
        if name in ("family", "kind"):
            return [getattr(row, name)]
        if name == "target":
            return row.targets
        if name == "year":
            return [str(row.first.year)]
        uses = row.asked(others)
        if name == "status":
            return row.statuses(uses)
        status = others.get("status")
        fitting = [use for use in uses if not status or status in row.statuses([use])]
        return {value for use in fitting for value in (use.cancers if name == "cancer" else use.biomarkers)}

    def wider(self) -> list[tuple[str, dict[str, str], int]]:
        """For an empty list: what leaving out one filter would give, as (filter, query, number), nearest first."""
        found = []
        for name in self.filters.keys() - {"sort", "on"}:
            others = {key: value for key, value in self.filters.items() if key != name}
            number = sum(self._passes(row, others) for row in (self.all if name == "q" else self.named))
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
        record = self.record
        words = {
            "cancer": ("for", {slug: name for slug, (name, _) in record.cancers.items()}),
            "family": ("of the type", record.families),
            "kind": ("of the class", record.kinds),
            "target": ("with the target", record.targets),
            "biomarker": ("with the test result", record.biomarkers),
            "status": ("with the status", STATUS),
        }
        for name, (before, names) in words.items():
            if name in self.filters:
                yield f"{before} {names[self.filters[name]]}"
        if "year" in self.filters:
            yield f"first approved in {self.filters['year']}"
        if "q" in self.filters:
            yield f"with “{self.filters['q']}” in a name"
