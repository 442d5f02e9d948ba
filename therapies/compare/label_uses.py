"""What a label names beside our uses in force: what is on one side only, and where the two differ.

Plain data in, plain data out. A difference counts until a person accepted it, with a note on the row.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ..models import DrugLabel, Indication
from .partners import same_partners


class LeftOut(StrEnum):
    """Why a label may leave out a use of ours. What a person told besides is ``UnlabelledUse.Reason``."""

    BIOSIMILAR = "biosimilar"
    FORM = "form"
    PARTNER_LABEL = "partner-label"
    LATER = "later"
    ANOTHER_LABEL = "another-label"


@dataclass(frozen=True, slots=True)
class LabelTerms:
    """Who a use is for, with what beside it. Cancers and biomarkers are slugs."""

    cancers: frozenset[str]
    stage: str
    biomarkers: frozenset[str]
    partners: tuple[str, ...]
    children: bool
    accelerated: bool


@dataclass(frozen=True, slots=True)
class OurUse:
    """A use of ours with what its decisions say on one day."""

    key: int
    words: str
    terms: LabelTerms
    since: datetime.date
    in_force: bool
    partner_label: bool = False
    by_month: LabelTerms | None = None  # what it may have said already: a decision of that month changed it


#: The uses of one therapy as they were on a day.
type UsesOn = Callable[[datetime.date], Sequence[OurUse]]


@dataclass(frozen=True, slots=True)
class NamedUse:
    """A use that a label names. ``uses`` are the keys of ours that a person, or a rule, put beside it."""

    words: str
    terms: LabelTerms
    uses: tuple[int, ...] = ()
    outside: str = ""
    accepted: frozenset[str] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReadLabel:
    name: str
    therapy: str
    effective: datetime.date
    scope: str
    uses: tuple[NamedUse, ...]
    told: dict[int, str] = field(default_factory=dict)  # reasons for what it leaves out, by the key of our use
    key: int | None = None  # of the stored one
    set_id: str = ""
    has_newer: datetime.date | None = None  # a later version that one of FDA's files holds
    safety: tuple["LabelDifference", ...] = ()  # of its boxed warning, side effects and route from ours
    accepted: frozenset[str] = frozenset()  # which of these a person accepted
    unread: tuple[str, ...] = ()  # what of it a rule could not read
    common: tuple[str, ...] = ()  # its lists of common side effects
    superseded: datetime.date | None = None  # the day of the version on record, if that is newer than this one
    besides: tuple[str, ...] = ()  # what these name and our shorter list does not: no difference


@dataclass(frozen=True, slots=True)
class LabelDifference:
    """One field of a use: what we say, and what the label says."""

    field: str
    ours: str
    label: str


@dataclass(frozen=True, slots=True)
class NamedUseAccount:
    """What a use on a label is to us."""

    named: NamedUse
    ours: tuple[OurUse, ...]
    differences: tuple[LabelDifference, ...]

    @property
    def open(self) -> tuple[LabelDifference, ...]:
        """Differences that nobody accepted."""
        return tuple(one for one in self.differences if one.field not in self.named.accepted)

    @property
    def is_settled(self) -> bool:
        return bool(self.named.outside) or (bool(self.ours) and not self.open)


@dataclass(frozen=True, slots=True)
class LabelAccount:
    """A label beside our data."""

    label: ReadLabel
    uses: tuple[NamedUseAccount, ...]
    left_out: tuple[tuple[OurUse, str], ...]  # uses of ours that it does not name, with the reason; empty without one

    @property
    def without_use(self) -> tuple[NamedUseAccount, ...]:
        return tuple(one for one in self.uses if not one.ours and not one.named.outside)

    @property
    def differing(self) -> tuple[NamedUseAccount, ...]:
        return tuple(one for one in self.uses if one.open)

    @property
    def without_row(self) -> tuple[OurUse, ...]:
        return tuple(use for use, reason in self.left_out if not reason)

    @property
    def safety(self) -> tuple[LabelDifference, ...]:
        """Differences in what it warns of that nobody accepted."""
        return tuple(one for one in self.label.safety if one.field not in self.label.accepted)

    @property
    def open(self) -> int:
        """How many things wait for a person."""
        parts = (self.without_use, self.differing, self.without_row, self.safety)
        return sum(map(len, parts)) + bool(self.label.has_newer) + ("uses" in self.label.unread)

    @property
    def is_complete(self) -> bool:
        """Whether every use is accounted for, and no warning differs, on the newest version that we know of."""
        return not self.open


def account(labels: Sequence[ReadLabel], ours: UsesOn, today: datetime.date) -> list[LabelAccount]:
    """The labels of one therapy beside its uses: terms as they were on the day of the label, uses as they are today."""
    now = [use for use in ours(today) if use.in_force]
    found = []
    for label in labels:
        then = {use.key: use for use in ours(label.effective)}
        here = {key for one in label.uses for key in one.uses}
        ages = {key for one in label.uses if one.terms.children for key in one.uses}
        uses = tuple(_named(one, [then[key] for key in one.uses if key in then], ages) for one in label.uses)
        left_out = tuple((use, _reason(use, label, labels)) for use in now if use.key not in here)
        found.append(LabelAccount(label, uses, left_out))
    return found


def _named(named: NamedUse, ours: Sequence[OurUse], ages: set[int]) -> NamedUseAccount:
    """``ages``: uses that the label names for children, too, be it in another line."""
    terms = replace(named.terms, children=named.terms.children or any(use.key in ages for use in ours))
    maybe = [replace(use, terms=use.by_month) for use in ours if use.by_month]
    return NamedUseAccount(named, tuple(ours), tuple(differences([*ours, *maybe], terms)) if ours else ())


def _reason(use: OurUse, label: ReadLabel, labels: Sequence[ReadLabel]) -> str:
    """Why it is right that the label doesn't name the use, or nothing.

    A use that was taken from a drug's own label may stand for years on those of its forms and biosimilars.
    """
    if told := label.told.get(use.key):
        return told
    if use.since > label.effective:
        return LeftOut.LATER
    if use.partner_label:
        return LeftOut.PARTNER_LABEL
    if label.scope == DrugLabel.Scope.BIOSIMILAR:
        return LeftOut.BIOSIMILAR
    if label.scope == DrugLabel.Scope.FORM:
        return LeftOut.FORM
    others = (one for one in labels if one.scope == DrugLabel.Scope.WHOLE and one.effective >= label.effective)
    return LeftOut.ANOTHER_LABEL if any(use.key in named.uses for one in others for named in one.uses) else ""


def differences(ours: Sequence[OurUse], label: LabelTerms) -> Iterable[LabelDifference]:
    """Where uses of ours and the one on a label that they stand for say different things.

    Of a field that is the same in one of ours, nothing is told: they part what the label tells as one.
    """
    own = [use.terms for use in ours]
    if not any(use.in_force for use in ours):
        yield LabelDifference("ended", "no longer approved", "named")
    if label.cancers and not any(label.cancers & terms.cancers for terms in own):
        yield _sets("cancer", own[0].cancers, label.cancers)
    stages = {terms.stage for terms in own}
    if label.stage not in stages and not (label.stage == Indication.Stage.ANY and len(stages) > 1):
        yield LabelDifference("stage", own[0].stage, label.stage)
    if not any(label.biomarkers == terms.biomarkers for terms in own):
        yield _sets("biomarkers", own[0].biomarkers, label.biomarkers)
    if not any(same_partners(terms.partners, label.partners) for terms in own):
        yield _sets("partners", own[0].partners, label.partners)
    for name in ("children", "accelerated"):
        if not any(getattr(terms, name) == getattr(label, name) for terms in own):
            yield LabelDifference(name, _yes(getattr(own[0], name)), _yes(getattr(label, name)))


def _sets(name: str, ours: Iterable[str], label: Iterable[str]) -> LabelDifference:
    return LabelDifference(name, ", ".join(sorted(ours)) or "none", ", ".join(sorted(label)) or "none")


def _yes(value: bool) -> str:
    return "yes" if value else "no"
