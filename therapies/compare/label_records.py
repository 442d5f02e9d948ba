"""The labels that people read, and our uses, as plain data for ``label_uses.py``."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

import msgspec
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from .. import timeline
from ..fact_kinds import NONE, UNKNOWN, FactKind
from ..models import (
    ApprovalEvent,
    Batch,
    BatchRow,
    DrugLabel,
    EarlierTerms,
    Indication,
    LabelledUse,
    Therapy,
    TherapyFact,
)
from ..models.approvals import last_of_month
from .claims import LabelVersion
from .label_reading import as_read
from .label_safety import OurSafety, Safety, changed, safety_differences
from .label_uses import LabelAccount, LabelTerms, NamedUse, OurUse, ReadLabel, UsesOn, account
from .label_versions import superseded, with_accepted
from .proposals import NewLabel


def label_accounts(therapy: int | None = None, *, settled: bool = False) -> list[LabelAccount]:
    """Every label that somebody read, in its newest version, beside our uses. A fixed number of queries.

    ``therapy``: the key of one of ours, if only its labels are asked for.
    ``settled``: of FDA's files, only those count of which readers may be told.
    """
    told = DrugLabel.objects.current()
    labels = _on_record(told.filter(therapy=therapy) if therapy else told, our_safety(), settled=settled)
    ours, today = our_uses(labels), timezone.localdate()
    return [one for therapy in labels for one in account(labels[therapy], ours[therapy], today)]


def accounts_of(proposals: Sequence[NewLabel]) -> list[LabelAccount | None]:
    """Labels that a rule read in files, in their order, beside our uses. None for a therapy that is gone.

    A fixed number of queries. Of a version that somebody read, it is what is on record. Why the version before left a
    use out still holds, and so does what was accepted of it where the label says the same. A version before that on
    record says nothing of today's warnings.
    """
    keys = dict(Therapy.objects.filter(slug__in={one.therapy for one in proposals}).values_list("slug", "pk"))
    uses, safety = our_uses(keys.values()), our_safety()
    labels = _on_record(DrugLabel.objects.current().filter(therapy__in=keys.values()), safety)
    told = ((proposal, keys.get(proposal.therapy)) for proposal in proposals)
    return [_account_of(one, labels[key], uses[key], safety[key]) if key else None for one, key in told]


def _account_of(proposal: NewLabel, labels: list[ReadLabel], uses: UsesOn, safety: OurSafety) -> LabelAccount:
    today, same = timezone.localdate(), [one for one in labels if one.set_id == proposal.set_id]
    for place, known in enumerate(labels):
        if known in same and known.effective == proposal.effective:
            return account(labels, uses, today)[place]
    for known in same:
        proposal = msgspec.structs.replace(proposal, scope=known.scope)
    read = as_read(proposal, uses, safety)
    for known in same:
        if known.effective > proposal.effective:
            read = superseded(read, known)
        else:
            news = changed(known.common, proposal.common, safety)
            read = replace(with_accepted(read, known), told=read.told | known.told, safety=(*read.safety, *news))
    return account([read, *(one for one in labels if one not in same)], uses, today)[0]


def _on_record(
    told: QuerySet[DrugLabel], safety: dict[int, OurSafety], *, settled: bool = False
) -> dict[int, list[ReadLabel]]:
    """Labels as people read them, by the key of their therapy."""
    labels: dict[int, list[ReadLabel]] = defaultdict(list)
    newer, lists = _newer_versions(settled=settled), _RowLists.of(told)
    rows = Prefetch("uses", LabelledUse.objects.select_related("cancer"))
    for label in told.select_related("therapy").prefetch_related("silences", rows):
        named = tuple(map(lists.named_use, label.uses.all()))
        labels[label.therapy_id].append(_label(label, named, newer.get(label.application), safety[label.therapy_id]))
    return labels


def our_uses(therapies: Iterable[int]) -> dict[int, UsesOn]:
    """The uses of these therapies of which a decision is confirmed, as they were on any day; ended ones included."""
    keys = list(therapies)
    events = ApprovalEvent.objects.filter(indication__therapy__in=keys)
    decisions: dict[int, list[ApprovalEvent]] = defaultdict(list)
    for event in events.select_related("indication__cancer", "indication__therapy", "earlier_terms"):
        decisions[event.indication.therapy_id].append(event)
    lists = _UseLists.of(keys)
    return {therapy: partial(_uses_on, decisions[therapy], lists) for therapy in keys}


type Named = dict[int, frozenset[Any]]


def _named(several: QuerySet, row: str, named: str) -> Named:
    """What each row names in a list of its own, by its key. Hundreds name the same few, so those are not read."""
    found: dict[int, set[Any]] = defaultdict(set)
    for key, one in several.values_list(row, named):
        found[key].add(one)
    return defaultdict(frozenset, {key: frozenset(all_of_it) for key, all_of_it in found.items()})


@dataclass(frozen=True)
class _UseLists:
    """The lists of our uses, as slugs."""

    also_cancers: Named
    tests: dict[type, Named]  # of a use, and of what it asked for until a later decision

    @classmethod
    def of(cls, therapies: list[int]) -> Self:
        uses = Indication.objects.filter(therapy__in=therapies)
        earlier = EarlierTerms.objects.filter(event__indication__therapy__in=therapies)
        return cls(
            _named(uses.filter(also_cancers__isnull=False), "pk", "also_cancers__slug"),
            {
                told.model: _named(told.filter(biomarkers__isnull=False), "pk", "biomarkers__slug")
                for told in (uses, earlier)
            },
        )

    def our_use(self, use: timeline.Use) -> OurUse:
        one, told = use.indication, use.terms
        terms = LabelTerms(
            self.also_cancers[one.pk] | {one.cancer.slug},
            told.stage,
            self.tests[type(told)][told.pk],
            tuple(told.partners),
            told.children,
            accelerated=use.state == timeline.ACCELERATED,
        )
        return OurUse(one.pk, told.setting, terms, use.granted, use.in_force, one.partner_label)


def _uses_on(decisions: Sequence[ApprovalEvent], lists: _UseLists, day: datetime.date) -> list[OurUse]:
    """The uses of a day. What is known by its month alone may have held then, and later in that month it did."""
    uses = {use.key: use for use in map(lists.our_use, timeline.uses(decisions, day))}
    end = last_of_month(day)
    by_month = [event for event in decisions if event.date == end > day and event.precision != event.Precision.DAY]
    if by_month:
        counted = [event for event in decisions if event.date <= day or event in by_month]
        for use in map(lists.our_use, timeline.uses(counted, end)):
            known = uses.get(use.key, use)
            uses[use.key] = known if known.terms == use.terms else replace(known, by_month=use.terms)
    return list(uses.values())


@dataclass(frozen=True)
class _RowLists:
    """The lists of the rows of labels: slugs of test results, and keys of our uses."""

    tests: Named
    uses: Named

    @classmethod
    def of(cls, labels: QuerySet[DrugLabel]) -> Self:
        rows = LabelledUse.objects.filter(label__in=labels)
        return cls(
            _named(rows.filter(biomarkers__isnull=False), "pk", "biomarkers__slug"),
            _named(rows.filter(uses__isnull=False), "pk", "uses"),
        )

    def named_use(self, row: LabelledUse) -> NamedUse:
        return NamedUse(
            row.setting,
            LabelTerms(
                frozenset([row.cancer.slug] if row.cancer else []),
                row.stage,
                self.tests[row.pk],
                _parts(row.partners),
                row.children,
                row.accelerated,
            ),
            tuple(sorted(self.uses[row.pk])),
            row.outside,
            frozenset(part.strip() for part in row.accepted.split(",")),
            row.note,
        )


def _label(label: DrugLabel, named: tuple[NamedUse, ...], newer: datetime.date | None, ours: OurSafety) -> ReadLabel:
    return ReadLabel(
        label.brand,
        label.therapy.slug,
        label.effective,
        label.scope,
        named,
        {left_out.use_id: left_out.reason for left_out in label.silences.all()},
        label.pk,
        label.set_id,
        newer if newer and newer > label.effective else None,
        tuple(safety_differences(ours, safety_of(label), label.brand, label.scope)),
        frozenset(part.strip() for part in label.accepted.split(",")),
        common=_parts(label.common_reactions),
    )


def safety_of(label: DrugLabel) -> Safety:
    """What a label warns of. One that nobody read so far, such as a section 1 alone, tells no route."""
    boxed = _parts(label.boxed_warning) if label.route or label.boxed_warning else None
    return Safety(boxed, _parts(label.common_reactions), _parts(label.route))


def our_safety() -> dict[int, OurSafety]:
    """What we tell of each therapy, all its forms together."""
    kinds = (FactKind.BOXED_WARNING, FactKind.SIDE_EFFECTS, FactKind.ROUTE, FactKind.FORM, FactKind.BRAND)
    found: dict[int, dict[str, list[str]]] = defaultdict(dict)
    for therapy, kind, value in TherapyFact.objects.filter(kind__in=kinds).values_list("therapy", "kind", "value"):
        if value != UNKNOWN:
            found[therapy].setdefault(kind, []).extend(part for part in _parts(value) if part != NONE)
    return defaultdict(
        lambda: OurSafety(Safety(None, None, None)), {therapy: _safety(told) for therapy, told in found.items()}
    )


def _safety(told: dict[str, list[str]]) -> OurSafety:
    boxed, common = (
        tuple(told[kind]) if kind in told else None for kind in (FactKind.BOXED_WARNING, FactKind.SIDE_EFFECTS)
    )
    forms = told.get(FactKind.FORM, [])
    routes = (*told[FactKind.ROUTE], *forms) if FactKind.ROUTE in told else None
    brands = [*told.get(FactKind.BRAND, []), *(form.split("(")[0].strip() for form in forms)]
    return OurSafety(Safety(boxed, common, routes), frozenset(brands))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _newer_versions(*, settled: bool) -> dict[str, datetime.date]:
    """The newest version of each application's label in FDA's files, those that somebody skipped left out.

    Readers are told of those too: who skips a row, or undoes a file that the watch got from FDA, does so alone.
    """
    rows = BatchRow.objects.filter(claim__states=LabelVersion.__struct_config__.tag).order_by("date")
    if settled:
        rows = rows.filter(Q(batch__undone_at=None) | Q(batch__read_by=None), batch__in=Batch.objects.settled())
    else:
        rows = rows.filter(batch__undone_at=None).exclude(answer=BatchRow.Answer.SKIPPED)
    return {application: date for application, date in rows.values_list("application", "date") if application and date}
