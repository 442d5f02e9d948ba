"""What a file says of an application that our data lacks: a form or biosimilar of ours, a new therapy, or neither."""

from ..fact_kinds import FactKind
from ..fda import cells
from . import proposals, rules
from .filings import FiledApplication, FiledBrand
from .findings import FileFinding
from .marketing import OUR_WORDS, status_of
from .our_applications import loose_names, loosely
from .ours import OurRecords, by_slug
from .proposals import NewTherapy
from .reasons import Bucket, Reason


class OtherApplications:
    """Sorts them one by one, and proposes each new therapy once, however many applications it has."""

    def __init__(self, ours: OurRecords, *, believes_status: bool) -> None:
        self.ours = ours
        self.believes_status = believes_status  # whether the file is one whose marketing status holds
        self.proposed: set[str] = set()

    def find(self, filed: FiledApplication, brand: FiledBrand) -> FileFinding:
        if brand.brand and (known := self.ours.by_biosimilar.get(cells.key(brand.brand))):
            return brand.finding(Reason.SAME_BIOSIMILAR, known)
        if brand.license.startswith("351(k)"):
            return self._biosimilar(filed, brand)
        called = self.ours.called(brand.brand, brand.names)
        therapies = called or self.ours.within(brand.brand, brand.names)
        if not therapies:
            return self._unknown(filed, brand)
        if filed.number.kind == "ANDA":
            return brand.finding(Reason.GENERIC_OF_OURS, therapies)
        told = (brand.brand, filed.number, filed.first_approval)
        if not called:
            form = proposals.named(therapies, FactKind.FORM, *told)
            return brand.finding(Reason.PERHAPS_A_FORM, therapies, proposal=form)
        is_new = bool(brand.brand) and loosely(brand.brand) not in loose_names(called)
        proposal = proposals.named(called, FactKind.APPLICATION, *told, new_brand=is_new)
        return brand.finding(Reason.NO_SUCH_APPLICATION, called, proposal=proposal)

    def _biosimilar(self, filed: FiledApplication, brand: FiledBrand) -> FileFinding:
        bases, date = cells.parts(brand.names), filed.first_approval
        by_name = [one for name in brand.reference for one in self.ours.by_name.get(cells.key(name), [])]
        therapies = by_slug(by_name or [one for base in bases for one in self.ours.by_base.get(base, [])])
        if not therapies:
            reference = brand.reference[0] if brand.reference else ", ".join(bases)
            return brand.finding(Reason.BIOSIMILAR_OF_OTHER, arguments={"reference": reference}, date=date)
        name = brand.brand or ", ".join(brand.names)
        proposal = proposals.named(therapies, FactKind.BIOSIMILAR, name, filed.number)
        license = {"license": brand.license}
        return brand.finding(Reason.BIOSIMILAR, therapies, arguments=license, date=date, proposal=proposal)

    def _unknown(self, filed: FiledApplication, brand: FiledBrand) -> FileFinding:
        reason, arguments = rules.scope_of(filed.number.kind, brand.names or (brand.brand,), brand.use)
        parts, date = cells.parts(brand.names), filed.first_approval
        if reason.bucket == Bucket.NOT_OURS:
            return brand.finding(reason, arguments=arguments, date=date)
        name = " ".join(parts) or cells.key(brand.brand)
        if name in self.proposed:
            return brand.finding(Reason.PROPOSED_ABOVE, date=date)
        self.proposed.add(name)
        market = OUR_WORDS.get(status_of(brand.statuses), "") if self.believes_status else ""
        written, number = " and ".join(parts) or brand.brand, proposals.as_recorded(filed.number)
        proposal = NewTherapy(written, brand.brand, number, date, market)
        return brand.finding(reason, arguments=arguments, date=date, proposal=proposal)
