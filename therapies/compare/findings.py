"""One thing that a file says, sorted beside our data: what people answer."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..fda.records import RowError
from .buckets import Bucket
from .claims import Claim, UnreadableRow
from .proposals import Proposal
from .reasons import Reason


@dataclass(frozen=True, kw_only=True)
class FileFinding:
    """A claim of a file, with the bucket it belongs to and why, and what accepting it would record."""

    bucket: Bucket
    line: int
    claim: Claim
    reason: Reason
    arguments: Mapping[str, Any] = field(default_factory=dict)  # plain data; ``Reason`` says which
    therapies: tuple[str, ...] = ()  # slugs of ours that it concerns
    application: str = ""
    date: datetime.date | None = None
    proposal: Proposal | None = None  # none where a person must say what to record

    def key(self, file_kind: str) -> str:
        """Tells the claim from others in every release of this kind of file, whatever becomes of our data."""
        stated = json.dumps([file_kind, self.claim.to_data()], sort_keys=True)
        return hashlib.sha256(stated.encode()).hexdigest()


def unreadable(error: RowError) -> FileFinding:
    """The finding that a row could not be read."""
    claim = UnreadableRow(error.column, error.value)
    arguments = {"message": error.message}
    return FileFinding(
        bucket=Bucket.UNREADABLE, line=error.line, claim=claim, reason=Reason.UNREADABLE, arguments=arguments
    )
