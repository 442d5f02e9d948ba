"""What FDA's tables of acts, notices and accelerated approvals, say beside our events. They know no application."""

import datetime
from typing import Any

from ..fda.records import Accelerated, Notice
from ..fda.wording import Draft, Read
from ..models import ApprovalEvent
from . import proposals
from .buckets import AGREES, CONFLICT, NEW_DATE, NEW_FORM, WITHDREW
from .ours import Known, called
from .proposals import Proposal

EventKind = ApprovalEvent.Kind
#: Bucket and reason, with the day that it is about and what accepting it would record.
Sorted = tuple[str, str, datetime.date | None, Proposal | None]


def of_accelerated(said: Accelerated, known: list[Known]) -> Sorted:
    names, granted, end, converted = called(known), said.granted, said.withdrawn, said.converted

    def records(date: datetime.date, *kinds: str) -> bool:
        return any(therapy.has_date(date, *kinds) for therapy in known)

    if end and not records(end, "withdrawn"):
        why = f"FDA ended this use of {names} on {end.isoformat()}; we record no such end."
        return WITHDREW, why, end, proposals.event(known, granted, EventKind.WITHDRAWN, end)
    if granted and not records(granted, "accelerated-approval"):
        if records(granted, "approval"):
            why = f"We record a regular approval of {names} on {granted.isoformat()}."
            proposal = proposals.other_kind(known, granted, EventKind.APPROVAL, EventKind.ACCELERATED)
            return CONFLICT, why, granted, proposal
        return NEW_DATE, f"We record no accelerated approval of {names} on {granted.isoformat()}.", granted, None
    if converted and not records(converted, "converted"):
        if records(converted, "approval"):
            why = f"We record an approval of {names} on {converted.isoformat()}, no conversion."
            proposal = proposals.other_kind(known, converted, EventKind.APPROVAL, EventKind.CONVERTED)
            return CONFLICT, why, converted, proposal
        why = f"We record no conversion of {names} on {converted.isoformat()}."
        return NEW_DATE, why, converted, proposals.event(known, granted, EventKind.CONVERTED, converted)
    return AGREES, f"We record these days for {names}.", granted, None


def of_notice(said: Notice, uses: list[Draft], known: list[Known]) -> Sorted:
    names = called(known)
    kinds = {use.kind.value for use in uses if use.kind}
    dates = {datetime.date.fromisoformat(use.date.value) for use in uses if use.date}
    count = f"The notice seems to tell {len(uses)} use{'' if len(uses) == 1 else 's'}"
    for day in dates:
        on_day = {
            kind
            for kind in ("accelerated-approval", "approval", "converted", "withdrawn")
            for k in known
            if k.has_date(day, kind)
        }
        if "withdrawn" in kinds and "withdrawn" not in on_day:
            why = f"The notice tells that FDA ended a use of {names}; we record no such end."
            return WITHDREW, why, day, None
        if kinds == {"accelerated-approval"} and on_day == {"approval"}:
            why = f"We record a regular approval of {names} on this day, and the notice tells of an accelerated one."
            return CONFLICT, why, day, proposals.other_kind(known, day, EventKind.APPROVAL, EventKind.ACCELERATED)
        if on_day or any(k.has_date(day) for k in known):
            return AGREES, f"We record an event of {names} on this day. {count}.", day, None
    date = min(dates, default=None)
    if "biosimilar" in said.description.lower():
        return NEW_FORM, f"The notice tells of a biosimilar, so this may be no event of {names}.", date, None
    return NEW_DATE, f"We record no event of {names} on this day. {count}.", date, None


def as_data(use: Draft) -> dict[str, Any]:
    """A draft as plain data: what was read, and the words that it was read from."""

    def one(read: Read | None) -> dict[str, str] | None:
        return {"value": read.value, "words": read.words} if read else None

    return {
        "therapy": one(use.therapy),
        "drug": use.drug,
        "cancers": [one(read) for read in use.cancers],
        "setting": one(use.setting),
        "use": use.use,
        "biomarkers": [one(read) for read in use.biomarkers],
        "combination": list(use.combination),
        "partners": [one(read) for read in use.partners],
        "children": one(use.children),
        "kind": one(use.kind),
        "date": one(use.date),
        "application": one(use.application),
    }
