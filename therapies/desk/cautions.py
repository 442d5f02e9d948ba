"""What people should know of a file before they accept something of it, and whoever confirms it after them."""

from django.utils.text import capfirst

from ..compare.findings import finding_of
from ..compare.label_uses import LabelAccount
from ..compare.reasons import Bucket
from ..fda.file_kinds import file_kind
from ..models import Batch, BatchRow, Therapy
from .synchronised import title_of
from .wording_of_findings import counted, reason_in_words


def of_file(batch: Batch) -> list[str]:
    """The whole of it: its age, and what it leaves out. Two queries."""
    told = []
    if not batch.edition:
        told.append("The file doesn’t say how old it is, so our data may be newer.")
    newest = (
        Batch.objects.filter(kind=batch.kind, undone_at=None).order_by("-edition").values_list("edition", flat=True)
    )
    if batch.edition and (latest := newest.first()) and latest > batch.edition:
        told.append(f"A newer release was read here: {title_of(batch.kind, latest)}.")
    if batch.rows_read < file_kind(batch.kind).fewest:
        told.append(f"The file has only {counted(batch.rows_read, 'row')}, so it is an excerpt and leaves things out.")
    if batch.total is not None and batch.total > batch.rows_read:
        told.append(f"The file contains {batch.rows_read:,} of the {batch.total:,} results that openFDA has.")
    if unreadable := batch.rows.filter(bucket=Bucket.UNREADABLE).count():
        told.append(f"{counted(unreadable, 'row')} of the file couldn’t be read, and may say something else.")
    return told


def of_row(row: BatchRow) -> str:
    """Why it is in its bucket, with everything that speaks against it."""
    names = dict(Therapy.objects.filter(slug__in=row.therapies).values_list("slug", "name"))
    return reason_in_words(finding_of(row), names)


def of_label(found: LabelAccount) -> list[str]:
    """Uses of ours that a rule found no line of the label for, and what it warns of otherwise than we do.

    A use that is missing there has not ended: only a decision ends it.
    """
    told = []
    if words := "; ".join(use.words for use in found.without_row):
        number = counted(len(found.without_row), "use")
        told.append(f"We found no line of this label for {number} of ours still approved: {words}.")
    told += [f"{capfirst(one.field)}: ours {one.ours}; label {one.label}." for one in found.safety]
    if found.label.besides:
        told.append(f"Side effects that the label names besides ours: {'; '.join(found.label.besides)}.")
    return told
