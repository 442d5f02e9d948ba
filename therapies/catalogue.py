"""The catalogue: every therapy with what the confirmed events say of it on a day, filtered and counted.

Ninety-odd rows are filtered in Python: one pass gives the list and the counts beside every
choice, and the number of queries does not depend on what is asked.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.text import slugify

from portal.publishing.templatetags.publishing import day, sentence

from . import lifeline, timeline
from .models import ApprovalEvent, Biomarker, Cancer, Indication, Therapy, TherapyFact

STATUS = {
    "approved": "Approved",
    "accelerated": "Accelerated approval only",
    "withdrawn": "With a withdrawn use",
    "not-sold": "No longer sold in the US",
}
SORT = {"": "By name", "newest": "Newest first", "oldest": "Oldest first", "uses": "Most uses first"}
FILTERS = ("cancer", "family", "kind", "biomarker", "target", "status", "year")
NOT_SOLD = ("discontinued", "withdrawn")
# Names that a search for a therapy reads.
SEARCHED = (*TherapyFact.NAMES, TherapyFact.Kind.BIOSIMILAR, TherapyFact.Kind.PAGE_NAME, TherapyFact.Kind.MISSPELLING)


@dataclass(slots=True)
class Use:
    name: str  # of its main cancer
    cancers: set[str] = field(default_factory=set)  # slugs of both levels
    biomarkers: set[str] = field(default_factory=set)
    events: list[lifeline.Event] = field(default_factory=list)  # up to the day, oldest first
    state: str = timeline.NONE


@dataclass(slots=True)
class Row:
    """One therapy in the catalogue. ``shown`` are its uses that the filters ask about."""

    slug: str
    name: str
    kind: str
    kind_name: str
    family: str
    family_name: str
    brands: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)  # names by slug
    market: str = ""
    uses: list[Use] = field(default_factory=list)
    shown: list[Use] = field(default_factory=list)
    line: SafeString | str = ""

    @property
    def in_force(self) -> bool:
        return any(use.state in timeline.IN_FORCE for use in self.shown)

    @property
    def number(self) -> int:
        return sum(use.state in timeline.IN_FORCE for use in self.shown)

    @property
    def state(self) -> str:
        states = {use.state for use in self.shown}
        for state in (timeline.APPROVED, timeline.CONVERTED, timeline.ACCELERATED):
            if state in states:
                return timeline.APPROVED if state == timeline.CONVERTED else state
        return timeline.WITHDRAWN

    @property
    def first(self) -> datetime.date:
        """The day of the first approval of the therapy, whatever the filters ask about."""
        return min(use.events[0][1] for use in self.uses)

    @property
    def first_said(self) -> str:
        return day(self.first)

    @property
    def title(self) -> str:
        return sentence(self.name)

    @property
    def cancers_said(self) -> str:
        """The cancers in force, in words: at most three by name."""
        names = sorted({use.name for use in self.shown if use.state in timeline.IN_FORCE})
        if len(names) > 3:
            return f"{names[0]}, {names[1]} and {len(names) - 2} more"
        return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))

    def matches(self, words: list[str]) -> bool:
        return all(any(word in name for name in self.names) for word in words)


class Catalogue:
    """Reads the facts once (seven queries); ``select`` may then be asked for any day and filters."""

    def __init__(self) -> None:
        self.today = self.on = timezone.localdate()
        self.filters: dict[str, Any] = {}

    @cached_property
    def cancers(self) -> dict[str, tuple[str, str]]:
        """Name and parent's slug of every cancer, by slug."""
        rows = Cancer.objects.published().values_list("slug", "name", "parent__slug")
        return {slug: (name, parent or "") for slug, name, parent in rows}

    @cached_property
    def biomarkers(self) -> dict[str, str]:
        return dict(Biomarker.objects.published().values_list("slug", "name"))

    @cached_property
    def _therapies(self) -> dict[int, Row]:
        fields = (
            "pk",
            "slug",
            "name",
            *(f"therapy_class__{name}" for name in ("slug", "name", "family__slug", "family__name")),
        )
        found = list(Therapy.objects.published().order_by("therapy_class__order", "name").values_list(*fields))
        self.kinds = {kind: kind_name for _, _, _, kind, kind_name, _, _ in found}
        self.families = {family: family_name for *_, family, family_name in found}
        rows = {pk: Row(*rest) for pk, *rest in found}
        kinds = (*SEARCHED, TherapyFact.Kind.TARGET, TherapyFact.Kind.MARKET_STATUS)
        facts = TherapyFact.objects.confirmed().filter(kind__in=kinds).order_by("position")
        for therapy, kind, value in facts.values_list("therapy_id", "kind", "value"):
            if row := rows.get(therapy):
                self._add_fact(row, kind, value)
        for row in rows.values():
            row.names += [row.name.lower()]
        return rows

    @staticmethod
    def _add_fact(row: Row, kind: str, value: str) -> None:
        if kind == TherapyFact.Kind.TARGET:
            row.targets[slugify(value)] = value
        elif kind == TherapyFact.Kind.MARKET_STATUS:
            row.market = value
        else:
            row.names.append(value.lower())
            if kind == TherapyFact.Kind.BRAND:
                row.brands.append(value)

    @cached_property
    def _events(self) -> list[tuple]:
        """Confirmed events, oldest first: use, therapy, cancer, kind, date, precision."""
        fields = ("indication_id", "indication__therapy_id", "indication__cancer__slug", "kind", "date", "precision")
        return list(ApprovalEvent.objects.public().order_by("date", "pk").values_list(*fields))

    @cached_property
    def _further(self) -> dict[int, tuple[set[str], set[str]]]:
        """Further cancers, and the biomarkers, of each use that has any."""
        found: dict[int, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
        also = Indication.also_cancers.through.objects.values_list("indication_id", "cancer__slug")
        for use, slug in also:
            found[use][0].add(slug)
        needed = Indication.biomarkers.through.objects.values_list("indication_id", "biomarker__slug")
        for use, slug in needed:
            found[use][1].add(slug)
        return found

    @cached_property
    def targets(self) -> dict[str, str]:
        return {slug: name for row in self._therapies.values() for slug, name in row.targets.items()}

    @cached_property
    def years(self) -> list[int]:
        firsts: dict[int, int] = {}
        for _, therapy, _, _, date, _ in self._events:
            firsts.setdefault(therapy, date.year)
        return sorted(set(firsts.values()), reverse=True)

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What each filter may be set to; the empty choice asks nothing."""
        self._therapies  # noqa: B018 - names the families and classes that are in use
        cancers = sorted((name, slug) for slug, (name, _) in self.cancers.items())
        return {
            "cancer": [("", "Any cancer"), *((slug, name) for name, slug in cancers)],
            "family": [("", "Any type"), *self.families.items()],
            "kind": [("", "Any class"), *self.kinds.items()],
            "biomarker": [("", "Any"), *self.biomarkers.items()],
            "target": [("", "Any target"), *sorted(self.targets.items(), key=lambda item: item[1].lower())],
            "status": [("", "Any status"), *STATUS.items()],
            "year": [("", "Any year"), *((str(year), str(year)) for year in self.years)],
            "sort": list(SORT.items()),
        }

    def select(self, filters: dict[str, Any]) -> list[Row]:
        """The rows that the filters leave, in order. What was not approved by that day is not in the catalogue."""
        self.filters = {name: value for name, value in filters.items() if value}
        self.on = self.filters.get("on") or self.today
        self.all = list(self._rows())
        words = self.filters.get("q", "").lower().split()
        self.named = [row for row in self.all if row.matches(words)]
        rows = [row for row in self.named if self._passes(row, self.filters)]
        for row in rows:
            row.shown = self._asked(row, self.filters)
            row.line = lifeline.of_therapy([use.events for use in row.shown], self.on, self.today)
        return sorted(rows, key=self._order)

    def _rows(self) -> Iterator[Row]:
        uses: dict[int, Use] = {}
        for use_id, therapy, cancer, kind, date, precision in self._events:
            if date > self.on or therapy not in self._therapies:
                continue
            use = uses.get(use_id)
            if not use:
                use = uses[use_id] = self._use(use_id, cancer)
                self._therapies[therapy].uses.append(use)
            use.events.append((kind, date, precision))
        for use in uses.values():
            use.state = timeline.state(kind for kind, _, _ in use.events)
        for row in self._therapies.values():
            if row.uses:
                row.shown = row.uses
                yield row

    def _use(self, use_id: int, cancer: str) -> Use:
        also, biomarkers = self._further.get(use_id, ((), ()))
        slugs = {cancer, *also}
        return Use(
            self.cancers[cancer][0],
            cancers=slugs | {self.cancers[slug][1] for slug in slugs if slug in self.cancers},
            biomarkers=set(biomarkers),
        )

    @staticmethod
    def _asked(row: Row, filters: dict[str, Any]) -> list[Use]:
        """The uses of a row that the filters by cancer and test speak of."""
        cancer, biomarker = filters.get("cancer"), filters.get("biomarker")
        if not (cancer or biomarker):
            return row.uses
        return [
            use
            for use in row.uses
            if (not cancer or cancer in use.cancers) and (not biomarker or biomarker in use.biomarkers)
        ]

    def _passes(self, row: Row, filters: dict[str, Any]) -> bool:
        if any(
            name in filters and filters[name] != value for name, value in (("family", row.family), ("kind", row.kind))
        ):
            return False
        if "target" in filters and filters["target"] not in row.targets:
            return False
        if "year" in filters and str(row.first.year) != filters["year"]:
            return False
        uses = self._asked(row, filters)
        return bool(uses) and ("status" not in filters or filters["status"] in _statuses(row, uses))

    def _order(self, row: Row) -> tuple:
        sort = self.filters.get("sort")
        key: Any = row.name.lower()
        if sort == "newest":
            key = (-row.first.toordinal(), key)
        elif sort == "oldest":
            key = (row.first, key)
        elif sort == "uses":
            key = (-row.number, key)
        return (not row.in_force, key)  # a withdrawn one is never first

    def counts(self) -> dict[str, dict[str, int]]:
        """For each filter and choice: how many therapies it would leave, the other filters as they are."""
        found: dict[str, dict[str, int]] = {}
        for name in FILTERS:
            others = {key: value for key, value in self.filters.items() if key != name}
            rows = [row for row in self.named if self._passes(row, others)]
            found[name] = Counter(value for row in rows for value in self._values(row, name, others))
        return found

    def _values(self, row: Row, name: str, others: dict[str, Any]) -> Iterable[str]:
        """What the row would answer to a filter."""
        if name == "family":
            return [row.family]
        if name == "kind":
            return [row.kind]
        if name == "target":
            return row.targets
        if name == "year":
            return [str(row.first.year)]
        uses = self._asked(row, others)
        if name == "status":
            return _statuses(row, uses)
        status = others.get("status")
        return {
            value
            for use in uses
            if not status or status in _statuses(row, [use])
            for value in (use.cancers if name == "cancer" else use.biomarkers)
        }

    def said(self, rows: list[Row]) -> str:
        """What the list holds, as one sentence."""
        approved = sum(row.in_force for row in rows)
        named = {"family": self.families, "kind": self.kinds, "target": self.targets, "biomarker": self.biomarkers}
        parts = [f"{approved} {'therapy' if approved == 1 else 'therapies'} approved"]
        if "cancer" in self.filters:
            parts.append(f"for {self.cancers[self.filters['cancer']][0]}")
        labels = {
            "family": "of the type",
            "kind": "of the class",
            "target": "with the target",
            "biomarker": "with the test result",
        }
        parts += [
            f"{words} {named[name][self.filters[name]]}" for name, words in labels.items() if name in self.filters
        ]
        if "status" in self.filters:
            parts.append(f"with the status “{STATUS[self.filters['status']]}”")
        if "year" in self.filters:
            parts.append(f"first approved in {self.filters['year']}")
        if "q" in self.filters:
            parts.append(f"with “{self.filters['q']}” in a name")
        gone = len(rows) - approved
        if gone:
            parts.append(f"and {gone} with withdrawn uses only")
        return " ".join(parts) + (f", on {day_words(self.on)}." if self.on != self.today else ".")

    def wider(self) -> list[tuple[str, dict[str, str], int]]:
        """For an empty list: what leaving out one filter would give, as (filter, query, number), nearest first."""
        found = []
        for name in self.filters:
            if name in ("sort", "on"):
                continue
            others = {key: value for key, value in self.filters.items() if key != name}
            rows = self.all if name == "q" else self.named
            number = sum(self._passes(row, others) for row in rows)
            if number:
                found.append((name, {key: str(value) for key, value in others.items()}, number))
        return sorted(found, key=lambda item: item[2])


def day_words(date: datetime.date) -> str:
    return formats.date_format(date, "F j, Y")


def _statuses(row: Row, uses: list[Use]) -> set[str]:
    states = {use.state for use in uses}
    found = set()
    if states & set(timeline.IN_FORCE):
        found.add("approved" if states & {timeline.APPROVED, timeline.CONVERTED} else "accelerated")
    if "accelerated" in found:
        found.add("approved")
    if timeline.WITHDRAWN in states:
        found.add("withdrawn")
    if row.market in NOT_SOLD:
        found.add("not-sold")
    return found
