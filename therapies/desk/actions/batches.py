"""The verbs of FDA's files: a batch is kept; its rows are accepted, left or opened again; the whole is undone.

Accepting makes facts that wait for a second person. Readers see nothing of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import strip_tags
from django.utils.text import slugify

from portal.publishing import actions, audit
from portal.publishing.actions import Refused
from portal.publishing.models import Fact, Source

from ...fda import cells, portal_export
from ...fda.records import cut
from ...models import ApprovalEvent, Batch, BatchRow, Indication, Therapy, TherapyClass, TherapyFact
from .. import diff, proposals, synchronised
from ..buckets import AGREES, UNREADABLE
from ..proposals import Proposal

AT_ONCE = 1_000  # rows of one INSERT
UNDONE = "Batch undone: "  # how the reason of a fact begins that was turned down with its batch
Answer = BatchRow.Answer

# Keeping a file ------------------------------------------------------------------------------------------


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
        source=_source(result, upload),
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
    rows = answered.select_related("fact__rejected_by", "event__rejected_by").order_by("answered_at")
    return {row.key: row for row in rows}


def _answered_before(row: BatchRow, earlier: BatchRow) -> None:
    """Registrars answer once: what was left stays left, and what was accepted is not proposed again."""
    row.fact, row.event = earlier.fact, earlier.event
    made = earlier.event or earlier.fact
    if earlier.answer == Answer.LEFT:
        row.answer, row.answered_at, row.answered_by = Answer.LEFT, earlier.answered_at, earlier.answered_by
        row.answered_because = earlier.answered_because
    elif made and made.is_rejected and not made.rejected_because.startswith(UNDONE):
        row.answer, row.answered_at, row.answered_by = Answer.LEFT, made.rejected_at, made.rejected_by
        row.answered_because = made.rejected_because
    elif made and not made.is_rejected and row.proposal and row.proposal["make"] != "correction":
        row.proposal = None


# Accepting -----------------------------------------------------------------------------------------------


@dataclass
class Done:
    """What a verb did. ``told`` are the rows that it passed over, each with a sentence why."""

    rows: int = 0
    made: int = 0  # facts and events recorded
    corrected: int = 0
    found: int = 0  # facts that were there already
    told: list[str] = field(default_factory=list)


class _PassedOver(Exception):  # noqa: N818 - said of the row
    """Why a row cannot be accepted as it is."""


@dataclass
class _Accepting:
    """What accepting several rows shares, so that the number of queries for a row stays small."""

    batch: Batch
    by: User
    choices: dict[int, dict[str, str]]
    therapies: dict[str, Therapy] = field(default_factory=dict)
    facts: dict[tuple[int, str, str], TherapyFact] = field(default_factory=dict)
    classes: dict[int, TherapyClass] = field(default_factory=dict)

    def prepare(self, rows: list[BatchRow]) -> None:
        slugs = {row.proposal["therapy"] for row in rows if row.proposal and "therapy" in row.proposal}
        self.therapies = {therapy.slug: therapy for therapy in Therapy.objects.filter(slug__in=slugs)}
        known = TherapyFact.objects.filter(therapy__in=self.therapies.values()).select_related("rejected_by")
        self.facts = {(fact.therapy_id, fact.kind, fact.value): fact for fact in known}
        self.classes = TherapyClass.objects.in_bulk()


@transaction.atomic
def accept(
    batch: Batch,
    rows: Iterable[int] | None = None,
    bucket: str = "",
    choices: dict[int, dict[str, str]] | None = None,
    *,
    by: User,
) -> Done:
    """Record what rows propose, chosen by primary key or a whole bucket. It all waits for a second person.

    ``choices`` gives a row another "kind", or the "class" of its new therapy. Rows that somebody answered already are
    passed over and told. Raises Refused when the batch was undone, or when a new therapy has no class.
    """
    lock(batch)
    wanted = batch.rows.filter(bucket=bucket) if rows is None else batch.rows.filter(pk__in=list(rows))
    accepting = _Accepting(batch, by, choices or {})
    _need_classes(wanted, accepting)
    now, done = timezone.now(), Done()
    if rows is not None:
        done.told = _passed_over(wanted)
    open_ = wanted.filter(answered_at__isnull=True, proposal__isnull=False)
    open_.update(answer=Answer.ACCEPTED, answered_at=now, answered_by=by)
    won = list(batch.rows.filter(answered_at=now, answered_by=by, answer=Answer.ACCEPTED).order_by("position"))
    accepting.prepare(won)
    for row in won:
        proposal: Any = row.proposal
        try:
            MAKERS[proposal["make"]](row, accepting, done)
            done.rows += 1
        except _PassedOver as reason:
            done.told.append(f"{row.what}: {reason}")
            row.answer, row.answered_at, row.answered_by = "", None, None
        row.save(update_fields=("answer", "answered_at", "answered_by", "fact", "event", "before", "proposal"))
    if done.rows:
        audit.note(
            "accepted", batch, by=by, detail=f"{done.rows} rows; {done.made} facts, {done.corrected} corrections"
        )
    return done


def lock(batch: Batch) -> None:
    """Whoever else answers rows of the batch waits. Raises Refused when it was undone."""
    current = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if current.undone_at:
        raise Refused("This batch was undone, so nothing of it can be answered. Read the file again instead.")


def _need_classes(wanted: Any, accepting: _Accepting) -> None:
    """A class is a judgement of a person, for each new therapy. Nothing is recorded before all of them are chosen."""
    new = wanted.filter(answered_at__isnull=True, proposal__make="therapy")
    lacking = [row.proposal["name"] for row in new if not accepting.choices.get(row.pk, {}).get("class", "").isdigit()]
    if lacking:
        raise Refused(f"Choose a class for {', '.join(lacking[:5])}. Nothing was recorded yet.")


def _passed_over(wanted: Any) -> list[str]:
    told = []
    for row in wanted.filter(Q(answered_at__isnull=False) | Q(proposal__isnull=True)).select_related("answered_by"):
        if row.answer:
            told.append(f"{row.what}: {row.answered_by} has {row.get_answer_display().lower()} it already.")
        else:
            told.append(f"{row.what}: there is nothing to accept. Record it by hand instead.")
    return told


def _because(row: BatchRow, accepting: _Accepting) -> str:
    return f"{accepting.batch.source.title}: {row.what}"[:300]


def _accept_fact(row: BatchRow, accepting: _Accepting, done: Done) -> None:
    choice = accepting.choices.get(row.pk, {}).get("kind", "")
    row.proposal = proposal = proposals.chosen(row.proposal, choice)  # type: ignore[arg-type]
    therapy = accepting.therapies.get(proposal["therapy"])
    if therapy is None:
        raise _PassedOver("its therapy has another address now. Read the file again.")
    fact, made = _fact(therapy, proposal["kind"], proposal["value"], proposal["date"], row, accepting, done)
    row.fact, row.before = fact, None if made else {"there": True}
    if proposals.brings_brand(proposal):
        brand, new = _fact(therapy, TherapyFact.Kind.BRAND, proposal["brand"], None, row, accepting, done)
        row.before = {"made": [one.pk for one, is_new in ((fact, made), (brand, new)) if is_new]}


def _fact(
    therapy: Therapy, kind: str, value: str, date: str | None, row: BatchRow, accepting: _Accepting, done: Done
) -> tuple[TherapyFact, bool]:
    """The fact, and whether it was recorded now. One that went with its batch is recorded anew."""
    there = accepting.facts.get((therapy.pk, kind, value))
    if there and not there.is_rejected:
        done.found += 1
        return there, False
    _not_turned_down(there)
    fact = there or TherapyFact(therapy=therapy, kind=kind, value=value)
    fact.date, fact.source = TherapyFact._meta.get_field("date").to_python(date), accepting.batch.source
    _record(fact, row, accepting, done)
    accepting.facts[therapy.pk, kind, value] = fact
    return fact, True


def _not_turned_down(there: Any) -> None:
    if there and not there.rejected_because.startswith(UNDONE):
        raise _PassedOver(f"{there.rejected_by} turned this fact down: {there.rejected_because} Correct it there.")


def _check(record: Any, **how: Any) -> None:
    """What its model says against it is told as plain words: there, a sentence may hold a link."""
    try:
        record.full_clean(**how)
    except ValidationError as error:
        raise _PassedOver(strip_tags(" ".join(error.messages))) from error


def _record(fact: Any, row: BatchRow, accepting: _Accepting, done: Done) -> None:
    if fact.affects_patients:
        fact.because = _because(row, accepting)
    # What these name was read a moment ago, and the unique key was looked up.
    _check(fact, exclude=("therapy", "source", "recorded_by"), validate_unique=False, validate_constraints=False)
    actions.record(fact, by=accepting.by)
    done.made += 1


def _accept_event(row: BatchRow, accepting: _Accepting, done: Done) -> None:
    proposal: Proposal = row.proposal  # type: ignore[assignment]
    use = Indication.objects.filter(pk=proposal["use"]).first()
    if use is None:
        raise _PassedOver("its use is gone. Read the file again.")
    there = ApprovalEvent.objects.filter(indication=use, kind=proposal["kind"], date=proposal["date"]).first()
    if there and not there.is_rejected:
        done.found += 1
        row.event, row.before = there, {"there": True}
        return
    _not_turned_down(there)
    event = there or ApprovalEvent(indication=use, kind=proposal["kind"])
    event.date = ApprovalEvent._meta.get_field("date").to_python(proposal["date"])
    event.precision = proposal.get("precision", ApprovalEvent.Precision.DAY)
    event.source = accepting.batch.source
    _record(event, row, accepting, done)
    row.event, row.before = event, None


def _accept_therapy(row: BatchRow, accepting: _Accepting, done: Done) -> None:
    """A therapy without a text, and its first facts. Readers see nothing of it until a text is published."""
    proposal: Proposal = row.proposal  # type: ignore[assignment]
    therapy = Therapy.objects.filter(Q(name__iexact=proposal["name"]) | Q(slug=slugify(proposal["name"])[:50])).first()
    if therapy is None:
        chosen = accepting.classes.get(int(accepting.choices[row.pk]["class"]))
        if chosen is None:
            raise _PassedOver("this class is gone. Choose another.")
        therapy = Therapy(name=proposal["name"], slug=slugify(proposal["name"])[:50], therapy_class=chosen)
        _check(therapy)
        therapy.save()
        audit.note("added", therapy, by=accepting.by)
    accepting.facts |= {(fact.therapy_id, fact.kind, fact.value): fact for fact in therapy.facts.all()}
    kind, date = TherapyFact.Kind, proposal["date"]
    told = [(kind.APPLICATION, proposal["application"], date), (kind.BRAND, proposal["brand"], None)]
    told += [(kind.FIRST_APPROVAL, date or "", date), (kind.MARKET_STATUS, proposal["market"], None)]
    known = {fact.kind for fact in therapy.facts.all() if not fact.is_rejected}
    told = [one for one in told if one[0] not in known.intersection(TherapyFact.ONLY_ONE)]
    several = [_fact(therapy, k, value, day, row, accepting, done) for k, value, day in told if value]
    row.fact = next((fact for fact, _ in several), None)
    row.before = {"made": [fact.pk for fact, made in several if made]}


def _accept_correction(row: BatchRow, accepting: _Accepting, done: Done) -> None:
    proposal: Proposal = row.proposal  # type: ignore[assignment]
    of_event = "event" in proposal
    model: type[Any] = ApprovalEvent if of_event else TherapyFact
    fact = model.objects.select_for_update(of=("self",)).filter(pk=proposal["event" if of_event else "fact"]).first()
    if fact is None or fact.is_rejected:
        raise _PassedOver("what it would correct is gone or was turned down. Read the file again.")
    was = {name: _plain(getattr(fact, name)) for name in RESTORED}
    for name in ("value", "date", "kind"):
        if name in proposal:
            was[name] = _plain(getattr(fact, name))
            setattr(fact, name, fact._meta.get_field(name).to_python(proposal[name]))
    if "value" in proposal:  # the old day told since when the old value held
        was["date"], fact.date = _plain(fact.date), None
    if not fact.changes(model.objects.get(pk=fact.pk)):
        raise _PassedOver("we record this already.")
    fact.source, fact.because = accepting.batch.source, _because(row, accepting)
    _check(fact)
    actions.record(fact, by=accepting.by)
    done.corrected += 1
    row.before = {"was": was, "now": fact.recorded_at.isoformat()}
    if of_event:
        row.event = fact
    else:
        row.fact = fact


MAKERS: dict[str, Callable[[BatchRow, _Accepting, Done], None]] = {
    "fact": _accept_fact,
    "event": _accept_event,
    "therapy": _accept_therapy,
    "correction": _accept_correction,
}
#: What a correction changes beside the value itself; undoing gives it back.
MOMENTS = ("recorded_at", "confirmed_at")
RESTORED = ("source_id", "because", "recorded_by_id", "confirmed_by_id", *MOMENTS)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


# Leaving, opening again ----------------------------------------------------------------------------------


@transaction.atomic
def leave(batch: Batch, rows: Iterable[int], *, by: User, because: str) -> Done:
    """Answer rows: ours stands, for a reason that the next edition of the file remembers."""
    because = _reason(because, "Say why ours stands, so that nobody asks again next month.")
    lock(batch)
    wanted = batch.rows.filter(pk__in=list(rows))
    left = wanted.filter(answered_at__isnull=True).exclude(bucket__in=(AGREES, UNREADABLE))
    done = Done(left.update(answer=Answer.LEFT, answered_at=timezone.now(), answered_by=by, answered_because=because))
    if done.rows:
        audit.note("left", batch, by=by, detail=f"{done.rows} rows: {because}")
    return done


@transaction.atomic
def reopen(row: BatchRow, *, by: User) -> None:
    """Ask again about a row that was left, here and in the editions to come."""
    lock(row.batch)
    left = BatchRow.objects.filter(key=row.key, answer=Answer.LEFT)  # in earlier editions, too
    if not left.update(answer="", answered_at=None, answered_by=None, answered_because=""):
        raise Refused("Only a row that was left can be opened again. Nothing was changed.")
    audit.note("reopened", row.batch, by=by, detail=row.what)


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
