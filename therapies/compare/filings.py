"""What a file says of each application, gathered from rows that lie apart."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ..fda import cells
from ..fda.records import Application, Label, Product, Submission
from .claims import FiledProduct
from .findings import FileFinding
from .ours import OurRecords, OurTherapy, slugs
from .reasons import Reason


@dataclass(slots=True)
class FiledBrand:
    """The presentations of one brand under one application."""

    number: Application
    product: Product  # the first of them
    is_stranger: bool  # the number is that of a therapy of ours, and the name is none of it
    presentations: dict[Product, None] = field(default_factory=dict)  # without lines: a row that is repeated is one

    @property
    def statuses(self) -> list[tuple[str, str]]:
        return [(product.status, product.licensure) for product in self.presentations]

    def finding(self, reason: Reason, therapies: Iterable[OurTherapy] = (), **told: Any) -> FileFinding:
        claim = FiledProduct(str(self.number), self.product.brand, self.product.names)
        return FileFinding(self.product.line, claim, reason, slugs(therapies), **told)


@dataclass(slots=True)
class FiledApplication:
    line: int
    number: Application
    brands: dict[str, FiledBrand] = field(default_factory=dict)
    originals: list[datetime.date] = field(default_factory=list)
    efficacy: dict[datetime.date, list[str]] = field(default_factory=dict)  # numbers of supplements by their day

    @property
    def is_ours(self) -> bool:
        """Whether anything under a number of ours goes by a name of ours. Submissions alone name nothing."""
        return not self.brands or any(not brand.is_stranger for brand in self.brands.values())

    @property
    def first_approval(self) -> datetime.date | None:
        return min(self.originals, default=None)


class Filings:
    """Every application that a file holds, by its number with its kind."""

    def __init__(self, ours: OurRecords) -> None:
        self.ours = ours
        self.applications: dict[Application, FiledApplication] = {}
        self.whole: dict[Application, Application] = {}  # ours by numbers of which the file has lost the kind

    def __iter__(self) -> Iterator[FiledApplication]:
        return iter(self.applications.values())

    def holders(self, number: Application) -> list[OurTherapy]:
        """Our therapies that have this application."""
        return self.ours.holding(self.whole.get(number, number))

    def labeled(self, label: Label, number: Application) -> list[OurTherapy]:
        """Our therapies of which this is a label: their application, under a name that may be theirs."""
        holders = self.holders(number)
        fits = any(self.ours.fits(holders, brand, label.names) for brand in label.brands or ("",))
        return holders if fits else []

    def _of(self, number: Application, line: int) -> FiledApplication:
        number = self.whole.get(number, number)
        return self.applications.setdefault(number, FiledApplication(line, number))

    def add_product(self, product: Product) -> None:
        if not product.application.kind:
            self._find_kind(product)
        filed = self._of(product.application, product.line)
        brand = self._add(filed, product)
        if brand.is_stranger:
            return  # what it says of its days and its marketing is not said of our therapy
        if product.status or product.licensure:
            brand.presentations[replace(product, line=0)] = None
        if product.approved and product.submission in ("Original", ""):
            filed.originals.append(product.approved)

    def _add(self, filed: FiledApplication, product: Product) -> FiledBrand:
        holders = self.holders(filed.number)
        is_stranger = bool(holders) and not self.ours.fits(holders, product.brand, product.names)
        key = cells.key(" ".join([product.brand, *product.names]) if is_stranger else product.brand)
        return filed.brands.setdefault(key, FiledBrand(filed.number, product, is_stranger))

    def _find_kind(self, product: Product) -> None:
        """Drugs@FDA has lost the row of some applications: number and name together tell ours all the same."""
        fitting = self.ours.called(product.brand, product.names) or self.ours.within(product.brand, product.names)
        for kind in ("BLA", "NDA"):
            number = Application(kind, product.application.number)
            if any(therapy in fitting for therapy in self.holders(number)):
                self.whole[product.application] = number

    def add_submission(self, submission: Submission) -> None:
        """Only approvals count: the original one, and each change of use."""
        if submission.status != "AP" or submission.date is None:
            return
        number = submission.application
        if submission.type == "ORIG":
            self._of(number, submission.line).originals.append(submission.date)
        elif submission.code == "EFFICACY" and self.holders(number):
            numbers = self._of(number, submission.line).efficacy.setdefault(submission.date, [])
            if submission.number not in numbers:
                numbers.append(submission.number)

    def add_label(self, label: Label) -> None:
        for number in label.applications:
            filed = self._of(number, label.line)
            for brand in label.brands or ("",):
                self._add(filed, Product(label.line, number, brand, label.names, use=label.use))
