"""What dated events say of a use on a day. Plain Python on rows that were fetched already."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import groupby
from typing import Any

from portal.publishing.references import Reference

from .models import ApprovalEvent, Cancer, Indication

Kind = ApprovalEvent.Kind

# The states of a use on a day, each with the word and the mark that readers see.
NONE = "none"  # FDA has not acted yet
ACCELERATED = "accelerated"  # allowed on early results; a further study is required
APPROVED = "approved"  # regular approval
CONVERTED = "converted"  # accelerated at first, then confirmed
WITHDRAWN = "withdrawn"
REVOKED = "revoked"  # with the license of the drug
IN_FORCE = (ACCELERATED, APPROVED, CONVERTED)

STATE: dict[str, str] = {
    Kind.ACCELERATED: ACCELERATED,
    Kind.APPROVAL: APPROVED,
    Kind.CONVERTED: CONVERTED,
    Kind.WITHDRAWN: WITHDRAWN,
    Kind.REVOKED: REVOKED,
}
WORDS: dict[str, str] = {
    Kind.ACCELERATED: "Accelerated approval",
    Kind.APPROVAL: "Approved",
    Kind.CONVERTED: "Confirmed",
    Kind.WITHDRAWN: "Withdrawn",
    Kind.REVOKED: "License revoked",
}
WIDENED = "Expanded"


def after(state: str, kind: str) -> str:
    """The state that an event makes of the one before. A widening of a confirmed use leaves it confirmed."""
    return CONVERTED if state == CONVERTED and kind == "approval" else STATE[kind]


def state(kinds: Iterable[str]) -> str:
    """The state after events of these kinds, oldest first."""
    return reduce(after, kinds, NONE)


def told(kinds: Iterable[str]) -> list[str]:
    """The word for each event of a use, oldest first: a second approval is a widening."""
    return [WIDENED if number and kind == Kind.APPROVAL else WORDS[kind] for number, kind in enumerate(kinds)]


@dataclass
class Use:
    """An indication with its confirmed events up to a day, oldest first."""

    indication: Indication
    events: list[ApprovalEvent]
    on: datetime.date
    # Filled by the page that shows them.
    biomarkers: list[Reference] = field(default_factory=list)
    brands: list[str] = field(default_factory=list)
    # The same regimen as FDA allowed it on the labels of its partners.
    twins: list["Use"] = field(default_factory=list)

    @cached_property
    def state(self) -> str:
        return state(event.kind for event in self.events)

    @property
    def in_force(self) -> bool:
        return self.state in IN_FORCE

    @property
    def granted(self) -> datetime.date:
        return self.events[0].date

    @property
    def story(self) -> list[tuple[str, ApprovalEvent]]:
        return list(zip(told(event.kind for event in self.events), self.events, strict=True))

    @property
    def partners(self) -> list[str]:
        return [name.strip() for name in self.indication.combination.split(";") if name.strip()]

    @property
    def others(self) -> list[str]:
        """Partners that have no use of their own beside this one."""
        named = {twin.indication.therapy.name.lower() for twin in self.twins}
        return [name for name in self.partners if name.lower() not in named]

    @property
    def regimen(self) -> tuple[Any, ...]:
        """What two uses share if they are one treatment, told once for each of the drugs in it."""
        drugs = {self.indication.therapy.name.lower(), *(name.lower() for name in self.partners)}
        tests = frozenset(test.slug for test in self.biomarkers)
        return frozenset(drugs), tests, self.indication.cancer_id, self.indication.stage, self.granted, self.state

    @property
    def headline(self) -> str:
        """Who it is for, in a patient’s words where somebody wrote them."""
        return self.indication.plainly or self.indication.setting


def uses(events: Iterable[ApprovalEvent], on: datetime.date) -> list[Use]:
    """Group confirmed events by use and forget what came after ``on``. Uses in force first, then by stage and date."""
    ordered = sorted((e for e in events if e.date <= on), key=lambda e: (e.indication_id, e.date, e.pk))
    found = [
        Use(rows[0].indication, rows, on)
        for rows in (list(g) for _, g in groupby(ordered, key=lambda e: e.indication_id))
    ]
    stages = list(Indication.Stage.values)
    return sorted(found, key=lambda use: (not use.in_force, stages.index(use.indication.stage), use.granted))


def parted(found: Iterable[Use]) -> tuple[list[Use], list[Use]]:
    """Uses in force, and uses that have ended."""
    several = list(found)
    return [use for use in several if use.in_force], [use for use in several if not use.in_force]


def license_revoked(found: Iterable[Use]) -> ApprovalEvent | None:
    """The decision that ended some uses together with the license of the drug, if one did."""
    return next((use.events[-1] for use in found if use.state == REVOKED), None)


def regimens(found: Iterable[Use]) -> list[Use]:
    """One row a treatment: uses of drugs that FDA allowed together, on one day, stand behind the first of them."""
    rows: dict[tuple[Any, ...], Use] = {}
    for use in found:
        first = rows.setdefault(use.regimen, use)
        if first.indication.therapy_id != use.indication.therapy_id:
            first.twins.append(use)
        elif first is not use:
            rows[*use.regimen, use.indication.pk] = use
    return list(rows.values())


def decisions(found: Iterable[Use]) -> list[tuple[str, ApprovalEvent, Use]]:
    """Every event of some uses with the word for it, newest first."""
    told = [(word, event, use) for use in found for word, event in use.story]
    return sorted(told, key=lambda row: (row[1].date, row[1].pk), reverse=True)


def by_cancer(found: Iterable[Use]) -> list[tuple[Cancer, list[Use]]]:
    """Uses under the cancer that a reader knows; cancers with a use in force first, then by name."""
    groups: dict[int, tuple[Cancer, list[Use]]] = {}
    for use in found:
        groups.setdefault(use.indication.cancer_id, (use.indication.cancer, []))[1].append(use)
    return sorted(groups.values(), key=lambda group: (not any(u.in_force for u in group[1]), group[0].name.lower()))


#: Where a use stands on a cancer's page, in the reader's order. A label that names no line of treatment
#: lets a doctor give it first, too.
HEADINGS = {
    Indication.Stage.FIRST: "As the first treatment",
    Indication.Stage.ANY: "As the first treatment or later",
    Indication.Stage.SURGERY: "Before or after surgery",
    Indication.Stage.LATER: "After other treatment",
    Indication.Stage.EARLY: "Early disease",
    Indication.Stage.PREVENTION: "To prevent cancer",
}


def by_stage(found: Iterable[Use]) -> list[tuple[str, list[Use]]]:
    """Uses under the point of treatment where they belong."""
    groups: dict[str, list[Use]] = {}
    for use in found:
        groups.setdefault(use.indication.stage, []).append(use)
    return [(heading, groups[stage]) for stage, heading in HEADINGS.items() if stage in groups]
