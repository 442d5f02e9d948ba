"""Our facts as plain data, for comparing: read once, changed never."""

import datetime
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from portal.publishing import values
from portal.publishing.models import Change, Source

from .. import fact_kinds
from ..fda import cells
from ..fda.records import Application
from ..fda.wording import Vocabulary
from ..models import ApprovalEvent, Biomarker, Cancer, Indication, Therapy, TherapyFact

Kind = TherapyFact.Kind
#: The kinds of name that stand in FDA's files. Misspellings and names of the 2019 page do not.
NAMES = {*fact_kinds.NAMES}
NUMBER = re.compile(r"\b(BLA|NDA)(\d{6})\b")


@dataclass(slots=True)
class Event:
    kind: str
    date: datetime.date
    month_only: bool
    pk: int = 0
    use: int = 0

    def on(self, date: datetime.date) -> bool:
        """An event known by its month fits every day of it."""
        return self.date == date or (self.month_only and (self.date.year, self.date.month) == (date.year, date.month))


@dataclass(slots=True)
class Known:
    """What we record of one therapy, confirmed or waiting. What a person turned down is not ours."""

    slug: str
    name: str
    applications: set[Application] = field(default_factory=set)
    forms: dict[Application, datetime.date | None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)  # every name, brands included, as ``cells.key`` writes them
    brands: set[str] = field(default_factory=set)
    biosimilars: set[str] = field(default_factory=set)
    aliases: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    other_dates: set[datetime.date] = field(default_factory=set)  # first approval for another use, later forms
    market: str = ""
    label_read_on: datetime.date | None = None  # the newest day on which a fact was checked against a label
    market_fact: int | None = None  # primary keys, for what a file corrects
    form_facts: dict[Application, int] = field(default_factory=dict)

    def has_newer_label(self, effective: datetime.date) -> bool:
        return self.label_read_on is None or effective > self.label_read_on

    def has_date(self, date: datetime.date, *kinds: str) -> bool:
        """Whether we record something on that day."""
        if not kinds and date in self.other_dates:
            return True
        return any(e.on(date) for e in self.events if not kinds or e.kind in kinds)

    def events_on(self, date: datetime.date | None, kind: str) -> list[Event]:
        return [e for e in self.events if e.kind == kind and date and e.on(date)]

    @property
    def first(self) -> datetime.date | None:
        return min([e.date for e in self.events] + list(self.other_dates), default=None)


@dataclass(slots=True)
class Ours:
    """All of them, with indexes by number and by name."""

    therapies: dict[str, Known]
    by_application: dict[Application, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_form: dict[Application, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_base: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_biosimilar: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary({}))

    def index(self) -> None:
        for known in self.therapies.values():
            for number in known.applications:
                self.by_application[number].append(known)
            for number in known.forms:
                self.by_form[number].append(known)
            for name in known.names:
                self.by_name[name].append(known)
            for base in {cells.base(name) for name in known.names - known.brands}:
                self.by_base[base].append(known)
            for brand in known.biosimilars:
                self.by_biosimilar[brand].append(known)

    def by_part(self, brand: str, names: Sequence[str]) -> list[Known]:
        """Therapies that a product holds under another suffix or with a carrier, or whose brand it extends."""
        written = [cells.base(name) for name in names]
        if "vaccine" not in " ".join(written):  # a vaccine against several germs is no form of one of them
            written += cells.parts(names)
        found = [known for base in written for known in self.by_base.get(base, [])]
        words = cells.key(brand).split()
        for length in range(len(words) - 1, 0, -1):
            start = " ".join(words[:length])
            found += [known for known in self.by_name.get(start, []) if start in known.brands]
        return list({known.slug: known for known in found}.values())


def read() -> Ours:
    """Seven queries, whatever the number of therapies."""
    therapies = {t.pk: Known(t.slug, t.name, aliases=[t.name]) for t in Therapy.objects.all()}
    for known in therapies.values():
        known.names.add(cells.key(known.name))
    facts = TherapyFact.objects.all()
    kinds = [*NAMES, "application", "form", "biosimilar", "first-approval", "market-status"]
    for fact in [*facts.filter(kind__in=kinds), *_pending(TherapyFact)]:
        if fact.kind in kinds and fact.therapy_id in therapies:
            _add(therapies[fact.therapy_id], fact)
    labels = facts.filter(source__kind=Source.Kind.LABEL, source__read_on__isnull=False).order_by()
    for pk, read_on in labels.values_list("therapy_id").annotate(Max("source__read_on")):
        therapies[pk].label_read_on = read_on
    uses = dict(Indication.objects.values_list("pk", "therapy_id"))
    events = ApprovalEvent.objects.values_list("pk", "indication_id", "kind", "date", "precision")
    waiting = ((0, e.indication_id, e.kind, e.date, e.precision) for e in _pending(ApprovalEvent))
    for pk, use, kind, date, precision in [*events, *waiting]:
        if use in uses:
            therapies[uses[use]].events.append(Event(kind, date, precision == ApprovalEvent.Precision.MONTH, pk, use))
    ours = Ours({known.slug: known for known in therapies.values()})
    ours.index()
    ours.vocabulary = Vocabulary(
        {known.slug: known.aliases for known in ours.therapies.values()},
        {c.slug: [c.name, *c.synonyms.splitlines()] for c in Cancer.objects.all()},
        {b.slug: [b.name, *b.synonyms.splitlines()] for b in Biomarker.objects.all()},
    )
    return ours


def _pending(model: type[Any]) -> list[Any]:
    """Rows that wait for a second person, in memory: files need not propose them again. One query."""
    found = []
    for change in Change.objects.pending().to(model).filter(verb=Change.Verb.ADD):
        row = model()
        known = {name: value for name, value in change.after.items() if not isinstance(value, dict)}
        values.written(row, known)
        found.append(row)
    return found


def _add(known: Known, fact: TherapyFact) -> None:
    if fact.kind in NAMES:
        known.aliases.append(fact.value)
        known.names.add(cells.key(fact.value))
        if fact.kind == Kind.BRAND:
            known.brands.add(cells.key(fact.value))
    elif fact.kind == Kind.APPLICATION:
        if found := NUMBER.search(fact.value):
            known.applications.add(Application(found[1], int(found[2])))
        if fact.date:  # the day of this application, where a file told it
            known.other_dates.add(fact.date)
    elif fact.kind == Kind.FORM:
        brand = cells.key(fact.value.split("(")[0])
        known.names.add(brand)
        known.brands.add(brand)
        if fact.date:
            known.other_dates.add(fact.date)
        if found := NUMBER.search(f"{fact.value} {fact.note}"):
            number = Application(found[1], int(found[2]))
            if number not in known.applications:
                known.forms[number] = fact.date
                known.form_facts[number] = fact.pk
    elif fact.kind == Kind.BIOSIMILAR:
        known.biosimilars.add(cells.key(fact.value))
    elif fact.kind == Kind.FIRST_APPROVAL:
        if fact.date:
            known.other_dates.add(fact.date)
    elif fact.kind == Kind.MARKET_STATUS:
        known.market, known.market_fact = fact.value, fact.pk


def called(known: list[Known]) -> str:
    return " and ".join(therapy.name for therapy in known)
