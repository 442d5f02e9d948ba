"""What accepting a finding would record. It is stored with the finding, and judged by a person before it is done."""

import datetime
from dataclasses import dataclass, field, replace

from ..fact_kinds import FactKind
from ..models import ApprovalEvent
from .plain_data import PlainData

Precision = ApprovalEvent.Precision


class Proposal(PlainData):
    """A row to add, or a value to correct. Dates are those of FDA; slugs and keys are those of our rows."""

    tagged_as = "make"


@dataclass(frozen=True)
class NewFact(Proposal):
    """A fact about one of our therapies.

    FDA's file tells a name or a day, and not always what it means to us: ``choices`` are the kinds that a person may
    record it as, each with its value. ``brand`` is unknown to us and would be recorded together with its number.
    """

    tag = "fact"
    therapy: str
    kind: str
    value: str
    date: datetime.date | None = None
    choices: dict[str, str] = field(default_factory=dict)
    brand: str = ""

    def as_kind(self, kind: str) -> "NewFact":
        """The same recorded as another kind. One that is no choice changes nothing."""
        return replace(self, kind=kind, value=self.choices[kind]) if kind in self.choices else self

    @property
    def brings_brand(self) -> bool:
        return bool(self.brand) and self.kind == FactKind.APPLICATION


@dataclass(frozen=True)
class NewEvent(Proposal):
    """A decision of FDA about a use that our data has."""

    tag = "event"
    use: int
    kind: str
    date: datetime.date
    precision: str = Precision.DAY.value


@dataclass(frozen=True)
class NewTherapy(Proposal):
    """A therapy without a text, with the facts that the file has."""

    tag = "therapy"
    name: str
    brand: str = ""
    application: str = ""
    date: datetime.date | None = None  # of its first approval
    market: str = ""


@dataclass(frozen=True)
class FactCorrection(Proposal):
    """Another value, or another day, for a fact of ours."""

    tag = "fact-correction"
    fact: int
    value: str = ""
    date: datetime.date | None = None


@dataclass(frozen=True)
class EventCorrection(Proposal):
    """Another kind for a decision of FDA that our data has."""

    tag = "event-correction"
    event: int
    kind: str
