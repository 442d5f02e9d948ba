"""The verbs of a batch that is kept: its rows are left or opened again, and the whole is undone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portal.publishing import actions, audit
from portal.publishing.actions import Refused
from portal.publishing.models import Fact

from ...compare.buckets import NOT_ASKED
from ...compare.stored import finding_of
from ...fda import cells
from ...models import ApprovalEvent, Batch, BatchRow, TherapyFact
from ..wording_of_findings import claim_in_words

UNDONE = "Batch undone: "  # how the reason of a fact begins that was turned down with its batch
#: What a correction changes beside the value itself; undoing gives it back.
MOMENTS = ("recorded_at", "confirmed_at")
RESTORED = ("source_id", "because", "recorded_by_id", "confirmed_by_id", *MOMENTS)
Answer = BatchRow.Answer


@dataclass
class Done:
    """What a verb did. ``told`` are the rows that it passed over, each with a sentence why."""

    rows: int = 0
    made: int = 0  # facts and events recorded
    corrected: int = 0
    found: int = 0  # facts that were there already
    told: list[str] = field(default_factory=list)


def lock(batch: Batch) -> None:
    """Whoever else answers rows of the batch waits. Raises Refused when it was undone."""
    current = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if current.undone_at:
        raise Refused("This batch was undone, so nothing of it can be answered. Read the file again instead.")


@transaction.atomic
def leave(batch: Batch, rows: Iterable[int], *, by: User, because: str) -> Done:
    """Answer rows: ours stands, for a reason that the next edition of the file remembers."""
    because = _reason(because, "Say why ours stands, so that nobody asks again next month.")
    lock(batch)
    wanted = batch.rows.filter(pk__in=list(rows))
    left = wanted.filter(answered_at__isnull=True).exclude(bucket__in=NOT_ASKED)
    done = Done(
        left.update(answer=Answer.SKIPPED, answered_at=timezone.now(), answered_by=by, answered_because=because)
    )
    if done.rows:
        audit.note("left", batch, by=by, detail=f"{done.rows} rows: {because}")
    return done


@transaction.atomic
def reopen(row: BatchRow, *, by: User) -> None:
    """Ask again about a row that was left, here and in the editions to come."""
    lock(row.batch)
    left = BatchRow.objects.filter(key=row.key, answer=Answer.SKIPPED)  # in earlier editions, too
    if not left.update(answer="", answered_at=None, answered_by=None, answered_because=""):
        raise Refused("Only a row that was left can be opened again. Nothing was changed.")
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
    """Take back everything that the batch recorded. Its facts are turned down, what it corrected is as it was before.

    What rests on another source now, or was corrected once more, is left alone and told. A new therapy stays, without
    text and facts.
    """
    because = _reason(because, "Say why, so that whoever recorded and confirmed these facts knows.")
    lock(batch)
    done = Done()
    accepted = batch.rows.filter(answer=Answer.ACCEPTED)
    for row in accepted.select_related("fact", "event").order_by("-answered_at", "-position"):
        _take_back(row, because, by, done)
        done.rows += 1
    accepted.update(answer="", answered_at=None, answered_by=None, before=None)
    now = timezone.now()
    Batch.objects.filter(pk=batch.pk).update(undone_at=now, undone_by=by, undone_because=because)
    batch.refresh_from_db()
    audit.note("undone", batch, by=by, detail=because)
    return done


def _take_back(row: BatchRow, because: str, by: User, done: Done) -> None:
    before = row.before or {}
    if "was" in before:
        _give_back(row.event or row.fact, before, by, done)
    elif "there" not in before:
        made: list[Any] = [row.event or row.fact]
        if before:
            made = list(ApprovalEvent.objects.filter(pk__in=before.get("events", [])))
            made += TherapyFact.objects.filter(pk__in=before.get("made", [])).order_by("pk")
        for fact in made:
            if not fact or fact.is_rejected:
                continue
            if fact.source_id != row.batch.source_id:
                done.told.append(f"{fact}: it rests on another source now, so it stays.")
            else:
                actions.reject(fact, by=by, because=f"{UNDONE}{because}")
                done.made += 1


def _give_back(fact: Any, before: dict[str, Any], by: User, done: Done) -> None:
    """What the fact was before its correction, confirmation included, if nobody recorded or rejected it since."""
    current = type(fact).objects.select_for_update(of=("self",)).get(pk=fact.pk)
    if current.is_rejected or current.recorded_at != parse_datetime(before["now"]):
        done.told.append(f"{fact}: somebody changed it since, so it stays as it is now.")
        return
    was: Fact = type(fact).objects.get(pk=fact.pk)
    for name, value in before["was"].items():
        setattr(was, name, parse_datetime(value) if name in MOMENTS and value else value)
    was.save()
    was.refresh_from_db()
    audit.note("restored", was, by=by, detail="as before the batch that was undone")
    if was.is_confirmed or current.is_confirmed:
        actions.raise_contradictions(was, by=by)
    done.corrected += 1
