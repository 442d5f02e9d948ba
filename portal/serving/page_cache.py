"""Finished pages in front of Django. A page is rendered once per version of the content, however many ask at once.

The version is read before a page is rendered and kept with it, so what was rendered while somebody published is
rendered again. Old pages stay in memory until a newer one takes their place: if the database is away, the last good
copy is shown, marked.
"""

import datetime
import io
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html

from portal.pages import bodies
from portal.pages.files import is_file
from portal.publishing import moments
from portal.publishing.kept import ASKED

from .allowances import Allowances, counted_client
from .asked import PageAsked, has_no_end, is_streamed, may_be_made_up, page_asked
from .counting import tally
from .doors import Doors
from .observing import KIND
from .ready import FinishedAnswer, Headers, ReadyPage, answer_of, packed_for, ready_page
from .rendering import Application, HeldAnswer, Limits, Rendered, Slots, TooBusy, rendered, too_busy
from .sessions import is_signed_in, session_named
from .versions import Version, VersionUnknown

#: The parts of a request that decide its answer, where it has no cookie.
DECIDING_FIELDS = (
    "REQUEST_METHOD",
    "HTTP_HOST",
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT_ENCODING",
    "wsgi.url_scheme",
    "HTTP_X_FORWARDED_PROTO",
)
MOST_ANSWERS = 4000
#: Characters of all these; browsers send some two hundred. Longer requests are parsed each time and not remembered.
LONGEST_FIELDS = 1000
MAIN = re.compile(rb"<main\b[^>]*>")
#: Pages that nobody asked for yet; addresses that a crawler can make up without end; and what is of one person. A
#: server has threads for all of them and some more.
PAGES = Limits(2, waiting=24, seconds=4)
MADE_UP = Limits(1, waiting=5, seconds=4, lingering=110)
OTHERS = Limits(4, waiting=18, seconds=20)
#: What is sent while it is made, to readers of any speed.
STREAMS = Limits(3, waiting=2, seconds=4)
#: Bodies that come as slowly as their senders like. Nothing is made meanwhile.
BODIES = Limits(6, waiting=4, seconds=2)


class Memory:
    """Finished pages, bounded in bytes. To make room, pages go first that nobody asked for since room was last made."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._pages: OrderedDict[PageAsked, ReadyPage] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, asked: PageAsked) -> ReadyPage | None:
        return self._pages.get(asked)

    def put(self, asked: PageAsked, page: ReadyPage) -> bool:
        """Keep a page. Answers whether others had to go."""
        with self._lock:
            if former := self._pages.pop(asked, None):
                self.size -= former.size
            self._pages[asked] = page
            self.size += page.size
            had_room = self.size <= self.limit
            while self.size > self.limit:
                oldest, candidate = self._pages.popitem(last=False)
                if candidate.asked_for and candidate.size <= self.limit:
                    candidate.asked_for = False
                    self._pages[oldest] = candidate
                else:
                    self.size -= candidate.size
            return not had_room

    def __len__(self) -> int:
        return len(self._pages)


class _Flight:
    """A page that somebody renders while others wait for it."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.found: ReadyPage | Rendered | None = None


