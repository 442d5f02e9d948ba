"""The gap radar: what FDA's files state and our data does not explain today.

The rows of batches say what FDA has; whether we explain it is asked of the facts as they are now, not as they were
when the file was read. If something is missing from a file, that tells us nothing about its status.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count
from django.http import HttpRequest, HttpResponse

from portal.publishing.admin.entrance import page, staff_who_may

from ..compare.claims import BoxedWarning, EfficacySupplements, LabelVersion
from ..compare.findings import FileFinding, finding_of
from ..compare.ours import OurTherapy, read_our_records
from ..models import ApprovalEvent, Batch, BatchRow, Indication, TherapyFact
from . import synchronised
from .wording_of_findings import claim_in_words, reason_in_words


class FiledDate(NamedTuple):
    """A date in one of FDA's files, with the row that states it."""

    row: int
    date: datetime.date
    finding: FileFinding
    file: str
    names: Mapping[str, str]  # of our therapies by slug

    @property
    def claim(self) -> str:
        return claim_in_words(self.finding.claim, self.names)

    @property
    def reason(self) -> str:
        return reason_in_words(self.finding, self.names)


@dataclass(slots=True)
class SupplementCount:
    """Efficacy supplements of one application in one file, and those on whose day our data has something."""

    application: str
    file: str
    supplements: int = 0
    explained: int = 0


@dataclass(slots=True)
class TherapyGaps:
    """One therapy in FDA's files beside what our data has of it."""

    therapy: OurTherapy
    uses: int = 0
    counted: dict[tuple[str, str], SupplementCount] = field(default_factory=dict)
    days: dict[datetime.date, FiledDate] = field(default_factory=dict)  # the earliest first
    labels: list[FiledDate] = field(default_factory=list)

    @property
    def has_gap(self) -> bool:
        return bool(self.days or self.labels)

    def add(self, filed: FiledDate, *, is_skipped: bool) -> None:
        """Take a date that the newest release of a file states about this therapy."""
        claim = filed.finding.claim
        if isinstance(claim, BoxedWarning):
            return  # it has the day of its label, on which FDA decided on no use
        if isinstance(claim, LabelVersion):
            if not is_skipped and self.therapy.has_newer_label(filed.date, claim.application):
                self.labels.append(filed)
            return
        is_explained = self.therapy.has_date(filed.date)
        if isinstance(claim, EfficacySupplements):
            key = (claim.application, filed.file)
            counted = self.counted.setdefault(key, SupplementCount(*key))
            counted.supplements += len(claim.numbers)
            counted.explained += len(claim.numbers) if is_explained else 0
        if not is_explained and not is_skipped:
            self.days.setdefault(filed.date, filed)


class GapReport(NamedTuple):
    therapies: list[TherapyGaps]
    uncovered: list[OurTherapy]  # those that no file holds


@staff_who_may("view", ApprovalEvent, TherapyFact)
def show(request: HttpRequest) -> HttpResponse:
    batches = synchronised.batches()
    everything = request.GET.get("show") == "all"
    report = report_gaps(batches) if batches else None
    therapies = report.therapies if report else []
    context: dict[str, Any] = {
        "everything": everything,
        "synchronised": synchronised.last(batches),
        "report": report,
        "therapies": [gaps for gaps in therapies if everything or gaps.has_gap],
        "with_gaps": sum(gaps.has_gap for gaps in therapies),
        "days": sum(len(gaps.days) for gaps in therapies),
        "labels": sum(len(gaps.labels) for gaps in therapies),
    }
    return page(request, "gaps.html", "Gaps between FDA’s files and our data", **context)


def report_gaps(batches: list[Batch]) -> GapReport:
    """Each therapy that a file holds. ``batches`` come the newest first. A fixed number of queries."""
    ours = read_our_records()
    uses = dict(Indication.objects.order_by().values_list("therapy__slug").annotate(Count("pk")))
    standing = BatchRow.objects.filter(answer=BatchRow.Answer.SKIPPED, batch__undone_at__isnull=True)
    skipped = set(standing.values_list("key", flat=True))
    names = {slug: therapy.name for slug, therapy in ours.therapies.items()}
    found: dict[str, TherapyGaps] = {}
    for row in _newest_rows(batches):
        file = synchronised.title_of(row.batch.kind, row.batch.edition)
        for slug in row.therapies:
            if therapy := ours.therapies.get(slug):
                gaps = found.setdefault(slug, TherapyGaps(therapy, uses.get(slug, 0)))
                if row.date:
                    filed = FiledDate(row.pk, row.date, finding_of(row), file, names)
                    gaps.add(filed, is_skipped=row.key in skipped)
    uncovered = [therapy for slug, therapy in sorted(ours.therapies.items()) if slug not in found]
    return GapReport([found[slug] for slug in sorted(found)], uncovered)


def _newest_rows(batches: list[Batch]) -> list[BatchRow]:
    """Of each kind of file, the newest that holds an application: openFDA gives one answer for each. Two queries."""
    by_pk = {batch.pk: batch for batch in batches}
    rows = BatchRow.objects.filter(batch__in=by_pk).exclude(therapies=[])
    holds = set(rows.order_by().values_list("batch", "application").distinct())
    newest: dict[tuple[str, str], int] = {}
    for batch in batches:
        for application in {application for pk, application in holds if pk == batch.pk}:
            newest.setdefault((batch.kind, application), batch.pk)
    found = []
    for row in rows.filter(batch__in=set(newest.values())).defer("search").order_by("date", "pk"):
        row.batch = by_pk[row.batch_id]
        if newest[row.batch.kind, row.application] == row.batch_id:
            found.append(row)
    return found
