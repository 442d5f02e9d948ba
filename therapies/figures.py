"""Numbers and dates that texts may quote and pages show, computed from the confirmed events in one query."""

import datetime
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from portal.publishing.folding import by_name
from portal.publishing.kept import OfContent
from portal.publishing.models import Status
from portal.publishing.prose import Figure
from portal.publishing.templatetags.publishing import day

from . import timeline
from .models import ApprovalEvent, Cancer, Therapy

#: Names in texts, and what the Insert menu says of them.
FIGURES = {
    "approved-therapies": Figure("approved_therapies", "Number of therapies approved today"),
    "recorded-therapies": Figure("recorded_therapies", "Number of therapies with an FDA decision"),
    "approved-uses": Figure("approved_uses", "Number of uses approved today"),
    "approved-cancers": Figure("approved_cancers", "Number of cancer groups with an approved use"),
    "withdrawn-uses": Figure("withdrawn_uses", "Number of withdrawn uses"),
    "therapies-for": Figure("therapies_for", "Number of therapies approved for a cancer", "cancer_choices"),
    "uses-of": Figure("uses_of", "Number of approved uses of a therapy", "therapy_choices"),
    "first-approval": Figure("first_approval", "Date of a therapy’s first approval", "therapy_choices"),
}
#: TherapyNumbers whose argument is the slug of a page, and of which kind.
QUOTES = {
    "first-approval": "therapies.therapy",
    "therapies-for": "therapies.cancer",
    "uses-of": "therapies.therapy",
}


@dataclass(slots=True)
class UseInForce:
    """One use: whose it is, for which cancers, and its events."""

    therapy: str
    cancers: set[tuple[str, str, str, str]] = field(default_factory=set)  # slug, name, kind, slug of the parent or ""
    events: set[tuple[datetime.date, int, str, str]] = field(default_factory=set)  # date, key, kind, precision

    def state(self, on: datetime.date) -> str:
        return timeline.state(kind for date, _, kind, _ in sorted(self.events) if date <= on)


class TherapyNumbers(OfContent):
    """The confirmed facts of one moment, and what can be counted from them."""

    def __init__(self) -> None:
        self._in_force: dict[datetime.date, list[UseInForce]] = {}  # for the few days of which texts tell

    @cached_property
    def rows(self) -> list[UseInForce]:
        """Every use with a confirmed event. One query: the main cancer of each event, united with the further ones."""
        events = ApprovalEvent.objects.public().order_by()
        fields = ("slug", "name", "kind", "parent__slug", "parent__name", "parent__kind")
        own = ["pk", "kind", "date", "precision", "indication_id", "indication__therapy__slug"]
        main = events.values_list(*own, *(f"indication__cancer__{name}" for name in fields))
        also = events.filter(indication__also_cancers__editions__status=Status.PUBLISHED).values_list(
            *own, *(f"indication__also_cancers__{name}" for name in fields)
        )
        rows: dict[int, UseInForce] = {}
        for pk, kind, date, precision, use, therapy, slug, name, sort, *parent in main.union(also, all=True):
            row = rows.setdefault(use, UseInForce(therapy))
            row.events.add((date, pk, kind, precision))
            row.cancers.add((slug, name, sort, parent[0] or ""))
            if parent[0]:
                row.cancers.add((parent[0], parent[1], parent[2], ""))
        return list(rows.values())

    def in_force(self, on: datetime.date | None = None) -> list[UseInForce]:
        on = on or timezone.localdate()
        if on not in self._in_force:
            self._in_force[on] = [row for row in self.rows if row.state(on) in timeline.IN_FORCE]
        return self._in_force[on]

    @cached_property
    def now(self) -> list[UseInForce]:
        return self.in_force()

    @cached_property
    def therapies_now(self) -> set[str]:
        """Slugs of the therapies that are approved today."""
        return {row.therapy for row in self.now}

    def approved_therapies(self, on: str | None = None) -> int:
        if not on:
            return len(self.therapies_now)
        return len({row.therapy for row in self.in_force(datetime.date.fromisoformat(on))})

    def recorded_therapies(self) -> int:
        return len({row.therapy for row in self.rows})

    def approved_uses(self) -> int:
        return len(self.now)

    def withdrawn_uses(self) -> int:
        return self._uses_now(timeline.WITHDRAWN)

    def revoked_uses(self) -> int:
        return self._uses_now(timeline.REVOKED)

    def _uses_now(self, state: str) -> int:
        return self._states_now[state]

    @cached_property
    def _states_now(self) -> Counter[str]:
        today = timezone.localdate()
        return Counter(row.state(today) for row in self.rows)

    def approved_cancers(self) -> int:
        """Groups of cancer (the upper level, without precancers and tumors of any site) with a use in force."""
        return self._cancers_now

    @cached_property
    def _cancers_now(self) -> int:
        cancers = set().union(*(row.cancers for row in self.now))
        return sum(kind == Cancer.Kind.CANCER and not parent for _, _, kind, parent in cancers)

    @cached_property
    def _for_cancer(self) -> dict[str, set[str]]:
        """Slugs of the therapies approved today, by the slug of each cancer of which FDA decided anything."""
        found: dict[str, set[str]] = {slug: set() for row in self.rows for slug, *_ in row.cancers}
        for row in self.now:
            for slug, *_ in row.cancers:
                found[slug].add(row.therapy)
        return found

    @cached_property
    def _of_therapy(self) -> dict[str, list[UseInForce]]:
        """Every use, by the slug of its therapy."""
        found: dict[str, list[UseInForce]] = {}
        for row in self.rows:
            found.setdefault(row.therapy, []).append(row)
        return found

    @cached_property
    def _uses_now_of(self) -> Counter[str]:
        return Counter(row.therapy for row in self.now)

    def therapies_for(self, cancer: str) -> int:
        return len(self._for_cancer[cancer])

    def uses_of(self, therapy: str) -> int:
        if therapy not in self._of_therapy:
            raise LookupError(therapy)
        return self._uses_now_of[therapy]

    def first_approval(self, therapy: str) -> str:
        date, _, _, precision = min(event for row in self._of_therapy[therapy] for event in row.events)
        return day(date, precision)

    # What the Insert menu offers as arguments

    def cancer_choices(self) -> list[tuple[str, str]]:
        return _cancers(self.rows)

    def therapy_choices(self) -> list[tuple[str, str]]:
        known = {row.therapy for row in self.rows}
        return list(Therapy.objects.filter(slug__in=known).values_list("slug", "name"))


def _cancers(rows: list[UseInForce]) -> list[tuple[str, str]]:
    found = {(slug, name) for row in rows for slug, name, *_ in row.cancers}
    return sorted(found, key=lambda cancer: by_name(cancer[1]))