class PageCache:
    """A WSGI program around Django's."""

    WAIT = 20.0  # seconds that somebody waits at most for a page that another renders

    def __init__(
        self,
        application: Application,
        version: Version,
        *,
        megabytes: float = 64,
        pages: Limits = PAGES,
        made_up: Limits = MADE_UP,
        others: Limits = OTHERS,
        streams: Limits = STREAMS,
        received: Limits = BODIES,
    ) -> None:
        self.application = application
        self.version = version
        #: Pages as they are, and those that a query asks for, of which a crawler can think up any number.
        self.memories = {False: Memory(int(megabytes * 750_000)), True: Memory(int(megabytes * 250_000))}
        self.pages, self.made_up, self.others = Slots(pages), Slots(made_up), Slots(others)
        self.streams, self.received = Slots(streams), Slots(received)
        self.allowances = Allowances(settings.MADE_UP_PERCENT)
        self.doors = Doors(settings.MADE_UP_PERCENT, self.made_up)
        self._flights: dict[tuple[PageAsked, int], _Flight] = {}
        self._lock = threading.Lock()
        #: Answers by the deciding fields of earlier requests, so that an equal request need not be parsed again.
        self._answers: dict[tuple[Any, ...], FinishedAnswer] = {}
        #: What their pages are of. Answers of before would keep old pages in memory, beside the new ones and unbounded.
        self._answers_of: tuple[int, float] = 0, 0

    def ready(self, environ: dict[str, Any]) -> FinishedAnswer | None:
        """The answer that an equal request got before, if nothing has changed since."""
        if environ.get("HTTP_COOKIE") or "HTTP_AUTHORIZATION" in environ:
            return None
        known = self._answers.get((*map(environ.get, DECIDING_FIELDS),))
        if known is None:
            return None
        try:
            if known.page.holds(self.version.now(), time.time()):
                known.page.asked_for = True
                return known
        except VersionUnknown:
            pass
        return None

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        environ[KIND] = "hit"
        if known := self.ready(environ):
            return known.send(environ, start)
        asked = page_asked(environ)
        if asked is None:
            return self._pass_by(environ, start)
        page = self.memories[asked.is_apart].get(asked)
        try:
            version = self.version.now()
        except VersionUnknown:
            return _last_copy(page, environ, start) if page else self._pass_by(environ, start)
        if not (page and page.holds(version, time.time())):
            environ[KIND] = "render"
            try:
                found = self._fetched(asked, version, environ)
            except TooBusy:
                environ[KIND] = "busy"
                return too_busy(environ, start)
            if isinstance(found, Rendered):
                return _send_uncached(found, environ, start, page)
            page = found
        page.asked_for = True
        answer = answer_of(page, environ)
        is_plain = environ.get("QUERY_STRING", "") == asked.query  # others have no end
        if is_plain and not environ.get("HTTP_COOKIE") and not asked.is_of_a_program:  # whose Accept counts each time
            self._remember((*map(environ.get, DECIDING_FIELDS),), answer)
        return answer.send(environ, start)

    def _remember(self, fields: tuple[Any, ...], answer: FinishedAnswer) -> None:
        if sum(len(value or "") for value in fields) > LONGEST_FIELDS:
            return
        of = answer.page.version, answer.page.until
        if of != self._answers_of or len(self._answers) >= MOST_ANSWERS:
            self._answers.clear()
            self._answers_of = of
        self._answers[fields] = answer

    def _pass_by(self, environ: dict[str, Any], start: Any) -> Any:
        """To Django itself: files, people who are signed in, forms that were sent."""
        environ[KIND] = "pass"
        try:
            self._receive(environ)
            if is_file(environ.get("PATH_INFO", "")):
                return self.application(environ, start)
            if is_streamed(environ.get("PATH_INFO", "")):
                return HeldAnswer.of(self.application, environ, start, self.streams)
            client = None if self._is_signed_in(environ) else counted_client(environ)
            with self._allowed(client, environ), self.others.one():
                return self.application(environ, start)
        except TooBusy:
            environ[KIND] = "busy"
            return too_busy(environ, start)

    def _is_signed_in(self, environ: dict[str, Any]) -> bool:
        """Whether it is somebody who works here, for whom no limit is meant: others behind the same address may have
        used it up. Raises TooBusy.
        """
        if not session_named(environ):
            return False
        try:
            self.version.now()
        except VersionUnknown:  # or whoever asks would wait for the database twice
            return False
        with self.others.one():
            return is_signed_in(environ)

    @contextmanager
    def _allowed(self, client: str | None, environ: dict[str, Any]) -> Iterator[None]:
        """Let a client in, and count what is done inside as its own. Raises TooBusy."""
        if has_no_end(environ):
            self._let_in(client)
            with self.allowances.of(client):
                yield
        else:
            with self.doors.passed(client):
                yield

    def _receive(self, environ: dict[str, Any]) -> None:
        """Have the whole body before anybody makes an answer: else those who send slowly would hold the places of
        people who are signed in, and at an address of a file any number of threads. Raises TooBusy.

        A larger one is refused unread, unless it comes from somebody who is signed in.
        """
        size = bodies.length(environ)
        if 0 < size <= bodies.OF_STRANGERS:
            with self.received.one():
                environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(size))

    def _fetched(self, asked: PageAsked, version: int, environ: dict[str, Any]) -> ReadyPage | Rendered:
        """Render the page, or wait for whoever does. Raises TooBusy."""
        key = asked, version
        client = counted_client(environ) if may_be_made_up(asked) else None
        flight, leads = self._joined(key, client)
        if not leads:
            if flight.done.wait(self.WAIT) and flight.found:
                return flight.found
            self._let_in(client)
        slots = self.made_up if may_be_made_up(asked) else self.pages
        try:
            with slots.one(), self.allowances.of(client):
                found = self._rendered(asked, version, environ)
            if leads and (isinstance(found, ReadyPage) or _failed(found)):
                flight.found = found  # or all who wait would fail one after the other
            return found
        finally:
            if leads:
                with self._lock:
                    del self._flights[key]
                flight.done.set()

    def _joined(self, key: tuple[PageAsked, int], client: str | None) -> tuple[_Flight, bool]:
        """The flight of a page, and whether this request leads it. A client whose allowance is used up leads none, or
        others would wait for what it is refused. Raises TooBusy.
        """
        while True:
            used_up = self.allowances.used_up(client)
            with self._lock:
                if flight := self._flights.get(key):
                    return flight, False
                if not used_up:
                    flight = self._flights[key] = _Flight()
                    return flight, True
            self._let_in(client)

    def _let_in(self, client: str | None) -> None:
        """Let a client whose allowance is used up stand until it has some more. Raises TooBusy."""
        if self.allowances.used_up(client):
            self.made_up.linger(lambda: self._got_some_more(client))

    def _got_some_more(self, client: str | None) -> bool:
        time.sleep(Slots.MOMENT)
        return not self.allowances.used_up(client)

    def _rendered(self, asked: PageAsked, version: int, environ: dict[str, Any]) -> ReadyPage | Rendered:
        made = time.time()
        until = _next_midnight().timestamp()
        begun = time.perf_counter()
        found = rendered(self.application, asked.environ(environ) | {ASKED: version})
        tally.render(time.perf_counter() - begun)
        if not _may_be_kept(found):
            return found
        ready = ready_page(version, until, made, found.headers, found.body)
        if self.memories[asked.is_apart].put(asked, ready):
            self._answers.clear()  # or they would keep in memory what had to go
        return ready


