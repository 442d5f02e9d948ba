"""What one of FDA's files states, in its own words and numbers, whatever our data says of it.

A claim tells one thing from all others in every release of the same kind of file. Lines and counts are no part of it:
they grow from month to month without saying anything new.
"""

import datetime
from dataclasses import dataclass, field

from .plain_data import PlainData


class Claim(PlainData):
    """One statement. Where it was found for one of our therapies, ``therapy`` is the slug of that one."""

    tagged_as = "states"


@dataclass(frozen=True)
class FiledProduct(Claim):
    """A brand, with its proper names or ingredients, under an application."""

    tag = "product"
    application: str
    brand: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class FirstApproval(Claim):
    """The day on which an application was first approved."""

    tag = "first-approval"
    application: str
    therapy: str
    date: datetime.date


@dataclass(frozen=True)
class EfficacySupplements(Claim):
    """Supplements of one day that added or changed a use. FDA does not say here which use."""

    tag = "efficacy-supplements"
    application: str
    therapy: str
    numbers: tuple[str, ...]
    date: datetime.date


@dataclass(frozen=True)
class LabelVersion(Claim):
    """The day from which a version of a label holds. ``application`` is empty where the label names none."""

    tag = "label"
    application: str
    therapy: str
    date: datetime.date


@dataclass(frozen=True)
class UnnumberedLabel(Claim):
    """A label that names no application."""

    tag = "unnumbered-label"
    brands: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarketStatus(Claim):
    """Licensure or marketing of a therapy in FDA's words, for each of its brands."""

    tag = "market-status"
    therapy: str
    statuses: dict[str, str]


@dataclass(frozen=True)
class AcceleratedUse(Claim):
    """A row of FDA's tables of accelerated approvals. ``use`` is cut."""

    tag = "accelerated-use"
    brand: str
    names: tuple[str, ...] = ()
    use: str = ""
    granted: datetime.date | None = None
    converted: datetime.date | None = None
    withdrawn: datetime.date | None = None


@dataclass(frozen=True)
class ApprovalNotice(Claim):
    """A notice, by its title; one without a title by how it begins."""

    tag = "notice"
    title: str
    date: datetime.date | None = None


@dataclass(frozen=True)
class ExportedRecord(Claim):
    """A record of an export of this site. ``differing`` are its values that are not those of our data."""

    tag = "exported-record"
    record: str
    therapy: str
    use: str = ""
    kind: str = ""
    value: str = ""
    date: datetime.date | None = None
    differing: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class UnreadableRow(Claim):
    """A row that could not be read, by the value that stood in the way and its column."""

    tag = "unreadable"
    column: str
    value: str
