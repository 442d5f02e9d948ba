"""Last synchronized with: for each kind of FDA's files, the newest release that was read here and not undone."""

import datetime
from typing import NamedTuple

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format

from portal.publishing import moments

from ..fda.file_kinds import FILE_KINDS, file_kind
from ..models import Batch, BatchRow

FROM_FDA = {kind.key: kind.name for kind in FILE_KINDS if kind.from_fda}


class NewestRelease(NamedTuple):
    """The newest release of one kind of file. Without ``read_on`` none was ever compared here."""

    kind: str
    name: str
    batch: int | None = None
    edition: str = ""  # in words
    read_on: datetime.date | None = None
    waiting: int = 0  # rows that nobody answered yet; for staff only


def batches(*, settled: bool = False) -> list[Batch]:
    """Every batch of FDA's files that was not undone, the newest release first. One query.

    ``settled`` leaves those of which readers may be told.
    """
    # An old release that is read late is no news, so what the file says of its own date counts first.
    found = Batch.objects.filter(undone_at__isnull=True, kind__in=FROM_FDA).only(
        "kind", "edition", "read_at", "rows_read"
    )
    return list((found.settled() if settled else found).order_by("-edition", "-read_at", "-pk"))


def last(found: list[Batch] | None = None, *, waiting: bool = False) -> list[NewestRelease]:
    """Every kind, whether one was read or not. One query, or none with ``batches()`` at hand.

    With ``waiting`` one more counts the rows that nobody answered yet.
    """
    newest = {batch.kind: batch for batch in reversed(batches() if found is None else found)}
    rows = BatchRow.objects.unanswered().filter(batch__in=[batch.pk for batch in newest.values()]).order_by()
    number = dict(rows.values_list("batch").annotate(Count("pk"))) if waiting else {}
    files = []
    for kind, name in FROM_FDA.items():
        file = NewestRelease(kind, name)
        if read := newest.get(kind):
            day = timezone.localdate(read.read_at)
            file = NewestRelease(kind, name, read.pk, in_words(read.edition), day, number.get(read.pk, 0))
        files.append(file)
    return files


def title_of(kind: str, edition: str | None) -> str:
    """A file as people call it: Drugs@FDA, June 26, 2018."""
    name = file_kind(kind).name
    return f"{name}, {in_words(edition)}" if edition else name


def in_words(edition: str) -> str:
    """``2025-02`` and ``2018-06-26`` as readers write them; anything else as the file has it."""
    try:
        if len(edition) == 7:
            return date_format(datetime.date.fromisoformat(f"{edition}-01"), "F Y")
        return moments.day(datetime.date.fromisoformat(edition))
    except ValueError:
        return edition
