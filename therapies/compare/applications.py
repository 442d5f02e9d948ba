"""What a file says of an application: its brands, its first approval and its changes of use, or that we lack it."""

import datetime
from collections.abc import Iterator

from ..fact_kinds import FactKind
from ..fda import cells
from . import proposals, rules
from .ages import told_later
from .claims import EfficacySupplements, FirstApproval
from .filings import FiledApplication, FiledBrand
from .findings import FileFinding
from .marketing import OUR_WORDS, status_of
from .ours import OurRecords, OurTherapy, by_slug
from .proposals import FactCorrection, NewTherapy, Proposal
from .reasons import Bucket, Reason

#: FDA needs longer than this to review another use: two days that are closer are one day, which somebody wrote wrong.
ONE_REVIEW = datetime.timedelta(days=100)


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
    if not filed.is_ours:
        return  # its days are those of something else
    for therapy in holders:
        if filed.first_approval:
            yield _first_approval(filed, filed.first_approval, therapy, until)
        for date, numbers in sorted(filed.efficacy.items()):
            yield _supplements(filed, date, numbers, therapy)


def _brand(filed: FiledBrand, holders: list[OurTherapy]) -> FileFinding:
    if filed.is_stranger:  # number or name is wrong, here or in the file: a person must know which
        return filed.finding(Reason.OTHER_NAME, holders)
    written = filed.product.brand
    parts = [written, *written.replace("/", ",").split(",")]
    known_as = {loosely(part) for part in parts if part.strip()}
    if not known_as or known_as & loose_names(holders):
        return filed.finding(Reason.SAME_APPLICATION, holders)
    proposal = proposals.named(holders, FactKind.BRAND, written, filed.number)
    return filed.finding(Reason.NO_SUCH_BRAND, holders, proposal=proposal)


def _first_approval(
    filed: FiledApplication, date: datetime.date, therapy: OurTherapy, until: datetime.date | None
) -> FileFinding:
    form, earliest = therapy.forms.get(filed.number), therapy.first_date
    told = filed.number.submission()
    compared: datetime.date | None = None
    proposal: Proposal | None = None
    if form and form.date and form.date != date:
        reason, compared = Reason.OTHER_FORM_DAY, form.date
        if form.pk and not told_later(form, until):
            proposal = FactCorrection(form.pk, date=date)
    elif therapy.has_date(date):
        reason = Reason.SAME_FIRST_APPROVAL
    elif earliest and date < earliest and filed.number in therapy.applications:
        reason, compared = Reason.CLOSE_TO_OURS, earliest
        if earliest - date > ONE_REVIEW:
            reason = Reason.EARLIER_THAN_OURS
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
    proposal = proposals.dated(therapy, FactKind.SUPPLEMENT, date, filed.number.submission(several))
    return FileFinding(filed.line, claim, Reason.USE_NOT_NAMED, (therapy.slug,), date, proposal)


class OtherApplications:
    """Those that our data lacks: a form or biosimilar of ours, a new therapy, or neither.

    Sorts them one by one, and proposes each new therapy once, however many applications it has.
    """

    def __init__(self, ours: OurRecords, *, believes_status: bool, is_excerpt: bool) -> None:
        self.ours = ours
        self.believes_status = believes_status  # whether the file is one whose marketing status holds
        self.is_excerpt = is_excerpt  # whether it may lack presentations that are still sold
        self.proposed: set[str] = set()

    def find(self, filed: FiledApplication, brand: FiledBrand) -> FileFinding:
        product = brand.product
        if product.brand and (known := self.ours.by_biosimilar.get(cells.key(product.brand))):
            return brand.finding(Reason.SAME_BIOSIMILAR, known)
        if product.licence.startswith("351(k)"):
            return self._biosimilar(filed, brand)
        called = self.ours.called(product.brand, product.names)
        therapies = called or self.ours.within(product.brand, product.names)
        if not therapies:
            return self._unknown(filed, brand)
        if filed.number.kind == "ANDA":
            return brand.finding(Reason.GENERIC_OF_OURS, therapies)
        told = (product.brand, filed.number, filed.first_approval)
        if not called:
            form = proposals.named(therapies, FactKind.FORM, *told)
            return brand.finding(Reason.PERHAPS_A_FORM, therapies, proposal=form)
        is_new = bool(product.brand) and loosely(product.brand) not in loose_names(called)
        proposal = proposals.named(called, FactKind.APPLICATION, *told, new_brand=is_new)
        return brand.finding(Reason.NO_SUCH_APPLICATION, called, proposal=proposal)

    def _biosimilar(self, filed: FiledApplication, brand: FiledBrand) -> FileFinding:
        product = brand.product
        bases, date = cells.parts(product.names), filed.first_approval
        by_name = [one for name in product.reference for one in self.ours.by_name.get(cells.key(name), [])]
        therapies = by_slug(by_name or [one for base in bases for one in self.ours.by_base.get(base, [])])
        if not therapies:
            reference = product.reference[0] if product.reference else ", ".join(bases)
            return brand.finding(Reason.BIOSIMILAR_OF_OTHER, arguments={"reference": reference}, date=date)
        name = product.brand or ", ".join(product.names)
        proposal = proposals.named(therapies, FactKind.BIOSIMILAR, name, filed.number)
        license = {"license": product.licence}
        return brand.finding(Reason.BIOSIMILAR, therapies, arguments=license, date=date, proposal=proposal)

    def _unknown(self, filed: FiledApplication, brand: FiledBrand) -> FileFinding:
        product = brand.product
        reason, arguments = rules.scope_of(filed.number.kind, product.names or (product.brand,), product.use)
        parts, date = cells.parts(product.names), filed.first_approval
        if reason.bucket == Bucket.NOT_OURS:
            return brand.finding(reason, arguments=arguments, date=date)
        name = " ".join(parts) or cells.key(product.brand)
        if name in self.proposed:
            return brand.finding(Reason.PROPOSED_ABOVE, date=date)
        self.proposed.add(name)
        market = OUR_WORDS.get(status_of(brand.statuses), "") if self.believes_status else ""
        if market == "discontinued" and self.is_excerpt:
            market = ""
        written, number = " and ".join(parts) or product.brand, proposals.as_recorded(filed.number)
        proposal = NewTherapy(written, product.brand, number, date, market)
        return brand.finding(reason, arguments=arguments, date=date, proposal=proposal)
