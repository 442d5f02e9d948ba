"""Whether one of FDA's labels is newer than the one that people read."""

from collections.abc import Iterator

from ..fda.records import Application, Label
from .claims import LabelVersion, UnnumberedLabel
from .filings import Filings
from .findings import FileFinding
from .label_reading import proposed_label
from .ours import OurRecords, OurTherapy
from .reasons import Reason


def find_numbered(label: Label, filings: Filings, ours: OurRecords) -> Iterator[FileFinding]:
    """The day of a label that names its application."""
    for number in label.applications:
        for therapy in filings.labeled(label, number):
            yield from _version(label, number, therapy, ours)


def find_unnumbered(label: Label, therapies: list[OurTherapy], ours: OurRecords) -> Iterator[FileFinding]:
    """A label without an application. Only its brand tells whose it is: an unapproved drug may hold the same."""
    claim = UnnumberedLabel(label.brands, label.names)
    if not therapies:
        yield FileFinding(label.line, claim, Reason.LABEL_OF_NONE)
    for therapy in therapies:
        yield FileFinding(label.line, claim, Reason.LABEL_KNOWN_BY_BRAND, (therapy.slug,))
        yield from _version(label, "", therapy, ours)


def _version(label: Label, number: Application | str, therapy: OurTherapy, ours: OurRecords) -> Iterator[FileFinding]:
    """A label is news until people have read it, or a newer one, line by line."""
    day, checked = label.effective, therapy.label_on_record(str(number))
    if not day:
        return
    reason, proposal = Reason.LABEL_NOT_NEWER, None
    if therapy.has_newer_label(day, str(number)):
        reason = Reason.LABEL_NEWER if checked else Reason.LABEL_NEVER_CHECKED
        proposal = proposed_label(label, str(number), therapy, ours)
    claim = LabelVersion(str(number), therapy.slug, day)
    arguments = {"checked": checked.isoformat()} if checked else {}
    yield FileFinding(label.line, claim, reason, (therapy.slug,), day, proposal, arguments)
