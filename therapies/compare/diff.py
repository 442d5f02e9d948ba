"""What one of FDA's files says beside what we record. Reads both, writes neither.

Matching is by application number first, as a number with its kind, then by name. Absence says nothing: what a file does
not hold raises no finding.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..fda import cells, purple_book
from ..fda.records import (
    Accelerated,
    Application,
    Label,
    Notice,
    Product,
    Reading,
    Record,
    Recorded,
    RowError,
    Submission,
)
from ..fda.wording import drafts
from ..models import ApprovalEvent, TherapyFact
from . import acts, exchange, proposals, rules
from .buckets import (
    AGREES,
    BUCKETS,
    CONFLICT,
    NEW_DATE,
    NEW_FORM,
    NEW_THERAPY,
    NOT_OURS,
    UNREADABLE,
    WITHDREW,
)
from .ours import Known, Ours, called
from .proposals import Proposal

EventKind, Kind = ApprovalEvent.Kind, TherapyFact.Kind


class Finding(NamedTuple):
    """One thing that the file says, sorted. ``why`` is the rule that sorted it, as a sentence or part of one.

    ``proposal`` is what accepting it would record (``proposals.py``); nothing where a person must tell.
    """

    bucket: str
    line: int
    what: str
    why: str
    therapies: tuple[str, ...] = ()
    application: str = ""
    date: datetime.date | None = None
    proposal: Proposal | None = None


@dataclass(slots=True)
class Entry:
    """The presentations of one brand under one application."""

    line: int
    brand: str
    names: tuple[str, ...]
    licence: str
    reference: tuple[str, ...]
    use: str
    statuses: list[tuple[str, str]] = field(default_factory=list)  # status and licensure of each presentation


@dataclass(slots=True)
class Filed:
    """What a file says of one application."""

    line: int
    application: Application
    entries: dict[str, Entry] = field(default_factory=dict)
    originals: list[datetime.date] = field(default_factory=list)
    efficacy: dict[datetime.date, list[str]] = field(default_factory=dict)

    @property
    def first(self) -> datetime.date | None:
        return min(self.originals, default=None)


@dataclass(slots=True)
class Result:
    """A comparison. ``matched`` holds what the file says of each of our therapies that it holds."""

    kind: str
    edition: str | None
    rows: int
    total: int | None
    findings: list[Finding]
    errors: list[RowError]
    matched: dict[str, dict[str, Any]]
    notices: list[dict[str, Any]]
    supplements: dict[
        str, list[int]
    ]  # of each therapy: efficacy supplements, and those on whose day we record an event

    @property
    def buckets(self) -> dict[str, int]:
        counts = Counter(finding.bucket for finding in self.findings)
        return {bucket: counts[bucket] for bucket in BUCKETS} | {UNREADABLE: len(self.errors)}


def compare(reading: Reading, ours: Ours) -> Result:
    """Take every record of a reading and sort what they say. Raises ``Refused`` when the file breaks on the way."""
    diff = Diff(reading, ours)
    for record in reading.records:
        diff.take(record)
    return diff.result()


class Diff:
    """Gathers what belongs to one application, since its rows lie apart, and then sorts it."""

    def __init__(self, reading: Reading, ours: Ours) -> None:
        self.reading, self.ours = reading, ours
        self.filed: dict[Application, Filed] = {}
        self.whole: dict[Application, Application] = {}  # ours by numbers of which the file has lost the kind
        self.findings: list[Finding] = []
        self.matched: dict[str, dict[str, Any]] = {}
        self.notices: list[dict[str, Any]] = []
        self.supplements: dict[str, list[int]] = {}
        self.proposed: set[str] = set()  # new therapies, so that each is proposed once
        self.here: exchange.Here | None = None  # our records as an export has them, for a file that is one

    # Taking records

    def take(self, record: Record) -> None:
        match record:
            case Product():
                self.product(record)
            case Submission():
                self.submission(record)
            case Label():
                self.label(record)
            case Accelerated():
                self.accelerated(record)
            case Notice():
                self.notice(record)
            case Recorded():
                self.recorded(record)

    def result(self) -> Result:
        """Sort what belongs together, once every record was taken."""
        self.settle()
        matched = {slug: self.matched[slug] for slug in sorted(self.matched)}
        for said in matched.values():
            said["applications"] = sorted(set(said["applications"]))
        return Result(
            kind=self.reading.kind,
            edition=self.reading.edition,
            rows=self.reading.rows,
            total=self.reading.total,
            findings=sorted(self.findings, key=lambda f: (BUCKETS.index(f.bucket), f.line)),
            errors=self.reading.errors,
            matched=matched,
            notices=self.notices,
            supplements=self.supplements,
        )

    def _of(self, application: Application, line: int) -> Filed:
        application = self.whole.get(application, application)
        return self.filed.setdefault(application, Filed(line, application))

    def _find_kind(self, said: Product) -> None:
        """Drugs@FDA has lost the row of some applications: number and name together tell ours all the same."""
        named = self._by_name(said.brand, said.names) or self.ours.by_part(said.brand, said.names)
        for kind in ("BLA", "NDA"):
            application = Application(kind, said.application.number)
            if any(known in named for known in self._known(application)):
                self.whole[said.application] = application

    def product(self, said: Product) -> None:
        if not said.application.kind:
            self._find_kind(said)
        filed = self._of(said.application, said.line)
        brand = cells.key(said.brand)
        entry = filed.entries.get(brand)
        if entry is None:
            entry = Entry(said.line, said.brand, said.names, said.licence, said.reference, said.use)
            filed.entries[brand] = entry
        entry.statuses.append((said.status, said.licensure))
        if said.approved and said.submission in ("Original", ""):
            filed.originals.append(said.approved)

    def submission(self, said: Submission) -> None:
        """Only approvals count: the original one, and each change of use."""
        if said.status != "AP" or said.date is None:
            return
        if said.type == "ORIG":
            self._of(said.application, said.line).originals.append(said.date)
        elif said.code == "EFFICACY" and self._known(said.application):
            self._of(said.application, said.line).efficacy.setdefault(said.date, []).append(said.number)

    def label(self, said: Label) -> None:
        if not said.applications:
            self._unnumbered(said)
        for application in said.applications:
            filed = self._of(application, said.line)
            brands = said.brands or ("",)
            for brand in brands:
                entry = Entry(said.line, brand, said.names, "", (), said.use)
                filed.entries.setdefault(cells.key(brand), entry)
            if said.effective:
                for known in self._known(application):
                    self._label_day(said.line, application, said.effective, known)

    def _unnumbered(self, said: Label) -> None:
        """Without an application only a brand tells whose label it is: an unapproved drug may hold the same."""
        keys = {cells.key(brand) for brand in said.brands}
        known = [known for known in self.ours.therapies.values() if keys & known.brands]
        title = _title(said.brands, said.names)
        if not known:
            self._find(NOT_OURS, said.line, title, "The label names no application and no brand of ours.")
        self._match(known, None, None)
        for therapy in known:
            self._find(
                AGREES, said.line, title, f"A brand of {therapy.name}; the label names no application.", [therapy]
            )
            if said.effective:
                self._label_day(said.line, None, said.effective, therapy)

    def _label_day(self, line: int, application: Application | None, day: datetime.date, known: Known) -> None:
        """A label is news once it is newer than the day on which our facts were checked against one."""
        bucket, why = AGREES, f"Our facts were checked against a label on {known.label_read_on}, not before this one."
        if known.has_newer_label(day):
            read_on = f"last checked against a label on {known.label_read_on}" if known.label_read_on else "never"
            bucket, why = NEW_DATE, f"This label is newer than our check: {known.name} was {read_on}."
            if not known.label_read_on:
                why = f"No fact of {known.name} says that it was checked against a label."
        what = f"{application or known.name} label of {day.isoformat()}"
        self._find(bucket, line, what, why, [known], of=application, date=day)

    def recorded(self, said: Recorded) -> None:
        self.here = self.here or exchange.Here()
        if found := self.here.sort(said, self.reading):
            self.findings.append(Finding(*found))
            self._match([self.ours.therapies[slug] for slug in self.findings[-1].therapies], None, None)

    def _find(
        self,
        bucket: str,
        line: int,
        what: str,
        why: str,
        therapies: Iterable[Known] = (),
        *,
        of: Application | None = None,
        date: datetime.date | None = None,
        proposal: Proposal | None = None,
    ) -> None:
        slugs, number = tuple(known.slug for known in therapies), str(of) if of else ""
        self.findings.append(Finding(bucket, line, what, why, slugs, number, date, proposal))

    def _known(self, application: Application) -> list[Known]:
        application = self.whole.get(application, application)
        return self.ours.by_application.get(application) or self.ours.by_form.get(application) or []

    # Sorting applications

    def settle(self) -> None:
        for filed in self.filed.values():
            if known := self._known(filed.application):
                for entry in filed.entries.values():
                    self._recorded(filed, entry, known)
                self._dates(filed, known)
            else:
                for entry in filed.entries.values():
                    self._unrecorded(filed, entry)
        if self.reading.kind == purple_book.KIND:
            for slug in self.matched:
                self._status(self.ours.therapies[slug])

    def _match(self, known: Iterable[Known], application: Application | None, first: datetime.date | None) -> None:
        for therapy in known:
            said = self.matched.setdefault(therapy.slug, {"applications": [], "first_approval": None, "status": None})
            if application:
                said["applications"].append(str(application))
            if first and (said["first_approval"] is None or first.isoformat() < said["first_approval"]):
                said["first_approval"] = first.isoformat()

    def _recorded(self, filed: Filed, entry: Entry, known: list[Known]) -> None:
        what = f"{filed.application} {_title([entry.brand], entry.names)}"
        brands = {_loose(part) for part in (entry.brand, *entry.brand.replace("/", ",").split(",")) if part.strip()}
        if not brands or brands & {_loose(name) for therapy in known for name in therapy.names}:
            self._find(AGREES, entry.line, what, "We record this application.", known, of=filed.application)
        else:
            why = f"We record this application of {called(known)}, but not this brand: another use or form, perhaps."
            proposal = proposals.named(known, Kind.BRAND, brand=entry.brand, application=filed.application)
            self._find(NEW_FORM, entry.line, what, why, known, of=filed.application, proposal=proposal)

    def _dates(self, filed: Filed, known: list[Known]) -> None:
        first = filed.first
        self._match(known, filed.application, first)
        for therapy in known:
            if first:
                self._first(filed, first, therapy)
            for date, numbers in sorted(filed.efficacy.items()):
                several = sorted(numbers, key=lambda n: (len(n), n))
                what = f"{filed.application} supplement {', '.join(several)} of {date.isoformat()}"
                counts = self.supplements.setdefault(therapy.slug, [0, 0])
                counts[0] += len(several)
                told: Any = {"of": filed.application, "date": date}
                if therapy.has_date(date):
                    counts[1] += len(several)
                    self._find(AGREES, filed.line, what, "We record an event on this day.", [therapy], **told)
                else:
                    why = f"A new or changed use of {therapy.name}; FDA does not say here which."
                    words = what.rpartition(" of ")[0]
                    proposal = proposals.dated(therapy, Kind.SUPPLEMENT, date, words)
                    self._find(NEW_DATE, filed.line, what, why, [therapy], **told, proposal=proposal)

    def _first(self, filed: Filed, first: datetime.date, therapy: Known) -> None:
        what = f"{filed.application} first approved {first.isoformat()}"
        form = therapy.forms.get(filed.application)
        told: Any = {"of": filed.application, "date": first}
        if form and form != first:
            why = f"We record {form.isoformat()} for this form of {therapy.name}."
            proposal = proposals.form_date(therapy, filed.application, first)
            self._find(CONFLICT, filed.line, what, why, [therapy], **told, proposal=proposal)
        elif therapy.has_date(first):
            self._find(AGREES, filed.line, what, f"We record this day for {therapy.name}.", [therapy], **told)
        elif therapy.first and first < therapy.first and filed.application in therapy.applications:
            why = f"The first day that we record for {therapy.name} is {therapy.first.isoformat()}, which is later."
            proposal = proposals.dated(therapy, Kind.FIRST_APPROVAL, first, f"{filed.application} first approved")
            self._find(CONFLICT, filed.line, what, why, [therapy], **told, proposal=proposal)
        else:
            # A day after our first is the first of this application only, so readers are told of no first approval.
            kind = Kind.FIRST_APPROVAL if therapy.first is None or first < therapy.first else Kind.SUPPLEMENT
            proposal = proposals.dated(therapy, kind, first, f"{filed.application} first approved")
            why = f"We record no event of {therapy.name} on this day."
            self._find(NEW_DATE, filed.line, what, why, [therapy], **told, proposal=proposal)

    def _status(self, therapy: Known) -> None:
        """Licence and marketing in FDA's words. One presentation that is gone is not a therapy that is gone."""
        brands: dict[str, list[tuple[str, str]]] = {}
        line = 0
        for number in sorted(therapy.applications):
            for entry in self.filed[number].entries.values() if number in self.filed else ():
                line = line or entry.line
                brands.setdefault(entry.brand, []).extend(entry.statuses)
        shown = {brand: status for brand, several in brands.items() if (status := rules.status(several))}
        if not shown:
            return
        different = dict.fromkeys(shown.values())
        text = next(iter(different)) if len(different) == 1 else "; ".join(f"{b}: {s}" for b, s in shown.items())
        self.matched[therapy.slug]["status"] = text
        count = sum(map(len, brands.values()))
        what = f"{therapy.name}: {text} ({count} presentation{'' if count == 1 else 's'} in this file)"
        fits = {rules.STATUS.get(status, "unknown") for status in different}
        if therapy.market in fits:
            self._find(AGREES, line, what, f"We record {therapy.market}.", [therapy])
        elif fits == {"withdrawn"}:
            why = f"FDA's licence is revoked; we record {therapy.market or 'nothing'}."
            if absent := sorted(map(str, therapy.applications - self.filed.keys())):
                why += f" This file does not hold {', '.join(absent)}, which we also record."
            self._find(WITHDREW, line, what, why, [therapy], proposal=proposals.market(therapy, "withdrawn"))
        else:
            proposal = proposals.market(therapy, next(iter(fits))) if len(fits) == 1 else None
            why = f"We record {therapy.market or 'nothing'}."
            self._find(CONFLICT, line, what, why, [therapy], proposal=proposal)

    # Sorting what we do not record by number

    def _unrecorded(self, filed: Filed, entry: Entry) -> None:
        what = f"{filed.application} {_title([entry.brand], entry.names)}"
        brand = cells.key(entry.brand)
        number = filed.application

        def propose(known: list[Known], kind: str) -> Proposal | None:
            mine = {_loose(name) for therapy in known for name in therapy.names}
            told: Any = {"brand": entry.brand, "application": number, "date": filed.first}
            new = kind == Kind.APPLICATION and bool(entry.brand) and _loose(entry.brand) not in mine
            return proposals.named(known, kind, **told, new_brand=new)

        if brand and (known := self.ours.by_biosimilar.get(brand)):
            self._find(AGREES, entry.line, what, f"We record this biosimilar of {called(known)}.", known, of=number)
            return
        if entry.licence.startswith("351(k)"):
            self._biosimilar(filed, entry, what)
        elif known := self._by_name(entry.brand, entry.names):
            if number.kind == "ANDA":
                why = f"A generic copy (ANDA) of {called(known)}; we keep no generics."
                self._find(NOT_OURS, entry.line, what, why, known, of=number)
            else:
                why = f"The name of {called(known)} under an application that we do not record."
                proposal = propose(known, Kind.APPLICATION)
                self._find(NEW_FORM, entry.line, what, why, known, of=number, proposal=proposal)
        elif known := self.ours.by_part(entry.brand, entry.names):
            why = f"Form of {called(known)}, perhaps a biosimilar: it holds this drug or carries its brand."
            if number.kind == "ANDA":
                generic = "A generic copy (ANDA); we keep no generics."
                self._find(NOT_OURS, entry.line, what, generic, known, of=number)
            else:
                proposal = propose(known, Kind.FORM)
                self._find(NEW_FORM, entry.line, what, why, known, of=number, proposal=proposal)
        else:
            self._foreign(filed, entry, what)

    def _biosimilar(self, filed: Filed, entry: Entry, what: str) -> None:
        bases = cells.parts(entry.names)
        known = [k for name in entry.reference for k in self.ours.by_name.get(cells.key(name), [])]
        known = known or [k for base in bases for k in self.ours.by_base.get(base, [])]
        known = list({k.slug: k for k in known}.values())
        told: Any = {"of": filed.application, "date": filed.first}
        if known:
            brand = entry.brand or ", ".join(entry.names)
            proposal = proposals.named(known, Kind.BIOSIMILAR, brand=brand, application=filed.application)
            why = f"Biosimilar of {called(known)} ({entry.licence})."
            self._find(NEW_FORM, entry.line, what, why, known, **told, proposal=proposal)
        else:
            of = entry.reference[0] if entry.reference else ", ".join(bases) or "another product"
            why = f"A biosimilar (351(k)) of {of}, which we do not keep."
            self._find(NOT_OURS, entry.line, what, why, **told)

    def _by_name(self, brand: str, names: tuple[str, ...]) -> list[Known]:
        """Therapies that go by this brand or exactly this name."""
        written = [*names, " and ".join(names), *(part for part in brand.replace("/", ",").split(","))]
        found = [known for name in written for known in self.ours.by_name.get(cells.key(name), [])]
        return list({known.slug: known for known in found}.values())

    def _foreign(self, filed: Filed, entry: Entry, what: str) -> None:
        could, why = rules.could_be_ours(filed.application.kind, entry.names or (entry.brand,), entry.use)
        name = " ".join(cells.parts(entry.names)) or cells.key(entry.brand)
        told: Any = {"of": filed.application, "date": filed.first}
        if could and name in self.proposed:
            why = "A further application or brand of a therapy proposed above."
            self._find(NEW_FORM, entry.line, what, why, **told)
        elif could:
            self.proposed.add(name)
            believed = self.reading.kind == purple_book.KIND  # other files call every biologic sold
            market = rules.STATUS.get(rules.status(entry.statuses), "") if believed else ""
            called = " and ".join(cells.parts(entry.names)) or entry.brand
            proposal = proposals.therapy(called, entry.brand, filed.application, filed.first, market)
            self._find(NEW_THERAPY, entry.line, what, why, **told, proposal=proposal)
        else:
            self._find(NOT_OURS, entry.line, what, why, **told)

    # Tables without application numbers

    def accelerated(self, said: Accelerated) -> None:
        what = f"{_title([said.brand], said.names)}, {said.use[:100]}"
        known = self._by_name(said.brand, said.names) or self.ours.by_part(said.brand, said.names)
        if not known:
            could, why = rules.could_be_ours("", said.names or (said.brand,), "")
            called = " and ".join(cells.parts(said.names)) or said.brand
            proposal = proposals.therapy(called, said.brand, None, None, "") if could and said.brand else None
            bucket = NEW_THERAPY if could else NOT_OURS
            self._find(bucket, said.line, what, why, date=said.granted, proposal=proposal)
            return
        self._match(known, None, None)
        bucket, why, date, proposal = acts.of_accelerated(said, known)
        self._find(bucket, said.line, what, why, known, date=date, proposal=proposal)

    def notice(self, said: Notice) -> None:
        uses = drafts(said, self.ours.vocabulary, self.reading.today)
        slugs = dict.fromkeys(
            read.value for use in uses for read in ([use.therapy] if use.therapy else []) + list(use.partners)
        )
        known = [self.ours.therapies[slug] for slug in slugs]
        what = f"{said.date.isoformat() if said.date else 'no date'} {said.title or said.description[:100]}"
        self.notices.append(
            {
                "line": said.line,
                "title": said.title,
                "description": said.description,
                "date": said.date.isoformat() if said.date else None,
                "address": said.address,
                "accelerated": any(use.kind and use.kind.value == "accelerated-approval" for use in uses),
                "therapies": list(slugs),
                "uses": [acts.as_data(use) for use in uses],
            }
        )
        if not known:
            drugs = tuple(dict.fromkeys(name for use in uses for name in rules.drug_words(use.drug)))
            could, why = rules.could_be_ours("", drugs, "")
            self._find(NEW_THERAPY if could else NOT_OURS, said.line, what, why, date=said.date)
            return
        self._match(known, None, None)
        bucket, why, date, proposal = acts.of_notice(said, uses, known)
        self._find(bucket, said.line, what, why, known, date=date, proposal=proposal)


def _loose(brand: str) -> str:
    """A brand without blanks and hyphens: FDA writes Intron A and Intron-A."""
    return cells.key(brand).replace(" ", "").replace("-", "")


def _title(brands: Iterable[str], names: Iterable[str]) -> str:
    brand, name = ", ".join(filter(None, brands)), ", ".join(names)
    return f"{brand} ({name})" if brand and name else brand or name or "without a name"
