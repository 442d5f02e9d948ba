"""FDA's decisions up to a day, as ``/approvals/`` tells them: filtered, counted, and by year and family."""

import datetime
from collections import Counter, defaultdict
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.http import urlencode
from django.utils.text import slugify

from portal.publishing.folding import by_name
from portal.publishing.kept import OfContent

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
    "Narrowed": "Narrowed to fewer people",
    "Withdrawn": "Withdrawn",
    "License revoked": "Ended with the drug’s license",
}
EVERY_YEAR = "all"
TIMES = ("year", "month")
ENOUGH = 5  # decisions to see before anything is opened
FILTERS = (
    Filter("cancer", "Cancer", "Any cancer", "for {within}", lambda decisions: decisions.record.cancers),
    Filter("family", "Type", "Any type", "of the type “{within}”", lambda decisions: decisions.record.families),
    Filter(
        "kind",
        "Decision",
        "Any decision",
        "of the kind “{within}”",
        lambda _: {slugify(word): KINDS[word] for word in KINDS},
    ),
    Filter("month", "Month", "Any month", "in {}", lambda _: {str(month): str(MONTHS[month]) for month in MONTHS}),
    Filter("year", "Year", "Any year", "in {}", lambda decisions: decisions.year_choices),
)


def named(year: int, month: int = 0) -> str:
    """“2019”, or “March 2019”."""
    return f"{MONTHS[month]} {year}" if month else str(year)


class Decision(NamedTuple):
    step: timeline.HistoryStep
    use: timeline.Use
    answers: dict[str, set[str]]  # the choices of each filter that it fits


type Told = tuple[list[timeline.Use], list[Decision]]


class Fold(NamedTuple):
    """The decisions of one month or year, which a reader opens."""

    anchor: str
    words: str
    rows: list[Decision]
    is_open: bool

    @property
    def therapies(self) -> list[str]:
        return list(dict.fromkeys(row.use.indication.therapy.name for row in self.rows))


class DecisionRecord(OfContent):
    """Reads the record in four queries; it may then be asked for any day."""

    @cached_property
    def events(self) -> list[ApprovalEvent]:
        events = reading.events().up_to(None)
        return list(events.select_related("indication__therapy__therapy_class__family", "indication__cancer__parent"))

    @cached_property
    def cancers(self) -> dict[str, str]:
        names = Cancer.objects.published().values_list("slug", "name")
        return dict(sorted(names, key=lambda item: by_name(item[1])))

    @cached_property
    def _further_cancers(self) -> dict[int, set[str]]:
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
        families = {event.indication.therapy.therapy_class.family for event in self.events}
        return {family.slug: family.name for family in sorted(families, key=lambda family: family.order)}

    def on(self, day: datetime.date) -> Told:
        """The uses of a day, and every decision on them, newest first."""
        return self._today if day == timezone.localdate() else self._on(day)

    @cached_property
    def _today(self) -> Told:
        return self._on(timezone.localdate())

    def _on(self, day: datetime.date) -> Told:
        uses = timeline.uses(self.events, day)
        reading.attach_changed_tests(uses)
        steps = timeline.decisions(uses)
        return uses, [Decision(step, use, self._answers(step, use.indication)) for step, use in steps]

    def _answers(self, step: timeline.HistoryStep, use: Indication) -> dict[str, set[str]]:
        cancer, date = use.cancer, step.event.date
        cancers = {
            cancer.slug,
            *([cancer.parent.slug] if cancer.parent else []),
            *self._further_cancers.get(use.pk, ()),
        }
        return {
            "cancer": cancers,
            "family": {use.therapy.therapy_class.family.slug},
            "kind": {slugify(step.word)},
            "year": {str(date.year), EVERY_YEAR},
            "month": {str(date.month)},
        }


