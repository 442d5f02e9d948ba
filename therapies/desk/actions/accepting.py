"""The verb by which rows of one of FDA's files become changes that wait for a second person."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from portal.publishing import actions, audit
from portal.publishing.actions import Refused
from portal.publishing.models import Change

from ...compare.findings import finding_of, proposal_of
from ...compare.proposals import EventCorrection, FactCorrection, NewEvent, NewFact, NewTherapy
from ...fact_kinds import EXCLUSIVE, FactKind
from ...models import ApprovalEvent, Batch, BatchRow, Indication, Therapy, TherapyClass, TherapyFact
from ..wording_of_findings import claim_in_words
from .batches import Done, lock

Answer = BatchRow.Answer


class _PassedOver(Exception):  # noqa: N818 - said of the row
    """Why a row cannot be accepted as it is."""


@dataclass
class _Accepting:
    """What accepting several rows shares, so that the number of queries for a row stays small."""

    batch: Batch
    by: User
    choices: dict[int, dict[str, str]]
    done: Done = field(default_factory=Done)
    therapies: dict[str, Therapy] = field(default_factory=dict)
    facts: set[tuple[int, str, str]] = field(default_factory=set)
    classes: dict[int, TherapyClass] = field(default_factory=dict)

    def prepare(self, rows: list[BatchRow]) -> None:
        slugs = {one.therapy for row in rows if isinstance(one := proposal_of(row), NewFact)}
        self.therapies = {therapy.slug: therapy for therapy in Therapy.objects.filter(slug__in=slugs)}
        known = TherapyFact.objects.filter(therapy__in=self.therapies.values())
        self.facts = {*known.values_list("therapy_id", "kind", "value"), *_pending_facts()}
        self.classes = TherapyClass.objects.in_bulk()

    def propose(self, row: BatchRow, model: Any, given: dict[str, Any]) -> Change:
        given = given | {"source": self.batch.source}
        return self._proposed(row, lambda told: actions.propose_new(model, given, **told))

    def propose_page(self, row: BatchRow, given: dict[str, Any]) -> Change:
        return self._proposed(row, lambda told: actions.propose_new(Therapy, given, **told))

    def correct(self, row: BatchRow, fact: Any, given: dict[str, Any]) -> Change:
        given = given | {"source": self.batch.source}
        return self._proposed(row, lambda told: actions.propose_change(fact, given, **told))

    def _proposed(self, row: BatchRow, verb: Callable[[dict[str, Any]], Change]) -> Change:
        words = f"{self.batch.source.title}: {_what(row)}"
        told = {"by": self.by, "source": self.batch.source, "because": words[:300], "evidence": words}
        try:
            return verb(told)
        except (ValidationError, Refused) as error:
            raise _PassedOver(actions.in_words(error)) from error


def _pending_facts() -> Iterator[tuple[int, str, str]]:
    """Facts that somebody proposed already, in this way or another."""
    for change in Change.objects.pending().to(TherapyFact).filter(verb=Change.Verb.ADD).only("after"):
        if not isinstance(change.after["therapy"], dict):  # otherwise that of a therapy that is pending, too
            yield change.after["therapy"], change.after["kind"], change.after["value"]


@transaction.atomic
def accept(
    batch: Batch,
    rows: Iterable[int] | None = None,
    bucket: str = "",
    choices: dict[int, dict[str, str]] | None = None,
    *,
    by: User,
) -> Done:
    """Propose what rows tell, chosen by primary key or a whole bucket. It all waits for a second person.

    ``choices`` gives a row another "kind", or the "class" of its new therapy. Rows that somebody answered already are
    passed over and told. Raises Refused when the batch was undone, or when a new therapy has no class.
    """
    lock(batch)
    wanted = batch.rows.filter(bucket=bucket) if rows is None else batch.rows.filter(pk__in=list(rows))
    accepting = _Accepting(batch, by, choices or {})
    done = accepting.done
    _need_classes(wanted, accepting)
    now = timezone.now()
    if rows is not None:
        done.told = _passed_over(wanted)
    open_ = wanted.filter(answered_at__isnull=True, proposal__isnull=False)
    open_.update(answer=Answer.ACCEPTED, answered_at=now, answered_by=by)
    won = list(batch.rows.filter(answered_at=now, answered_by=by, answer=Answer.ACCEPTED).order_by("position"))
    accepting.prepare(won)
    for row in won:
        try:
            with transaction.atomic():
                row.change = MAKERS[type(proposal_of(row))](row, accepting)
            done.rows += 1
        except _PassedOver as reason:
            done.told.append(f"{_what(row)}: {reason}")
            row.answer, row.answered_at, row.answered_by = "", None, None
        row.save(update_fields=("answer", "answered_at", "answered_by", "change", "proposal"))
    if done.rows:
        audit.note("accepted", batch, by=by, detail=f"{done.rows} rows; {done.made} new, {done.corrected} corrections")
    return done


def _need_classes(wanted: Any, accepting: _Accepting) -> None:
    """A class is a judgement of a person, for each new therapy. Nothing is proposed before all of them are chosen."""
    new = wanted.filter(answered_at__isnull=True, proposal__make="therapy")
    lacking = [row.proposal["name"] for row in new if not accepting.choices.get(row.pk, {}).get("class", "").isdigit()]
    if lacking:
        raise Refused(f"Choose a class for {', '.join(lacking[:5])}. Nothing was entered yet.")


def _passed_over(wanted: Any) -> list[str]:
    told = []
    for row in wanted.filter(Q(answered_at__isnull=False) | Q(proposal__isnull=True)).select_related("answered_by"):
        if row.answer:
            told.append(f"{_what(row)}: {row.answered_by} has {row.get_answer_display().lower()} it already.")
        else:
            told.append(f"{_what(row)}: there is nothing to accept. Enter it by hand instead.")
    return told


def _what(row: BatchRow) -> str:
    return claim_in_words(finding_of(row).claim)


def _accept_fact(row: BatchRow, accepting: _Accepting) -> Change | None:
    choice = accepting.choices.get(row.pk, {}).get("kind", "")
    proposed: Any = proposal_of(row)
    proposal: NewFact = proposed.as_kind(choice)
    row.proposal = proposal.to_data()
    therapy = accepting.therapies.get(proposal.therapy)
    if therapy is None:
        raise _PassedOver("its therapy has another address now. Read the file again.")
    told = [(proposal.kind, proposal.value, proposal.date)]
    if proposal.brings_brand:
        told.append((FactKind.BRAND.value, proposal.brand, None))
    return _propose_facts(therapy, told, row, accepting)


def _propose_facts(
    therapy: Therapy, told: list[tuple[str, str, datetime.date | None]], row: BatchRow, accepting: _Accepting
) -> Change | None:
    """The leading change of those facts that we do not have; None where we have all of them."""
    made: list[Change] = []
    for kind, value, date in told:
        if (therapy.pk, kind, value) in accepting.facts:
            accepting.done.found += 1
            continue
        given = {"therapy": therapy, "kind": kind, "value": value, "date": date}
        made.append(accepting.propose(row, TherapyFact, given))
        accepting.done.made += 1
    if made:
        made[0].lead(made)
    return made[0] if made else None


def _accept_event(row: BatchRow, accepting: _Accepting) -> Change | None:
    proposal: NewEvent = proposal_of(row)  # type: ignore[assignment]
    use = Indication.objects.filter(pk=proposal.use).first()
    if use is None:
        raise _PassedOver("its use is gone. Read the file again.")
    if ApprovalEvent.objects.filter(indication=use, kind=proposal.kind, date=proposal.date).exists():
        accepting.done.found += 1
        return None
    given = {"indication": use, "kind": proposal.kind, "date": proposal.date, "precision": proposal.precision}
    change = accepting.propose(row, ApprovalEvent, given)
    accepting.done.made += 1
    return change


def _accept_therapy(row: BatchRow, accepting: _Accepting) -> Change | None:
    """A therapy without a text, and its first facts. Readers see nothing of it until a text is published."""
    proposal: NewTherapy = proposal_of(row)  # type: ignore[assignment]
    date = proposal.date
    told = [
        (FactKind.APPLICATION, proposal.application, date),
        (FactKind.BRAND, proposal.brand, None),
        (FactKind.FIRST_APPROVAL, date.isoformat() if date else "", date),
        (FactKind.MARKET_STATUS, proposal.market, None),
    ]
    named = [(kind.value, value, day) for kind, value, day in told if value]
    slug = slugify(proposal.name)[:50]
    therapy = Therapy.objects.filter(Q(name__iexact=proposal.name) | Q(slug=slug)).first()
    if therapy:
        facts = therapy.facts.values_list("therapy_id", "kind", "value")
        accepting.facts |= set(facts)
        known = {kind for _, kind, _ in facts}.intersection(EXCLUSIVE)
        return _propose_facts(therapy, [one for one in named if one[0] not in known], row, accepting)
    chosen = accepting.classes.get(int(accepting.choices[row.pk]["class"]))
    if chosen is None:
        raise _PassedOver("this class is gone. Choose another.")
    given = {"name": proposal.name, "slug": slug, "therapy_class": chosen}
    new = accepting.propose_page(row, given)
    made = [
        accepting.propose(row, TherapyFact, {"therapy": new, "kind": kind, "value": value, "date": day})
        for kind, value, day in named
    ]
    accepting.done.made += len(made)
    new.lead(made)
    return new


def _accept_correction(row: BatchRow, accepting: _Accepting) -> Change | None:
    proposal = proposal_of(row)
    of_event = isinstance(proposal, EventCorrection)
    model: type[Any] = ApprovalEvent if of_event else TherapyFact
    corrected: dict[str, Any] = proposal.to_data() if proposal else {}
    fact = model.objects.filter(pk=corrected["event" if of_event else "fact"]).first()
    if fact is None:
        raise _PassedOver("what it would correct is gone. Read the file again.")
    given: dict[str, Any] = {name: corrected[name] for name in ("value", "kind") if corrected.get(name)}
    if isinstance(proposal, FactCorrection) and proposal.date:
        given["date"] = proposal.date
    if "value" in given:  # the old day told since when the old value held
        given["date"] = None
    if all(getattr(fact, name) == value for name, value in given.items()):
        raise _PassedOver("we have this already.")
    change = accepting.correct(row, fact, given)
    accepting.done.corrected += 1
    return change


MAKERS: dict[type, Callable[[BatchRow, _Accepting], Change | None]] = {
    NewFact: _accept_fact,
    NewEvent: _accept_event,
    NewTherapy: _accept_therapy,
    EventCorrection: _accept_correction,
    FactCorrection: _accept_correction,
}
