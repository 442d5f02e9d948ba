"""What dated events say of a use on a day. Plain Python on rows that were fetched already."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import groupby
from typing import Any, NamedTuple

from portal.publishing.folding import by_name
from portal.publishing.references import Reference
from portal.publishing.templatetags.publishing import listed

from .models import ApprovalEvent, Cancer, Indication, UseTerms
from .names_in_sentences import within

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
    Kind.NARROWED: "Narrowed",
}
WIDENED = "Expanded"


def after(state: str, kind: str) -> str:
    """The state that an event makes of the one before. Widened or narrowed, a confirmed use stays confirmed."""
    return state if kind == Kind.NARROWED or (state == CONVERTED and kind == Kind.APPROVAL) else STATE[kind]


def state(kinds: Iterable[str]) -> str:
    """The state after events of these kinds, oldest first."""
    return reduce(after, kinds, NONE)


def told(kinds: Iterable[str]) -> list[str]:
    """The word for each event of a use, oldest first: a further approval is a widening."""
    return [WIDENED if number and kind in ApprovalEvent.GRANTS else WORDS[kind] for number, kind in enumerate(kinds)]


class HistoryStep(NamedTuple):
    """One decision in the story of a use."""

    word: str
    event: ApprovalEvent
    terms: UseTerms  # from this decision on
    change: str  # what it changed in them, in words


@dataclass
class Use:
    """An indication with its confirmed events up to a day, oldest first."""

    indication: Indication
    events: list[ApprovalEvent]
    on: datetime.date
    # Those after the day: the first that changed the terms tells what they were.
    later: list[ApprovalEvent] = field(default_factory=list)
    # Filled by the page that shows them: test results that the terms of each time require.
    tests: dict[UseTerms, list[Reference]] = field(default_factory=dict)
    brands: list[str] = field(default_factory=list)
    is_sold: bool = True
    # The slug of the test result on whose page it stands: each use there needs that one.
    on_page_of: str = ""
    # Whether somebody told a test result that it needs.
    fits: bool = False
    # The same regimen as FDA allowed it on the labels of its partners.
    twins: list["Use"] = field(default_factory=list)

    @property
    def number(self) -> str:
        """By which parts of a page name each other; as a word, which templates print as it is."""
        return str(self.indication.pk)

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
    def told_by(self) -> Any:
        """The newest of its sources that a reader can open: an official one, if there is one."""
        sources = [event.source for event in reversed(self.events) if event.source.url]
        return next((source for source in sources if source.official), sources[0] if sources else None)

    @cached_property
    def changed(self) -> list[tuple[datetime.date, UseTerms]]:
        """The days on which a decision changed its terms, with those from before."""
        told = ((event.date, event.changed_terms) for event in (*self.events, *self.later))
        return [(date, terms) for date, terms in told if terms]

    def terms_on(self, day: datetime.date) -> UseTerms:
        """For whom it was allowed on a day: until the first decision after it that changed that; else as it is now."""
        return next((terms for date, terms in self.changed if date > day), self.indication)

    @cached_property
    def terms(self) -> UseTerms:
        return self.terms_on(self.on)

    @property
    def biomarkers(self) -> list[Reference]:
        return [test for test in self.tests.get(self.terms, []) if test.slug != self.on_page_of]

    @property
    def story(self) -> list[HistoryStep]:
        """Its decisions in words, oldest first."""
        words = told(event.kind for event in self.events)
        return [self._step(word, event) for word, event in zip(words, self.events, strict=True)]

    def _step(self, word: str, event: ApprovalEvent) -> HistoryStep:
        after = self.terms_on(event.date)
        note = event.note if word == WIDENED else ""
        before = (event.changed_terms if self.changed else None) or after
        return HistoryStep(word, event, after, difference(before, after, self.tests, note))

    @property
    def partners(self) -> list[str]:
        return self.terms.partners

    @property
    def name(self) -> str:
        """The treatment by all of its drugs."""
        name = self.indication.therapy.name
        return f"{name} with {listed(self.partners)}" if self.partners else name

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
        return frozenset(drugs), tests, self.indication.cancer_id, self.terms.stage, self.granted, self.state


def difference(before: UseTerms, after: UseTerms, tests: Mapping[UseTerms, Sequence[Reference]], note: str = "") -> str:
    """What a decision changed in the terms of a use: “FDA required … Before that, the approved use was …”.

    A note says it more closely than their columns do, so one takes the place of what they tell.
    """
    if before is after:
        return note.removesuffix(".")
    old, new = ({test.name for test in tests.get(terms, ())} for terms in (before, after))
    partners = {*before.partners}, {*after.partners}
    changes = [
        ("{}", {_moved(Indication.Stage(after.stage))} if before.stage != after.stage else ()),
        ("required the test result {}", new - old),
        ("no longer required the test result {}", old - new),
        ("added {}", partners[1] - partners[0]),
        ("left out {}", partners[0] - partners[1]),
        ("included {}", {"children"} if after.children and not before.children else ()),
        ("limited it to {}", {"adults"} if before.children and not after.children else ()),
    ]
    told = [words.format(listed(sorted(names))) for words, names in changes if names]
    said = [note.removesuffix(".")] if note else [f"FDA {' and '.join(told)}"] if told else []
    if before.headline != after.headline:
        said.append(f"{'Before' if said else 'before'} that, the approved use was “{before.headline}”")
    return ". ".join(said)


def _moved(stage: Indication.Stage) -> str:
    if stage == Indication.Stage.ANY:
        return "no longer set an order of treatment"
    return f"allowed it {within(stage.label)}"


def by_use(events: Iterable[ApprovalEvent], on: datetime.date) -> list[Use]:
    """Group confirmed events by use, as it was on a day. One that FDA had not acted on by then is left out."""
    ordered = sorted(events, key=lambda e: (e.indication_id, e.date, e.pk))
    found = []
    for _, group in groupby(ordered, key=lambda e: e.indication_id):
        rows = list(group)
        until = [event for event in rows if event.date <= on]
        if until:
            found.append(Use(rows[0].indication, until, on, rows[len(until) :]))
    return found


def uses(events: Iterable[ApprovalEvent], on: datetime.date) -> list[Use]:
    """The same as readers see them: uses in force first, then by stage, date and name.

    By nothing that hangs on a row's key: a site that was upgraded got its rows in another order than a new one.
    """
    found = by_use(events, on)
    found.sort(key=lambda use: (by_name(use.indication.therapy.name), use.indication.code))
    stages = list(Indication.Stage.values)
    return sorted(found, key=lambda use: (not use.in_force, stages.index(use.terms.stage), use.granted))


def parted(found: Iterable[Use]) -> tuple[list[Use], list[Use]]:
    several = list(found)
    return [use for use in several if use.in_force], [use for use in several if not use.in_force]


def only_prevent(found: Iterable[Use]) -> bool:
    """Whether some uses are all of vaccines that prevent a cancer, so that none of them treats it."""
    return {use.terms.stage for use in found} == {Indication.Stage.PREVENTION}


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


def therapies(found: Iterable[Use]) -> int:
    """How many therapies some rows tell of."""
    return len({one.indication.therapy_id for use in found for one in (use, *use.twins)})


def decisions(found: Iterable[Use]) -> list[tuple[HistoryStep, Use]]:
    """Every decision on some uses, newest first; those of one day in the order of the uses."""
    steps = [(step, use) for use in found for step in use.story]
    return sorted(steps, key=lambda row: row[0].event.date, reverse=True)


def by_cancer(found: Iterable[Use]) -> list[tuple[Cancer, list[Use]]]:
    """Uses under the cancer that a reader knows; cancers with a use in force first, then by name."""
    groups: dict[int, tuple[Cancer, list[Use]]] = {}
    for use in found:
        groups.setdefault(use.indication.cancer_id, (use.indication.cancer, []))[1].append(use)
    return sorted(groups.values(), key=lambda group: (not any(u.in_force for u in group[1]), by_name(group[0].name)))


def by_stage(found: Iterable[Use]) -> list[tuple[Indication.Stage, list[Use]]]:
    """Uses under the point of treatment where they belong, those with FDA's newest decision first.

    What FDA allowed long ago is often no longer what people get, so it does not open the page.
    """
    newest_first = sorted(found, key=lambda use: use.events[-1].date, reverse=True)
    groups = [(stage, [use for use in newest_first if use.terms.stage == stage]) for stage in Indication.Stage]
    return [(stage, rows) for stage, rows in groups if rows]
