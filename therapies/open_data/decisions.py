"""FDA’s decisions, what each did to its use, and their further sources."""

import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.publishing.open_data.declaring import DATE, INTEGER, DataField, DataTable, Day, told

from .. import reading, timeline
from ..models import ApprovalEvent, FurtherSource, Indication
from .columns import ALONE, SOURCE, sorted_under
from .uses import uses_for_cancer

YEARS = range(1900, datetime.MAXYEAR + 1)


def _decisions(on: Day) -> QuerySet[ApprovalEvent]:
    return reading.events().up_to(on).select_related(None)


def _learn_words(rows: list[Any], on: Day) -> None:
    """What a decision did to a use, the decisions before it say. One query."""
    told = ApprovalEvent.objects.public().up_to(on).filter(indication__in={row.indication_id for row in rows})
    decisions = told.order_by("indication", "date", "pk").values_list("indication", "pk", "kind")
    words: dict[int, str] = {}
    for _, of_use in groupby(decisions, itemgetter(0)):
        _, keys, kinds = zip(*of_use, strict=True)
        words |= zip(keys, timeline.told(kinds), strict=True)
    for row in rows:
        row.word = words[row.pk]


def _decision_for_cancer(rows: QuerySet, value: str, on: Day) -> QuerySet:
    return rows.filter(indication__in=uses_for_cancer(Indication.objects.all(), value, on))


def _of_year(rows: QuerySet, value: str, on: Day) -> QuerySet:
    return rows.filter(date__year=value) if value.isdecimal() and int(value) in YEARS else rows.none()


def _by_word(rows: QuerySet, value: str, on: Day) -> QuerySet:
    """A grant that is not the first decision on its use widens it."""
    same_day = Q(date=OuterRef("date"), pk__lt=OuterRef("pk"))
    before = ApprovalEvent.objects.filter(Q(date__lt=OuterRef("date")) | same_day, indication=OuterRef("indication"))
    widening = Q(Exists(before), kind__in=ApprovalEvent.GRANTS)
    if value == timeline.WIDENED:
        return rows.filter(widening)
    return rows.filter(kind__in=[kind for kind, word in timeline.WORDS.items() if word == value]).exclude(widening)


def _further(on: Day) -> QuerySet[FurtherSource]:
    return FurtherSource.objects.filter(event__in=ApprovalEvent.objects.public().up_to(on))


EVENTS = DataTable(
    name="events",
    title="FDA’s decisions",
    one="event",
    about="One decision of FDA on one use, on one day. It stands once for each use that it was about.",
    model=ApprovalEvent,
    rows=_decisions,
    learn=_learn_words,
    cites=lambda on: ApprovalEvent.objects.public().up_to(on).values("source"),
    address="therapies:event",
    also_by=(
        *sorted_under("indication__therapy"),
        DataField("month", "The month of that day, from 1 to 12.", INTEGER, within=range(1, 13), narrows="date__month"),
    ),
    fields=(
        DataField(
            "id",
            "Stays with the decision, whatever is corrected.",
            column="short_id",
            unique=True,
        ),
        DataField(
            "use",
            "The use.",
            column="indication",
            to="uses",
            by="short_id",
            narrows=True,
        ),
        DataField(
            "therapy",
            "The therapy of that use.",
            column="indication__therapy",
            to="therapies",
            derived=True,
            narrows=True,
        ),
        DataField(
            "cancer",
            "The cancer of that use.",
            column="indication__cancer",
            to="cancers",
            derived=True,
            leaves="With the kinds of it, and with uses that name it beside another.",
            narrows=_decision_for_cancer,
        ),
        DataField(
            "kind",
            "What FDA decided.",
            one_of=told(ApprovalEvent.Kind.choices),
            narrows=True,
        ),
        DataField(
            "word",
            "What it did to the use: a second approval expands it.",
            one_of={word: word for word in (*timeline.WORDS.values(), timeline.WIDENED)},
            derived=True,
            narrows=_by_word,
        ),
        DataField(
            "date",
            "The day. Where only the month is known, the last one of the month.",
            DATE,
        ),
        DataField(
            "year",
            "The year of that day.",
            INTEGER,
            derived=True,
            read=lambda row: row.date.year,
            within=YEARS,
            narrows=_of_year,
        ),
        DataField(
            "precision",
            "Whether the day is known.",
            one_of=told(ApprovalEvent.Precision.choices),
            narrows=True,
        ),
        SOURCE,
        DataField(
            "sources",
            "How many sources give this day.",
            INTEGER,
            derived=True,
            unit="sources",
        ),
        DataField(
            "note",
            "What an expansion changed, in words.",
            required=False,
            read=lambda row: row.note if row.word == timeline.WIDENED else "",
        ),
        ALONE,
    ),
)
FURTHER = DataTable(
    name="further_sources",
    title="Further sources of decisions",
    one="further_source",
    about="One more source of a decision, which gives the same day or another.",
    model=FurtherSource,
    rows=_further,
    order=("event", "source"),
    cites=lambda on: _further(on).values("source"),
    fields=(
        DataField("event", "The decision.", to="events", by="short_id", narrows=True),
        DataField("source", "The source.", to="sources", by="short_id"),
        DataField("date", "The day that it gives, if it is another.", DATE, required=False),
        DataField("why", "Why this site keeps its own day then.", required=False),
    ),
)
