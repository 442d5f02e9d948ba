"""One polite question after the other to servers elsewhere.

Only https, only addresses that all the world can reach, and each connection goes to the very address that was checked.
What is known is not sent again, and what comes is read within limits of size and time. Whatever goes wrong is a
``Fault``, a sentence for staff. Who asks says in a ``Client`` of its own where it may go.
"""

import datetime
import email.utils
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3
from django.utils import timezone
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool
from urllib3 import exceptions as broken

from . import deadlines

MOST = 20 << 20  # bytes of an answer that are read
REDIRECTS = 3  # one after the other
MOVED = (301, 302, 303, 307, 308)
BLOCK = 1 << 16  # bytes read at once
TIMEOUT = urllib3.Timeout(connect=10, read=20)  # seconds without a byte
NO_TIME = datetime.timedelta()
FIRST_REST, LONGEST_REST = datetime.timedelta(hours=1), datetime.timedelta(days=1)
GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that IANA gave out; fec0::/10 and ::/96 are of the past
NAT64 = IPv6Network("64:ff9b::/96")


class Fault(Exception):  # noqa: N818 - it is an answer, not an error
    """Why there is no answer, as a sentence. With ``rest`` it is the host that failed: leave it alone that long."""

    def __init__(self, words: str, rest: datetime.timedelta | None = None) -> None:
        super().__init__(words)
        self.rest = rest


class Answer(NamedTuple):
    """``status`` is 200 with a content, 304 where nothing is new, 404 where there is nothing."""

    status: int
    content: bytes = b""
    etag: str = ""
    last_modified: str = ""


class Client:
    """Asks one question at a time, with a pause before each."""

    server = "The server"  # as faults call it
    most = MOST

    def __init__(self, who: str, *, pause: float = 1, seconds: float = 120) -> None:
        self.pause, self.seconds = pause, seconds
        self.headers = {"User-Agent": who, "Accept-Encoding": "gzip"}
        self.asked_at = -pause

    def checked(self, address: str) -> SplitResult:
        """The parts of an address that we may ask. Raises Fault for any other."""
        try:
            parts = urlsplit(address)
            is_plain = parts.scheme == "https" and parts.hostname == parts.netloc.lower() and "." in parts.netloc
        except ValueError:
            is_plain = False
        if not is_plain:
            raise Fault(f"The address {short(address)} isn’t a public https address, so we didn’t go there.")
        return parts

    def moved(self, address: str, location: str) -> str:
        """Where a redirect leads. It is checked like any other address."""
        try:
            return urljoin(address, location)
        except ValueError:
            raise Fault(f"{self.server} sent us to {short(location)}, which is no address.") from None

    def get(self, address: str, etag: str = "", last_modified: str = "") -> Answer:
        """What is at an address, unless it is what these marks of an earlier answer tell. Raises Fault."""
        until = time.monotonic() + self.seconds
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        asks = {name: value for name, value in known.items() if value}
        for _ in range(1 + REDIRECTS):
            parts = self.checked(address)
            try:
                with self._response(parts, asks, until) as response:
                    if response.status not in MOVED:
                        return self._answer(response, is_conditional=bool(asks))
                    address = self.moved(address, response.headers.get("Location", ""))
            except deadlines.TooSlow:
                raise Fault("The answer came so slowly that we stopped reading.", NO_TIME) from None
            except broken.HTTPError as error:
                raise _fault(error, str(parts.hostname)) from None
        raise Fault(f"{self.server} sent us from one address to the next without end.")

    def pool(self, host: str, ip: str) -> HTTPConnectionPool:
        """The way to one address of a host, which must show the certificate of that host."""
        return HTTPSConnectionPool(ip, 443, server_hostname=host, assert_hostname=host, cert_reqs="CERT_REQUIRED")

    @contextmanager
    def _response(self, parts: SplitResult, asks: dict[str, str], until: float) -> Iterator[BaseHTTPResponse]:
        host, target = str(parts.hostname), parts._replace(scheme="", netloc="", fragment="").geturl()
        ip = public_address(host)
        time.sleep(max(0, self.asked_at + self.pause - time.monotonic()))
        self.asked_at = time.monotonic()
        sent = self.headers | asks | {"Host": host}
        with self.pool(host, ip) as pool:
            pool.ConnectionCls = deadlines.until(until, pool.ConnectionCls)
            response = pool.urlopen(
                "GET",
                target or "/",
                headers=sent,
                retries=False,
                redirect=False,
                timeout=TIMEOUT,
                preload_content=False,
            )
            try:
                yield response
            finally:
                response.close()

    def _answer(self, response: BaseHTTPResponse, *, is_conditional: bool) -> Answer:
        status, headers = response.status, response.headers
        if status == 404 or (status == 304 and is_conditional):
            return Answer(status)
        if status != 200:
            raise self.refused(status, headers.get("Retry-After", ""))
        length = headers.get("Content-Length", "")
        if length.isdecimal() and int(length) > self.most:
            raise Fault(f"The answer has {int(length) >> 20:,} MB, more than the {self.most >> 20} MB that we read.")
        content = b"".join(self._blocks(response))
        return Answer(status, content, headers.get("ETag", ""), headers.get("Last-Modified", ""))

    def _blocks(self, response: BaseHTTPResponse) -> Iterator[bytes]:
        """The content as it comes, unpacked, and no more of it than we read."""
        size = 0
        while block := response.read1(BLOCK, decode_content=True):
            size += len(block)
            if size > self.most:
                raise Fault(f"The answer has more than the {self.most >> 20} MB that we read.")
            yield block

    def refused(self, status: int, retry_after: str) -> Fault:
        """What another status than 200 means."""
        if status == 429:
            return Fault(f"{self.server} asked us to come back later (429).", asked_to_wait(retry_after))
        if status >= 500:
            return Fault(f"{self.server} has a problem of its own ({status}).", asked_to_wait(retry_after))
        if status in (401, 403):
            return Fault(f"{self.server} refused to answer us ({status}).", NO_TIME)
        return Fault(f"{self.server} gave an answer that we don’t know ({status}).")


