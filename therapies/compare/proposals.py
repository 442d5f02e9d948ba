"""What accepting a finding would record. It is stored with the finding, and judged by a person before it is done."""

import datetime

from msgspec.structs import replace

from ..fact_kinds import FactKind
from ..models import ApprovalEvent
from .plain_data import PlainData

Precision = ApprovalEvent.Precision


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

    def as_kind(self, kind: str) -> "NewFact":
        """The same recorded as another kind. One that is no choice changes nothing."""
        return replace(self, kind=kind, value=self.choices[kind]) if kind in self.choices else self

    @property
    def brings_brand(self) -> bool:
        return bool(self.brand) and self.kind == FactKind.APPLICATION


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


class FactCorrection(Proposal, frozen=True, tag="fact-correction"):
    """Another value, or another day, for a fact of ours."""

    fact: int
    value: str = ""
    date: datetime.date | None = None


class EventCorrection(Proposal, frozen=True, tag="event-correction"):
    """Another kind for a decision of FDA that our data has."""

    event: int
    kind: str
