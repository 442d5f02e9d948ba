"""The verb by which one of FDA's files, read and compared, is kept as a batch with its rows."""

from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from portal.publishing import audit
from portal.publishing.models import Source

from ...fda import portal_export
from ...fda.records import cut
from ...models import Batch, BatchRow
from .. import diff, proposals, synchronised
from ..buckets import AGREES, UNREADABLE

AT_ONCE = 1_000  # rows of one INSERT


class Upload(NamedTuple):
    """A file as it came."""

    name: str
    size: int
    sha256: str


@transaction.atomic
def keep(result: diff.Result, upload: Upload, *, by: User) -> tuple[Batch, bool]:
    """Store what a file says as a batch with its rows. The second part tells whether there was anything new.

    The same file with nothing new gives the batch that is there. What was answered in an earlier edition is known.
    """
    fresh = [_row(finding, result.kind) for finding in result.findings]
    fresh += [_unreadable(error, result.kind) for error in result.errors]
    source = _source(result, upload)  # whoever sends the same file at the same moment waits for its row
    Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if earlier := _nothing_new(fresh, upload.sha256):
        return earlier, False
    batch = Batch.objects.create(
        kind=result.kind,
        edition=(result.edition or "")[:30],
        sha256=upload.sha256,
        name=upload.name,
        size=upload.size,
        rows_read=result.rows,
        total=result.total,
        source=source,
        read_by=by,
    )
    known = _answers(result.kind)
    for position, row in enumerate(fresh):
        row.batch, row.position = batch, position
        if earlier_row := known.get(row.key):
            _answered_before(row, earlier_row)
    BatchRow.objects.bulk_create(fresh, batch_size=AT_ONCE)
    told = ", ".join(f"{bucket} {number}" for bucket, number in result.buckets.items() if number)
    audit.note("read", batch, by=by, detail=told)
    return batch, True


def _row(finding: diff.Finding, kind: str) -> BatchRow:
    what = cut(finding.what, 498)
    return BatchRow(
        line=finding.line,
        bucket=finding.bucket,
        what=what,
        why=cut(finding.why, 498),
        therapies=list(finding.therapies),
        application=finding.application[:12],
        date=finding.date,
        key=proposals.key(kind, finding.bucket, what, finding.proposal),
        proposal=finding.proposal,
    )


def _unreadable(error: Any, kind: str) -> BatchRow:
    what = cut(f"{error.column}: {error.value}" if error.column else error.value, 498)
    key = proposals.key(kind, UNREADABLE, f"{what} {error.message}", None)
    return BatchRow(line=error.line, bucket=UNREADABLE, what=what, why=cut(error.message, 498), key=key)


def _nothing_new(fresh: list[BatchRow], sha256: str) -> Batch | None:
    """The batch of the very same file, where that one tells everything that a person could answer."""
    standing = Batch.objects.filter(sha256=sha256, undone_at__isnull=True)
    if not (earlier := standing.order_by("-pk").first()):
        return None
    known = set(BatchRow.objects.filter(batch__in=standing).order_by().values_list("key", flat=True))
    new = any(row.key not in known for row in fresh if row.bucket != AGREES)
    return None if new else earlier


def _source(result: diff.Result, upload: Upload) -> Source:
    """What a batch of this file has for its source. The same bytes under another name are the same source."""
    same = Source.objects.filter(batches__sha256=upload.sha256, batches__kind=result.kind)
    if known := same.order_by("pk").first():
        return known
    ours = result.kind == portal_export.KIND
    name = "An export of this portal" if ours else synchronised.NAMES.get(result.kind, result.kind)
    edition = f", edition {result.edition}" if result.edition else ""
    source, _ = Source.objects.get_or_create(
        title=f"{name}{edition}"[:300],
        url="",
        read_as=f"file {upload.name}, SHA-256 {upload.sha256}",
        defaults={"official": not ours, "read_on": timezone.localdate()},
    )
    return source


def _answers(kind: str) -> dict[str, BatchRow]:
    """What registrars answered in earlier files of this kind, the last answer of each key. One query."""
    answered = BatchRow.objects.filter(batch__kind=kind).exclude(answer="")
    rows = answered.select_related("change__rejected_by", "batch").order_by("answered_at")
    return {row.key: row for row in rows}


def _answered_before(row: BatchRow, earlier: BatchRow) -> None:
    """People answer once: what was skipped stays skipped, and what was accepted is not proposed again."""
    change = row.change = earlier.change
    if earlier.answer == BatchRow.Answer.LEFT:
        row.answer, row.answered_at, row.answered_by = BatchRow.Answer.LEFT, earlier.answered_at, earlier.answered_by
        row.answered_because = earlier.answered_because
    elif change and change.is_rejected and not earlier.batch.undone_at:
        row.answer, row.answered_at, row.answered_by = BatchRow.Answer.LEFT, change.rejected_at, change.rejected_by
        row.answered_because = change.rejected_because
    elif change and not change.is_rejected and row.proposal and row.proposal["make"] != "correction":
        row.proposal = None
