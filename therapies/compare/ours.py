"""Our data, for comparing: read once, changed never. What a person rejected is no part of it."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from portal.publishing import values
from portal.publishing.models import Change, Source

from ..fact_kinds import NAMES, FactKind
from ..fda import cells
from ..fda.records import Application
from ..fda.wording import Vocabulary
from ..models import ApprovalEvent, Biomarker, Cancer, Indication, Therapy, TherapyFact

OTHER_KINDS = (
    FactKind.APPLICATION,
    FactKind.FORM,
    FactKind.BIOSIMILAR,
    FactKind.FIRST_APPROVAL,
    FactKind.MARKET_STATUS,
)
NUMBER = re.compile(r"\b(BLA|NDA)(\d{6})\b")


@dataclass(slots=True)
class OurEvent:
    """A decision of FDA that our data has, with the use it is about."""

    pk: int
    use: int
    kind: str
    date: datetime.date
    month_only: bool = False

    def on(self, date: datetime.date) -> bool:
        """An event known by its month fits every day of it."""
        return self.date == date or (self.month_only and (self.date.year, self.date.month) == (date.year, date.month))


@dataclass(slots=True)
class OurTherapy:
    """What our data has of one therapy, confirmed or pending."""

    slug: str
    name: str
    applications: set[Application] = field(default_factory=set)
    forms: dict[Application, datetime.date | None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)  # every name, brands included, as ``cells.key`` writes them
    brands: set[str] = field(default_factory=set)
    biosimilars: set[str] = field(default_factory=set)
    aliases: list[str] = field(default_factory=list)  # every name as it is written
    events: list[OurEvent] = field(default_factory=list)
    other_dates: set[datetime.date] = field(default_factory=set)  # first approval for another use, later forms
    market: str = ""
    label_checked_on: datetime.date | None = None  # the newest day on which a fact was checked against a label
    market_fact: int | None = None  # primary keys, for what a file corrects
    form_facts: dict[Application, int] = field(default_factory=dict)

    def has_newer_label(self, effective: datetime.date) -> bool:
        """Whether a label of that day is news: newer than our last check, or the first one that we see."""
        return self.label_checked_on is None or effective > self.label_checked_on

    def has_date(self, date: datetime.date, *kinds: str) -> bool:
        """Whether our data has something on that day."""
        if not kinds and date in self.other_dates:
            return True
        return any(event.on(date) for event in self.events if not kinds or event.kind in kinds)

    def events_on(self, date: datetime.date | None, kind: str) -> list[OurEvent]:
        return [event for event in self.events if event.kind == kind and date and event.on(date)]

    @property
    def first_date(self) -> datetime.date | None:
        return min([event.date for event in self.events] + list(self.other_dates), default=None)

    def add(self, fact: TherapyFact) -> None:
        if fact.kind in NAMES:
            self.aliases.append(fact.value)
            self.names.add(cells.key(fact.value))
            if fact.kind == FactKind.BRAND:
                self.brands.add(cells.key(fact.value))
        elif fact.kind == FactKind.FORM:
            self._add_form(fact)
        elif fact.kind == FactKind.BIOSIMILAR:
            self.biosimilars.add(cells.key(fact.value))
        elif fact.kind == FactKind.MARKET_STATUS:
            self.market, self.market_fact = fact.value, fact.pk
        elif fact.kind == FactKind.APPLICATION and (found := NUMBER.search(fact.value)):
            self.applications.add(Application(found[1], int(found[2])))
        if fact.kind in (FactKind.APPLICATION, FactKind.FORM, FactKind.FIRST_APPROVAL) and fact.date:
            self.other_dates.add(fact.date)  # of an application, where a file told its day

    def _add_form(self, fact: TherapyFact) -> None:
        brand = cells.key(fact.value.split("(")[0])
        self.names.add(brand)
        self.brands.add(brand)
        if found := NUMBER.search(f"{fact.value} {fact.note}"):
            number = Application(found[1], int(found[2]))
            if number not in self.applications:
                self.forms[number] = fact.date
                self.form_facts[number] = fact.pk


def by_slug(therapies: Iterable[OurTherapy]) -> list[OurTherapy]:
    """Each once, in their order."""
    return list({therapy.slug: therapy for therapy in therapies}.values())


class OurRecords:
    """Every therapy of ours, found by number and by name."""

    def __init__(self, therapies: Iterable[OurTherapy], vocabulary: Vocabulary) -> None:
        self.therapies = {therapy.slug: therapy for therapy in therapies}
        self.vocabulary = vocabulary
        self.by_application: dict[Application, list[OurTherapy]] = defaultdict(list)
        self.by_form: dict[Application, list[OurTherapy]] = defaultdict(list)
        self.by_name: dict[str, list[OurTherapy]] = defaultdict(list)
        self.by_base: dict[str, list[OurTherapy]] = defaultdict(list)
        self.by_biosimilar: dict[str, list[OurTherapy]] = defaultdict(list)
        for therapy in self.therapies.values():
            self._index(therapy)

    def _index(self, therapy: OurTherapy) -> None:
        for number in therapy.applications:
            self.by_application[number].append(therapy)
        for number in therapy.forms:
            self.by_form[number].append(therapy)
        for name in therapy.names:
            self.by_name[name].append(therapy)
        for base in {cells.base(name) for name in therapy.names - therapy.brands}:
            self.by_base[base].append(therapy)
        for brand in therapy.biosimilars:
            self.by_biosimilar[brand].append(therapy)

    def holding(self, application: Application) -> list[OurTherapy]:
        """Whose application this is; whose form, where it is no therapy's own."""
        return self.by_application.get(application) or self.by_form.get(application) or []

    def called(self, brand: str, names: Sequence[str]) -> list[OurTherapy]:
        """Therapies that go by this brand or exactly this name."""
        written = [*names, " and ".join(names), *brand.replace("/", ",").split(",")]
        return by_slug(therapy for name in written for therapy in self.by_name.get(cells.key(name), []))

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
    """Seven queries, whatever the number of therapies."""
    therapies = {t.pk: OurTherapy(t.slug, t.name, aliases=[t.name]) for t in Therapy.objects.all()}
    for therapy in therapies.values():
        therapy.names.add(cells.key(therapy.name))
    kinds = [*NAMES, *OTHER_KINDS]
    for fact in [*TherapyFact.objects.filter(kind__in=kinds), *_pending(TherapyFact)]:
        if fact.kind in kinds and fact.therapy_id in therapies:
            therapies[fact.therapy_id].add(fact)
    labels = TherapyFact.objects.filter(source__kind=Source.Kind.LABEL, source__read_on__isnull=False).order_by()
    for pk, day in labels.values_list("therapy_id").annotate(Max("source__read_on")):
        therapies[pk].label_checked_on = day
    uses = dict(Indication.objects.values_list("pk", "therapy_id"))
    for event in [*ApprovalEvent.objects.all(), *_pending(ApprovalEvent)]:
        if (use := event.indication_id) in uses:
            by_month = event.precision == ApprovalEvent.Precision.MONTH
            therapies[uses[use]].events.append(OurEvent(event.pk or 0, use, event.kind, event.date, by_month))
    vocabulary = Vocabulary(
        {therapy.slug: therapy.aliases for therapy in therapies.values()},
        {c.slug: [c.name, *c.synonyms.splitlines()] for c in Cancer.objects.all()},
        {b.slug: [b.name, *b.synonyms.splitlines()] for b in Biomarker.objects.all()},
    )
    return OurRecords(therapies.values(), vocabulary)


def _pending(model: type[Any]) -> list[Any]:
    """Rows that wait for a second person, in memory: files need not propose them again. One query."""
    found = []
    for change in Change.objects.pending().to(model).filter(verb=Change.Verb.ADD):
        row = model()
        values.written(row, {name: value for name, value in change.after.items() if not isinstance(value, dict)})
        found.append(row)
    return found
