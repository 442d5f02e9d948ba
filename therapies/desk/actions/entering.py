"""Entering FDA decisions: what a person compared with a notice becomes changes that wait for a second person."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from portal.publishing import actions, values
from portal.publishing.actions import Refused
from portal.publishing.models import Change, Governed, Source

from ...fact_kinds import APPLICATIONS, FactKind
from ...fda import cells
from ...models import TERMS, ApprovalEvent, BatchRow, Cancer, EarlierTerms, Indication, Therapy, TherapyFact
from .. import cautions
from .batches import lock

#: What a draft tells of a new use as it is stored.
OF_A_USE = ("cancer", *TERMS)


class NotEntered(Exception):  # noqa: N818 - it is an answer about the drafts
    """What kept a draft from being entered: its place on the page, and what is wrong with it."""

    def __init__(self, place: int, error: ValidationError) -> None:
        super().__init__(place, error)
        self.place, self.error = place, error


@transaction.atomic
def enter_uses(
    drafts: Iterable[Mapping[str, Any]], *, source: Source, by: User, row: BatchRow | None = None, evidence: str = ""
) -> list[Change]:
    """Propose decisions, with their uses, names and therapies where these are new; answer the leading changes.

    ``drafts`` are what the form of a use has cleaned. ``source`` may be new. ``row`` of an FDA file, when given, is
    answered by the first of them. ``evidence`` are the words that were pasted. Raises ``NotEntered`` for a draft that
    cannot be, and ``Refused`` for a source that may not be, when the same is pending, or when somebody answered the
    row meanwhile or has undone its batch.
    """
    if row:
        lock(row.batch)
    actions.add_source(source, by=by)
    warnings = "\n".join([cautions.of_row(row), *cautions.of_file(row.batch)]) if row else ""
    evidence = evidence.strip() or (row.arguments.get("words", "") if row else "")
    entering = _Entering(source=source, evidence=evidence[:20_000], warnings=warnings, by=by)
    leaders = []
    for place, draft in enumerate(drafts):
        try:
            leaders.append(entering.enter_name(draft) if draft.get("named_as") else entering.enter_decision(draft))
        except ValidationError as error:
            raise NotEntered(place, error) from error
    if row:
        _answer(row, leaders[0], by)
    return list(dict.fromkeys(leaders))


class _Entering:
    """Several drafts, of which two may speak of one new therapy or use."""

    def __init__(self, **told: Any) -> None:
        self.told = told
        self.new: dict[tuple[Any, ...], Change] = {}

    def _once(self, model: type[Governed], names: tuple[Any, ...], given: dict[str, Any]) -> Change:
        """The change that adds a row of these names. A draft before this one may have put it in a group."""
        if (model, *names) not in self.new:
            self.new[model, *names] = actions.propose_new(model, given, **self.told)
        change = self.new[model, *names]
        change.refresh_from_db()
        return change

    def enter_name(self, draft: Mapping[str, Any]) -> Change:
        """Only a further name of a therapy."""
        given = {name: draft[name] for name in ("therapy", "date")} | {"source": self.told["source"]}
        given |= {"kind": draft["named_as"], "value": draft["new_name"], "note": draft["application"] or draft["note"]}
        return actions.propose_new(TherapyFact, given, because=draft["because"], **self.told)

    def enter_decision(self, draft: Mapping[str, Any]) -> Change:
        told = self.told | {"because": draft["because"]}
        therapy, use, number = draft["therapy"], draft["use"], draft["application"]
        made = []
        if therapy is None:  # without a text: readers see nothing of it until one is published
            name = draft["new_name"]
            given = {"name": name, "slug": slugify(name)[:50], "therapy_class": draft["new_class"]}
            therapy = self._once(Therapy, (cells.key(name),), given)
            made.append(therapy)
        if use is None:
            code = code_of(draft["cancer"], draft["setting"])
            given = {"therapy": therapy, "code": code, "also_cancers": draft["also"]}
            use = self._once(Indication, (therapy, code), given | {name: draft[name] for name in OF_A_USE})
            made.append(use)
        given = {"indication": use, "source": told["source"], "precision": draft["precision"].value}
        given |= {name: draft[name] for name in ("kind", "date", "note")}
        decision = actions.propose_new(ApprovalEvent, given, **told)
        if number and not (draft["therapy"] and _has_number(therapy, number)):
            given = {"therapy": therapy, "kind": FactKind.APPLICATION.value, "value": number, "source": told["source"]}
            made.append(actions.propose_new(TherapyFact, given, **told))
        shared = next((one.leader or one for one in made if one.leader_id), None)
        if draft.get("terms"):
            made += self._narrow(use, draft["terms"], decision, told)
        leader = shared or decision
        leader.lead([*made, decision])
        return leader

    def _narrow(
        self, use: Indication, terms: Mapping[str, Any], decision: Change, told: dict[str, Any]
    ) -> tuple[Change, Change]:
        """The terms of today go into history with the decision that changes them."""
        until_now = values.of_row(use, TERMS)
        earlier = actions.propose_new(EarlierTerms, {"event": decision, **until_now}, **told)
        return earlier, actions.propose_change(use, terms, **told)


def _has_number(therapy: Therapy, number: str) -> bool:
    own = Q(kind__in=APPLICATIONS, value=number)
    return therapy.facts.filter(own | Q(application=number)).exists()


def code_of(cancer: Cancer, setting: str) -> str:
    """The short name of a use. The same name again is the same use again."""
    return f"{cancer.slug}--{slugify(setting)}"[:150]


def _answer(row: BatchRow, change: Change, by: User) -> None:
    open_ = BatchRow.objects.filter(pk=row.pk, answered_at=None, batch__undone_at=None)
    answered = {"answered_at": timezone.now(), "answered_by": by, "change": change}
    if not open_.update(answer=BatchRow.Answer.ACCEPTED, **answered):
        raise Refused("Someone else already answered this row of the file. Nothing was entered.")
