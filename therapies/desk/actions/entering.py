"""Entering FDA decisions: what a person compared with a notice becomes changes that wait for a second person."""

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
from portal.publishing.models import Change, Source

from ...fact_kinds import FactKind
from ...fda import cells
from ...models import ApprovalEvent, BatchRow, Biomarker, Cancer, Indication, Therapy, TherapyClass, TherapyFact
from .batches import lock


@dataclass(kw_only=True)
class EnteredUse:
    """One use and one decision on it, as a person compared it with a notice; or only a further name of a therapy."""

    therapy: Therapy | None  # empty for a new one
    name: str = ""  # of a new therapy, or the further name
    therapy_class: TherapyClass | None = None  # of a new therapy
    named_as: str = ""  # kind of the fact, where only a further name is entered
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


class NotEntered(Exception):  # noqa: N818 - it is an answer about the drafts
    """What kept a draft from being entered: its place on the page, and what is wrong with which field."""

    def __init__(self, place: int, errors: dict[str, list[str]]) -> None:
        super().__init__(place, errors)
        self.place, self.errors = place, errors


@dataclass
class _Entering:
    """What several drafts share: new therapies and uses by name, since two drafts may speak of one."""

    told: dict[str, Any]
    by: User
    therapies: dict[str, Change] = field(default_factory=dict)
    uses: dict[tuple[Any, str], Change] = field(default_factory=dict)
    leaders: list[Change] = field(default_factory=list)


@transaction.atomic
def enter_uses(
    drafts: Iterable[EnteredUse], *, source: Source, by: User, row: BatchRow | None = None, evidence: str = ""
) -> list[Change]:
    """Propose decisions, with their uses, names and therapies where these are new; answer the leading changes.

    ``source`` may be new. ``row`` of an FDA file, when given, is answered by the first of them. ``evidence`` are the
    words that were pasted. Raises ``NotEntered`` for a draft that cannot be, and ``Refused`` when the same is pending,
    or when somebody answered the row meanwhile or has undone its batch.
    """
    if row:
        lock(row.batch)
    if source.pk is None:
        source.full_clean()
        source.save()
        audit.note("added", source, by=by)
    entering = _Entering({"source": source, "evidence": evidence[:20_000]}, by)
    for place, draft in enumerate(drafts):
        try:
            _enter(draft, entering)
        except ValidationError as error:
            raise NotEntered(place, _by_field(error)) from error
    if row:
        _answer(row, entering)
    return list(dict.fromkeys(entering.leaders))


def _enter(draft: EnteredUse, entering: _Entering) -> None:
    told = entering.told | {"because": draft.because, "by": entering.by}
    source = entering.told["source"]
    made: list[Change] = []
    therapy: Any = draft.therapy or _new_therapy(draft, entering, made)
    if draft.named_as:
        note = draft.application or draft.note
        given = {"therapy": therapy, "kind": draft.named_as, "value": draft.name, "date": draft.date, "note": note}
        entering.leaders.append(actions.propose_new(TherapyFact, given | {"source": source}, **told))
        return
    use: Any = draft.use or _new_use(draft, therapy, entering, made)
    precision = ApprovalEvent.Precision.MONTH if draft.month_only else ApprovalEvent.Precision.DAY
    given = {"indication": use, "kind": draft.kind, "date": draft.date, "precision": precision.value}
    decision = actions.propose_new(ApprovalEvent, given | {"source": source, "note": draft.note}, **told)
    if draft.application and not (draft.therapy and _has_number(draft.therapy, draft.application)):
        number = {"therapy": therapy, "kind": FactKind.APPLICATION.value, "value": draft.application, "source": source}
        made.append(actions.propose_new(TherapyFact, number, **told))
    shared = next((one.leader or one for one in made if one.leader_id), None)
    leader = shared or decision
    leader.lead([*made, decision])
    entering.leaders.append(leader)


def _has_number(therapy: Therapy, number: str) -> bool:
    facts = therapy.facts.filter(kind__in=(FactKind.APPLICATION, FactKind.FORM)).values_list("value", "note")
    return any(number in f"{value} {note}" for value, note in facts)


def _new_therapy(draft: EnteredUse, entering: _Entering, made: list[Change]) -> Change:
    """A therapy without a text: readers see nothing of it until one is published."""
    key = cells.key(draft.name)
    if key not in entering.therapies:
        given = {"name": draft.name, "slug": slugify(draft.name)[:50], "therapy_class": draft.therapy_class}
        told = entering.told | {"by": entering.by}
        entering.therapies[key] = actions.propose_new(Therapy, given, **told)
    entering.therapies[key].refresh_from_db()
    made.append(entering.therapies[key])
    return entering.therapies[key]


def _new_use(draft: EnteredUse, therapy: Any, entering: _Entering, made: list[Change]) -> Change:
    code = code_of(draft.cancer, draft.setting) if draft.cancer else ""
    key = (getattr(therapy, "pk", None), code)
    if key not in entering.uses:
        given = {
            "therapy": therapy,
            "code": code,
            "cancer": draft.cancer,
            "also_cancers": list(draft.also),
            "setting": draft.setting,
            "stage": str(draft.stage),
            "biomarkers": list(draft.biomarkers),
            "combination": draft.combination,
            "children": draft.children,
        }
        entering.uses[key] = actions.propose_new(Indication, given, **(entering.told | {"by": entering.by}))
    entering.uses[key].refresh_from_db()
    made.append(entering.uses[key])
    return entering.uses[key]


def code_of(cancer: Cancer, setting: str) -> str:
    """The short name of a use. The same name again is the same use again."""
    return f"{cancer.slug}--{slugify(setting)}"[:150]


def _answer(row: BatchRow, entering: _Entering) -> None:
    open_ = BatchRow.objects.filter(pk=row.pk, answered_at=None, batch__undone_at=None)
    answered = {"answered_at": timezone.now(), "answered_by": entering.by, "change": entering.leaders[0]}
    if not open_.update(answer=BatchRow.Answer.ACCEPTED, **answered):
        raise Refused("Someone else already answered this row of the file. Nothing was entered.")


#: Which field of the page shows what is wrong with a column.
SHOWN_AT = {"name": "new_name", "slug": "new_name", "therapy_class": "new_class", "code": "setting", "value": "therapy"}
SHOWN_AT |= {"indication": "use", "source": "date", "__all__": "date"}


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {"date": error.messages}
    return {SHOWN_AT.get(name, name): several for name, several in error.message_dict.items()}
