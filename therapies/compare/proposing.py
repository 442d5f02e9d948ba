"""Proposals from what a file states and what our data has. Where two of ours fit, a person must say which.

What is pending has no row to correct yet: whoever answers it in the queue corrects it there.
"""

import datetime
from collections.abc import Iterable

from ..fact_kinds import FactKind
from ..fda.records import Application
from ..models import ApprovalEvent
from .ours import OurTherapy
from .proposals import EventCorrection, FactCorrection, NewEvent, NewFact, NewTherapy

#: What a name under a number may be to us, in the order in which people choose.
NAMED = (FactKind.BIOSIMILAR, FactKind.FORM, FactKind.APPLICATION, FactKind.BRAND)


def new_therapy(
    name: str, brand: str, application: Application | None = None, date: datetime.date | None = None, market: str = ""
) -> NewTherapy:
    return NewTherapy(name, brand, _number(application), date, market)


def named(
    therapies: list[OurTherapy],
    kind: str,
    *,
    brand: str,
    application: Application | None,
    date: datetime.date | None = None,
    new_brand: bool = False,
) -> NewFact | None:
    """A name or number of exactly one of our therapies. ``new_brand`` says that we do not know the brand either."""
    choices = {str(one): value for one in NAMED if (value := _value(one, brand, _number(application)))}
    if len(therapies) != 1 or kind not in choices:
        return None
    return NewFact(therapies[0].slug, str(kind), choices[kind], date, choices, brand if new_brand else "")


def dated(therapy: OurTherapy, kind: str, date: datetime.date, supplement: str) -> NewFact:
    """A day of FDA's. ``supplement`` tells it from others as long as nobody says what happened on it."""
    choices = {str(FactKind.SUPPLEMENT): supplement, str(FactKind.FIRST_APPROVAL): date.isoformat()}
    return NewFact(therapy.slug, str(kind), choices[kind], date, choices)


def market_status(therapy: OurTherapy, value: str) -> NewFact | FactCorrection | None:
    if value not in FactKind.MARKET_STATUS.traits.choices or value == "unknown":
        return None
    if therapy.market_fact:
        return FactCorrection(therapy.market_fact, value=value)
    if therapy.market:
        return None
    return NewFact(therapy.slug, str(FactKind.MARKET_STATUS), value)


def form_date(
    therapy: OurTherapy, application: Application, date: datetime.date, until: datetime.date | None
) -> FactCorrection | None:
    """``until`` is the last day that the file tells of."""
    fact = therapy.form_facts[application]
    return FactCorrection(fact, date=date) if fact and not therapy.knows_better(fact, until) else None


def later_event(
    therapies: Iterable[OurTherapy], granted: datetime.date | None, kind: str, date: datetime.date
) -> NewEvent | None:
    """The end or the conversion of the one use that had its accelerated approval on a day."""
    early = ApprovalEvent.Kind.ACCELERATED
    uses = {event.use for therapy in therapies for event in therapy.events_on(granted, early)}
    use = uses.pop() if len(uses) == 1 else None
    return NewEvent(use, str(kind), date) if use else None


def other_kind(therapies: Iterable[OurTherapy], date: datetime.date, ours: str, theirs: str) -> EventCorrection | None:
    """Another kind for the one event that our data has on a day."""
    found = [event for therapy in therapies for event in therapy.events_on(date, ours)]
    pk = found[0].pk if len(found) == 1 else None
    return EventCorrection(pk, str(theirs)) if pk else None


def _number(application: Application | None) -> str:
    return str(application) if application and application.kind in ("BLA", "NDA") else ""


def _value(kind: str, brand: str, number: str) -> str:
    if kind == FactKind.FORM:
        return f"{brand} ({number})" if brand and number else brand or number
    return number if kind == FactKind.APPLICATION else brand