def short(address: str) -> str:
    """An address as it may be shown to staff: in part, and with every character that could play tricks written out."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in address[:150]) + "…" * (len(address) > 150)


def looked_up(host: str) -> list[str]:
    """The network addresses of a host, the best first."""
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def public_address(host: str) -> str:
    """The first address of a host. Raises Fault where any of them is inside a network: the name was turned around."""
    try:
        found = looked_up(host)
    except OSError:
        raise Fault(f"The name {host} could not be looked up.", NO_TIME) from None
    for written in found:
        if not _is_public(ip_address(written)):
            raise Fault(f"The name {host} leads to {written}, which isn’t a public address.", NO_TIME)
    return found[0]


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Whether an address is of the public internet, also the one of version 4 that it may stand for."""
    if isinstance(ip, IPv6Address):
        if inner := ip.ipv4_mapped or ip.sixtofour or _translated(ip):
            return _is_public(inner)
        return ip in GLOBAL_UNICAST and ip.is_global
    return ip.is_global and not ip.is_multicast


def _translated(ip: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None


def rest_after(failures: int) -> datetime.timedelta:
    """For how long an address is left alone that failed so many times in a row: longer each time, a day at most."""
    return min(FIRST_REST * 2 ** min(failures - 1, 10), LONGEST_REST)


def asked_to_wait(retry_after: str) -> datetime.timedelta:
    """For how long a server asks us to wait, in seconds or until a date; a day at most."""
    try:
        if retry_after.isdecimal():
            wait = datetime.timedelta(seconds=int(retry_after[:9]))
        else:
            wait = email.utils.parsedate_to_datetime(retry_after) - timezone.now()
    except (TypeError, ValueError):
        return NO_TIME
    return min(max(wait, NO_TIME), LONGEST_REST)


def _fault(error: broken.HTTPError, host: str) -> Fault:
    match error:
        case broken.SSLError():
            return Fault(f"The server could not prove that it is {host}.", NO_TIME)
        case broken.ConnectTimeoutError() | broken.NewConnectionError():
            return Fault(f"There was no connection to {host}.", NO_TIME)
        case broken.ReadTimeoutError():
            return Fault(f"{host} stopped answering.", NO_TIME)
        case broken.DecodeError():
            return Fault("The answer could not be unpacked.")
        case broken.ProtocolError():
            return Fault("The answer broke off before its end.")
    return Fault(f"The answer could not be read ({type(error).__name__}).")
