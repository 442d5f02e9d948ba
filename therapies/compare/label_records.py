"""The labels that people read, and our uses, as plain data for ``label_uses.py``."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from .. import timeline
from ..fact_kinds import NONE, UNKNOWN, FactKind
from ..models import ApprovalEvent, Batch, BatchRow, DrugLabel, LabelledUse, TherapyFact
from .claims import LabelVersion
from .label_safety import OurSafety, Safety, safety_differences
from .label_uses import LabelAccount, LabelTerms, NamedUse, OurUse, ReadLabel, UsesOn, account


def label_accounts(therapy: int | None = None, *, settled: bool = False) -> list[LabelAccount]:
    """Every label that somebody read, in its newest version, beside our uses. A fixed number of queries.

    ``therapy``: the key of one of ours, if only its labels are asked for.
    ``settled``: of FDA's files, only those count of which readers may be told.
    """
    labels: dict[int, list[ReadLabel]] = defaultdict(list)
    newer, safety = _newer_versions(settled=settled), our_safety()
    told = DrugLabel.objects.current().select_related("therapy")
    told = told.filter(therapy=therapy) if therapy else told
    named = LabelledUse.objects.select_related("cancer").prefetch_related("biomarkers", "uses")
    for label in told.prefetch_related("silences", Prefetch("uses", named)):
        labels[label.therapy_id].append(_label(label, newer.get(label.application), safety[label.therapy_id]))
    ours, today = our_uses(labels), timezone.localdate()
    return [one for therapy in labels for one in account(labels[therapy], ours[therapy], today)]


def our_uses(therapies: Iterable[int]) -> dict[int, UsesOn]:
    """The uses of these therapies of which a decision is confirmed, as they were on any day; ended ones included."""
    events = ApprovalEvent.objects.filter(indication__therapy__in=list(therapies))
    events = events.select_related("indication__cancer", "indication__therapy", "earlier_terms")
    several = ("indication__biomarkers", "indication__also_cancers", "earlier_terms__biomarkers")
    decisions: dict[int, list[ApprovalEvent]] = defaultdict(list)
    for event in events.prefetch_related(*several):
        decisions[event.indication.therapy_id].append(event)
    return {therapy: partial(_uses_on, decisions[therapy]) for therapy in therapies}


def _uses_on(decisions: Iterable[ApprovalEvent], day: datetime.date) -> list[OurUse]:
    return [_our_use(use) for use in timeline.uses(decisions, day)]


def _our_use(use: timeline.Use) -> OurUse:
    one = use.indication
    told: Any = use.terms  # the use itself, or what it asked for until a later decision: each has its own list of tests
    terms = LabelTerms(
        frozenset([one.cancer.slug, *(cancer.slug for cancer in one.also_cancers.all())]),
        told.stage,
        frozenset(biomarker.slug for biomarker in told.biomarkers.all()),
        tuple(told.partners),
        told.children,
        accelerated=use.state == timeline.ACCELERATED,
    )
    return OurUse(one.pk, told.setting, terms, use.granted, use.in_force, one.partner_label)


def _label(label: DrugLabel, newer: datetime.date | None, ours: OurSafety) -> ReadLabel:
    named = tuple(
        NamedUse(
            row.setting,
            LabelTerms(
                frozenset([row.cancer.slug] if row.cancer else []),
                row.stage,
                frozenset(biomarker.slug for biomarker in row.biomarkers.all()),
                _parts(row.partners),
                row.children,
                row.accelerated,
            ),
            tuple(use.pk for use in row.uses.all()),
            row.outside,
            frozenset(part.strip() for part in row.accepted.split(",")),
            row.note,
        )
        for row in label.uses.all()
    )
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
