"""Our data, for comparing: read once, changed never. What a person rejected is no part of it."""

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Max

from portal.publishing import values
from portal.publishing.models import Change

from ..fact_kinds import APPROVAL_DAYS, NAMES, FactKind
from ..fda import cells
from ..fda.naming import Vocabulary
from ..fda.records import Application
from ..models import ApprovalEvent, Biomarker, Cancer, DrugLabel, Indication, Therapy, TherapyFact

NUMBER = re.compile(r"\b(BLA|NDA)(\d{6})\b")


class OurDecision(NamedTuple):
    """A decision of FDA, and the cancers by which a source may call its use: its own, their group and their kinds."""

    event: ApprovalEvent
    cancers: frozenset[str]


@dataclass
class OurTherapy:
    """What our data has of one therapy, confirmed or pending."""

    slug: str
    name: str
    facts: dict[str, list[TherapyFact]] = field(default_factory=lambda: defaultdict(list))  # by kind
    decisions: list[OurDecision] = field(default_factory=list)
    labels: dict[str, datetime.date] = field(default_factory=dict)  # the newest version on record, by application

    @cached_property
    def aliases(self) -> list[str]:
        """Every name as it is written."""
        return [self.name, *self._values(*NAMES)]

    @cached_property
    def names(self) -> set[str]:
        """Every name, brands included, as ``cells.key`` writes them."""
        return set(map(cells.key, self.aliases)) | self.brands

    @cached_property
    def brands(self) -> set[str]:
        """Its own, and those of later forms, whose value begins with the brand."""
        forms = (value.split("(")[0] for value in self._values(FactKind.FORM))
        return set(map(cells.key, (*self._values(FactKind.BRAND), *forms)))

    @cached_property
    def biosimilars(self) -> set[str]:
        return set(map(cells.key, self._values(FactKind.BIOSIMILAR)))

    @cached_property
    def applications(self) -> set[Application]:
        return {number for value in self._values(FactKind.APPLICATION) for number in _numbers(value)}

    @cached_property
    def forms(self) -> dict[Application, TherapyFact]:
        """Later forms by the number that they are licensed under, where that is not the therapy's own."""
        numbers = {number: form for form in self.facts[FactKind.FORM] for number in _numbers(form.application)}
        return {number: form for number, form in numbers.items() if number not in self.applications}

    @cached_property
    def other_dates(self) -> set[datetime.date]:
        """Days of approvals that no use of ours tells, such as one for another disease, or of a later form."""
        return {fact.date for kind in APPROVAL_DAYS for fact in self.facts[kind] if fact.date}

    @property
    def events(self) -> list[ApprovalEvent]:
        return [decision.event for decision in self.decisions]

    @property
    def market_fact(self) -> TherapyFact | None:
        return self._last(FactKind.MARKET_STATUS)

    @property
    def boxed_warning(self) -> TherapyFact | None:
        return self._last(FactKind.BOXED_WARNING)

    def _values(self, *kinds: FactKind) -> list[str]:
        return [fact.value for kind in kinds for fact in self.facts[kind]]

    def _last(self, kind: FactKind) -> TherapyFact | None:
        """Of a kind that a therapy has one of: what is pending comes after what readers see."""
        return self.facts[kind][-1] if self.facts[kind] else None

    @property
    def has_ended(self) -> bool:
        """Whether we know of decisions, and each use that they are about is no longer approved."""
        uses = {event.indication_id for event in self.events}
        return bool(uses) and uses == {event.indication_id for event in self.events if event.is_end}

    @property
    def market(self) -> str:
        return self.market_fact.value if self.market_fact else ""

    def label_on_record(self, application: str) -> datetime.date | None:
        """The version that people read, of any of its labels where the number isn't told.

        That a fact was checked against some copy of a label says nothing of which uses stood on it.
        """
        return self.labels.get(application) if application else max(self.labels.values(), default=None)

    def has_newer_label(self, effective: datetime.date, application: str = "") -> bool:
        """Whether a label of that day is news: newer than the version on record, or the first one that we see."""
        known = self.label_on_record(application)
        return known is None or effective > known

    def has_date(self, date: datetime.date, *kinds: str) -> bool:
        """Whether our data has something on that day."""
        if not kinds and date in self.other_dates:
            return True
        return any(event.fits(date) for event in self.events if not kinds or event.kind in kinds)

    def events_on(
        self, date: datetime.date | None, kinds: Iterable[str], cancers: Iterable[str] = ()
    ) -> list[ApprovalEvent]:
        """Decisions of that day, of one of these kinds, for one of these cancers; any, if none is told."""
        wanted = {*cancers}
        return [
            event
            for event, own in self.decisions
            if event.kind in kinds and date and event.fits(date) and (not wanted or wanted & own)
        ]

    def has_decided(self, date: datetime.date | None, kinds: Iterable[str], cancers: Iterable[str]) -> bool:
        """Whether our data has such a decision for each of these cancers; for any use, if none is told."""
        wanted: list[tuple[str, ...]] = [(cancer,) for cancer in cancers] or [()]
        return all(self.events_on(date, kinds, cancer) for cancer in wanted)

    @property
    def first_date(self) -> datetime.date | None:
        return min([event.date for event in self.events] + list(self.other_dates), default=None)


