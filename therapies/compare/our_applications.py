"""What a file says of an application that our data has: its brands, its first approval, its changes of use."""

import datetime
from collections.abc import Iterator

from ..fact_kinds import FactKind
from ..fda import cells
from . import proposing
from .buckets import Bucket
from .claims import EfficacySupplements, FirstApproval
from .filings import FiledApplication, FiledBrand
from .findings import FileFinding
from .ours import OurTherapy
from .proposals import Proposal
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
        yield _stranger(filed, brand, holders) if brand.is_stranger else _brand(filed, brand, holders)
    for therapy in holders:
        if filed.first_approval:
            yield _first_approval(filed, filed.first_approval, therapy, until)
        for date, numbers in sorted(filed.efficacy.items()):
            yield _supplements(filed, date, numbers, therapy)


def _brand(filed: FiledApplication, brand: FiledBrand, holders: list[OurTherapy]) -> FileFinding:
    parts = [brand.brand, *brand.brand.replace("/", ",").split(",")]
    written = {loosely(part) for part in parts if part.strip()}
    is_known = not written or bool(written & loose_names(holders))
    return FileFinding(
        bucket=Bucket.AGREES if is_known else Bucket.NEW_FORM,
        line=brand.line,
        claim=filed.claim_of(brand),
        reason=Reason.SAME_APPLICATION if is_known else Reason.NO_SUCH_BRAND,
        therapies=tuple(therapy.slug for therapy in holders),
        application=str(filed.number),
        proposal=None
        if is_known
        else proposing.named(holders, FactKind.BRAND, brand=brand.brand, application=filed.number),
    )


def _stranger(filed: FiledApplication, brand: FiledBrand, holders: list[OurTherapy]) -> FileFinding:
    """Number or name is wrong, here or in the file: nothing is proposed before a person knows which."""
    return FileFinding(
        bucket=Bucket.CONFLICT,
        line=brand.line,
        claim=filed.claim_of(brand),
        reason=Reason.OTHER_NAME,
        therapies=tuple(therapy.slug for therapy in holders),
        application=str(filed.number),
    )


def _first_approval(
    filed: FiledApplication, date: datetime.date, therapy: OurTherapy, until: datetime.date | None
) -> FileFinding:
    ours, earliest = therapy.forms.get(filed.number), therapy.first_date
    told = f"{filed.number} first approved"
    bucket, reason, compared = Bucket.NEW_DATE, Reason.NO_DECISION_THAT_DAY, None
    proposal: Proposal | None = None
    if ours and ours != date:
        bucket, reason, compared = Bucket.CONFLICT, Reason.OTHER_FORM_DAY, ours
        proposal = proposing.form_date(therapy, filed.number, date, until)
    elif therapy.has_date(date):
        bucket, reason = Bucket.AGREES, Reason.SAME_FIRST_APPROVAL
    elif earliest and date < earliest and filed.number in therapy.applications:
        bucket, reason, compared = Bucket.CONFLICT, Reason.EARLIER_THAN_OURS, earliest
        proposal = proposing.dated(therapy, FactKind.FIRST_APPROVAL, date, told)
    else:
        # A day after our first is the first of this application only, so readers are told of no first approval.
        kind = FactKind.FIRST_APPROVAL if earliest is None or date < earliest else FactKind.SUPPLEMENT
        proposal = proposing.dated(therapy, kind, date, told)
    return FileFinding(
        bucket=bucket,
        line=filed.line,
        claim=FirstApproval(str(filed.number), therapy.slug, date),
        reason=reason,
        arguments={"our_date": compared.isoformat()} if compared else {},
        therapies=(therapy.slug,),
        application=str(filed.number),
        date=date,
        proposal=proposal,
    )


def _supplements(filed: FiledApplication, date: datetime.date, numbers: list[str], therapy: OurTherapy) -> FileFinding:
    several = sorted(numbers, key=lambda number: (len(number), number))
    is_explained = therapy.has_date(date)
    told = f"{filed.number} supplement {', '.join(several)}"
    return FileFinding(
        bucket=Bucket.AGREES if is_explained else Bucket.NEW_DATE,
        line=filed.line,
        claim=EfficacySupplements(str(filed.number), therapy.slug, tuple(several), date),
        reason=Reason.SAME_SUPPLEMENT_DAY if is_explained else Reason.USE_NOT_NAMED,
        therapies=(therapy.slug,),
        application=str(filed.number),
        date=date,
        proposal=None if is_explained else proposing.dated(therapy, FactKind.SUPPLEMENT, date, told),
    )