class Decisions(NarrowedList):
    """One list, as somebody asked for it. Call ``select`` once: what is worked out from it is cached."""

    offered = FILTERS
    headed, cited = "Approvals", "FDA’s decisions on immunotherapies"

    def __init__(self, record: DecisionRecord | None = None) -> None:
        super().__init__()
        self.record = record or DecisionRecord()

    @cached_property
    def year_choices(self) -> dict[str, str]:
        """Every year of the record, also one without a decision, newest first."""
        first = min((event.date.year for event in self.record.events), default=self.today.year)
        years = [str(year) for year in range(self.today.year, first - 1, -1)]
        return dict(zip(years, years, strict=True)) | {EVERY_YEAR: "all years, on one page"}

    def select(self, filters: Asked) -> list[Decision]:
        """The decisions that the filters leave, newest first; of the newest year alone where nothing is asked."""
        self.ask(filters)
        self.uses, self.all = self.record.on(self.on)
        self.rows = self.fitting(self.shown)
        return self.rows

    @cached_property
    def shown(self) -> Asked:
        """What the list is narrowed by. Where nothing is asked, it is the newest year: all of them are a long page."""
        if self.filters or not self.all:
            return self.filters
        return {"year": str(self.all[0].step.event.date.year)}

    @cached_property
    def time(self) -> tuple[int, ...]:
        """The year that is shown, perhaps with its month; empty where several years are."""
        year, month = (self.shown.get(name) for name in TIMES)
        return tuple(int(one) for one in (year, month) if one) if year and year != EVERY_YEAR else ()

    @cached_property
    def of_any_time(self) -> list[Decision]:
        """What all filters but year and month leave."""
        return self.fitting(self._without(*TIMES))

    @property
    def rest_of_query(self) -> str:
        """The query of a link to another year or month, up to where that is added."""
        return "".join(f"{urlencode({name: value})}&" for name, value in (self._without(*TIMES) | self._day).items())

    @property
    def neighbors(self) -> list[tuple[str, str, int]]:
        """The nearest year or month before and after the one shown in which anything fits: words, query, number."""
        if not self.time:
            return []
        days = [row.step.event.date for row in self.of_any_time]
        counted = Counter((day.year, day.month)[: len(self.time)] for day in days)
        before = sorted(time for time in counted if time < self.time)[-1:]
        after = sorted(time for time in counted if time > self.time)[:1]
        return [
            (named(*time), self.rest_of_query + urlencode(dict(zip(TIMES, time, strict=False))), counted[time])
            for time in before + after
        ]

    def fitting(self, asked: Asked) -> list[Decision]:
        return [row for row in self.all if all(value in row.answers[name] for name, value in asked.items())]

    def answers(self, row: Decision, one: Filter, others: Asked) -> set[str]:
        return row.answers[one.name]

    @property
    def said(self) -> str:
        """What the filters leave, as one sentence without its end."""
        number = len(self.all)
        return " ".join([f"{len(self.rows)} of {number} decision{'' if number == 1 else 's'}", *self.filters_said()])

    def filters_said(self) -> list[str]:
        """A month is said with its year; all years together leave nothing out."""
        said = super().filters_said()
        if self.filters.get("year") == EVERY_YEAR:
            return said[:-1]
        return [*said[:-2], f"in {named(*self.time)}"] if len(self.time) == len(TIMES) else said

    @property
    def asked_time(self) -> str:
        """The year that somebody asked for, perhaps with its month, in words."""
        return named(*self.time) if self.filters and self.time else ""

    @property
    def taken_back(self) -> dict[str, int]:
        """How many decisions of each kind, and in all, took something back, whatever is asked but the day."""
        found = Counter(row.step.event.kind for row in self.all if row.step.event.takes_back)
        return {"all": found.total(), "withdrawn": 0, "revoked": 0, "narrowed": 0, **found}

    @property
    def folds(self) -> list[Fold]:
        """By month where one year is shown, else by year. The newest stand open until they show enough."""
        folds: list[Fold] = []
        seen = 0
        for time, found in groupby(self.rows, key=lambda row: str(row.step.event.date)[: 7 if self.time else 4]):
            rows = list(found)
            folds.append(Fold(f"y{time}", named(*map(int, time.split("-"))), rows, seen < ENOUGH))
            seen += len(rows)
        return folds

    @property
    def chart(self) -> Chart:
        """Every year of the record keeps its place and its numbers, whichever is open."""
        first = self.all[-1].step.event.date if self.all else datetime.date(self.on.year, 1, 1)
        families = [row.use.indication.therapy.therapy_class.family.slug for row in self.of_any_time]
        rows = [
            (self.record.families[slug], row.step.event) for slug, row in zip(families, self.of_any_time, strict=True)
        ]
        return Chart(rows, range(first.year, self.on.year + 1), list(self.record.families.values()))
