"""Uses as they stood on a day, and the terms that they had before."""

import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from portal.publishing.open_data.declaring import (
    BOOLEAN,
    DATE,
    LIST,
    DataField,
    DataTable,
    Day,
    Narrowing,
    told,
)

from .. import reading, timeline
from ..models import ApprovalEvent, EarlierTerms, Indication
from .columns import THERAPY, sorted_under

Kind = ApprovalEvent.Kind


def _uses(on: Day) -> QuerySet[Indication]:
    decided = ApprovalEvent.objects.public().up_to(on).filter(indication=OuterRef("pk"))
    return Indication.objects.filter(Exists(decided))


class UseOfDay(NamedTuple):
    """A use as it stood on a day, without the rows that say so: a row that led back to itself would stay in memory."""

    state: str
    in_force: bool
    granted: datetime.date
    setting: str
    plainly: str
    stage: str
    children: bool
    partners: list[str]
    biomarkers: list[str]


def _learn_terms(rows: list[Any], on: Day) -> None:
    """Each use as it stood on the day. Two queries."""
    uses = reading.by_key_on(rows, on or timezone.localdate())
    for row in rows:
        use, terms = uses[row.pk], uses[row.pk].terms
        tests = sorted(test.slug for test in use.biomarkers)
        told = (terms.setting, terms.plainly, terms.stage, terms.children, terms.partners, tests)
        row.of_day = UseOfDay(use.state, use.in_force, use.granted, *told)


def uses_for_cancer(rows: QuerySet, value: str, on: Day) -> QuerySet:
    """As on the page of a cancer: with its kinds, and with uses that name it beside another."""
    return rows.filter(reading.for_cancer(slug=value))


def _in_force(rows: QuerySet, value: str, on: Day) -> QuerySet:
    """By the decisions up to the day."""
    allowed = Q(pk__in=Indication.objects.in_force(on).values("pk"))
    return rows.filter(allowed if value == "true" else ~allowed)


def _in_state(rows: QuerySet, value: str, on: Day) -> QuerySet:
    """What ``timeline.state`` makes of the decisions up to the day, asked of the database."""
    decisions = ApprovalEvent.objects.filter(indication=OuterRef("pk")).up_to(on).order_by("-date", "-pk")
    kinds = decisions.exclude(kind=Kind.NARROWED).values("kind")
    stays = Q(last=Kind.APPROVAL, last_but_approvals=Kind.CONVERTED)  # confirmed, whatever widened it afterwards
    states = [When(last=kind, then=Value(state)) for kind, state in timeline.STATE.items()]
    return rows.annotate(
        last=Subquery(kinds[:1]),
        last_but_approvals=Subquery(kinds.exclude(kind=Kind.APPROVAL)[:1]),
        of_state=Case(When(stays, then=Value(timeline.CONVERTED)), *states),
    ).filter(of_state=value)


def _by_terms(path: str) -> Narrowing:
    """By the terms of the day: those that the first decision after it changed, else those of the use now."""

    def narrow(rows: QuerySet, value: str, on: Day) -> QuerySet:
        asked = {path: value == "true" if path == "children" else value}
        earlier = EarlierTerms.objects.filter(event__indication=OuterRef("pk"))
        later = earlier.filter(event__date__gt=on or timezone.localdate()).order_by("event__date", "event__pk")
        fitting = EarlierTerms.objects.filter(**asked).values("pk")
        now = Indication.objects.filter(**asked).values("pk")
        return rows.annotate(then=Subquery(later.values("pk")[:1])).filter(
            Q(then__in=fitting) | Q(then=None, pk__in=now)
        )

    return narrow


def _terms(*, of_day: bool) -> tuple[DataField, ...]:
    """The columns that say who may have a use: of a day, or until a decision."""

    def held(name: str) -> Any:
        return attrgetter(f"of_day.{name}") if of_day else None

    return (
        DataField("setting", "Who it is for and when.", read=held("setting")),
        DataField("plainly", "The same in a patient’s words.", required=False, read=held("plainly")),
        DataField(
            "stage",
            "When in the course of treatment.",
            one_of=told(Indication.Stage.choices),
            read=held("stage"),
            narrows=_by_terms("stage") if of_day else True,
        ),
        DataField(
            "biomarkers",
            "Test results that it requires.",
            LIST,
            to="biomarkers",
            read=held("biomarkers"),
            narrows=_by_terms("biomarkers__slug") if of_day else "biomarkers__slug",
        ),
        DataField(
            "partners",
            "Drugs that it is given with.",
            LIST,
            column="combination",
            separator="; ",
            read=held("partners"),
        ),
        DataField(
            "children",
            "Whether FDA names children or teenagers.",
            BOOLEAN,
            read=held("children"),
            narrows=_by_terms("children") if of_day else True,
        ),
    )


STATES = {
    timeline.ACCELERATED: "Accelerated approval",
    timeline.APPROVED: "Approved",
    timeline.CONVERTED: "Accelerated approval, converted to regular approval",
    timeline.WITHDRAWN: "Withdrawn",
    timeline.REVOKED: "Ended with the drug’s license",
}
USES = DataTable(
    name="uses",
    title="Uses",
    one="use",
    about=(
        "One use for which FDA approved a therapy: a cancer in a setting, as it stood on the day of the data. Where "
        "FDA allowed two drugs of this list together, each has a row. Pages on cancers tell of such a pair once, so "
        "they count fewer."
    ),
    model=Indication,
    rows=_uses,
    learn=_learn_terms,
    address="therapies:use",
    also_by=sorted_under("therapy"),
    fields=(
        DataField("id", "Stays with the use, whatever is corrected.", column="short_id", unique=True),
        THERAPY,
        DataField("code", "Its short name, unique within the therapy."),
        DataField(
            "cancer",
            "The cancer.",
            to="cancers",
            leaves="With the kinds of it, and with uses that name it beside another.",
            narrows=uses_for_cancer,
        ),
        DataField("also_cancers", "Further cancers that the same use covers.", LIST, to="cancers"),
        *_terms(of_day=True),
        DataField(
            "partner_label",
            "Whether FDA put this use on the label of the partner drug only.",
            BOOLEAN,
        ),
        DataField(
            "on_reference_page",
            "Whether it is on the list of 2019 that this site began from.",
            BOOLEAN,
        ),
        DataField(
            "state",
            "What FDA’s decisions make of it on the day of the data.",
            one_of=STATES,
            derived=True,
            read=lambda row: row.of_day.state,
            narrows=_in_state,
        ),
        DataField(
            "in_force",
            "Whether it is approved on the day of the data.",
            BOOLEAN,
            derived=True,
            read=lambda row: row.of_day.in_force,
            narrows=_in_force,
        ),
        DataField(
            "first_approved",
            "The day of FDA’s first decision on it.",
            DATE,
            derived=True,
            read=lambda row: row.of_day.granted,
        ),
    ),
)
EARLIER = DataTable(
    name="earlier_terms",
    title="Earlier terms of uses",
    one="earlier_term",
    about="Who could have a use, and with what, until one decision changed that.",
    model=EarlierTerms,
    rows=lambda on: EarlierTerms.objects.filter(event__in=ApprovalEvent.objects.public().up_to(on)),
    order=("event",),
    fields=(
        DataField("event", "The decision that changed it.", to="events", by="short_id", unique=True, narrows=True),
        *_terms(of_day=False),
    ),
)
