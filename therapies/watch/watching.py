"""One turn of the watch: every source is asked, and what changed becomes a batch for people.

What is known of an address changes only together with the batch that tells of it. A fault changes nothing of that, is
told in words, and makes the next look wait, longer each time.
"""

import datetime
import hashlib
import io
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from portal.publishing.fetching import Answer, Fault, rest_after

from ..compare.comparison import compare
from ..compare.ours import OurRecords, read_our_records
from ..desk import actions
from ..fda import recognise
from ..fda.records import UNFORESEEN, FileRefused, cut
from ..models import WatchedFile, WatchTurn
from . import stated
from .fda_client import FdaClient, turned_away
from .sources import WATCHED, WatchedSource
from .stated import Stated

EVERY = datetime.timedelta(days=1)
#: Without a sign of life for this long, the process of a turn is gone.
GONE = datetime.timedelta(minutes=15)
LOT = recognise.UPLOAD // 2  # bytes of answers that become one batch
SORRY = 4_000  # bytes at the head of a page in which FDA says it is sorry


class ChangedAnswer(NamedTuple):
    """An answer that states something else than the last one of its address."""

    file: WatchedFile
    answer: Answer
    stated: Stated


def is_due() -> bool:
    """Whether some address was not looked at for a day, and may be asked now."""
    files = WatchedFile.objects.all()
    late = Q(checked_at=None) | Q(checked_at__lte=timezone.now() - EVERY)
    return files.askable().filter(late).exists() or not files.exists()


def watch_when_due() -> Iterator[str]:
    """What the clock calls. Does nothing unless the watch is on."""
    if settings.FDA_WATCH_CONTACT and is_due():
        yield from watch(FdaClient(settings.FDA_WATCH_CONTACT))


def watch(client: FdaClient) -> Iterator[str]:
    """Ask every source once, and tell what came of it, a line each."""
    turn = _begin()
    if turn is None:
        yield "Another process is asking FDA right now, so this one left it at that."
        return
    try:
        looking = Looking(client, turn)
        for source in WATCHED:
            yield from looking.at(source)
    finally:
        turn.ended_at = timezone.now()
        turn.is_under_way = None
        turn.save()


def _begin() -> WatchTurn | None:
    """A new turn; None while another one is under way."""
    now = timezone.now()
    WatchTurn.objects.filter(is_under_way=True, alive_at__lt=now - GONE).update(is_under_way=None)
    try:
        with transaction.atomic():
            return WatchTurn.objects.create()
    except IntegrityError:
        return None