def _numbers(text: str) -> set[Application]:
    """The first number that a text names, if any."""
    found = NUMBER.search(text)
    return {Application(found[1], int(found[2]))} if found else set()


def slugs(therapies: Iterable[OurTherapy]) -> tuple[str, ...]:
    return tuple(therapy.slug for therapy in therapies)


def by_slug(therapies: Iterable[OurTherapy]) -> list[OurTherapy]:
    """Each once, in their order."""
    return list({therapy.slug: therapy for therapy in therapies}.values())


class OurRecords:
    """Every therapy of ours, found by number and by name."""

    def __init__(self, therapies: Iterable[OurTherapy], vocabulary: Vocabulary) -> None:
        self.therapies = {therapy.slug: therapy for therapy in therapies}
        self.vocabulary = vocabulary
        self.by_application = self._found_by(lambda therapy: therapy.applications)
        self.by_form = self._found_by(lambda therapy: therapy.forms)
        self.by_name = self._found_by(lambda therapy: therapy.names)
        self.by_base = self._found_by(lambda therapy: {cells.base(name) for name in therapy.names - therapy.brands})
        self.by_biosimilar = self._found_by(lambda therapy: therapy.biosimilars)

    def _found_by[Key](self, keys: Callable[[OurTherapy], Iterable[Key]]) -> dict[Key, list[OurTherapy]]:
        found: dict[Key, list[OurTherapy]] = defaultdict(list)
        for therapy in self.therapies.values():
            for key in keys(therapy):
                found[key].append(therapy)
        return found

    def holding(self, application: Application) -> list[OurTherapy]:
        """Whose application this is; whose form, where it is no therapy's own."""
        return self.by_application.get(application) or self.by_form.get(application) or []

    def called(self, brand: str, names: Sequence[str]) -> list[OurTherapy]:
        """Therapies that go by this brand or exactly this name."""
        written = [*names, " and ".join(names), *brand.replace("/", ",").split(",")]
        return by_slug(therapy for name in written for therapy in self.by_name.get(cells.key(name), []))

    def fits(self, therapies: Iterable[OurTherapy], brand: str, names: Sequence[str]) -> bool:
        """Whether a product under these names may be one of these therapies.

        Its name tells, where we know it: of these therapies or of others. Else its brand does, and one without a name
        is as good as any.
        """
        holders = {therapy.slug for therapy in therapies}
        found = self.called("", names) + self.within("", names) if names else []
        if found or not brand:
            return not found or any(therapy.slug in holders for therapy in found)
        by_brand = self.called(brand, ()) + self.within(brand, ())
        return any(therapy.slug in holders for therapy in by_brand) or not (by_brand or names)

    def within(self, brand: str, names: Sequence[str]) -> list[OurTherapy]:
        """Therapies that a product holds under another suffix or with a carrier, or whose brand it extends."""
        written = [cells.base(name) for name in names]
        if "vaccine" not in " ".join(written):  # a vaccine against several germs is no form of one of them
            written += cells.parts(names)
        found = [therapy for base in written for therapy in self.by_base.get(base, [])]
        words = cells.key(brand).split()
        for length in range(len(words) - 1, 0, -1):
            start = " ".join(words[:length])
            found += [therapy for therapy in self.by_name.get(start, []) if start in therapy.brands]
        return by_slug(found)


