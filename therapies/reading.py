"""What the public pages read: events as uses, facts by kind, and what goes with both."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from portal.publishing.models import Page, Source
from portal.publishing.references import Reference, gather, to

from . import fact_kinds, timeline
from .models import ApprovalEvent, Biomarker, Cancer, Indication, Therapy, TherapyFact

ALONE = F("change__confirmed_alone")

Facts = dict[str, list[TherapyFact]]
References = dict[str, list[Reference]]


def events() -> QuerySet[ApprovalEvent]:
    """Public events with everything that a page tells of them; also whether one person entered and confirmed them."""
    rows = ApprovalEvent.objects.public().annotate(alone=ALONE)
    return rows.select_related("indication__therapy", "indication__cancer__parent", "source")


def indications_for(page: Cancer | Therapy) -> QuerySet[Indication]:
    """Uses of a therapy; or uses for a cancer, for the kinds of it, and uses that name it beside another."""
    if isinstance(page, Therapy):
        return page.indications.all()
    main = Q(cancer=page) | Q(cancer__parent=page)
    beside = Q(also_cancers=page) | Q(also_cancers__parent=page)
    return Indication.objects.filter(pk__in=Indication.objects.filter(main | beside).values("pk"))


#: Kinds that the page of a therapy shows in a place of their own, or that it has no use for; others are listed.
PLACED = frozenset(
    (
        *("brand", "suffix_name", "abbreviation", "synonym", "code", "page_name", "misspelling_on_page", "biosimilar"),
        *("target", "mechanism", "route", "application", "form", "applicant", "first_approval", "market_status"),
        *("boxed_warning", "side_effects", "record"),
    )
)


def facts(therapy: Therapy) -> Facts:
    """Facts by kind, with underscores so that templates can name them; not what nobody explained yet."""
    found: Facts = {}
    told = therapy.facts.filter(kind__in=fact_kinds.SHOWN)
    for fact in told.annotate(alone=ALONE).select_related("source"):
        found.setdefault(fact.kind.replace("-", "_"), []).append(fact)
    return found


def sources(found: Iterable[timeline.Use], facts: Facts) -> list[Source]:
    """Sources of the events and facts of a page, official ones first.

    A source is ``alone`` when one person entered and confirmed something that it says.
    """
    rows: list[Any] = [event for use in found for event in use.events]
    rows += [fact for several in facts.values() for fact in several]
    named: dict[int, Any] = {row.source_id: row.source for row in rows}
    for row in rows:
        if row.alone:
            named[row.source_id].alone = True
    return sorted(named.values(), key=lambda s: (not s.official, s.title))


def told_of(page: Page, indications: QuerySet[Indication], *others: QuerySet) -> tuple[list[timeline.Use], References]:
    """Uses as they stand today, those in force first, each with its tests and brand names; and what a page about them
    points to.
    """
    tests = Biomarker.objects.published().filter(indications__in=indications)
    brands = TherapyFact.objects.filter(kind=TherapyFact.Kind.BRAND, therapy__indications__in=indications).distinct()
    keyed_by_use = to("biomarker", tests, key="indications__pk")
    keyed_by_therapy = to("brand", brands, key="therapy_id", name="value", slug="kind")
    references = gather(page.live, keyed_by_use, keyed_by_therapy, *others)
    found = timeline.uses(events().filter(indication__in=indications), timezone.localdate())
    for use in found:
        use.biomarkers = [r for r in references.get("biomarker", []) if r.key == use.indication.pk]
        use.brands = [r.name for r in references.get("brand", []) if r.key == use.indication.therapy_id]
    return found, references