def _failed(found: Rendered) -> bool:
    return found.status.startswith("5")


def _may_be_kept(found: Rendered) -> bool:
    told = {name.lower(): value.lower() for name, value in found.headers}
    control = told.get("cache-control", "")
    return (
        found.status.startswith("200")
        and "set-cookie" not in told
        and not any(word in control for word in ("no-store", "private", "no-cache"))
    )


def _send_uncached(found: Rendered, environ: dict[str, Any], start: Any, former: ReadyPage | None) -> Any:
    """Send what Django answered without keeping it; where Django failed, the last good copy of the page instead."""
    if _failed(found) and former:
        return _last_copy(former, environ, start)
    headers, body = packed_for(environ.get("HTTP_ACCEPT_ENCODING", ""), found.headers, found.body)
    start(found.status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _last_copy(page: ReadyPage, environ: dict[str, Any], start: Any) -> Any:
    """A page as it was, which says so: something may have changed meanwhile."""
    environ[KIND] = "last copy"
    made = datetime.datetime.fromtimestamp(page.made, datetime.UTC)
    said = format_html(
        '<div class="wrap"><p class="notice" role="status"><span>This page is from {}. Right now we can’t check '
        "whether anything has changed since.</span></p></div>",
        moments.when(made),
    )
    body = MAIN.sub(lambda opened: opened[0] + said.encode(), page.bodies[""], count=1)
    headers = [(name, value) for name, value in page.headers if name != "Cache-Control"]
    late: Headers = [("Cache-Control", "no-store"), ("Warning", '110 - "Response is stale"')]
    copy = ReadyPage(page.version, page.until, page.made, [*headers, *late], f"{page.etag}-late", {"": body})
    return answer_of(copy, environ).send(environ, start)


def _next_midnight() -> datetime.datetime:
    """When the day of the site ends: pages tell of “today”, and links begin and end with a day."""
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(tomorrow, datetime.time()))
