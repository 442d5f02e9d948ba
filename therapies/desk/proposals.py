"""What accepting a finding would record: plain data, so that it can be stored, shown and judged before it is done.

``make`` says what: a "fact", an "event", a "therapy" with its first facts, or a "correction" of a fact or event.
A finding of which a file cannot tell what to record has no proposal.
"""

import datetime
import hashlib
import json
import re
from typing import Any

from ..fact_kinds import FactKind
from ..fda.records import Application
from ..models import ApprovalEvent, TherapyFact
from .ours import Known

Proposal = dict[str, Any]
Kind = TherapyFact.Kind
#: The kinds that a person may choose between: FDA's file tells a name and a number, not what they mean to us.
NAMED = (Kind.BIOSIMILAR, Kind.FORM, Kind.APPLICATION, Kind.BRAND)
DATED = (Kind.SUPPLEMENT, Kind.FIRST_APPROVAL)
#: Grows from month to month without saying anything new.
COUNT = re.compile(r" \(\d+ presentations? in this file\)$")


def key(kind: str, bucket: str, what: str, proposal: Proposal | None) -> str:
    """Tells a finding from others in every edition of the same kind of file: without its line."""
    said = json.dumps([kind, bucket, COUNT.sub("", what), proposal], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


# Making them ---------------------------------------------------------------------------------------------


def therapy(
    name: str, brand: str, application: Application | None, date: datetime.date | None, market: str
) -> Proposal:
    number = _number(application)
    return {
        "make": "therapy",
        "name": name,
        "brand": brand,
        "application": number,
        "date": _iso(date),
        "market": market,
    }


def named(
    known: list[Known],
    kind: str,
    *,
    brand: str,
    application: Application | None,
    date: datetime.date | None = None,
    new_brand: bool = False,
) -> Proposal | None:
    """A name or number of exactly one of our therapies. With two, a person must say which.

    ``new_brand`` says that we do not know the brand either: it is recorded with its number.
    """
    told = {"brand": brand, "application": _number(application)}
    if len(known) != 1 or not (value := _value(kind, told)):
        return None
    own = {"make": "fact", "therapy": known[0].slug, "kind": str(kind), "value": value, "date": _iso(date)}
    return own | told | ({"new_brand": True} if new_brand else {})


def dated(known: Known, kind: str, date: datetime.date, words: str) -> Proposal:
    """A day of FDA's. ``words`` name it as long as nobody says what happened on it."""
    value = date.isoformat() if kind == Kind.FIRST_APPROVAL else words
    own = {"make": "fact", "therapy": known.slug, "kind": str(kind), "value": value, "date": date.isoformat()}
    return own | {"words": words}


def market(known: Known, value: str) -> Proposal | None:
    if value not in FactKind.MARKET_STATUS.traits.choices or value == "unknown":
        return None
    if known.market_fact:
        return {"make": "correction", "fact": known.market_fact, "value": value}
    return {"make": "fact", "therapy": known.slug, "kind": str(Kind.MARKET_STATUS), "value": value, "date": None}


def form_date(known: Known, application: Application, date: datetime.date) -> Proposal:
    return {"make": "correction", "fact": known.form_facts[application], "date": date.isoformat()}


def event(known: list[Known], granted: datetime.date | None, kind: str, date: datetime.date) -> Proposal | None:
    """The end or the conversion of the one use that was granted on a day."""
    uses = {event.use for one in known for event in one.events_on(granted, ApprovalEvent.Kind.ACCELERATED)}
    if len(uses) != 1:
        return None
    return {"make": "event", "use": uses.pop(), "kind": str(kind), "date": date.isoformat()}


def other_kind(known: list[Known], date: datetime.date, ours: str, theirs: str) -> Proposal | None:
    """Another kind for the one event that we record on a day."""
    found = [event for one in known for event in one.events_on(date, ours)]
    return {"make": "correction", "event": found[0].pk, "kind": str(theirs)} if len(found) == 1 else None


def _number(application: Application | None) -> str:
    return str(application) if application and application.kind in ("BLA", "NDA") else ""


def _iso(date: datetime.date | None) -> str | None:
    return date.isoformat() if date else None


# Choosing ------------------------------------------------------------------------------------------------


def _value(kind: str, told: dict[str, Any]) -> str:
    brand, number = told.get("brand", ""), told.get("application", "")
    if kind == Kind.FORM:
        return f"{brand} ({number})" if brand and number else brand or number
    if kind == Kind.APPLICATION:
        return number
    return brand


def kinds(proposal: Proposal) -> list[str]:
    """The kinds of fact that a person may choose for it; one or none where there is no choice."""
    if proposal["make"] != "fact":
        return []
    if "words" in proposal:
        return list(DATED)
    return [kind for kind in NAMED if "brand" in proposal and _value(kind, proposal)]


def chosen(proposal: Proposal, kind: str) -> Proposal:
    """The same finding recorded as another kind. An unknown kind changes nothing."""
    if kind == proposal.get("kind") or kind not in kinds(proposal):
        return proposal
    if "words" in proposal:
        value = proposal["date"] if kind == Kind.FIRST_APPROVAL else proposal["words"]
    else:
        value = _value(kind, proposal)
    return proposal | {"kind": kind, "value": value}


def brings_brand(proposal: Proposal) -> bool:
    return bool(proposal.get("new_brand") and proposal["kind"] == Kind.APPLICATION)


# Telling -------------------------------------------------------------------------------------------------


def described(proposal: Proposal, uses: dict[int, Any]) -> str:
    """What accepting would record, in words. ``uses`` gives the uses of events by their primary key."""
    make = proposal["make"]
    if make == "therapy":
        return f"A new therapy, {proposal['name']}, without a text"
    if make == "event":
        kind = ApprovalEvent.Kind(proposal["kind"]).label
        return f"{kind} on {proposal['date']}: {uses.get(proposal['use'], 'a use that is gone')}"
    if make == "correction":
        if "kind" in proposal:
            return f"Another kind of the event: {ApprovalEvent.Kind(proposal['kind']).label}"
        return f"Another day: {proposal['date']}" if "date" in proposal else f"Whether it is sold: {proposal['value']}"
    also = f", with the brand {proposal['brand']}" if brings_brand(proposal) else ""
    return f"{Kind(proposal['kind']).label}: {proposal['value']}{also}"


def counted(proposal: Proposal) -> list[str]:
    """The kinds of fact that accepting would make, in words."""
    if proposal["make"] == "therapy":
        told = [("application", Kind.APPLICATION), ("brand", Kind.BRAND), ("date", Kind.FIRST_APPROVAL)]
        told += [("market", Kind.MARKET_STATUS)]
        return ["New therapy", *(kind.label for name, kind in told if proposal[name])]
    if proposal["make"] == "correction":
        return ["Correction of what we record"]
    if proposal["make"] == "event":
        return [ApprovalEvent.Kind(proposal["kind"]).label]
    return [Kind(proposal["kind"]).label, *([Kind.BRAND.label] if brings_brand(proposal) else [])]
