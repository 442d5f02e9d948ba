"""The verbs of a batch: a file that was read is kept, its rows are skipped or opened again, and the whole is undone."""

import json
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.publishing import actions, audit
from portal.publishing.actions import Refused
from portal.publishing.actions.refusal import reason
from portal.publishing.models import Change, Source

from ...compare.ages import edition_until
from ...compare.comparison import ComparisonResult
from ...compare.findings import proposal_of, row_of
from ...compare.proposals import EventCorrection, FactCorrection
from ...compare.reasons import NOT_ASKED, Bucket
from ...fda.file_kinds import file_kind
from ...fda.records import Reading
from ...models import Batch, BatchRow, Therapy
from ..synchronised import title_of
from ..wording_of_findings import BUCKETS, row_in_words

Answer = BatchRow.Answer
AT_ONCE = 1_000  # rows of one INSERT


class Upload(NamedTuple):
    """A file as it came."""

    name: str
    size: int
    sha256: str
    address: str = ""  # where it was fetched, if nobody uploaded it


@transaction.atomic
def keep(result: ComparisonResult, upload: Upload, *, by: User | None) -> tuple[Batch, bool]:
    """Store what a file says as a batch with its rows. The second part tells whether there was anything new.

    The same file with nothing new gives the batch that is there. What was answered in an earlier release is known.
    """
    return _kept(result, upload, by, Batch.objects.filter(sha256=upload.sha256), (Bucket.AGREES,))


@transaction.atomic
def keep_news(result: ComparisonResult, upload: Upload, *, no_news: Container[Bucket]) -> tuple[Batch, bool]:
    """The same for a file that the watch fetched: it becomes a batch only if it asks what no batch of its kind asks.

    A further row in a bucket of ``no_news`` asks nothing, and is not kept unless it tells of a therapy of ours.
    """
    told = [finding for finding in result.findings if finding.bucket not in no_news or finding.therapies]
    result = replace(result, findings=told)
    return _kept(result, upload, None, Batch.objects.filter(kind=result.reading.kind), no_news)


def _kept(
    result: ComparisonResult, upload: Upload, by: User | None, like_it: QuerySet[Batch], no_news: Container[Bucket]
) -> tuple[Batch, bool]:
    reading = result.reading
    names = dict(Therapy.objects.values_list("slug", "name"))
    fresh = [row_of(finding, reading.kind, names) for finding in result.findings]
    source = _source(reading, upload)  # whoever sends the same file at the same moment waits for its row
    Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    answered = BatchRow.objects.filter(batch__kind=reading.kind).exclude(answer="").order_by("answered_at")
    answers = {row.key: row for row in answered.select_related("change__rejected_by", "batch")}  # the last to each
    for row in fresh:
        if earlier_row := answers.get(row.key):
            _answered_before(row, earlier_row)
    if earlier := _nothing_new(fresh, like_it.filter(undone_at__isnull=True), no_news):
        return earlier, False
    batch = Batch.objects.create(
        kind=reading.kind,
        edition=(reading.edition or "")[:30],
        name=upload.name,
        size=upload.size,
        sha256=upload.sha256,
        rows_read=reading.rows,
        total=reading.total,
        source=source,
        read_by=by,
    )
    for position, row in enumerate(fresh):
        row.batch, row.position = batch, position
    BatchRow.objects.bulk_create(fresh, batch_size=AT_ONCE)
    told = ", ".join(f"{BUCKETS[bucket]} {number}" for bucket, number in result.buckets.items() if number)
    audit.note("read", batch, by=by, name="" if by else batch.reader, detail=told)
    return batch, True


def _nothing_new(fresh: Iterable[BatchRow], standing: QuerySet[Batch], no_news: Container[Bucket]) -> Batch | None:
    """The last of these batches, where they ask everything that a person could answer."""
    if not (earlier := standing.order_by("-pk").first()):
        return None
    stored = BatchRow.objects.filter(batch__in=standing).order_by()
    columns = ("key", "bucket", "proposal", "answer", "change")
    asked = {_question(row) for row in stored.only(*columns).iterator(AT_ONCE)}
    new = any(_question(row) not in asked for row in fresh if row.bucket not in no_news)
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
    kind = file_kind(reading.kind)
    source, _ = Source.objects.get_or_create(
        title=title_of(reading.kind, reading.edition)[:300],
        url=upload.address,
        read_as=f"{'fetched' if upload.address else 'file'} {upload.name}, SHA-256 {upload.sha256}",
        defaults={
            "kind": kind.source_kind,
            "official": kind.from_fda,
            "read_on": timezone.localdate(),
            "as_of": edition_until(reading.edition),
        },
    )
    return source


