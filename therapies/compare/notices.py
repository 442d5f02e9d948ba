"""FDA's notices beside our events. They know no application, and name therapies and days in words."""

import datetime
import re
from dataclasses import dataclass, fields
from typing import Any

import msgspec

from ..fda.records import Notice, cut
from ..fda.wording import Draft, Read, drafts
from ..models import ApprovalEvent
from . import proposals, rules
from .claims import ApprovalNotice
from .findings import FileFinding
from .ours import OurRecords, OurTherapy, slugs
from .proposals import Proposal
from .reasons import Reason

Kind = ApprovalEvent.Kind


@dataclass(frozen=True)
class ReadNotice:
    """A notice with the uses that were read in it, and those of our therapies that it names."""

    notice: Notice
    uses: list[Draft]
    therapies: list[OurTherapy]

    @classmethod
    def of(cls, notice: Notice, ours: OurRecords, today: datetime.date) -> "ReadNotice":
        uses = drafts(notice, ours.vocabulary, today)
        named = [read.value for use in uses for read in (*([use.therapy] if use.therapy else []), *use.partners)]
        return cls(notice, uses, [ours.therapies[slug] for slug in dict.fromkeys(named)])

    def find(self, until: datetime.date | None = None) -> FileFinding:
        """``until`` is the last day that the file tells of."""
        notice = self.notice
        claim = ApprovalNotice(notice.title or cut(notice.description, 100), notice.date)
        told: dict[str, Any] = {"uses": len(self.uses), "words": notice.description, "address": notice.address}
        if self.therapies:
            reason, date, proposal = self._beside_our_events()
            reason, proposal, older = proposals.unless_older(reason, proposal, self.therapies, until)
            return FileFinding(notice.line, claim, reason, slugs(self.therapies), date, proposal, told | older)
        drugs = dict.fromkeys(name for use in self.uses for name in _drug_names(use.drug))
        reason, arguments = rules.scope_of("", drugs, "")
        return FileFinding(notice.line, claim, reason, date=notice.date, arguments=arguments | told)

    def _beside_our_events(self) -> tuple[Reason, datetime.date | None, Proposal | None]:
        kinds = {use.kind.value for use in self.uses if use.kind}
        days = [datetime.date.fromisoformat(use.date.value) for use in self.uses if use.date]
        for day in dict.fromkeys(days):
            ours = {kind for kind in Kind for therapy in self.therapies if therapy.has_date(day, kind)}
            if kinds & {*ApprovalEvent.ENDS} and not ours & {*ApprovalEvent.ENDS}:
                return Reason.NOTICE_OF_WITHDRAWAL, day, None
            if kinds == {Kind.ACCELERATED} and ours == {Kind.APPROVAL}:
                proposal = proposals.other_kind(self.therapies, day, Kind.APPROVAL, Kind.ACCELERATED)
                return Reason.NOTICE_OF_ACCELERATED, day, proposal
            if ours or any(therapy.has_date(day) for therapy in self.therapies):
                return Reason.SAME_NOTICE_DAY, day, None
        is_biosimilar = "biosimilar" in self.notice.description.lower()
        reason = Reason.NOTICE_OF_BIOSIMILAR if is_biosimilar else Reason.NO_DECISION_OF_NOTICE
        return reason, min(days, default=None), None

    def to_data(self) -> dict[str, Any]:
        """The notice and its uses as plain data, each field with the words that it was read from."""
        return msgspec.to_builtins(self.notice) | {
            "accelerated": any(use.kind and use.kind.value == Kind.ACCELERATED for use in self.uses),
            "therapies": [therapy.slug for therapy in self.therapies],
            "uses": [{field.name: _plain(getattr(use, field.name)) for field in fields(use)} for use in self.uses],
        }


def _drug_names(text: str) -> list[str]:
    """The names outside of brackets where a notice names the approved drug."""
    plain = re.sub(r"\([^()]*\)", " ", text)
    return [part.strip() for part in re.split(r",|\band\b|\bor\b|\n", plain) if part.strip()][:6]


def _plain(value: Any) -> Any:
    if isinstance(value, Read):
        return value._asdict()
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
