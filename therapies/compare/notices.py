"""FDA's notices beside our events. They know no application, and name therapies and days in words."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from ..fda.records import Notice, cut
from ..fda.wording import Draft, Read, drafts
from ..models import ApprovalEvent
from . import proposing, rules
from .buckets import Bucket
from .claims import ApprovalNotice
from .findings import FileFinding
from .ours import OurRecords, OurTherapy
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

    def find(self) -> FileFinding:
        notice = self.notice
        claim = ApprovalNotice(notice.title or cut(notice.description, 100), notice.date)
        told: dict[str, Any] = {"line": notice.line, "claim": claim}
        if self.therapies:
            return self._beside_our_events(told | {"therapies": tuple(therapy.slug for therapy in self.therapies)})
        drugs = dict.fromkeys(name for use in self.uses for name in _drug_names(use.drug))
        verdict = rules.scope_of("", drugs, "")
        return FileFinding(**told, **verdict._asdict(), date=notice.date)

    def _beside_our_events(self, told: dict[str, Any]) -> FileFinding:
        kinds = {use.kind.value for use in self.uses if use.kind}
        days = [datetime.date.fromisoformat(use.date.value) for use in self.uses if use.date]
        told["arguments"] = {"uses": len(self.uses)}
        for day in dict.fromkeys(days):
            ours = {kind for kind in Kind for therapy in self.therapies if therapy.has_date(day, kind)}
            if Kind.WITHDRAWN in kinds and Kind.WITHDRAWN not in ours:
                return FileFinding(bucket=Bucket.WITHDREW, reason=Reason.NOTICE_OF_WITHDRAWAL, date=day, **told)
            if kinds == {Kind.ACCELERATED} and ours == {Kind.APPROVAL}:
                told["proposal"] = proposing.other_kind(self.therapies, day, Kind.APPROVAL, Kind.ACCELERATED)
                return FileFinding(bucket=Bucket.CONFLICT, reason=Reason.NOTICE_OF_ACCELERATED, date=day, **told)
            if ours or any(therapy.has_date(day) for therapy in self.therapies):
                return FileFinding(bucket=Bucket.AGREES, reason=Reason.SAME_NOTICE_DAY, date=day, **told)
        told["date"] = min(days, default=None)
        if "biosimilar" in self.notice.description.lower():
            return FileFinding(bucket=Bucket.NEW_FORM, reason=Reason.NOTICE_OF_BIOSIMILAR, **told)
        return FileFinding(bucket=Bucket.NEW_DATE, reason=Reason.NO_DECISION_OF_NOTICE, **told)

    def to_data(self) -> dict[str, Any]:
        """The notice and its uses as plain data, each field with the words that it was read from."""
        notice = self.notice
        return {
            "line": notice.line,
            "title": notice.title,
            "description": notice.description,
            "date": notice.date.isoformat() if notice.date else None,
            "address": notice.address,
            "accelerated": any(use.kind and use.kind.value == Kind.ACCELERATED for use in self.uses),
            "therapies": [therapy.slug for therapy in self.therapies],
            "uses": [_use_as_data(use) for use in self.uses],
        }


def _drug_names(text: str) -> list[str]:
    """The names outside of brackets where a notice names the approved drug."""
    plain = re.sub(r"\([^()]*\)", " ", text)
    return [part.strip() for part in re.split(r",|\band\b|\bor\b|\n", plain) if part.strip()][:6]


def _use_as_data(use: Draft) -> dict[str, Any]:
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