def _answered_before(row: BatchRow, earlier: BatchRow) -> None:
    """People answer once: what was skipped stays skipped, and what was accepted is not proposed again."""
    if row.bucket in NOT_ASKED:
        return
    change = row.change = earlier.change
    if earlier.answer == Answer.SKIPPED:
        _skip(row, at=earlier.answered_at, by=earlier.answered_by, because=earlier.answered_because)
    elif change and change.is_rejected and not earlier.batch.undone_at:
        _skip(row, at=change.rejected_at, by=change.rejected_by, because=change.rejected_because)
    elif change and not change.is_rejected and not isinstance(proposal_of(row), (EventCorrection, FactCorrection)):
        row.proposal = None


def _skip(row: BatchRow, *, at: Any, by: User | None, because: str) -> None:
    row.answer, row.answered_at, row.answered_by = Answer.SKIPPED, at, by
    row.answered_because = because


# Answering -----------------------------------------------------------------------------------------------


@dataclass
class Done:
    """What a verb did. ``told`` are the rows that it passed over, each with a sentence why."""

    rows: int = 0
    made: int = 0  # new facts and decisions proposed; of an undone batch: changes rejected
    corrected: int = 0  # corrections proposed; of an undone batch: reverses proposed
    found: int = 0  # facts that were there already
    told: list[str] = field(default_factory=list)


def lock(batch: Batch) -> None:
    """Whoever else answers rows of the batch waits. Raises Refused when it was undone."""
    current = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if current.undone_at:
        raise Refused("This batch was undone, so you can no longer answer its rows. Upload the file again instead.")


@transaction.atomic
def skip(batch: Batch, rows: Iterable[int], *, by: User, because: str) -> Done:
    """Answer rows: our data stays, for a reason that the next release of the file remembers."""
    because = reason(because, "Say why our data stays as it is, so that nobody has to look at this again next month.")
    lock(batch)
    wanted = batch.rows.filter(pk__in=list(rows))
    skipped = wanted.filter(answered_at__isnull=True).exclude(bucket__in=NOT_ASKED)
    answered: dict[str, Any] = {"answered_at": timezone.now(), "answered_by": by, "answered_because": because}
    done = Done(skipped.update(answer=Answer.SKIPPED, **answered))
    if done.rows:
        audit.note("skipped", batch, by=by, detail=f"{done.rows} rows: {because}")
    return done


@transaction.atomic
def reopen(row: BatchRow, *, by: User) -> None:
    """Ask again about a row that was skipped, here and in the releases to come."""
    lock(row.batch)
    skipped = BatchRow.objects.filter(key=row.key, answer=Answer.SKIPPED)  # in earlier releases, too
    if not skipped.update(answer="", answered_at=None, answered_by=None, answered_because=""):
        raise Refused("Only skipped rows can be reopened. Nothing was changed.")
    audit.note("reopened", row.batch, by=by, detail=row_in_words(row))


# Undoing -------------------------------------------------------------------------------------------------


@transaction.atomic
def undo(batch: Batch, *, by: User, because: str) -> Done:
    """Take back everything that the batch proposed.

    What still waits is rejected. For what was confirmed, the reverse is proposed and waits for a second person;
    readers see no difference until then. What was changed since is left alone and told.
    """
    because = reason(because, "Say why, so that the people who entered and confirmed these facts know.")
    lock(batch)
    done = Done()
    accepted = batch.rows.filter(answer=Answer.ACCEPTED)
    for row in accepted.select_related("change").order_by("-answered_at", "-position"):
        _take_back(row.change, because, by, done)
        done.rows += 1
    accepted.update(answer="", answered_at=None, answered_by=None)
    Batch.objects.filter(pk=batch.pk).update(undone_at=timezone.now(), undone_by=by, undone_because=because)
    batch.refresh_from_db()
    audit.note("undone", batch, by=by, detail=because)
    return done


def _take_back(change: Change | None, because: str, by: User, done: Done) -> None:
    """Take back what accepting one row proposed. What can be reversed of a group is answered as a group again."""
    if change is None or change.is_rejected:
        return
    if change.is_pending:
        actions.reject(change, by=by, because=because)
        done.made += 1
        return
    made = []
    for one in reversed(change.group()):
        try:
            made.append(actions.reverse_one(one, by=by, because=because))
        except (Refused, ValidationError) as error:
            done.told.append(f"{one.about}: {actions.in_words(error)}")
    if made:
        made[0].lead(made)
    done.corrected += len(made)
