"""How fresh each text and fact is, over all rooms: for readers, for the desk, and for the weekly mail."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.text import capfirst

from portal.publishing import rooms
from portal.publishing.models import DATED, Change, Edition, Source, with_pages

from .models import CheckedLink

#: The day on which a text was last read, or else written or published: what ``Edition.review_due`` counts from.
READ = Coalesce(TruncDate("reviewed_at"), DATED)


def texts() -> list[dict[str, Any]]:
    """The published texts of each kind of page. One query for all kinds."""
    found: dict[str, list[Any]] = defaultdict(list)
    sourced = Exists(Source.objects.filter(editions=OuterRef("pk"), read_on__isnull=False))
    rows = Edition.objects.live().order_by().annotate(read=READ, sourced=sourced)
    for kind, *row in rows.values_list("page__page_kind", "reviewed_as", "reviewed_at", "read", "sourced"):
        found[kind].append(row)
    models = [kind.model for kind in rooms.page_kinds()]
    return [_texts(model, found[model._meta.label_lower]) for model in models if found[model._meta.label_lower]]


def _texts(model: Any, rows: list[Any]) -> dict[str, Any]:
    before = timezone.localdate() - model.REVIEW_EVERY
    return {
        "name": capfirst(str(model._meta.verbose_name_plural)),
        "number": len(rows),
        "reviewed": sum(bool(shown_as) for shown_as, *_ in rows),  # by a medical professional
        "second_reader": sum(reviewed is not None for _, reviewed, *_ in rows),  # by somebody other than their author
        "sourced": sum(sourced for *_, sourced in rows),  # names a source that somebody read, on a known day
        "overdue": sum(read < before for _, _, read, _ in rows),
        # When the one that waits longest was last read or published, and how long a review holds.
        "oldest": min(read for _, _, read, _ in rows),
        "months": round(model.REVIEW_EVERY.days / 365 * 12),
    }


def changes() -> dict[str, dict[str, int]]:
    """Of each model, how many new rows wait, and how many changes their own proposer confirmed. One query."""
    waiting = Q(confirmed_at=None, rejected_at=None, verb="add")  # those that ``pending`` finds
    counts = {"waiting": Count("pk", filter=waiting), "alone": Count("pk", filter=Q(confirmed_alone=True))}
    rows = Change.objects.order_by().values_list("model").annotate(**counts)
    return {model: {"waiting": waits, "alone": alone} for model, waits, alone in rows}


def facts(changed: Mapping[str, dict[str, int]]) -> list[dict[str, Any]]:
    """Each table of dated facts, with what ``changes`` tells of it. One query a table."""
    found = []
    for name, model in rooms.fact_tables().items():
        row = model._default_manager.aggregate(
            confirmed=Count("pk"),
            official=Count("pk", filter=Q(source__official=True)),  # the source is a record of a government body
            read=Count("pk", filter=Q(source__read_on__isnull=False)),  # somebody opened the source, on a known day
            alone=Count("pk", filter=Q(change__confirmed_alone=True)),  # by its proposer, where the settings allow it
        )
        waiting = changed.get(model._meta.label_lower, {}).get("waiting", 0)
        found.append({"name": name, "waiting": waiting, **row})
    return found


def confirmed_alone(changed: Mapping[str, dict[str, int]]) -> int:
    """How many changes beside facts, such as names, links and settings, were confirmed by whoever proposed them."""
    of_facts = {model._meta.label_lower for model in rooms.fact_tables().values()}
    return sum(of["alone"] for model, of in changed.items() if model not in of_facts)


def overdue() -> list[Any]:
    """Published editions that should have been read again by now, longest first. A query, and one a kind of page."""
    rows = Edition.objects.live().select_related("page").defer("folded", "findings")
    late = with_pages(edition for edition in rows if edition.is_overdue)
    return sorted(late, key=lambda edition: edition.review_due)


def links() -> dict[str, Any]:
    """What came when a program last asked the pages of others that we lead to. One query."""
    asked = list(CheckedLink.objects.exclude(asked_at=None))
    return {
        "number": len(asked),
        "asked_at": max((link.asked_at for link in asked), default=None),
        "broken": [link for link in asked if link.trouble],
    }
