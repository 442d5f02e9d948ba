"""How fresh each text and fact is, over all rooms: for readers, for the desk, and for the weekly mail."""

import datetime
from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.text import capfirst

from portal.publishing import rooms
from portal.publishing.models import Change, Edition, with_pages


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
    found: dict[str, list[Any]] = defaultdict(list)
    rows = Edition.objects.live().order_by()
    for kind, *row in rows.values_list("page__page_kind", "reviewed_as", "reviewed_at", "published_at"):
        found[kind].append((row[0], row[1], row[1] or row[2]))
    models = [kind.model for kind in rooms.page_kinds()]
    return [_texts(model, found[model._meta.label_lower]) for model in models if found[model._meta.label_lower]]


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
    """One table of dated facts."""

    name: str
    confirmed: int
    official: int  # whose source is a record of a government body
    read: int  # whose source somebody opened, with the day
    alone: int  # confirmed by the person who proposed them, where the settings allow it
    waiting: int


def facts() -> list[Facts]:
    """One query a table, and one for what waits."""
    waiting = dict(Change.objects.pending().filter(verb="add").order_by().values_list("model").annotate(Count("pk")))
    found = []
    for name, model in rooms.fact_tables().items():
        row = model._default_manager.aggregate(
            confirmed=Count("pk"),
            official=Count("pk", filter=Q(source__official=True)),
            read=Count("pk", filter=Q(source__read_on__isnull=False)),
            alone=Count("pk", filter=Q(change__confirmed_alone=True)),
        )
        found.append(Facts(name=name, waiting=waiting.get(model._meta.label_lower, 0), **row))
    return found


def confirmed_alone() -> int:
    """How many changes beside facts, such as names, links and settings, were confirmed by whoever proposed them."""
    of_facts = [model._meta.label_lower for model in rooms.fact_tables().values()]
    return Change.objects.filter(confirmed_alone=True).exclude(model__in=of_facts).count()


def overdue() -> list[Any]:
    """Published editions that should have been read again by now, longest first. A query, and one a kind of page."""
    rows = Edition.objects.live().select_related("page").defer("folded", "findings")
    late = with_pages(edition for edition in rows if edition.is_overdue)
    return sorted(late, key=lambda edition: edition.review_due)
