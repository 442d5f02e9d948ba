"""FDA's notices beside our events. They know no application, and name therapies and days in words."""

import datetime
import re
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import msgspec

from ..fact_kinds import FactKind
from ..fda.naming import Read
from ..fda.records import Notice, cut
from ..fda.wording import Draft, drafts
from ..models import ApprovalEvent
from . import proposals, rules
from .claims import ApprovalNotice
from .findings import FileFinding
from .ours import OurRecords, OurTherapy, slugs
from .proposals import Proposal
from .reasons import Reason

Kind = ApprovalEvent.Kind
#: The kinds of ours that one of a notice may be. FDA at times calls a conversion an approval.
FITTING: dict[str, tuple[str, ...]] = {
    Kind.ACCELERATED: (Kind.ACCELERATED,),
    Kind.APPROVAL: (Kind.APPROVAL, Kind.CONVERTED),
    Kind.CONVERTED: (Kind.CONVERTED,),
    Kind.NARROWED: (Kind.NARROWED,),
    **dict.fromkeys(ApprovalEvent.ENDS, ApprovalEvent.ENDS),
}


#: What becomes of a notice with several uses: the first of these that is true of one.
GRAVEST = (
    Reason.NOTICE_OF_WITHDRAWAL,
    Reason.NOTICE_OF_ACCELERATED,
    Reason.NOTICE_OF_BIOSIMILAR,
    Reason.NO_DECISION_OF_NOTICE,
    Reason.SAME_NOTICE_DAY,
)


class Beside(NamedTuple):
    """What one use of a notice is beside our decisions."""

    reason: Reason
    date: datetime.date | None
    kind: str
    cancers: tuple[str, ...]  # in the notice's words
    proposal: Proposal | None = None

    @property
    def missing(self) -> dict[str, Any]:
        """The decision as our data would have it, as plain data."""
        return {"kind": self.kind, "date": self.date.isoformat() if self.date else "", "cancers": list(self.cancers)}


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
            whose = [(use, self._deciding(use)) for use in self.uses]
            found = [self._beside(use, therapies) for use, therapies in whose if therapies]
            gravest = min(found, key=lambda one: GRAVEST.index(one.reason))
            reason, proposal, older = proposals.unless_older(gravest.reason, gravest.proposal, self.therapies, until)
            known = (Reason.SAME_NOTICE_DAY, Reason.NOTICE_OF_BIOSIMILAR)
            if missing := [one.missing for one in found if one.reason not in known]:
                told["missing"] = missing
            return FileFinding(notice.line, claim, reason, slugs(self.therapies), gravest.date, proposal, told | older)
        drugs = dict.fromkeys(name for use in self.uses for name in _drug_names(use.drug))
        reason, arguments = rules.scope_of("", drugs, "")
        return FileFinding(notice.line, claim, reason, date=notice.date, arguments=arguments | told)

    def _deciding(self, use: Draft) -> list[OurTherapy]:
        """Those of ours on which FDA decides: the approved one, or else the partners of a drug that is none of ours."""
        named = {read.value for read in ([use.therapy] if use.therapy else use.partners)}
        return [therapy for therapy in self.therapies if therapy.slug in named]

    def _beside(self, use: Draft, therapies: list[OurTherapy]) -> Beside:
        """A use is known if our data has a decision on it on its day, of its kind, for each of its cancers.

        A day alone says little: FDA decides on several uses of a drug at once. What could not be read cannot differ.
        """
        kind, cancers = use.kind.value if use.kind else "", [read.value for read in use.cancers]
        day = datetime.date.fromisoformat(use.date.value) if use.date else None
        about = (day, kind, tuple(read.words for read in use.cancers))

        def has(*kinds: str) -> bool:
            return any(therapy.has_decided(day, kinds, cancers) for therapy in therapies)

        if has(*FITTING.get(kind, Kind)) or self._is_of_form(day, therapies):
            return Beside(Reason.SAME_NOTICE_DAY, *about)
        if day and kind in ApprovalEvent.ENDS:
            return Beside(Reason.NOTICE_OF_WITHDRAWAL, *about)
        if day and kind == Kind.ACCELERATED and has(Kind.APPROVAL):
            other = proposals.other_kind(therapies, day, Kind.APPROVAL, Kind.ACCELERATED, cancers)
            return Beside(Reason.NOTICE_OF_ACCELERATED, *about, other)
        is_biosimilar = "biosimilar" in self.notice.description.lower()
        return Beside(Reason.NOTICE_OF_BIOSIMILAR if is_biosimilar else Reason.NO_DECISION_OF_NOTICE, *about)

    def _is_of_form(self, day: datetime.date | None, therapies: list[OurTherapy]) -> bool:
        """Whether it tells of a form that was approved that day, under which it may list the uses of the drug."""
        text = f"{self.notice.title} {self.notice.description}".casefold()
        forms = [form for therapy in therapies for form in therapy.facts[FactKind.FORM] if day and form.date == day]
        return any(form.value.split("(")[0].strip().casefold() in text for form in forms)

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
