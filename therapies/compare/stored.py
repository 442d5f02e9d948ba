"""A finding as the columns of a row of a batch, and back."""

from collections.abc import Mapping
from typing import Any

from ..models import BatchRow
from .buckets import Bucket
from .claims import Claim
from .findings import FileFinding
from .proposals import Proposal
from .reasons import Reason


def row_of(finding: FileFinding, file_kind: str, names: Mapping[str, str]) -> BatchRow:
    """An unsaved row, without its batch and position. ``names`` are those of our therapies by slug."""
    stated = finding.claim.to_data()
    return BatchRow(
        bucket=finding.bucket.value,
        line=finding.line,
        claim=stated,
        reason=finding.reason.value,
        arguments=dict(finding.arguments),
        therapies=list(finding.therapies),
        application=finding.application,
        date=finding.date,
        key=finding.key(file_kind),
        proposal=finding.proposal.to_data() if finding.proposal else None,
        search=_search(finding, stated, names),
    )


def finding_of(row: BatchRow) -> FileFinding:
    return FileFinding(
        bucket=Bucket(row.bucket),
        line=row.line,
        claim=Claim.from_data(row.claim),
        reason=Reason(row.reason),
        arguments=row.arguments,
        therapies=tuple(row.therapies),
        application=row.application,
        date=row.date,
        proposal=proposal_of(row),
    )


def proposal_of(row: BatchRow) -> Proposal | None:
    return Proposal.from_data(row.proposal) if row.proposal else None


def _search(finding: FileFinding, stated: dict[str, Any], names: Mapping[str, str]) -> str:
    """All that a person may look for: what the file states, and the therapies of ours that it concerns."""
    texts = [finding.application, *finding.therapies, *(names.get(slug, "") for slug in finding.therapies)]
    for field, value in stated.items():
        if field != "states":
            texts += value.values() if isinstance(value, dict) else [value] if isinstance(value, str) else value
    return " ".join(dict.fromkeys(text.casefold() for text in texts if text))
