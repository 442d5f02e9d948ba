"""What the public pages read: events as uses, facts by kind, and what goes with both."""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.publishing.models import Page, Source
from portal.publishing.references import Reference, by_key, collect, gather, to

from . import fact_kinds, timeline
from .models import ApprovalEvent, Biomarker, Cancer, FurtherSource, Indication, Therapy, TherapyFact

ALONE = F("change__confirmed_alone")

#: What stands beside the name of a therapy in a list of its kind.
BESIDE = ("brand", "target")

Facts = dict[str, list[TherapyFact]]
References = dict[str, list[Reference]]


def events() -> QuerySet[ApprovalEvent]:
    """Public events with everything that a page tells of them; also whether one person entered and confirmed them.

    ``sources`` is the number of those that give its day; ``other_day`` what another one gives, and ``why_ours`` stands.
    """
    beside = FurtherSource.objects.filter(event=OuterRef("pk"))
    agreeing = beside.filter(date=None).order_by().values("event").annotate(number=Count("pk")).values("number")
    other = beside.filter(date__isnull=False).order_by("pk")
    rows = ApprovalEvent.objects.public().annotate(
        alone=ALONE,
        sources=Coalesce(Subquery(agreeing), 0) + 1,
        other_day=Subquery(other.values("date")[:1]),
        why_ours=Subquery(other.values("why")[:1]),
    )
    return rows.select_related("indication__therapy", "indication__cancer__parent", "source", "earlier_terms")


def well_founded() -> dict[str, int]:
    """Of how many public decisions an official record, or two or more independent sources, give the day. One query."""
    return (
        events()
        .order_by()
        .aggregate(decisions=Count("pk"), founded=Count("pk", filter=Q(source__official=True) | Q(sources__gt=1)))
    )


def indications_for(page: Cancer | Therapy | Biomarker) -> QuerySet[Indication]:
    """Uses of a therapy; or uses for a cancer, for the kinds of it, and uses that name it beside another; or uses that
    require a test result, or once did.
    """
    if isinstance(page, Therapy):
        return page.indications.all()
    if isinstance(page, Biomarker):
        required = Q(biomarkers=page) | Q(events__earlier_terms__biomarkers=page)
        return Indication.objects.filter(pk__in=Indication.objects.filter(required).values("pk"))
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


def held(on: datetime.date | None) -> Q:
    """Facts that held on a day, or hold today: without a day of its own one always did, but for where it is sold."""
    if on is None:
        return Q()
    return Q(date__lte=on) | Q(date=None) & ~Q(kind__in=fact_kinds.SOLD)


def facts(therapy: Therapy, on: datetime.date | None = None) -> Facts:
    """Facts by kind, with underscores so that templates can name them; not what nobody explained yet."""
    found: Facts = {}
    told = therapy.facts.filter(held(on), kind__in=fact_kinds.SHOWN)
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


def _tests(indications: QuerySet[Indication]) -> tuple[QuerySet, QuerySet]:
    """Test results that uses require, by the key of the use; and those they required before, by that of the terms."""
    tests = Biomarker.objects.published()
    now = to("biomarker", tests.filter(indications__in=indications), key="indications__pk")
    earlier = tests.filter(earlier_terms__event__indication__in=indications)
    return now, to("earlier_biomarker", earlier, key="earlier_terms__pk")


def _learn_tests(found: Iterable[timeline.Use], references: References) -> None:
    now, before = (by_key(references.get(kind, [])) for kind in ("biomarker", "earlier_biomarker"))
    for use in found:
        earlier = [event.changed_terms for event in (*use.events, *use.later) if event.changed_terms]
        use.tests = {terms: before[terms.pk] for terms in earlier} | {use.indication: now[use.indication.pk]}


def learn_changes(found: Iterable[timeline.Use]) -> None:
    """Give the uses whose terms a decision changed the test results of each time. One query, or none where none did."""
    changed = [use for use in found if any(event.changed_terms for event in (*use.events, *use.later))]
    if changed:
        indications = Indication.objects.filter(pk__in=[use.indication.pk for use in changed])
        _learn_tests(changed, collect(*_tests(indications)))


def told_of(
    page: Page, indications: QuerySet[Indication], *others: QuerySet, on: datetime.date | None = None
) -> tuple[list[timeline.Use], References]:
    """Uses as they stood on a day (default: today), those in force first, each with its tests and brand names; and what
    a page about them points to.
    """
    named_so = TherapyFact.objects.filter(held(on), kind=fact_kinds.FactKind.BRAND)
    brands = named_so.filter(therapy__indications__in=indications).distinct()
    keyed_by_therapy = to("brand", brands, key="therapy_id", name="value", slug="kind")
    references = gather(page.live, *_tests(indications), keyed_by_therapy, *others)
    found = timeline.uses(events().filter(indication__in=indications), on or timezone.localdate())
    _learn_tests(found, references)
    named = by_key(references.get("brand", []))
    for use in found:
        use.brands = [brand.name for brand in named[use.indication.therapy_id]]
    return found, references


class Listed(NamedTuple):
    """A therapy in a list of its kind: readers know the brand from the bag, and the target from their report."""

    page: Therapy
    brands: list[str]
    targets: tuple[str, ...]


def of_its_kind(page: Page, therapies: QuerySet[Therapy]) -> tuple[list[Listed], References]:
    """The therapies of a class or family, in the order of the classes; and what its page points to. Two queries."""
    facts = TherapyFact.objects.filter(therapy__in=therapies.order_by())
    arms = [to(kind, facts.filter(kind=kind), key="therapy_id", name="value", slug="kind") for kind in BESIDE]
    references = gather(page.live, *arms)
    brands, targets = (by_key(references.get(kind, [])) for kind in BESIDE)
    rows = [
        Listed(one, [r.name for r in brands[one.pk]], tuple(r.name for r in targets[one.pk]))
        for one in therapies.select_related("therapy_class__family")
    ]
    return sorted(rows, key=lambda row: (row.page.therapy_class.order, row.page.name)), references


def by_target(rows: list[Listed]) -> list[tuple[tuple[str, ...], list[Listed]]]:
    """Therapies by what they attach to, without what all of them attach to; none where this brings no two together."""
    shared = set.intersection(*(set(row.targets) for row in rows)) if rows else set()
    groups: dict[tuple[str, ...], list[Listed]] = {}
    for row in rows:
        groups.setdefault(tuple(target for target in row.targets if target not in shared), []).append(row)
    parted = 1 < len(groups) < len(rows)
    return sorted(groups.items(), key=lambda group: [target.lower() for target in group[0]]) if parted else []
