"""What a file says of an application that our data has: its brands, its first approval, its changes of use."""

import datetime
from collections.abc import Iterator

from ..fact_kinds import FactKind
from ..fda import cells
from . import proposals
from .ages import told_later
from .claims import EfficacySupplements, FirstApproval
from .filings import FiledApplication, FiledBrand
from .findings import FileFinding
from .ours import OurTherapy
from .proposals import FactCorrection, Proposal
from .reasons import Reason


def loosely(brand: str) -> str:
    """A brand without blanks and hyphens: FDA writes Intron A and Intron-A."""
    return cells.key(brand).replace(" ", "").replace("-", "")


def loose_names(therapies: list[OurTherapy]) -> set[str]:
    return {loosely(name) for therapy in therapies for name in therapy.names}


def find_application(
    filed: FiledApplication, holders: list[OurTherapy], until: datetime.date | None
) -> Iterator[FileFinding]:
    """``holders`` are our therapies that have this application. ``until`` is the last day that the file tells of."""
    for brand in filed.brands.values():
        yield _brand(brand, holders)
    for therapy in holders:
        if filed.first_approval:
            yield _first_approval(filed, filed.first_approval, therapy, until)
        for date, numbers in sorted(filed.efficacy.items()):
            yield _supplements(filed, date, numbers, therapy)


def _brand(filed: FiledBrand, holders: list[OurTherapy]) -> FileFinding:
    if filed.is_stranger:  # number or name is wrong, here or in the file: a person must know which
        return filed.finding(Reason.OTHER_NAME, holders)
    parts = [filed.brand, *filed.brand.replace("/", ",").split(",")]
    written = {loosely(part) for part in parts if part.strip()}
    if not written or written & loose_names(holders):
        return filed.finding(Reason.SAME_APPLICATION, holders)
    proposal = proposals.named(holders, FactKind.BRAND, filed.brand, filed.number)
    return filed.finding(Reason.NO_SUCH_BRAND, holders, proposal=proposal)


def _first_approval(
    filed: FiledApplication, date: datetime.date, therapy: OurTherapy, until: datetime.date | None
) -> FileFinding:
    form, earliest = therapy.forms.get(filed.number), therapy.first_date
    told = f"{filed.number} first approved"
    compared: datetime.date | None = None
    proposal: Proposal | None = None
    if form and form.date and form.date != date:
        reason, compared = Reason.OTHER_FORM_DAY, form.date
        if form.pk and not told_later(form, until):
            proposal = FactCorrection(form.pk, date=date)
    elif therapy.has_date(date):
        reason = Reason.SAME_FIRST_APPROVAL
    elif earliest and date < earliest and filed.number in therapy.applications:
        reason, compared = Reason.EARLIER_THAN_OURS, earliest
        proposal = proposals.dated(therapy, FactKind.FIRST_APPROVAL, date, told)
    else:
        # A day after our first is the first of this application only, so readers are told of no first approval.
        kind = FactKind.FIRST_APPROVAL if earliest is None or date < earliest else FactKind.SUPPLEMENT
        reason, proposal = Reason.NO_DECISION_THAT_DAY, proposals.dated(therapy, kind, date, told)
    claim = FirstApproval(str(filed.number), therapy.slug, date)
    arguments = {"our_date": compared.isoformat()} if compared else {}
    return FileFinding(filed.line, claim, reason, (therapy.slug,), date, proposal, arguments)


def _supplements(filed: FiledApplication, date: datetime.date, numbers: list[str], therapy: OurTherapy) -> FileFinding:
    several = sorted(numbers, key=lambda number: (len(number), number))
    claim = EfficacySupplements(str(filed.number), therapy.slug, tuple(several), date)
    if therapy.has_date(date):
        return FileFinding(filed.line, claim, Reason.SAME_SUPPLEMENT_DAY, (therapy.slug,), date)
    told = f"{filed.number} supplement {', '.join(several)}"
    proposal = proposals.dated(therapy, FactKind.SUPPLEMENT, date, told)
    return FileFinding(filed.line, claim, Reason.USE_NOT_NAMED, (therapy.slug,), date, proposal)
