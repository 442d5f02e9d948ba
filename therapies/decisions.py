"""FDA's decisions up to a day, as ``/approvals/`` tells them: filtered, counted, and by year and family."""

import datetime
from collections import defaultdict
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from django.utils.text import slugify

from . import reading, timeline
from .chart import Chart
from .models import ApprovalEvent, Cancer, Indication
from .narrowing import Asked, Filter, NarrowedList

#: What can happen to a use, by the word that readers see for it.
KINDS = {
    "Approved": "Approved",
    "Accelerated approval": "Accelerated approval",
    "Confirmed": "Confirmed by more research",
    timeline.WIDENED: "Expanded to more people",
    "Withdrawn": "Withdrawn",
}
FILTERS = (
    Filter("cancer", "Cancer", "Any cancer", "for {}", lambda decisions: decisions.cancers),
    Filter("family", "Type", "Any type", "of type {}", lambda decisions: decisions.families),
    Filter(
        "kind", "Decision", "Any decision", "of the kind {}", lambda _: {slugify(word): KINDS[word] for word in KINDS}
    ),
)


class Decision(NamedTuple):
    word: str
    event: ApprovalEvent
    use: timeline.Use
    answers: dict[str, set[str]]  # the choices of each filter that it fits


class Decisions(NarrowedList):
    """Reads the record in three queries; ``select`` may then be asked once."""

    offered = FILTERS

    @cached_property
    def _events(self) -> list[ApprovalEvent]:
        events = reading.events().filter(date__lte=self.today)
        return list(events.select_related("indication__therapy__therapy_class__family"))

    @cached_property
    def cancers(self) -> dict[str, str]:
        names = Cancer.objects.published().values_list("slug", "name")
        return dict(sorted(names, key=lambda item: item[1].lower()))

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
    def families(self) -> dict[str, str]:
        families = {event.indication.therapy.therapy_class.family for event in self._events}
        return {family.slug: family.name for family in sorted(families, key=lambda family: family.order)}

    def select(self, filters: Asked) -> list[Decision]:
        """The decisions that the filters leave, newest first."""
        self.ask(filters)
        self.uses = timeline.uses(self._events, self.on)
        self.all = [Decision(*row, self._answers(row[0], row[2].indication)) for row in timeline.decisions(self.uses)]
        self.rows = self.fitting(self.filters)
        return self.rows

    def _answers(self, word: str, use: Indication) -> dict[str, set[str]]:
        cancer = use.cancer
        cancers = {cancer.slug, *([cancer.parent.slug] if cancer.parent else []), *self._further.get(use.pk, ())}
        return {"cancer": cancers, "family": {use.therapy.therapy_class.family.slug}, "kind": {slugify(word)}}

    def fitting(self, asked: Asked) -> list[Decision]:
        return [row for row in self.all if all(value in row.answers[name] for name, value in asked.items())]

    def answers(self, row: Decision, one: Filter, others: Asked) -> set[str]:
        return row.answers[one.name]

    @property
    def said(self) -> str:
        """What the filters leave, as one sentence without its end."""
        number = len(self.all)
        return " ".join([f"{len(self.rows)} of {number} decision{'' if number == 1 else 's'}", *self.filters_said()])

    @property
    def years(self) -> list[tuple[int, list[Decision]]]:
        return [(year, list(rows)) for year, rows in groupby(self.rows, key=lambda row: row.event.date.year)]

    @property
    def chart(self) -> Chart:
        """Every year of the record keeps its place, whatever is filtered."""
        first = self.all[-1].event.date if self.all else datetime.date(self.on.year, 1, 1)
        rows = [(self.families[row.use.indication.therapy.therapy_class.family.slug], row.event) for row in self.rows]
        return Chart(rows, range(first.year, self.on.year + 1), list(self.families.values()))
