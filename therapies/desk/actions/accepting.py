"""The verb by which rows of one of FDA's files become changes that wait for a second person."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from portal.publishing import actions, audit
from portal.publishing.actions import Refused
from portal.publishing.models import Change, Fact, Governed

from ...compare.ages import edition_until, told_later
from ...compare.findings import proposal_of
from ...compare.label_records import accounts_of
from ...compare.proposals import (
    EventCorrection,
    FactCorrection,
    NewEvent,
    NewFact,
    NewLabel,
    NewTherapy,
    Proposal,
    ToldFact,
)
from ...fact_kinds import EXCLUSIVE
from ...models import (
    ApprovalEvent,
    Batch,
    BatchRow,
    Biomarker,
    Cancer,
    DrugLabel,
    Indication,
    LabelledUse,
    Therapy,
    TherapyClass,
    TherapyFact,
)
from .. import cautions
from ..wording_of_findings import day_in_words, row_in_words
from .batches import Done, lock

Answer = BatchRow.Answer
#: What was chosen for rows: by their primary key another "kind" of fact, or the "class" of a new therapy.
Choices = dict[int, dict[str, str]]


@transaction.atomic
def accept(
    batch: Batch, rows: Iterable[int] | None = None, bucket: str = "", choices: Choices | None = None, *, by: User
) -> Done:
    """Propose what rows tell, chosen by primary key or a whole bucket. It all waits for a second person.

    Rows that somebody answered already are passed over and told. Raises Refused when the batch was undone, or when a
    new therapy has no class.
    """
    lock(batch)
    choices = choices or {}
    wanted = batch.rows.filter(bucket=bucket) if rows is None else batch.rows.filter(pk__in=list(rows))
    open_ = wanted.filter(answered_at__isnull=True, proposal__isnull=False)
    _need_classes(open_, choices)
    told = [] if rows is None else _passed_over(wanted)
    now = timezone.now()
    open_.update(answer=Answer.ACCEPTED, answered_at=now, answered_by=by)
    won = list(batch.rows.filter(answered_at=now, answered_by=by, answer=Answer.ACCEPTED).order_by("position"))
    accepting = _Accepting(batch, choices, by)
    done = accepting.done
    done.told = told
    for row in won:
        try:
            with transaction.atomic():
                row.change = accepting.propose(row, proposal_of(row))
            done.rows += 1
        except (ValidationError, Refused) as error:
            done.told.append(f"{row_in_words(row)}: {actions.in_words(error)}")
            row.answer, row.answered_at, row.answered_by = "", None, None
        row.save(update_fields=("answer", "answered_at", "answered_by", "change", "proposal"))
    if done.rows:
        audit.note("accepted", batch, by=by, detail=f"{done.rows} rows; {done.made} new, {done.corrected} corrections")
    return done


def _need_classes(open_: Any, choices: Choices) -> None:
    """A class is a judgement of a person, for each new therapy. Nothing is proposed before all of them are chosen."""
    new = open_.filter(proposal__make="therapy")
    lacking = [row.proposal["name"] for row in new if not choices.get(row.pk, {}).get("class", "").isdigit()]
    if lacking:
        raise Refused(f"Choose a class for {', '.join(lacking[:5])}. Nothing was entered yet.")


def _passed_over(wanted: Any) -> list[str]:
    told = []
    for row in wanted.filter(Q(answered_at__isnull=False) | Q(proposal__isnull=True)).select_related("answered_by"):
        if row.answer:
            told.append(f"{row_in_words(row)}: {row.answered_by} already {row.get_answer_display().lower()} it.")
        else:
            told.append(f"{row_in_words(row)}: this row has nothing to accept. Enter it by hand instead.")
    return told


class _Accepting:
    def __init__(self, batch: Batch, choices: Choices, by: User) -> None:
        self.batch, self.choices, self.by, self.done = batch, choices, by, Done()
        self.cautions = cautions.of_file(batch)

    def propose(self, row: BatchRow, proposal: Proposal | None) -> Change | None:
        """The leading change of what the row proposes; None where we have all of it. Raises Refused."""
        match proposal:
            case NewFact():
                return self._fact(row, proposal)
            case NewEvent():
                return self._event(row, proposal)
            case NewTherapy():
                return self._therapy(row, proposal)
            case NewLabel():
                return self._label(row, proposal)
            case EventCorrection():
                return self._correct(row, ApprovalEvent, proposal.event, {"kind": proposal.kind})
            case FactCorrection(value=value) if value:  # the old day told since when the old value held
                return self._correct(row, TherapyFact, proposal.fact, {"value": value, "date": None})
            case FactCorrection():
                return self._correct(row, TherapyFact, proposal.fact, {"date": proposal.date})
        raise TypeError(proposal)

    def _told(self, row: BatchRow, *further: str) -> dict[str, Any]:
        words = f"{self.batch.source.title}: {row_in_words(row)}"
        evidence = "\n\n".join(filter(None, (words, row.arguments.get("words"))))
        warnings = "\n".join([cautions.of_row(row), *further, *self.cautions])
        told = {"because": words[:300], "evidence": evidence, "warnings": warnings}
        return {"by": self.by, "source": self.batch.source} | told

    def _new(self, row: BatchRow, model: type[Governed], **given: Any) -> Change:
        given |= {"source": self.batch.source} if issubclass(model, Fact) else {}
        return actions.propose_new(model, given, **self._told(row))

    def _correct(self, row: BatchRow, model: Any, pk: int, given: dict[str, Any]) -> Change:
        fact = model.objects.filter(pk=pk).first()
        if fact is None:
            raise Refused("what it would correct is gone. Upload the file again.")
        if all(getattr(fact, name) == value for name, value in given.items()):
            raise Refused("we already have this.")
        if told := told_later(fact, edition_until(self.batch.edition)):
            day = day_in_words(told)
            raise Refused(f"our source holds as of {day} now, which is newer than this file.")
        change = actions.propose_change(fact, given | {"source": self.batch.source}, **self._told(row))
        self.done.corrected += 1
        return change

    def _fact(self, row: BatchRow, proposal: NewFact) -> Change | None:
        proposal = proposal.as_kind(self.choices.get(row.pk, {}).get("kind", ""))
        row.proposal = proposal.to_data()
        therapy = Therapy.objects.filter(slug=proposal.therapy).first()
        if therapy is None:
            raise Refused("its therapy has another address now. Upload the file again.")
        return self._facts(row, therapy, proposal.facts)

    def _facts(self, row: BatchRow, therapy: Therapy, told: Iterable[ToldFact]) -> Change | None:
        """The leading change of those that we do not have."""
        told = list(told)
        new = [one for one in told if not _is_known(therapy, one)]
        self.done.found += len(told) - len(new)
        made = [self._new(row, TherapyFact, therapy=therapy, **one._asdict()) for one in new]
        self.done.made += len(made)
        if made:
            made[0].lead(made)
        return made[0] if made else None

    def _event(self, row: BatchRow, proposal: NewEvent) -> Change | None:
        use = Indication.objects.filter(pk=proposal.use).first()
        if use is None:
            raise Refused("its use is gone. Upload the file again.")
        given = {"indication": use, "kind": proposal.kind, "date": proposal.date}
        if ApprovalEvent.objects.filter(**given).exists():
            self.done.found += 1
            return None
        change = self._new(row, ApprovalEvent, **given, precision=proposal.precision)
        self.done.made += 1
        return change

    def _therapy(self, row: BatchRow, proposal: NewTherapy) -> Change | None:
        """A therapy without a text, and its first facts. Readers see nothing of it until a text is published."""
        slug = slugify(proposal.name)[:50]
        if therapy := Therapy.objects.filter(Q(name__iexact=proposal.name) | Q(slug=slug)).first():
            known = set(therapy.facts.filter(kind__in=EXCLUSIVE).values_list("kind", flat=True))
            return self._facts(row, therapy, [one for one in proposal.facts if one.kind not in known])
        chosen = TherapyClass.objects.filter(pk=self.choices[row.pk]["class"]).first()
        if chosen is None:
            raise Refused("this class is gone. Choose another.")
        new = self._new(row, Therapy, name=proposal.name, slug=slug, therapy_class=chosen)
        made = [self._new(row, TherapyFact, therapy=new, **one._asdict()) for one in proposal.facts]
        self.done.made += len(made)
        new.lead(made)
        return new

    def _label(self, row: BatchRow, proposal: NewLabel) -> Change | None:
        """A reading of a label: its uses, each beside those of ours that a rule finds. All are answered together."""
        therapy = Therapy.objects.filter(slug=proposal.therapy).first()
        if therapy is None:
            raise Refused("its therapy has another address now. Upload the file again.")
        if DrugLabel.objects.filter(set_id=proposal.set_id, effective=proposal.effective).exists():
            self.done.found += 1
            return None
        given = {name: getattr(proposal, name) for name in ("application", "brand", "set_id", "effective", "scope")}
        listed = {"boxed_warning": proposal.boxed, "route": proposal.routes, "common_reactions": proposal.common}
        given |= {name: "; ".join(parts) for name, parts in listed.items()}
        given |= {"therapy": therapy, "source": self.batch.source}
        (found,) = filter(None, accounts_of([proposal]))
        label = actions.propose_new(DrugLabel, given, **self._told(row, *cautions.of_label(found)))
        cancers = {cancer.slug: cancer for cancer in Cancer.objects.all()}
        biomarkers = {biomarker.slug: biomarker.pk for biomarker in Biomarker.objects.all()}
        made = []
        for position, (use, named) in enumerate(zip(proposal.uses, found.label.uses, strict=True)):
            told: dict[str, Any] = {"label": label, "position": position, "setting": use.words}
            told |= {name: getattr(use, name) for name in ("stage", "outside", "children", "accelerated")}
            told |= {"uses": list(named.uses), "cancer": cancers.get(use.cancer), "partners": "; ".join(use.partners)}
            told |= {"biomarkers": [biomarkers[slug] for slug in use.biomarkers if slug in biomarkers]}
            made.append(self._new(row, LabelledUse, **told))
        self.done.made += 1 + len(made)
        label.lead(made)
        return label


def _is_known(therapy: Therapy, told: ToldFact) -> bool:
    """Whether we have this fact, or somebody proposed it already, in this way or another."""
    pending = Change.objects.pending().to(TherapyFact).filter(verb=Change.Verb.ADD)
    same = {"after__therapy": therapy.pk, "after__kind": told.kind, "after__value": told.value}
    return therapy.facts.filter(kind=told.kind, value=told.value).exists() or pending.filter(**same).exists()
