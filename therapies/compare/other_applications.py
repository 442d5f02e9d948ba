"""What a file says of an application that our data lacks: a form or biosimilar of ours, a new therapy, or neither."""

from typing import Any

from ..fact_kinds import FactKind
from ..fda import cells
from . import proposing, rules
from .buckets import Bucket
from .filings import FiledApplication, FiledBrand
from .findings import FileFinding
from .marketing import OUR_WORDS, status_of
from .our_applications import loose_names, loosely
from .ours import OurRecords, OurTherapy, by_slug
from .reasons import Reason


class OtherApplications:
    """Sorts them one by one, and proposes each new therapy once, however many applications it has."""

    def __init__(self, ours: OurRecords, *, believes_status: bool) -> None:
        self.ours = ours
        self.believes_status = believes_status  # whether the file is one whose marketing status holds
        self.proposed: set[str] = set()

    def find(self, filed: FiledApplication, brand: FiledBrand) -> FileFinding:
        biosimilar_of = self.ours.by_biosimilar.get(cells.key(brand.brand), []) if brand.brand else []
        if biosimilar_of:
            return self._finding(filed, brand, Bucket.AGREES, Reason.SAME_BIOSIMILAR, biosimilar_of)
        if brand.license.startswith("351(k)"):
            return self._biosimilar(filed, brand)
        if therapies := self.ours.called(brand.brand, brand.names):
            kind, reason = FactKind.APPLICATION, Reason.NO_SUCH_APPLICATION
        elif therapies := self.ours.within(brand.brand, brand.names):
            kind, reason = FactKind.FORM, Reason.PERHAPS_A_FORM
        else:
            return self._unknown(filed, brand)
        if filed.number.kind == "ANDA":
            return self._finding(filed, brand, Bucket.NOT_OURS, Reason.GENERIC_OF_OURS, therapies)
        proposal = self._named(filed, brand, kind, therapies)
        return self._finding(filed, brand, Bucket.NEW_FORM, reason, therapies, proposal=proposal)

    def _finding(
        self,
        filed: FiledApplication,
        brand: FiledBrand,
        bucket: Bucket,
        reason: Reason,
        therapies: list[OurTherapy],
        **told: Any,
    ) -> FileFinding:
        return FileFinding(
            bucket=bucket,
            line=brand.line,
            claim=filed.claim_of(brand),
            reason=reason,
            therapies=tuple(therapy.slug for therapy in therapies),
            application=str(filed.number),
            **told,
        )

    def _named(self, filed: FiledApplication, brand: FiledBrand, kind: FactKind, therapies: list[OurTherapy]) -> Any:
        is_new = (
            kind == FactKind.APPLICATION and bool(brand.brand) and loosely(brand.brand) not in loose_names(therapies)
        )
        return proposing.named(
            therapies,
            kind,
            brand=brand.brand,
            application=filed.number,
            date=filed.first_approval,
            new_brand=is_new,
        )

    def _biosimilar(self, filed: FiledApplication, brand: FiledBrand) -> FileFinding:
        bases = cells.parts(brand.names)
        by_name = [one for name in brand.reference for one in self.ours.by_name.get(cells.key(name), [])]
        therapies = by_slug(by_name or [one for base in bases for one in self.ours.by_base.get(base, [])])
        if not therapies:
            reference = brand.reference[0] if brand.reference else ", ".join(bases)
            told: dict[str, Any] = {"arguments": {"reference": reference}, "date": filed.first_approval}
            return self._finding(filed, brand, Bucket.NOT_OURS, Reason.BIOSIMILAR_OF_OTHER, [], **told)
        name = brand.brand or ", ".join(brand.names)
        proposal = proposing.named(therapies, FactKind.BIOSIMILAR, brand=name, application=filed.number)
        told = {"arguments": {"license": brand.license}, "date": filed.first_approval, "proposal": proposal}
        return self._finding(filed, brand, Bucket.NEW_FORM, Reason.BIOSIMILAR, therapies, **told)

    def _unknown(self, filed: FiledApplication, brand: FiledBrand) -> FileFinding:
        verdict = rules.scope_of(filed.number.kind, brand.names or (brand.brand,), brand.use)
        parts, date = cells.parts(brand.names), filed.first_approval
        if verdict.bucket == Bucket.NOT_OURS:
            told: dict[str, Any] = {"arguments": verdict.arguments, "date": date}
            return self._finding(filed, brand, verdict.bucket, verdict.reason, [], **told)
        name = " ".join(parts) or cells.key(brand.brand)
        if name in self.proposed:
            return self._finding(filed, brand, Bucket.NEW_FORM, Reason.PROPOSED_ABOVE, [], date=date)
        self.proposed.add(name)
        market = OUR_WORDS.get(status_of(brand.statuses), "") if self.believes_status else ""
        written = " and ".join(parts) or brand.brand
        proposal = proposing.new_therapy(written, brand.brand, filed.number, date, market)
        told = {"arguments": verdict.arguments, "date": date, "proposal": proposal}
        return self._finding(filed, brand, verdict.bucket, verdict.reason, [], **told)
