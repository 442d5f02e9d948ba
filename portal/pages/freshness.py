"""How fresh each text and fact is, over all rooms: for readers, for the desk, and for the weekly mail."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import capfirst

from faq.models import Question
from immune.models import Component, Organ
from therapies.models import ApprovalEvent, Biomarker, Cancer, Family, Therapy, TherapyClass, TherapyFact

from .models import Section, Term

#: Every kind of page, in the order of the site.
KINDS: tuple[Any, ...] = (Therapy, Family, TherapyClass, Cancer, Biomarker, Question, Component, Organ, Term, Section)


class Texts(NamedTuple):
    """The published texts of one kind of page."""

    model: Any
    name: str
    number: int
    reviewed: int  # by a medical professional
    second_reader: int  # read by somebody other than their author
    overdue: int
    oldest: datetime.date  # when the one that waits longest was last read or published
    months: int  # how long a review holds


def texts() -> list[Texts]:
    """One query for all kinds of page."""
    rows = [
        model.objects.published()
        .order_by()
        .values_list(
            Value(model._meta.label),
            "live__reviewed_as",
            "live__reviewed_at",
            Coalesce("live__reviewed_at", "live__published_at"),
        )
        for model in KINDS
    ]
    found: dict[str, list[tuple[str, datetime.datetime | None, datetime.datetime]]] = defaultdict(list)
    for label, *row in rows[0].union(*rows[1:], all=True).order_by():
        found[label].append(tuple(row))
    return [_texts(model, found[model._meta.label]) for model in KINDS if found[model._meta.label]]


def _texts(model: Any, rows: list[Any]) -> Texts:
    before = timezone.now() - model.REVIEW_EVERY
    return Texts(
        model=model,
        name=capfirst(str(model._meta.verbose_name_plural)),
        number=len(rows),
        reviewed=sum(bool(shown_as) for shown_as, _, _ in rows),
        second_reader=sum(reviewed is not None for _, reviewed, _ in rows),
        overdue=sum(read < before for _, _, read in rows),
        oldest=timezone.localdate(min(read for _, _, read in rows)),
        months=round(model.REVIEW_EVERY.days / 365 * 12),
    )


class Facts(NamedTuple):
    name: str
    confirmed: int
    official: int  # whose source is a record of a government body
    read: int  # whose source somebody opened, with the day
    waiting: int


def facts() -> list[Facts]:
    """One query a kind of fact."""
    found = []
    for name, model in (("Approval events", ApprovalEvent), ("Facts about therapies", TherapyFact)):
        confirmed = Q(confirmed_at__isnull=False)
        row = model._default_manager.aggregate(
            confirmed=Count("pk", filter=confirmed),
            official=Count("pk", filter=confirmed & Q(source__official=True)),
            read=Count("pk", filter=confirmed & Q(source__read_on__isnull=False)),
            waiting=Count("pk", filter=~confirmed & Q(rejected_at__isnull=True)),
        )
        found.append(Facts(name=name, **row))
    return found


def overdue(kinds: Iterable[Any] = KINDS) -> list[Any]:
    """The published editions that should have been read again by now, longest first. One query a kind.

    ``page`` and what readers call it, ``called``, are at hand.
    """
    editions = []
    for model in kinds:
        pages = model.objects.overdue()
        for page in pages.select_related("family") if model is TherapyClass else pages:
            page.live.page = page
            named = (getattr(page.live, part, "") for part in ("question", "title", "name"))
            page.live.called = next(filter(None, named), str(page))
            editions.append(page.live)
    return sorted(editions, key=lambda edition: edition.review_due)
