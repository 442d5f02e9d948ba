"""The verbs of a batch that is kept: its rows are skipped or opened again, and the whole is undone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from portal.publishing import actions, audit
from portal.publishing.actions import Refused
from portal.publishing.models import Change

from ...compare.findings import finding_of
from ...compare.reasons import NOT_ASKED
from ...fda import cells
from ...models import Batch, BatchRow
from ..wording_of_findings import claim_in_words

Answer = BatchRow.Answer


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
        raise Refused("This batch was undone, so nothing of it can be answered. Read the file again instead.")


@transaction.atomic
def skip(batch: Batch, rows: Iterable[int], *, by: User, because: str) -> Done:
    """Answer rows: our data stays, for a reason that the next release of the file remembers."""
    because = _reason(because, "Say why our data stays as it is, so that nobody is asked again next month.")
    lock(batch)
    wanted = batch.rows.filter(pk__in=list(rows))
    skipped = wanted.filter(answered_at__isnull=True).exclude(bucket__in=NOT_ASKED)
    done = Done(
        skipped.update(answer=Answer.SKIPPED, answered_at=timezone.now(), answered_by=by, answered_because=because)
    )
    if done.rows:
        audit.note("skipped", batch, by=by, detail=f"{done.rows} rows: {because}")
    return done


@transaction.atomic
def reopen(row: BatchRow, *, by: User) -> None:
    """Ask again about a row that was skipped, here and in the releases to come."""
    lock(row.batch)
    skipped = BatchRow.objects.filter(key=row.key, answer=Answer.SKIPPED)  # in earlier releases, too
    if not skipped.update(answer="", answered_at=None, answered_by=None, answered_because=""):
        raise Refused("Only a row that was skipped can be opened again. Nothing was changed.")
    audit.note("reopened", row.batch, by=by, detail=claim_in_words(finding_of(row).claim))


def _reason(because: str, ask: str) -> str:
    because = cells.TRICKS.sub(" ", because)
    because = " ".join(because.split())[:300]
    if not because:
        raise Refused(ask)
    return because


# Undoing -------------------------------------------------------------------------------------------------


@transaction.atomic
def undo(batch: Batch, *, by: User, because: str) -> Done:
    """Take back everything that the batch proposed.

    What still waits is rejected. For what was confirmed, the reverse is proposed and waits for a second person;
    readers see no difference until then. What was changed since is left alone and told.
    """
    because = _reason(because, "Say why, so that whoever entered and confirmed these facts knows.")
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
