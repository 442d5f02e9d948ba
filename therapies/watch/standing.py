"""How long ago each of FDA's sources was looked at, by the watch or by somebody who uploaded its file."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from ..compare.ages import edition_until
from ..desk.synchronised import in_words
from ..models import Batch, WatchedFile
from .sources import WATCHED, WatchedSource

LATE, LATE_BY_HAND = datetime.timedelta(days=3), datetime.timedelta(days=35)


class Standing(NamedTuple):
    """One source. Without ``looked_at`` nobody ever looked at all of it."""

    kind: str
    name: str
    looked_at: datetime.datetime | None
    changed_at: datetime.datetime | None
    edition: str
    number: int  # addresses that are watched
    faults: list[WatchedFile]
    unseen: int  # addresses that were never answered

    @property
    def is_late(self) -> bool:
        most = LATE if settings.FDA_WATCH_CONTACT else LATE_BY_HAND
        return self.looked_at is None or timezone.now() - self.looked_at > most

    @property
    def is_seen_in_part(self) -> bool:
        return self.looked_at is None and self.unseen < self.number

    @property
    def release(self) -> str:
        return in_words(self.edition)

    @property
    def looked_on(self) -> datetime.date | None:
        return timezone.localdate(self.looked_at) if self.looked_at else None


def standings(batches: Iterable[Batch]) -> list[Standing]:
    """Every watched source, beside ``batches`` of FDA's files that were not undone. One query."""
    files: dict[str, list[WatchedFile]] = defaultdict(list)
    for file in WatchedFile.objects.select_related("batch"):
        files[file.kind].append(file)
    read = list(batches)
    return [
        _standing(source, files[source.kind], [batch for batch in read if batch.kind == source.kind])
        for source in WATCHED
    ]


def _uploaded(source: WatchedSource, batch: Batch) -> datetime.datetime | None:
    """When the source was looked at by reading this file. An old release tells of no later day than its own."""
    if source.whole_from is None or batch.rows_read < source.whole_from:
        return None
    until = edition_until(batch.edition)
    if until is None or until >= timezone.localdate(batch.read_at):
        return batch.read_at
    return timezone.make_aware(datetime.datetime.combine(until, datetime.time(12)))


def _standing(source: WatchedSource, files: list[WatchedFile], batches: list[Batch]) -> Standing:
    uploads = [day for batch in batches if (day := _uploaded(source, batch))]
    checked = [file.checked_at for file in files if file.checked_at]
    found = [file for file in files if file.digest]
    # A source is as fresh as the address that was looked at longest ago, and one address that never answered leaves the
    # whole of it unseen. Where nothing is anywhere, it moved.
    looks = [min(checked)] if found and len(checked) == len(files) else []
    changed = max((file.changed_at for file in found if file.changed_at), default=None)
    edition = max((file.edition for file in found), default="")
    faults = [file for file in files if file.trouble]
    looked_at = max([*looks, *uploads], default=None)
    return Standing(
        source.kind, source.name, looked_at, changed, edition, len(files), faults, len(files) - len(checked)
    )
