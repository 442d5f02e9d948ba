"""What one of FDA's files states, in its own words and numbers, whatever our data says of it.

A claim tells one thing from all others in every release of the same kind of file. Lines and counts are no part of it:
they grow from month to month without saying anything new.
"""

import datetime
from typing import Any, Self, Union

import msgspec


class PlainData(msgspec.Struct, frozen=True, omit_defaults=True):
    """A record of texts, numbers, dates, lists and mappings of texts. Each kind has a tag that its data carries.

    Its data lacks what is as usual: a field that is added later changes nothing about what is stored already.
    """

    def to_data(self) -> dict[str, Any]:
        return msgspec.to_builtins(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """The record of this family that ``data`` was written from. Raises msgspec.ValidationError."""
        return msgspec.convert(data, Union[tuple(cls.__subclasses__())])  # noqa: UP007 - known at run time only


class Claim(PlainData, frozen=True, tag_field="states"):
    """One statement. Where it was found for one of our therapies, ``therapy`` is the slug of that one."""


class FiledProduct(Claim, frozen=True, tag="product"):
    """A brand, with its proper names or ingredients, under an application."""

    application: str
    brand: str = ""
    names: tuple[str, ...] = ()


class FirstApproval(Claim, frozen=True, tag="first-approval"):
    """The day on which an application was first approved."""

    application: str
    therapy: str
    date: datetime.date


class EfficacySupplements(Claim, frozen=True, tag="efficacy-supplements"):
    """Supplements of one day that added or changed a use. FDA does not say here which use."""

    application: str
    therapy: str
    numbers: tuple[str, ...]
    date: datetime.date


class LabelVersion(Claim, frozen=True, tag="label"):
    """The day from which a version of a label holds. ``application`` is empty where the label names none."""

    application: str
    therapy: str
    date: datetime.date


class BoxedWarning(Claim, frozen=True, tag="boxed-warning"):
    """The boxed warning of a label: its heading, and a digest of its words. Both are empty where there is none."""

    application: str
    therapy: str
    heading: str = ""
    digest: str = ""


class UnnumberedLabel(Claim, frozen=True, tag="unnumbered-label"):
    brands: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class MarketStatus(Claim, frozen=True, tag="market-status"):
    """Licensure or marketing of a therapy in FDA's words, for each of its brands."""

    therapy: str
    statuses: dict[str, str]


class AcceleratedUse(Claim, frozen=True, tag="accelerated-use"):
    """A row of FDA's tables of accelerated approvals. ``use`` is cut."""

    brand: str
    names: tuple[str, ...] = ()
    use: str = ""
    granted: datetime.date | None = None
    converted: datetime.date | None = None
    withdrawn: datetime.date | None = None


class ApprovalNotice(Claim, frozen=True, tag="notice"):
    """A notice, by its title; one without a title by how it begins."""

    title: str
    date: datetime.date | None = None


class ProductOnList(Claim, frozen=True, tag="listed-product"):
    """A product on CBER's list of cellular and gene therapies."""

    brand: str
    names: tuple[str, ...] = ()


class ExportedRecord(Claim, frozen=True, tag="exported-record"):
    """A record of an export of this site. ``differing`` are its values that are not those of our data."""

    record: str
    therapy: str
    use: str = ""
    kind: str = ""
    value: str = ""
    date: datetime.date | None = None
    differing: dict[str, str] = {}


class UnreadableRow(Claim, frozen=True, tag="unreadable"):
    """A row that could not be read, by the value that stood in the way and its column."""

    column: str
    value: str
