"""The verb by which one of FDA's files, read and compared, is kept as a batch with its rows."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from portal.publishing import audit
from portal.publishing.models import Source

from ...compare.comparison import ComparisonResult
from ...compare.findings import proposal_of, row_of
from ...compare.proposals import EventCorrection, FactCorrection
from ...compare.reasons import NOT_ASKED, Bucket
from ...fda.file_kinds import file_kind
from ...fda.records import Reading
from ...models import Batch, BatchRow, Therapy
from ..synchronised import title_of
from ..wording_of_findings import bucket_label

AT_ONCE = 1_000  # rows of one INSERT


class Upload(NamedTuple):
    """A file as it came."""

    name: str
    size: int
    sha256: str


@transaction.atomic
def keep(result: ComparisonResult, upload: Upload, *, by: User) -> tuple[Batch, bool]:
    """Store what a file says as a batch with its rows. The second part tells whether there was anything new.

    The same file with nothing new gives the batch that is there. What was answered in an earlier release is known.
    """
    reading = result.reading
    names = dict(Therapy.objects.values_list("slug", "name"))
    fresh = [row_of(finding, reading.kind, names) for finding in result.findings]
    source = _source(reading, upload)  # whoever sends the same file at the same moment waits for its row
    Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    answers = _answers(reading.kind)
    for row in fresh:
        if earlier_row := answers.get(row.key):
            _answered_before(row, earlier_row)
    if earlier := _nothing_new(fresh, upload.sha256):
        return earlier, False
    batch = Batch.objects.create(
        kind=reading.kind,
        edition=(reading.edition or "")[:30],
        sha256=upload.sha256,
        name=upload.name,
        size=upload.size,
        rows_read=reading.rows,
        total=reading.total,
        source=source,
        read_by=by,
    )
    for position, row in enumerate(fresh):
        row.batch, row.position = batch, position
    BatchRow.objects.bulk_create(fresh, batch_size=AT_ONCE)
    told = ", ".join(f"{bucket_label(bucket)} {number}" for bucket, number in result.buckets.items() if number)
    audit.note("read", batch, by=by, detail=told)
    return batch, True


def _nothing_new(fresh: Iterable[BatchRow], sha256: str) -> Batch | None:
    """The batch of the very same file, where those of it ask everything that a person could answer."""
    standing = Batch.objects.filter(sha256=sha256, undone_at__isnull=True)
    if not (earlier := standing.order_by("-pk").first()):
        return None
    stored = BatchRow.objects.filter(batch__in=standing).order_by()
    columns = ("key", "bucket", "proposal", "answer", "change")
    asked = {_question(row) for row in stored.only(*columns).iterator(AT_ONCE)}
    new = any(_question(row) not in asked for row in fresh if row.bucket != Bucket.AGREES)
    return None if new else earlier


def _question(row: BatchRow) -> tuple[str, str, str]:
    """A claim as it was put to people: our data may have moved since, so that it now asks for something else."""
    if row.answer or row.change_id:
        return row.key, row.bucket, "answered"
    return row.key, row.bucket, json.dumps(row.proposal, sort_keys=True)


def _source(reading: Reading, upload: Upload) -> Source:
    """What a batch of this file has for its source. The same bytes under another name are the same source."""
    same = Source.objects.filter(batches__sha256=upload.sha256, batches__kind=reading.kind)
    if known := same.order_by("pk").first():
        return known
    source, _ = Source.objects.get_or_create(
        title=title_of(reading.kind, reading.edition)[:300],
        url="",
        read_as=f"file {upload.name}, SHA-256 {upload.sha256}",
        defaults={"kind": file_kind(reading.kind).source_kind, "official": file_kind(reading.kind).from_fda}
        | {"read_on": timezone.localdate()},
    )
    return source


def _answers(kind: str) -> dict[str, BatchRow]:
    """What people answered in earlier files of this kind, the last answer to each key. One query."""
    answered = BatchRow.objects.filter(batch__kind=kind).exclude(answer="")
    rows = answered.select_related("change__rejected_by", "batch").order_by("answered_at")
    return {row.key: row for row in rows}


def _answered_before(row: BatchRow, earlier: BatchRow) -> None:
    """People answer once: what was skipped stays skipped, and what was accepted is not proposed again."""
    if row.bucket in NOT_ASKED:
        return
    change = row.change = earlier.change
    if earlier.answer == BatchRow.Answer.SKIPPED:
        _skip(row, at=earlier.answered_at, by=earlier.answered_by, because=earlier.answered_because)
    elif change and change.is_rejected and not earlier.batch.undone_at:
        _skip(row, at=change.rejected_at, by=change.rejected_by, because=change.rejected_because)
    elif change and not change.is_rejected and not isinstance(proposal_of(row), (EventCorrection, FactCorrection)):
        row.proposal = None


def _skip(row: BatchRow, *, at: Any, by: User | None, because: str) -> None:
    row.answer, row.answered_at, row.answered_by = BatchRow.Answer.SKIPPED, at, by
    row.answered_because = because
