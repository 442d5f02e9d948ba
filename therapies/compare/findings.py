"""One thing that a file says, sorted beside our data: what people answer. A row of a batch holds it as columns."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ..models import BatchRow
from .claims import Claim
from .proposals import Proposal
from .reasons import Bucket, Reason


@dataclass(frozen=True)
class FileFinding:
    """A claim of a file, why it is in its bucket, and what accepting it would record."""

    line: int
    claim: Claim
    reason: Reason
    therapies: tuple[str, ...] = ()  # slugs of ours that it concerns
    date: datetime.date | None = None
    proposal: Proposal | None = None  # none where a person must say what to record
    arguments: Mapping[str, Any] = field(default_factory=dict)  # plain data; ``Reason`` says which

    @property
    def bucket(self) -> Bucket:
        return self.reason.bucket

    @property
    def application(self) -> str:
        """The one that the claim is about, if any."""
        return getattr(self.claim, "application", "")

    def key(self, file_kind: str) -> str:
        """Tells the claim from others in every release of this kind of file, whatever becomes of our data."""
        stated = json.dumps([file_kind, self.claim.to_data()], sort_keys=True)
        return hashlib.sha256(stated.encode()).hexdigest()


def row_of(finding: FileFinding, file_kind: str, names: Mapping[str, str]) -> BatchRow:
    """An unsaved row, without its batch and position. ``names`` are those of our therapies by slug."""
    columns = msgspec.to_builtins(finding) | {"date": finding.date}
    return BatchRow(
        **columns,
        bucket=finding.bucket.value,
        application=finding.application,
        key=finding.key(file_kind),
        search=_search(finding, columns["claim"], names),
    )


def finding_of(row: BatchRow) -> FileFinding:
    therapies, claim = tuple(row.therapies), Claim.from_data(row.claim)
    return FileFinding(row.line, claim, Reason(row.reason), therapies, row.date, proposal_of(row), row.arguments)


def proposal_of(row: BatchRow) -> Proposal | None:
    return Proposal.from_data(row.proposal) if row.proposal else None


def _search(finding: FileFinding, stated: dict[str, Any], names: Mapping[str, str]) -> str:
    """All that a person may look for: what the file states, and the therapies of ours that it concerns."""
    texts = [finding.application, *finding.therapies, *(names.get(slug, "") for slug in finding.therapies)]
    for name, value in stated.items():
        if name != "states":
            texts += value.values() if isinstance(value, dict) else [value] if isinstance(value, str) else value
    return " ".join(dict.fromkeys(text.casefold() for text in texts if text))
