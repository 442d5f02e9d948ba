"""FDA's tables of accelerated approvals beside our events. They know no application."""

import datetime
from typing import NamedTuple

from ..fda import cells
from ..fda.records import Accelerated, cut
from ..models import ApprovalEvent
from . import proposing, rules
from .buckets import Bucket
from .claims import AcceleratedUse
from .findings import FileFinding
from .ours import OurRecords, OurTherapy
from .proposals import Proposal
from .reasons import Reason

Kind = ApprovalEvent.Kind
LONGEST_USE = 300  # characters of a claim


class _Sorted(NamedTuple):
    bucket: Bucket
    reason: Reason
    date: datetime.date | None
    proposal: Proposal | None = None


def find_use(row: Accelerated, ours: OurRecords) -> FileFinding:
    therapies = ours.called(row.brand, row.names) or ours.within(row.brand, row.names)
    use = cut(row.use, LONGEST_USE)
    claim = AcceleratedUse(row.brand, row.names, use, row.granted, row.converted, row.withdrawn)
    if not therapies:
        return _unknown(row, claim)
    bucket, reason, date, proposal = _sort(row, therapies)
    return FileFinding(
        bucket=bucket,
        line=row.line,
        claim=claim,
        reason=reason,
        therapies=tuple(therapy.slug for therapy in therapies),
        date=date,
        proposal=proposal,
    )


def _unknown(row: Accelerated, claim: AcceleratedUse) -> FileFinding:
    verdict = rules.scope_of("", row.names or (row.brand,), "")
    name = " and ".join(cells.parts(row.names)) or row.brand
    may_be_new = verdict.bucket == Bucket.NEW_THERAPY and row.brand
    return FileFinding(
        bucket=verdict.bucket,
        line=row.line,
        claim=claim,
        reason=verdict.reason,
        arguments=verdict.arguments,
        date=row.granted,
        proposal=proposing.new_therapy(name, row.brand) if may_be_new else None,
    )


def _sort(row: Accelerated, therapies: list[OurTherapy]) -> _Sorted:
    """The first of what the row states that our data does not have: its end, its grant, its conversion."""
    granted, converted, end = row.granted, row.converted, row.withdrawn

    def has(date: datetime.date, kind: Kind) -> bool:
        return any(therapy.has_date(date, kind) for therapy in therapies)

    if end and not has(end, Kind.WITHDRAWN):
        proposal = proposing.later_event(therapies, granted, Kind.WITHDRAWN, end)
        return _Sorted(Bucket.WITHDREW, Reason.NO_WITHDRAWAL, end, proposal)
    if granted and not has(granted, Kind.ACCELERATED):
        if has(granted, Kind.APPROVAL):
            other = proposing.other_kind(therapies, granted, Kind.APPROVAL, Kind.ACCELERATED)
            return _Sorted(Bucket.CONFLICT, Reason.REGULAR_IN_OUR_DATA, granted, other)
        return _Sorted(Bucket.NEW_DATE, Reason.NO_ACCELERATED_APPROVAL, granted)
    if converted and not has(converted, Kind.CONVERTED):
        if has(converted, Kind.APPROVAL):
            other = proposing.other_kind(therapies, converted, Kind.APPROVAL, Kind.CONVERTED)
            return _Sorted(Bucket.CONFLICT, Reason.NOT_CONVERTED_IN_OUR_DATA, converted, other)
        proposal = proposing.later_event(therapies, granted, Kind.CONVERTED, converted)
        return _Sorted(Bucket.NEW_DATE, Reason.NO_CONVERSION, converted, proposal)
    return _Sorted(Bucket.AGREES, Reason.SAME_ACCELERATED_USE, granted)
