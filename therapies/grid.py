"""Cancers beside types of immunotherapy: how many therapies of each type FDA allows for each cancer on a day.

It counts what the catalogue lists, from the same rows, so that each cell is the number behind an address there.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from . import timeline
from .catalogue.record import Record, TherapyRow


@dataclass
class Cell:
    """The therapies of one type for one cancer. Each counts once, by the best of its uses."""

    address: str
    of: str  # what the type is called
    approved: int = 0
    early: int = 0
    ended: int = 0

    def count(self, states: Iterable[str]) -> None:
        if not {timeline.APPROVED, timeline.CONVERTED}.isdisjoint(states):
            self.approved += 1
        elif timeline.ACCELERATED in states:
            self.early += 1
        else:
            self.ended += 1

    @property
    def is_empty(self) -> bool:
        return not (self.approved or self.early or self.ended)


@dataclass
class CancerLine:
    slug: str
    name: str
    is_kind: bool  # of the cancer above it
    cells: list[Cell]

    @property
    def is_empty(self) -> bool:
        return all(cell.is_empty for cell in self.cells)


class Grid:
    def __init__(self, record: Record, on: datetime.date | None = None, family: str = "") -> None:
        self.today = timezone.localdate()
        self.on = on or self.today
        self.family = family  # its classes are the columns; without one, the families are
        self.record = record

    @property
    def is_past(self) -> bool:
        return self.on != self.today

    @property
    def day_query(self) -> str:
        return f"?{urlencode(self._day)}" if self.is_past else ""

    @property
    def address(self) -> str:
        asked = ({"type": self.family} if self.family else {}) | self._day
        return f"?{urlencode(asked)}" if asked else ""

    @property
    def _day(self) -> dict[str, str]:
        return {"on": self.on.isoformat()} if self.is_past else {}

    @cached_property
    def families(self) -> dict[str, str]:
        """Names of the types by slug, in the order of the house."""
        return {row.family: row.family_name for row in self.record.therapies.values()}

    @cached_property
    def columns(self) -> dict[str, str]:
        if not self.family:
            return self.families
        return {row.kind: row.kind_name for row in self.record.therapies.values() if row.family == self.family}

    def narrower(self) -> list[tuple[str, str]]:
        """What each type is called, with the query that shows its classes."""
        return [(name, f"?{urlencode({'type': slug} | self._day)}") for slug, name in self.families.items()]

    def _column(self, row: TherapyRow) -> str:
        return row.kind if self.family else row.family

    @cached_property
    def _cells(self) -> dict[str, dict[str, Cell]]:
        """The cells that count something, by cancer and column."""
        states: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for row in self.record.rows(self.on):
            for use in row.uses if self._column(row) in self.columns else ():
                for cancer in use.cancers:
                    states[cancer, self._column(row), row.slug].add(use.state)
        found: dict[str, dict[str, Cell]] = defaultdict(dict)
        for (cancer, column, _), of_uses in states.items():
            cell = found[cancer].setdefault(column, Cell(self._listed(cancer, column), self.columns[column]))
            cell.count(of_uses)
        return found

    def _listed(self, cancer: str, column: str) -> str:
        """Address of the list of just these therapies."""
        asked = {"cancer": cancer, "kind" if self.family else "family": column} | self._day
        return f"{reverse('therapies:index')}?{urlencode(asked)}"

    @cached_property
    def lines(self) -> list[CancerLine]:
        """Every cancer, each followed by its kinds."""
        cancers = self.record.cancers
        kinds = defaultdict(list)
        for slug, (name, parent) in cancers.items():
            kinds[parent].append((slug, name))
        found = []
        for slug, (name, parent) in cancers.items():
            if parent not in cancers:
                found.append(self._line(slug, name, is_kind=False))
                found += [self._line(one, called, is_kind=True) for one, called in kinds[slug]]
        return found

    def _line(self, slug: str, name: str, *, is_kind: bool) -> CancerLine:
        counted = self._cells.get(slug, {})
        cells = [
            counted.get(column) or Cell(self._listed(slug, column), called) for column, called in self.columns.items()
        ]
        return CancerLine(slug, name, is_kind, cells)

    @property
    def shown(self) -> list[CancerLine]:
        return [line for line in self.lines if not line.is_empty]

    @property
    def without(self) -> list[CancerLine]:
        """The cancers for which there is nothing to show."""
        return [line for line in self.lines if line.is_empty]
