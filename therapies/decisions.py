"""FDA's decisions up to a day, as ``/approvals/`` tells them: filtered, counted, and by year and family.

Some hundred rows are filtered in Python, so one pass gives the list, the chart and the number beside every choice.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.text import slugify

from . import reading, timeline
from .chart import Chart
from .models import ApprovalEvent, Cancer, Indication

FILTERS = ("cancer", "family", "kind")
#: What can happen to a use, by the word that readers see for it.
KINDS = {
    "Approved": "Approved",
    "Accelerated approval": "Accelerated approval",
    "Confirmed": "Confirmed by more research",
    timeline.WIDENED: "Expanded to more people",
    "Withdrawn": "Withdrawn",
}


class Decision(NamedTuple):
    word: str
    event: ApprovalEvent
    use: timeline.Use
    answers: dict[str, set[str]]  # the choices of each filter that it fits


class Decisions:
    """Reads the record in three queries; ``select`` may then be asked once."""

    def __init__(self) -> None:
        self.today = self.on = timezone.localdate()
        self.filters: dict[str, str] = {}

    @cached_property
    def _events(self) -> list[ApprovalEvent]:
        events = reading.events().filter(date__lte=self.today)
        return list(events.select_related("indication__therapy__therapy_class__family"))

    @cached_property
    def _cancers(self) -> dict[str, str]:
        return dict(Cancer.objects.published().values_list("slug", "name"))

    @cached_property
    def _further(self) -> dict[int, set[str]]:
        """Slugs of the further cancers of each use that has any, both levels."""
        found: dict[int, set[str]] = defaultdict(set)
        rows = Indication.also_cancers.through.objects.values_list(
            "indication_id", "cancer__slug", "cancer__parent__slug"
        )
        for use, *slugs in rows:
            found[use] |= {slug for slug in slugs if slug}
        return found

    @cached_property
    def _families(self) -> dict[str, str]:
        families = {event.indication.therapy.therapy_class.family for event in self._events}
        return {family.slug: family.name for family in sorted(families, key=lambda family: family.order)}

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What each filter may be set to; the empty choice asks nothing."""
        cancers = sorted(self._cancers.items(), key=lambda item: item[1].lower())
        return {
            "cancer": [("", "Any cancer"), *cancers],
            "family": [("", "Any type"), *self._families.items()],
            "kind": [("", "Any decision"), *((slugify(word), label) for word, label in KINDS.items())],
        }

    def select(self, filters: Mapping[str, Any]) -> list[Decision]:
        """The decisions that the filters leave, newest first."""
        self.on = filters.get("on") or self.today
        self.filters = {name: filters[name] for name in FILTERS if filters.get(name)}
        self.uses = timeline.uses(self._events, self.on)
        self.all = [Decision(*row, self._answers(row[0], row[2].indication)) for row in timeline.decisions(self.uses)]
        self.rows = self._fitting(self.filters)
        return self.rows

    def _answers(self, word: str, use: Indication) -> dict[str, set[str]]:
        cancer = use.cancer
        cancers = {cancer.slug, *([cancer.parent.slug] if cancer.parent else []), *self._further.get(use.pk, ())}
        return {"cancer": cancers, "family": {use.therapy.therapy_class.family.slug}, "kind": {slugify(word)}}

    def _fitting(self, filters: Mapping[str, str]) -> list[Decision]:
        return [row for row in self.all if all(value in row.answers[name] for name, value in filters.items())]

    def _without(self, name: str) -> dict[str, str]:
        return {key: value for key, value in self.filters.items() if key != name}

    def counts(self) -> dict[str, dict[str, int]]:
        """For each filter and choice: how many decisions it would leave, the other filters as they are."""
        return {
            name: Counter(value for row in self._fitting(self._without(name)) for value in row.answers[name])
            for name in FILTERS
        }

    def wider(self) -> list[tuple[str, dict[str, str], int]]:
        """What leaving out one filter would give, as (filter, query, number), nearest first."""
        on = {"on": self.on.isoformat()} if self.is_past else {}
        found = [(name, self._without(name) | on, len(self._fitting(self._without(name)))) for name in self.filters]
        return sorted((item for item in found if item[2]), key=lambda item: (item[2], item[0]))

    @property
    def is_past(self) -> bool:
        return self.on != self.today

    @property
    def said(self) -> str:
        """What the filters leave, as one sentence without its end."""
        number = len(self.all)
        return " ".join([f"{len(self.rows)} of {number} decision{'' if number == 1 else 's'}", *self._filters_said()])

    def _filters_said(self) -> Iterable[str]:
        before = {"cancer": "for", "family": "of the type", "kind": "of the kind"}
        for name, choices in self.choices().items():
            if name in self.filters:
                yield f"{before[name]} {dict(choices)[self.filters[name]]}"

    @property
    def years(self) -> list[tuple[int, list[Decision]]]:
        return [(year, list(rows)) for year, rows in groupby(self.rows, key=lambda row: row.event.date.year)]

    @property
    def chart(self) -> Chart:
        """Every year of the record keeps its place, whatever is filtered."""
        first = self.all[-1].event.date if self.all else datetime.date(self.on.year, 1, 1)
        rows = [(self._families[row.use.indication.therapy.therapy_class.family.slug], row.event) for row in self.rows]
        return Chart(rows, range(first.year, self.on.year + 1), list(self._families.values()))
