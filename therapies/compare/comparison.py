"""One of FDA's files beside our data. Reads both, writes neither.

Matching is by application number first, as a number with its kind, then by name. Absence says nothing: what a file does
not hold raises no finding.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ..fda import cells, purple_book
from ..fda.file_kinds import file_kind
from ..fda.records import (
    Accelerated,
    Label,
    ListedProduct,
    Notice,
    Product,
    Reading,
    Record,
    Recorded,
    Submission,
)
from .accelerated_uses import find_use
from .ages import edition_until
from .applications import OtherApplications, find_application
from .boxed_warnings import BoxedWarnings
from .claims import EfficacySupplements, MarketStatus, UnreadableRow
from .export_findings import ExportComparison
from .filings import FiledApplication, Filings
from .findings import FileFinding
from .labels import find_numbered, find_unnumbered
from .listed import find_listed
from .marketing import find_status, status_in_words
from .notices import ReadNotice
from .ours import OurRecords, OurTherapy
from .reasons import Bucket, Reason


@dataclass(slots=True)
class TherapyInFile:
    """What a file says of one of our therapies, as ``fda_diff --json`` prints it."""

    applications: set[str] = field(default_factory=set)
    originals: list[datetime.date] = field(default_factory=list)  # days on which one of them was first approved
    market_status: str | None = None  # in FDA's words

    def to_data(self) -> dict[str, Any]:
        return {
            "applications": sorted(self.applications),
            "first_approval": min(self.originals).isoformat() if self.originals else None,
            "status": self.market_status,
        }


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """Every finding of a file in the order of the buckets, and what was read on the way."""

    reading: Reading
    findings: list[FileFinding]
    therapies: dict[str, TherapyInFile]  # those of ours that the file holds, by slug
    notices: list[ReadNotice]
    is_empty: bool  # not one record

    def refuse_empty(self) -> None:
        """Raises FileRefused where the file is a header alone."""
        if self.is_empty and not self.reading.errors:
            file_kind(self.reading.kind).refuse_without_rows()

    @property
    def buckets(self) -> dict[Bucket, int]:
        counts = Counter(finding.bucket for finding in self.findings)
        return {bucket: counts[bucket] for bucket in Bucket}

    @property
    def supplements(self) -> dict[str, tuple[int, int]]:
        """Of each therapy: efficacy supplements that FDA counts, and those on whose day our data has something."""
        counts: dict[str, tuple[int, int]] = {}
        for finding in self.findings:
            if isinstance(claim := finding.claim, EfficacySupplements):
                total, explained = counts.get(claim.therapy, (0, 0))
                number = len(claim.numbers)
                is_explained = finding.bucket == Bucket.AGREES
                counts[claim.therapy] = total + number, explained + (number if is_explained else 0)
        return counts


def compare(reading: Reading, ours: OurRecords) -> ComparisonResult:
    """Take every record of a reading and sort what they say. Raises ``Refused`` when the file breaks on the way."""
    comparison = FileComparison(reading, ours)
    for record in reading.records:
        comparison.take(record)
    return comparison.result()


class FileComparison:
    """Takes records one by one. Those of one application lie apart, so it sorts them once all were taken."""

    def __init__(self, reading: Reading, ours: OurRecords) -> None:
        self.reading, self.ours = reading, ours
        self.filings = Filings(ours)
        self.findings: list[FileFinding] = []
        self.therapies: dict[str, TherapyInFile] = {}
        self.notices: list[ReadNotice] = []
        self.boxed_warnings = BoxedWarnings()
        self.is_empty = True
        self.export: ExportComparison | None = None  # for a file that is one

    def take(self, record: Record) -> None:
        self.is_empty = False
        match record:
            case Product():
                self.filings.add_product(record)
            case Submission():
                self.filings.add_submission(record)
            case Label():
                self._label(record)
            case Accelerated():
                self._find(find_use(record, self.ours, edition_until(self.reading.edition)))
            case ListedProduct():
                self._find(find_listed(record, self.ours))
            case Notice():
                notice = ReadNotice.of(record, self.ours, self.reading.today)
                self.notices.append(notice)
                self._find(notice.find(edition_until(self.reading.edition)))
            case Recorded():
                self.export = self.export or ExportComparison()
                if found := self.export.find(record, self.reading):
                    self._find(found)

    @property
    def is_excerpt(self) -> bool:
        """Known once every record was taken."""
        return self.reading.rows < file_kind(self.reading.kind).fewest

    def result(self) -> ComparisonResult:
        """Sort what belongs together, once every record was taken."""
        if not self.is_empty:
            self.reading.tell_empty()
        believes_status = self.reading.kind == purple_book.KIND  # the other files call every biologic sold
        until = edition_until(self.reading.edition)
        others = OtherApplications(self.ours, believes_status=believes_status, is_excerpt=self.is_excerpt)
        for filed in self.filings:
            if holders := self.filings.holders(filed.number):
                self.findings += find_application(filed, holders, until)
                if filed.is_ours:
                    self._hold(holders, filed)
            else:
                self.findings += [others.find(filed, brand) for brand in filed.brands.values()]
        if believes_status:
            self._statuses(until)
        self.findings = _once(self.findings)
        for error in self.reading.errors:
            claim = UnreadableRow(error.column, error.value)
            told = {"message": error.message}
            self.findings.append(FileFinding(error.line, claim, Reason.UNREADABLE, arguments=told))
        order = list(Bucket)
        findings = sorted(self.findings, key=lambda finding: (order.index(finding.bucket), finding.line))
        therapies = dict(sorted(self.therapies.items()))
        return ComparisonResult(self.reading, findings, therapies, self.notices, self.is_empty)

    def _label(self, label: Label) -> None:
        """A label is of its application, or of its brand alone where it names none."""
        if label.applications:
            self.filings.add_label(label)
            self.findings += find_numbered(label, self.filings, self.ours)
            held = [(str(number), one) for number in label.applications for one in self.filings.labeled(label, number)]
        else:
            brands = {cells.key(brand) for brand in label.brands}
            therapies = [therapy for therapy in self.ours.therapies.values() if brands & therapy.brands]
            self._hold(therapies)
            self.findings += find_unnumbered(label, therapies, self.ours)
            held = [("", one) for one in therapies]
        for number, therapy in held:
            self.findings += self.boxed_warnings.find(label, number, therapy, self.reading.edition)

    def _find(self, finding: FileFinding) -> None:
        """Take a finding whose therapies the file names."""
        self.findings.append(finding)
        self._hold(self.ours.therapies[slug] for slug in finding.therapies)

    def _hold(self, therapies: Iterable[OurTherapy], filed: FiledApplication | None = None) -> None:
        """Note that the file holds these therapies, under an application where it has one."""
        for therapy in therapies:
            held = self.therapies.setdefault(therapy.slug, TherapyInFile())
            if filed:
                held.applications.add(str(filed.number))
                held.originals += filed.originals

    def _statuses(self, until: datetime.date | None) -> None:
        for slug, held in self.therapies.items():
            finding = find_status(self.ours.therapies[slug], self.filings, until, is_excerpt=self.is_excerpt)
            if finding and isinstance(finding.claim, MarketStatus):
                held.market_status = status_in_words(finding.claim.statuses)
                self.findings.append(finding)


def _once(findings: Iterable[FileFinding]) -> list[FileFinding]:
    """What a file states twice, as in two tables of a page or two answers in one, is one finding."""
    first: dict[tuple[bytes, tuple[str, ...]], FileFinding] = {}
    for finding in findings:
        first.setdefault((msgspec.json.encode(finding.claim), finding.therapies), finding)
    return list(first.values())
