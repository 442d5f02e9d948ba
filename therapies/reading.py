"""What the public pages read: events as uses, facts by kind, and what goes with both."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from portal.publishing.folding import by_name
from portal.publishing.models import Page, Source
from portal.publishing.prepared import Number, Prepared
from portal.publishing.references import (
    Reference,
    ReferencesOfPages,
    by_key,
    collect,
    gather,
    references_to,
    sorted_out,
    united,
)

from . import fact_kinds, timeline
from .models import (
    ApprovalEvent,
    ApprovalEventQuerySet,
    Biomarker,
    Cancer,
    FurtherSource,
    Indication,
    Therapy,
    TherapyFact,
)

ALONE = F("change__confirmed_alone")

Facts = dict[str, list[TherapyFact]]
References = dict[str, list[Reference]]


def events() -> ApprovalEventQuerySet:
    """Public events with everything that a page tells of them; also whether one person entered and confirmed them.

    ``sources`` is the number of those that give its day; ``other_day`` what another one gives, and ``why_ours`` stands.
    """
    return _events().all()


@cache
def _events() -> ApprovalEventQuerySet:
    """The queryset of ``events``, built once: building it takes as long as reading a few rows."""
    beside = FurtherSource.objects.filter(event=OuterRef("pk"))
    agreeing = beside.filter(date=None).order_by().values("event").annotate(number=Count("pk")).values("number")
    other = beside.filter(date__isnull=False).order_by("pk")
    rows = ApprovalEvent.objects.public().annotate(
        alone=ALONE,
        sources=Coalesce(Subquery(agreeing), 0) + 1,
        other_day=Subquery(other.values("date")[:1]),
        why_ours=Subquery(other.values("why")[:1]),
    )
    return rows.select_related("indication__therapy", "indication__cancer", "source", "earlier_terms")


def well_founded() -> dict[str, int]:
    """Of how many public decisions an official record, or two or more independent sources, give the day, and of how
    many a ``single`` other one does. One query.
    """
    founded = Q(source__official=True) | Q(sources__gt=1)
    count = {"founded": Count("pk", filter=founded), "single": Count("pk", filter=~founded)}
    return events().order_by().aggregate(decisions=Count("pk"), **count)


def indications_for(page: Cancer | Therapy | Biomarker) -> QuerySet[Indication]:
    """Uses of a therapy; or uses for a cancer, as ``for_cancer`` has them; or uses that require a test result, or once
    did.
    """
    if isinstance(page, Therapy):
        return page.indications.all()
    if isinstance(page, Biomarker):
        required = Q(biomarkers=page) | Q(events__earlier_terms__biomarkers=page)
        return Indication.objects.filter(pk__in=Indication.objects.filter(required).values("pk"))
    return of_cancer(page.pk)


def of_cancer(cancer: Number) -> QuerySet[Indication]:
    return Indication.objects.filter(for_cancer(pk=cancer))


def for_cancer(**named: Any) -> Q:
    """Uses for a cancer, for the kinds of it, and uses that name either beside another.

    Each way by itself: along joins, a database looks at every use.
    """
    kinds_of = {f"parent__{name}": value for name, value in named.items()}
    its = Cancer.objects.filter(Q(**named) | Q(**kinds_of)).order_by().values("pk")
    beside = Indication.also_cancers.through._default_manager.filter(cancer__in=its)
    return Q(cancer__in=its) | Q(pk__in=beside.values("indication"))


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


def _facts(therapy: Number) -> QuerySet[TherapyFact]:
    told = TherapyFact.objects.filter(therapy=therapy, kind__in=fact_kinds.SHOWN)
    return told.annotate(alone=ALONE).select_related("source")


FACTS_NOW = Prepared(_facts, "therapy")


def facts(therapy: Therapy, on: datetime.date | None = None) -> Facts:
    """Facts by kind, with underscores so that templates can name them; not what nobody explained yet."""
    found: Facts = {}
    for fact in _facts(therapy.pk).filter(held(on)) if on else FACTS_NOW.ask(therapy=therapy.pk):
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


def _tests(indications: QuerySet[Indication] | Iterable[int]) -> tuple[QuerySet, QuerySet]:
    """Test results that uses require, by the key of the use; and those they required before, by that of the terms."""
    tests = Biomarker.objects.published()
    now = references_to("biomarker", tests.filter(indications__in=indications), key="indications__pk")
    earlier = tests.filter(earlier_terms__event__indication__in=indications)
    return now, references_to("earlier_biomarker", earlier, key="earlier_terms__pk")


def _attach_tests(found: Iterable[timeline.Use], references: References) -> None:
    now, before = (by_key(references.get(kind, [])) for kind in ("biomarker", "earlier_biomarker"))
    for use in found:
        use.tests = {terms: before[terms.pk] for _, terms in use.changed} | {use.indication: now[use.indication.pk]}


def _decisions_on_the_use(path: str) -> Prepared[ApprovalEvent]:
    """All public decisions on a use, by what one of them has at a path."""

    def decisions(name: Number) -> QuerySet[ApprovalEvent]:
        told = ApprovalEvent.objects.public().filter(**{path: name}).values("indication")
        return events().filter(indication__in=told)

    return Prepared(decisions, "name")


def _all_tests(use: Number) -> QuerySet:
    return united(*_tests(Indication.objects.filter(pk=use)))


BY_USE, BY_DECISION = _decisions_on_the_use("indication__short_id"), _decisions_on_the_use("short_id")
TESTS_OF_USE = Prepared(_all_tests, "use")


def one_use(by: Prepared[ApprovalEvent], name: str, on: datetime.date) -> timeline.Use | None:
    """A use by its own short name or that of a decision, whole, with its tests; None before FDA acted. Two queries."""
    found = timeline.uses(by.ask(name=name), on)
    if not found:
        return None
    _attach_tests(found, sorted_out(TESTS_OF_USE.ask(use=found[0].indication.pk)))
    return found[0]


def by_key_on(indications: Iterable[Indication], on: datetime.date) -> dict[int, timeline.Use]:
    """Uses as they stood on a day, each with its tests, by the keys of their rows. Two queries."""
    rows = {one.pk: one for one in indications}
    decisions = list(_undressed().filter(indication__in=rows))
    for event in decisions:
        event.indication = rows[event.indication_id]
    found = timeline.by_use(decisions, on)
    _attach_tests(found, collect(*_tests([*rows])))
    return {use.indication.pk: use for use in found}


@cache
def _undressed() -> ApprovalEventQuerySet:
    """Public decisions with their kind and day alone, and the terms that each of them changed."""
    rows = ApprovalEvent.objects.public().select_related("earlier_terms")
    return rows.only("indication", "kind", "date", "earlier_terms")


def attach_changed_tests(found: Iterable[timeline.Use]) -> None:
    """Attach the tests of each time to the uses whose terms a decision changed. One query, or none where none did."""
    changed = [use for use in found if use.changed]
    if changed:
        _attach_tests(changed, collect(*_tests([use.indication.pk for use in changed])))


class UsesOfPages:
    """What pages of one kind tell of uses. ``indications`` are those of a page, and ``others`` gives references of its
    own; both take the key of the page. ``are_its_own`` says that the page is the therapy of all of them, which no
    decision need bring along then: it would be made of the same columns for each.
    """

    def __init__(
        self,
        indications: Callable[[Number], QuerySet[Indication]],
        others: Callable[[Number], tuple[QuerySet, ...]] = lambda page: (),
        *,
        are_its_own: bool = False,
    ) -> None:
        self._references = ReferencesOfPages(lambda page: (*_beside_uses(indications(page), None), *others(page)))

        def decisions(page: Number) -> QuerySet[ApprovalEvent]:
            rows = events().filter(indication__in=indications(page))
            beside = ("indication__cancer", "source", "earlier_terms")
            return rows.select_related(None).select_related(*beside) if are_its_own else rows

        self._are_its_own = are_its_own
        self._events = Prepared(decisions, "page")

    def of(self, page: Page) -> tuple[list[timeline.Use], References]:
        """Uses as they stand today, as ``uses_and_references`` has them. Two queries."""
        references = self._references.of(page)
        found = self._events.ask(page=page.pk)
        for decision in found if self._are_its_own else ():
            decision.indication.therapy = page  # type: ignore[assignment]
        return _with_tests_and_brands(found, references, timezone.localdate()), references


def uses_and_references(
    page: Page, indications: QuerySet[Indication], on: datetime.date
) -> tuple[list[timeline.Use], References]:
    """Uses as they stood on a day, those in force first, each with its tests and brand names; and what a page about
    them points to. Two queries.
    """
    references = gather(page.live, *_beside_uses(indications, on))
    return _with_tests_and_brands(events().filter(indication__in=indications), references, on), references


def uses_of_today(indications: QuerySet[Indication]) -> list[timeline.Use]:
    """Uses as they stand today, each with its tests and brand names, without references for a page. Two queries."""
    references = collect(*_beside_uses(indications, None))
    return _with_tests_and_brands(events().filter(indication__in=indications), references, timezone.localdate())


def brand_references(facts: QuerySet[TherapyFact]) -> QuerySet:
    """The brand names among some facts, as references."""
    brands = facts.filter(kind=fact_kinds.FactKind.BRAND)
    place = Cast("position", TextField())
    return references_to("brand", brands, key="therapy_id", name="value", slug="kind", note=place)


def brands_by_therapy(references: References) -> dict[int, list[str]]:
    """Brand names by therapy, in the order of its facts, on every page: that for cancer comes first."""
    found: dict[int, list[str]] = defaultdict(list)
    for brand in sorted(references.get("brand", []), key=lambda brand: int(brand.note)):
        found[brand.key].append(brand.name)
    return found


def _beside_uses(indications: QuerySet[Indication], on: datetime.date | None) -> tuple[QuerySet, ...]:
    facts = TherapyFact.objects.filter(held(on), therapy__indications__in=indications).distinct()
    return (*_tests(indications), brand_references(facts), _unsold(facts))


def _unsold(facts: QuerySet[TherapyFact]) -> QuerySet:
    """The therapies that are no longer sold, as references."""
    kind = fact_kinds.FactKind.MARKET_STATUS
    return references_to(
        "unsold", facts.filter(kind=kind, value__in=kind.traits.unsold), key="therapy_id", name="value", slug="kind"
    )


def _with_tests_and_brands(
    decisions: Iterable[ApprovalEvent], references: References, on: datetime.date
) -> list[timeline.Use]:
    found = timeline.uses(decisions, on)
    _attach_tests(found, references)
    named, unsold = brands_by_therapy(references), by_key(references.get("unsold", []))
    for use in found:
        use.brands, use.is_sold = named[use.indication.therapy_id], use.indication.therapy_id not in unsold
    return found


class Listed(NamedTuple):
    """A therapy in a list of its kind: readers know the brand from the bag, and the target from their report."""

    page: Therapy
    brands: list[str]
    targets: tuple[str, ...]


class TherapiesOfPages:
    """Therapies on the pages of their kinds. ``path`` leads from a therapy to the kind: a class, or a family."""

    def __init__(self, path: str) -> None:
        def therapies(page: Number) -> QuerySet[Therapy]:
            return Therapy.objects.published().filter(**{path: page})

        self._rows = Prepared(lambda page: therapies(page).select_related("therapy_class__family"), "page")
        self._references = ReferencesOfPages(lambda page: _beside_kind(therapies(page)))

    def of(self, page: Page) -> tuple[list[Listed], References]:
        """In the order of the classes; and what the page points to. Two queries."""
        references = self._references.of(page)
        brands, targets = brands_by_therapy(references), by_key(references.get("target", []))
        rows = [
            Listed(one, brands[one.pk], tuple(r.name for r in targets[one.pk])) for one in self._rows.ask(page=page.pk)
        ]
        return sorted(rows, key=lambda row: (row.page.therapy_class.order, by_name(row.page.name))), references


def _beside_kind(therapies: QuerySet[Therapy]) -> tuple[QuerySet, ...]:
    facts = TherapyFact.objects.filter(therapy__in=therapies.order_by())
    attached = references_to(
        "target", facts.filter(kind=fact_kinds.FactKind.TARGET), key="therapy_id", name="value", slug="kind"
    )
    component: Any = Therapy._meta.get_field("components").related_model
    through = component._default_manager.published().filter(therapies__in=therapies.order_by())
    return brand_references(facts), attached, references_to("component", through)


def sold_as(name: str, brands: Sequence[str]) -> str:
    """A therapy as a form offers it: “pembrolizumab (Keytruda, Keytruda Qlex)”."""
    return f"{name} ({', '.join(brands)})" if brands else name


def brands_of(pages: Iterable[Therapy]) -> list[tuple[str, str]]:
    """Therapies as a form offers them: slug, and name with the brands. One query."""
    brands: dict[int, list[str]] = {}
    for therapy, brand in TherapyFact.objects.filter(kind=fact_kinds.FactKind.BRAND).values_list("therapy_id", "value"):
        brands.setdefault(therapy, []).append(brand)
    return [(page.slug, sold_as(page.name, brands.get(page.pk, ()))) for page in pages]


def by_target(rows: list[Listed]) -> list[tuple[tuple[str, ...], list[Listed]]]:
    """Therapies by what they attach to, without what all of them attach to; none where this brings no two together."""
    shared = set.intersection(*(set(row.targets) for row in rows)) if rows else set()
    groups: dict[tuple[str, ...], list[Listed]] = {}
    for row in rows:
        groups.setdefault(tuple(target for target in row.targets if target not in shared), []).append(row)
    parted = 1 < len(groups) < len(rows)
    return sorted(groups.items(), key=lambda group: [*map(by_name, group[0])]) if parted else []