# Reading them --------------------------------------------------------------------------------------------


def read_our_records() -> OurRecords:
    """Eight queries, whatever the number of therapies."""
    therapies = {t.pk: OurTherapy(t.slug, t.name) for t in Therapy.objects.all()}
    new = Change.objects.pending().filter(verb=Change.Verb.ADD)
    pending = list(new.to(TherapyFact, ApprovalEvent, Indication))  # files need not propose them again
    for fact in [*TherapyFact.objects.select_related("source"), *in_memory(pending, TherapyFact)]:
        if fact.therapy_id in therapies:
            therapies[fact.therapy_id].facts[fact.kind].append(fact)
    versions = DrugLabel.objects.order_by().values_list("therapy_id", "application").annotate(Max("effective"))
    for pk, application, day in versions:
        therapies[pk].labels[application] = day
    cancers = {cancer.pk: cancer for cancer in Cancer.objects.all()}
    for therapy_pk, decision in _decisions(pending, cancers):
        if therapy_pk in therapies:
            therapies[therapy_pk].decisions.append(decision)
    vocabulary = Vocabulary(
        {therapy.slug: therapy.aliases for therapy in therapies.values()},
        {cancer.slug: cancer.names for cancer in cancers.values()},
        {biomarker.slug: biomarker.names for biomarker in Biomarker.objects.all()},
    )
    return OurRecords(therapies.values(), vocabulary)


def in_memory(changes: Iterable[Change], model: type[Any]) -> Iterator[Any]:
    """The rows that changes would add, each with its change. What points to another one of them points nowhere."""
    for change in changes:
        if change.governed is model:
            row: Any = model()
            row.change = change
            values.written(row, {name: value for name, value in change.after.items() if not isinstance(value, dict)})
            yield row


class _Use(NamedTuple):
    """A use as far as its decisions are asked for: keys of its therapy and its cancers."""

    therapy: int | None
    cancers: frozenset[int]


def _decisions(pending: Sequence[Change], cancers: Mapping[int, Cancer]) -> Iterator[tuple[int | None, OurDecision]]:
    """Every decision with the key of its therapy, those on uses that wait themselves included."""
    akin = _akin(cancers.values())
    uses: dict[int, _Use] = {}
    for pk, *told in Indication.objects.order_by().values_list("pk", "therapy_id", "cancer_id", "also_cancers"):
        uses[pk] = _use(*told, *(uses[pk].cancers if pk in uses else ()))
    new_uses = {
        change.pk: _use(change.after["therapy"], change.after.get("cancer"), *change.after.get("also_cancers", ()))
        for change in pending
        if change.governed is Indication
    }

    def found(use: _Use | None, event: ApprovalEvent) -> tuple[int | None, OurDecision]:
        therapy, own = use or _use(None)
        return therapy, OurDecision(event, frozenset().union(*(akin.get(cancer, ()) for cancer in own)))

    for event in ApprovalEvent.objects.select_related("source"):
        yield found(uses.get(event.indication_id), event)
    for event in in_memory(pending, ApprovalEvent):
        told = event.change.after["indication"]
        yield found(new_uses.get(told["change"]) if isinstance(told, dict) else uses.get(told), event)


def _use(therapy: object, *cancers: object) -> _Use:
    """What waits may point to what waits itself, of which no key is known."""
    return _Use(therapy if isinstance(therapy, int) else None, frozenset(pk for pk in cancers if isinstance(pk, int)))


def _akin(cancers: Iterable[Cancer]) -> dict[int, set[str]]:
    """The names in addresses of each cancer, of the group that it belongs to, and of its kinds."""
    told = list(cancers)
    slugs, akin = {cancer.pk: cancer.slug for cancer in told}, {cancer.pk: {cancer.slug} for cancer in told}
    for cancer in told:
        if cancer.parent_id:
            akin[cancer.pk].add(slugs[cancer.parent_id])
            akin[cancer.parent_id].add(cancer.slug)
    return akin
