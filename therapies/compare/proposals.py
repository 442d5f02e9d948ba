"""What accepting a finding would record. It is stored with the finding, and judged by a person before it is done."""

import datetime
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from ..fact_kinds import APPLICATIONS, NUMBERED, UNKNOWN, FactKind, of_product
from ..fda import cells
from ..fda.records import Application
from ..models import ApprovalEvent
from . import rules
from .ages import told_later
from .claims import PlainData
from .ours import OurTherapy
from .reasons import Bucket, Reason

Precision = ApprovalEvent.Precision


class ToldFact(NamedTuple):
    """A fact as accepting would record it, by the columns of our table."""

    kind: str
    value: str
    date: datetime.date | None = None
    application: str = ""


class Proposal(PlainData, frozen=True, tag_field="make"):
    """A row to add, or a value to correct. Dates are those of FDA; slugs and keys are those of our rows."""


class NewFact(Proposal, frozen=True, tag="fact"):
    """A fact about one of our therapies.

    FDA's file tells a name or a day, and not always what it means to us: ``choices`` are the kinds that a person may
    record it as, each with its value. ``brand`` is unknown to us and would be recorded together with its number.
    """

    therapy: str
    kind: str
    value: str
    date: datetime.date | None = None
    choices: dict[str, str] = {}
    brand: str = ""
    application: str = ""  # under which the file has it

    def as_kind(self, kind: str) -> "NewFact":
        """The same recorded as another kind. One that is no choice changes nothing."""
        return replace(self, kind=kind, value=self.choices[kind]) if kind in self.choices else self

    @property
    def brings_brand(self) -> bool:
        return bool(self.brand) and self.kind in APPLICATIONS

    @property
    def facts(self) -> list[ToldFact]:
        application = self.application if self.kind in NUMBERED else ""
        brand = [ToldFact(FactKind.BRAND.value, self.brand)] if self.brings_brand else []
        return [ToldFact(self.kind, self.value, self.date, application), *brand]


class NewEvent(Proposal, frozen=True, tag="event"):
    """A decision of FDA about a use that our data has."""

    use: int
    kind: str
    date: datetime.date
    precision: str = Precision.DAY.value


class NewTherapy(Proposal, frozen=True, tag="therapy"):
    """A therapy without a text, with the facts that the file has."""

    name: str
    brand: str = ""
    application: str = ""
    date: datetime.date | None = None  # of its first approval
    market: str = ""

    @property
    def facts(self) -> list[ToldFact]:
        told = [
            ToldFact(FactKind.APPLICATION.value, self.application, self.date),
            ToldFact(FactKind.BRAND.value, self.brand),
            ToldFact(FactKind.FIRST_APPROVAL.value, self.date.isoformat() if self.date else "", self.date),
            ToldFact(FactKind.MARKET_STATUS.value, self.market),
        ]
        return [fact for fact in told if fact.value]


class NewLabelledUse(PlainData, frozen=True):
    """A use that a label names, as a rule read it. ``words`` are those of the label, cut."""

    words: str
    cancer: str = ""
    stage: str = ""
    biomarkers: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    children: bool = False
    accelerated: bool = False
    outside: str = ""


class NewLabel(Proposal, frozen=True, tag="label"):
    """A version of a label: the uses that it names, its box, how it is given, and its common side effects."""

    therapy: str
    application: str
    brand: str
    set_id: str
    effective: datetime.date
    scope: str
    uses: tuple[NewLabelledUse, ...] = ()
    boxed: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    common: tuple[str, ...] = ()


class FactCorrection(Proposal, frozen=True, tag="fact-correction"):
    """Another value, or another day, for a fact of ours."""

    fact: int
    value: str = ""
    date: datetime.date | None = None


class EventCorrection(Proposal, frozen=True, tag="event-correction"):
    """Another kind for a decision of FDA that our data has."""

    event: int
    kind: str


# From what a file states and what our data has. Where two of ours fit, a person must say which ------------


def named(
    therapies: list[OurTherapy],
    kind: FactKind,
    brand: str,
    number: Application,
    date: datetime.date | None = None,
    *,
    new_brand: bool = False,
) -> NewFact | None:
    """A name or number of exactly one of our therapies. ``new_brand`` says that we do not know the brand either."""
    application = as_recorded(number)
    choices = of_product(brand, application)
    if len(therapies) != 1 or kind not in choices:
        return None
    found = NewFact(therapies[0].slug, str(kind), choices[kind], date, choices, application=application)
    return replace(found, brand=brand) if new_brand else found


def dated(therapy: OurTherapy, kind: FactKind, date: datetime.date, submission: str) -> NewFact:
    """A day of FDA's. ``submission`` tells it from others as long as nobody says what happened on it."""
    choices = {str(FactKind.SUPPLEMENT): submission, str(FactKind.FIRST_APPROVAL): date.isoformat()}
    return NewFact(therapy.slug, str(kind), choices[kind], date, choices)


def market_status(therapy: OurTherapy, value: str) -> NewFact | FactCorrection | None:
    """What is pending has no row to correct yet: whoever answers it in the queue corrects it there."""
    if value not in FactKind.MARKET_STATUS.traits.choices or value == UNKNOWN:
        return None
    if fact := therapy.market_fact:
        return FactCorrection(fact.pk, value=value) if fact.pk else None
    return NewFact(therapy.slug, str(FactKind.MARKET_STATUS), value)


def later_event(
    therapies: Iterable[OurTherapy],
    granted: datetime.date | None,
    kind: str,
    date: datetime.date,
    cancers: Sequence[str] = (),
) -> NewEvent | None:
    """The end or conversion of the one use, for one of these cancers, that had its accelerated approval on a day."""
    early = (ApprovalEvent.Kind.ACCELERATED,)
    uses = {event.indication_id for therapy in therapies for event in therapy.events_on(granted, early, cancers)}
    use = uses.pop() if len(uses) == 1 else None
    return NewEvent(use, str(kind), date) if use else None


def other_kind(
    therapies: Iterable[OurTherapy], date: datetime.date, ours: str, theirs: str, cancers: Sequence[str] = ()
) -> EventCorrection | None:
    """Another kind for the one event, for one of these cancers, that our data has on a day."""
    found = [event for therapy in therapies for event in therapy.events_on(date, (ours,), cancers)]
    pk = found[0].pk if len(found) == 1 else None
    return EventCorrection(pk, str(theirs)) if pk else None


def unless_older(
    reason: Reason, proposal: Proposal | None, therapies: Iterable[OurTherapy], until: datetime.date | None
) -> tuple[Reason, Proposal | None, dict[str, str]]:
    """Against a decision whose source is newer than the file, nothing is proposed, and the finding says why."""
    if isinstance(proposal, EventCorrection):
        events = [event for therapy in therapies for event in therapy.events if event.pk == proposal.event]
        if told := next((told for event in events if (told := told_later(event, until))), None):
            return Reason.OLDER_THAN_OUR_DECISION, None, {"our_date": told.isoformat()}
    return reason, proposal, {}


def perhaps_new(brand: str, names: Sequence[str]) -> tuple[Reason, NewTherapy | None, dict[str, str]]:
    """What a product is that matches none of ours, where only its brand and names are known."""
    reason, arguments = rules.scope_of("", names or (brand,), "")
    name = " and ".join(cells.parts(names)) or brand
    is_new = brand and reason.bucket == Bucket.NEW_THERAPY
    return reason, NewTherapy(name, brand) if is_new else None, arguments


def as_recorded(number: Application) -> str:
    """A number that we would record: generics and what a file has lost the kind of are none."""
    return str(number) if number.kind in ("BLA", "NDA") else ""