class Looking:
    def __init__(self, client: FdaClient, turn: WatchTurn) -> None:
        self.client, self.turn = client, turn
        self.resting: set[str] = set()  # hosts that failed in this turn
        self.today = timezone.localdate()
        self.ours = read_our_records()
        self.applications = applications(self.ours)

    def at(self, source: WatchedSource) -> Iterator[str]:
        """Ask each address of a source that may be asked now."""
        changes: list[ChangedAnswer] = []
        asked = 0
        for file in self._files(source):
            if host_of(file) in self.resting or not WatchedFile.objects.askable().filter(pk=file.pk).exists():
                continue
            asked += 1
            self._is_alive()
            try:
                changes += self._ask(source, file)
            except (Fault, FileRefused, *UNFORESEEN) as fault:
                yield self._failed(file, fault)
        yield f"{source.name}: {asked} asked, {len(changes)} changed."
        for lot in lots(changes, joins=source.joins):
            try:
                yield self._keep(source, lot)
            except (FileRefused, *UNFORESEEN) as error:
                for change in lot:
                    yield self._failed(change.file, error)

    def _files(self, source: WatchedSource) -> list[WatchedFile]:
        """The addresses of a source as they are now. What is no longer one is forgotten."""
        wanted = source.addresses(self.today, self.applications)
        files = WatchedFile.objects.filter(kind=source.kind)
        files.exclude(address__in=wanted).delete()
        known = set(files.values_list("address", flat=True))
        new = [WatchedFile(kind=source.kind, address=address) for address in wanted if address not in known]
        WatchedFile.objects.bulk_create(new)
        return list(files.in_turn())

    def _is_alive(self) -> None:
        self.turn.asked += 1
        self.turn.alive_at = timezone.now()
        self.turn.save()

    def _ask(self, source: WatchedSource, file: WatchedFile) -> list[ChangedAnswer]:
        """The change, if there is one. Raises Fault or FileRefused."""
        known = (file.etag, file.last_modified) if file.digest else ("", "")
        answer = self.client.get(file.address, *known)
        is_page = answer.content.lstrip()[:1] == b"<"
        if answer.status == 404 or (is_page and source.has_page_for_nothing):
            if file.digest or not source.may_lack:
                raise Fault(
                    "There is nothing at this address any more." if file.digest else "There is no page at this address."
                )
            self._checked(file)
            return []
        if is_page and b"apology" in answer.content[:SORRY].lower():
            raise turned_away()
        if answer.status == 304:
            self._checked(file)
            return []
        try:
            found = stated.read(answer.content, source.kind, self.today)
        except UNFORESEEN as error:
            raise FileRefused(
                f"The answer can’t be read, for a reason we didn’t expect ({type(error).__name__})."
            ) from error
        if found.digest != file.digest:
            return [ChangedAnswer(file, answer, found)]
        self._checked(file, answer, found)
        return []

    def _checked(self, file: WatchedFile, answer: Answer | None = None, found: Stated | None = None) -> None:
        """Remember that nothing stands between us and what is there now."""
        now = timezone.now()
        file.asked_at = file.checked_at = now
        file.not_before, file.failures, file.trouble = None, 0, ""
        if answer and found:
            marks = (answer.etag, answer.last_modified)
            file.etag, file.last_modified = (mark if len(mark) <= file.LONGEST_MARK else "" for mark in marks)
            file.digest, file.edition = found.digest, found.edition[:30]
        file.save()

    def _keep(self, source: WatchedSource, lot: list[ChangedAnswer]) -> str:
        """Make a batch of answers that changed, and remember them, or neither."""
        content = stated.together([change.answer.content for change in lot])
        address = lot[0].file.address if len(lot) == 1 else ""
        name = address or f"{len(lot)} answers from {host_of(lot[0].file)}"
        where = address or lot[0].file.address.partition("?")[0]  # what several have in common
        upload = actions.Upload(name[:200], len(content), hashlib.sha256(content).hexdigest(), where)
        result = compare(recognise.open_file(io.BytesIO(content), self.today), self.ours)
        result.refuse_empty()
        with transaction.atomic():
            batch, is_new = actions.keep_news(result, upload, no_news=source.no_news)
            for change in lot:
                change.file.changed_at = timezone.now()
                change.file.batch = batch if is_new else change.file.batch
                self._checked(*change)
        self.turn.changed += len(lot)
        return f"{source.name}: {'new batch' if is_new else 'nothing to answer in'} {name}."

    def _failed(self, file: WatchedFile, fault: Exception) -> str:
        """Tell what went wrong, and let the address rest; its host, too, if that is what failed."""
        now, failures = timezone.now(), file.failures + 1
        rest = rest_after(failures)
        if isinstance(fault, Fault) and fault.rest is not None:
            rest = max(rest, fault.rest)
            self.resting.add(host_of(file))
            same_host = WatchedFile.objects.filter(address__startswith=f"https://{host_of(file)}/")
            same_host.filter(Q(not_before=None) | Q(not_before__lt=now + rest)).update(not_before=now + rest)
        words = cut(str(fault), 390) if isinstance(fault, (Fault, FileRefused)) else "It could not be compared."
        told = {"failures": F("failures") + 1, "trouble": words, "asked_at": now, "not_before": now + rest}
        WatchedFile.objects.filter(pk=file.pk).update(**told)
        self.turn.failed += 1
        return f"{file.address}: {words}"


def applications(ours: OurRecords) -> list[str]:
    """The number of every application of ours, forms included."""
    return sorted({str(number) for number in (*ours.by_application, *ours.by_form)})


def lots(changes: list[ChangedAnswer], *, joins: bool) -> list[list[ChangedAnswer]]:
    """Changes that become one batch each: one alone, or several of openFDA that fit into one file."""
    found: list[list[ChangedAnswer]] = []
    size = 0
    for change in changes:
        size += len(change.answer.content)
        if not found or not joins or size > LOT:
            found.append([])
            size = len(change.answer.content)
        found[-1].append(change)
    return found


def host_of(file: WatchedFile) -> str:
    return urlsplit(file.address).hostname or ""
