"""The verb by which rows of one of FDA's files become facts that wait for a second person."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import slugify

from portal.publishing import actions, audit
from portal.publishing.actions import Refused

from ...compare.proposals import EventCorrection, FactCorrection, NewEvent, NewFact, NewTherapy
from ...compare.stored import finding_of, proposal_of
from ...models import ApprovalEvent, Batch, BatchRow, Indication, Therapy, TherapyClass, TherapyFact
from ..wording_of_findings import claim_in_words
from .batches import RESTORED, UNDONE, Done, lock

Answer = BatchRow.Answer


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
        slugs = {one.therapy for row in rows if isinstance(one := proposal_of(row), NewFact)}
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
        try:
            MAKERS[type(proposal_of(row))](row, accepting, done)
            done.rows += 1
        except _PassedOver as reason:
            done.told.append(f"{_what(row)}: {reason}")
            row.answer, row.answered_at, row.answered_by = "", None, None
        row.save(update_fields=("answer", "answered_at", "answered_by", "fact", "event", "before", "proposal"))
    if done.rows:
        audit.note(
            "accepted", batch, by=by, detail=f"{done.rows} rows; {done.made} facts, {done.corrected} corrections"
        )
    return done


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
            told.append(f"{_what(row)}: {row.answered_by} has {row.get_answer_display().lower()} it already.")
        else:
            told.append(f"{_what(row)}: there is nothing to accept. Record it by hand instead.")
    return told


def _what(row: BatchRow) -> str:
    return claim_in_words(finding_of(row).claim)


def _because(row: BatchRow, accepting: _Accepting) -> str:
    return f"{accepting.batch.source.title}: {_what(row)}"[:300]


def _accept_fact(row: BatchRow, accepting: _Accepting, done: Done) -> None:
    choice = accepting.choices.get(row.pk, {}).get("kind", "")
    proposed: Any = proposal_of(row)
    proposal: NewFact = proposed.as_kind(choice)
    row.proposal = proposal.to_data()
    therapy = accepting.therapies.get(proposal.therapy)
    if therapy is None:
        raise _PassedOver("its therapy has another address now. Read the file again.")
    fact, made = _fact(therapy, proposal.kind, proposal.value, proposal.date, row, accepting, done)
    row.fact, row.before = fact, None if made else {"there": True}
    if proposal.brings_brand:
        brand, new = _fact(therapy, TherapyFact.Kind.BRAND, proposal.brand, None, row, accepting, done)
        row.before = {"made": [one.pk for one, is_new in ((fact, made), (brand, new)) if is_new]}


def _fact(
    therapy: Therapy,
    kind: str,
    value: str,
    date: datetime.date | None,
    row: BatchRow,
    accepting: _Accepting,
    done: Done,
) -> tuple[TherapyFact, bool]:
    """The fact, and whether it was recorded now. One that went with its batch is recorded anew."""
    there = accepting.facts.get((therapy.pk, kind, value))
    if there and not there.is_rejected:
        done.found += 1
        return there, False
    _not_turned_down(there)
    fact = there or TherapyFact(therapy=therapy, kind=kind, value=value)
    fact.date, fact.source = date, accepting.batch.source
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
    proposal: NewEvent = proposal_of(row)  # type: ignore[assignment]
    use = Indication.objects.filter(pk=proposal.use).first()
    if use is None:
        raise _PassedOver("its use is gone. Read the file again.")
    there = ApprovalEvent.objects.filter(indication=use, kind=proposal.kind, date=proposal.date).first()
    if there and not there.is_rejected:
        done.found += 1
        row.event, row.before = there, {"there": True}
        return
    _not_turned_down(there)
    event = there or ApprovalEvent(indication=use, kind=proposal.kind)
    event.date, event.precision = proposal.date, proposal.precision
    event.source = accepting.batch.source
    _record(event, row, accepting, done)
    row.event, row.before = event, None


def _accept_therapy(row: BatchRow, accepting: _Accepting, done: Done) -> None:
    """A therapy without a text, and its first facts. Readers see nothing of it until a text is published."""
    proposal: NewTherapy = proposal_of(row)  # type: ignore[assignment]
    therapy = Therapy.objects.filter(Q(name__iexact=proposal.name) | Q(slug=slugify(proposal.name)[:50])).first()
    if therapy is None:
        chosen = accepting.classes.get(int(accepting.choices[row.pk]["class"]))
        if chosen is None:
            raise _PassedOver("this class is gone. Choose another.")
        therapy = Therapy(name=proposal.name, slug=slugify(proposal.name)[:50], therapy_class=chosen)
        _check(therapy)
        therapy.save()
        audit.note("added", therapy, by=accepting.by)
    accepting.facts |= {(fact.therapy_id, fact.kind, fact.value): fact for fact in therapy.facts.all()}
    kind, date = TherapyFact.Kind, proposal.date
    told = [(kind.APPLICATION, proposal.application, date), (kind.BRAND, proposal.brand, None)]
    told += [(kind.FIRST_APPROVAL, date.isoformat() if date else "", date)]
    told += [(kind.MARKET_STATUS, proposal.market, None)]
    known = {fact.kind for fact in therapy.facts.all() if not fact.is_rejected}
    told = [one for one in told if one[0] not in known.intersection(TherapyFact.ONLY_ONE)]
    several = [_fact(therapy, k, value, day, row, accepting, done) for k, value, day in told if value]
    row.fact = next((fact for fact, _ in several), None)
    row.before = {"made": [fact.pk for fact, made in several if made]}


def _accept_correction(row: BatchRow, accepting: _Accepting, done: Done) -> None:
    proposal = proposal_of(row)
    of_event = isinstance(proposal, EventCorrection)
    model: type[Any] = ApprovalEvent if of_event else TherapyFact
    correction: dict[str, Any] = proposal.to_data() if proposal else {}
    fact = model.objects.select_for_update(of=("self",)).filter(pk=correction["event" if of_event else "fact"]).first()
    if fact is None or fact.is_rejected:
        raise _PassedOver("what it would correct is gone or was turned down. Read the file again.")
    was = {name: _plain(getattr(fact, name)) for name in RESTORED}
    for name in ("value", "date", "kind"):
        if name in correction:
            was[name] = _plain(getattr(fact, name))
            setattr(fact, name, fact._meta.get_field(name).to_python(correction[name]))
    if "value" in correction:  # the old day told since when the old value held
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


MAKERS: dict[type, Callable[[BatchRow, _Accepting, Done], None]] = {
    NewFact: _accept_fact,
    NewEvent: _accept_event,
    NewTherapy: _accept_therapy,
    EventCorrection: _accept_correction,
    FactCorrection: _accept_correction,
}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
