"""Recording uses: what a person compared with a notice, in one transaction of the floor's verbs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from portal.publishing import actions, audit
from portal.publishing.actions import Refused
from portal.publishing.models import Fact, Source

from ...fda import cells
from ...models import ApprovalEvent, BatchRow, Biomarker, Cancer, Indication, Therapy, TherapyClass, TherapyFact
from .batches import lock


@dataclass(kw_only=True)
class Said:
    """One use and one event of it, as a person compared it with a notice; or only a further name of a therapy."""

    therapy: Therapy | None  # empty for a new one
    name: str = ""  # of a new therapy, or the further name
    therapy_class: TherapyClass | None = None  # of a new therapy
    named_as: str = ""  # kind of the fact, where only a further name is recorded
    use: Indication | None = None  # empty for a new one
    cancer: Cancer | None = None
    also: Sequence[Cancer] = ()
    setting: str = ""
    stage: str = Indication.Stage.ANY
    biomarkers: Sequence[Biomarker] = ()
    combination: str = ""
    children: bool = False
    kind: str = ""
    date: Any = None
    month_only: bool = False
    application: str = ""
    because: str = ""
    note: str = ""


class Unrecorded(Exception):  # noqa: N818 - said of the drafts
    """What kept a draft from being recorded: its place on the page, and what is wrong with which field."""

    def __init__(self, place: int, errors: dict[str, list[str]]) -> None:
        super().__init__(place, errors)
        self.place, self.errors = place, errors


@dataclass
class _Recording:
    source: Source
    by: User
    made: list[Fact] = field(default_factory=list)
    therapies: dict[str, Therapy] = field(default_factory=dict)  # new ones, by name: two drafts may share one


@transaction.atomic
def record_uses(drafts: Iterable[Said], *, source: Source, by: User, row: BatchRow | None = None) -> list[Fact]:
    """Record events, with their uses, names and therapies where these are new. All of it waits for a second person.

    ``source`` may be new. ``row`` of an FDA file, when given, is answered by the first of the facts.
    Raises ``Unrecorded`` for a draft that cannot be, and ``Refused`` when somebody answered the row meanwhile or has
    undone its batch.
    """
    if row:
        lock(row.batch)
    if source.pk is None:
        source.full_clean()
        source.save()
        audit.note("added", source, by=by)
    recording = _Recording(source, by)
    for place, said in enumerate(drafts):
        try:
            _record(said, recording)
        except ValidationError as error:
            raise Unrecorded(place, _by_field(error)) from error
    if row:
        _answer(row, recording)
    return recording.made


def _record(said: Said, recording: _Recording) -> None:
    therapy = said.therapy or _new_therapy(said, recording)
    if said.named_as:
        note = said.application or said.note
        fact = TherapyFact(therapy=therapy, kind=said.named_as, value=said.name, date=said.date, note=note)
        _save(fact, said, recording)
        return
    use = said.use or _new_use(said, therapy, recording)
    precision = ApprovalEvent.Precision.MONTH if said.month_only else ApprovalEvent.Precision.DAY
    event = ApprovalEvent(indication=use, kind=said.kind, date=said.date, precision=precision, note=said.note)
    _save(event, said, recording)
    if said.application and not _has_number(therapy, said.application):
        number = TherapyFact(therapy=therapy, kind=TherapyFact.Kind.APPLICATION, value=said.application)
        _save(number, said, recording)


def _save(fact: Fact, said: Said, recording: _Recording) -> None:
    fact.source, fact.because = recording.source, said.because
    fact.full_clean()
    recording.made.append(actions.record(fact, by=recording.by))


def _has_number(therapy: Therapy, number: str) -> bool:
    kinds = (TherapyFact.Kind.APPLICATION, TherapyFact.Kind.FORM)
    facts = therapy.facts.filter(kind__in=kinds).values_list("value", "note")
    return any(number in f"{value} {note}" for value, note in facts)


def _new_therapy(said: Said, recording: _Recording) -> Therapy:
    """A therapy without a text: readers see nothing of it until one is published."""
    key = cells.key(said.name)
    if key not in recording.therapies:
        therapy = Therapy(name=said.name, slug=slugify(said.name)[:50], therapy_class=said.therapy_class)
        therapy.full_clean()
        therapy.save()
        audit.note("added", therapy, by=recording.by)
        recording.therapies[key] = therapy
    return recording.therapies[key]


def _new_use(said: Said, therapy: Therapy, recording: _Recording) -> Indication:
    use = Indication(
        therapy=therapy,
        cancer=said.cancer,
        code=code_of(said.cancer, said.setting) if said.cancer else "",
        setting=said.setting,
        stage=said.stage,
        combination=said.combination,
        children=said.children,
    )
    use.full_clean()
    use.save()
    use.also_cancers.set(said.also)
    use.biomarkers.set(said.biomarkers)
    audit.note("added", use, by=recording.by)
    return use


def code_of(cancer: Cancer, setting: str) -> str:
    """The short name of a use. The same name again is the same use again."""
    return f"{cancer.slug}--{slugify(setting)}"[:150]


def _answer(row: BatchRow, recording: _Recording) -> None:
    events = [fact for fact in recording.made if isinstance(fact, ApprovalEvent)]
    facts = [fact for fact in recording.made if isinstance(fact, TherapyFact)]
    open_ = BatchRow.objects.filter(pk=row.pk, answered_at=None, batch__undone_at=None)
    changed = open_.update(
        answer=BatchRow.Answer.ACCEPTED,
        answered_at=timezone.now(),
        answered_by=recording.by,
        event=events[0] if events else None,
        fact=None if events else facts[0],
        before={"events": [event.pk for event in events], "made": [fact.pk for fact in facts]},
    )
    if not changed:
        raise Refused("Somebody has answered this row of the file already. Nothing was recorded.")


#: Which field of the page shows what is wrong with a column.
SHOWN_AT = {"name": "new_name", "slug": "new_name", "therapy_class": "new_class", "code": "setting", "value": "therapy"}
SHOWN_AT |= {"indication": "use", "source": "date", "__all__": "date"}


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {"date": error.messages}
    return {SHOWN_AT.get(name, name): several for name, several in error.message_dict.items()}
