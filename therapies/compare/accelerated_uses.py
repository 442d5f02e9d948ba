"""FDA's tables of accelerated approvals beside our events. They know no application."""

import datetime

from ..fda import disease
from ..fda.records import Accelerated, cut
from ..models import ApprovalEvent
from . import proposals
from .claims import AcceleratedUse
from .findings import FileFinding
from .ours import OurRecords, OurTherapy, slugs
from .proposals import Proposal
from .reasons import Reason

Kind = ApprovalEvent.Kind
LONGEST_USE = 300  # characters of a claim


def find_use(row: Accelerated, ours: OurRecords, until: datetime.date | None) -> FileFinding:
    """``until`` is the last day that the file tells of."""
    therapies = ours.called(row.brand, row.names) or ours.within(row.brand, row.names)
    use = cut(row.use, LONGEST_USE)
    claim = AcceleratedUse(row.brand, row.names, use, row.granted, row.converted, row.withdrawn)
    if therapies:
        reason, date, proposal = _beside_events(row, therapies, _cancers(row.use, ours))
        reason, proposal, told = proposals.unless_older(reason, proposal, therapies, until)
        return FileFinding(row.line, claim, reason, slugs(therapies), date, proposal, told)
    reason, new, arguments = proposals.perhaps_new(row.brand, row.names)
    return FileFinding(row.line, claim, reason, date=row.granted, proposal=new, arguments=arguments)


def _cancers(use: str, ours: OurRecords) -> list[str]:
    found = disease.cancers(use, disease.biomarkers(use, ours.vocabulary), ours.vocabulary)
    return [read.value for read in found]


def _beside_events(
    row: Accelerated, therapies: list[OurTherapy], cancers: list[str]
) -> tuple[Reason, datetime.date | None, Proposal | None]:
    """The first of what the row states that our data does not have: its end, its grant, its conversion.

    A day alone says little: FDA decides on several uses of a drug at once.
    """
    granted, converted, end = row.granted, row.converted, row.withdrawn

    def has(date: datetime.date, *kinds: str) -> bool:
        return any(therapy.has_decided(date, kinds, cancers) for therapy in therapies)

    if end and not has(end, *ApprovalEvent.ENDS):
        proposal = proposals.later_event(therapies, granted, Kind.WITHDRAWN, end, cancers)
        return Reason.NO_WITHDRAWAL, end, proposal
    if granted and not has(granted, Kind.ACCELERATED):
        if has(granted, Kind.APPROVAL):
            other = proposals.other_kind(therapies, granted, Kind.APPROVAL, Kind.ACCELERATED, cancers)
            return Reason.REGULAR_IN_OUR_DATA, granted, other
        return Reason.NO_ACCELERATED_APPROVAL, granted, None
    if converted and not has(converted, Kind.CONVERTED):
        if has(converted, Kind.APPROVAL):
            other = proposals.other_kind(therapies, converted, Kind.APPROVAL, Kind.CONVERTED, cancers)
            return Reason.NOT_CONVERTED_IN_OUR_DATA, converted, other
        proposal = proposals.later_event(therapies, granted, Kind.CONVERTED, converted, cancers)
        return Reason.NO_CONVERSION, converted, proposal
    return Reason.SAME_ACCELERATED_USE, granted, None
