"""Finished responses as bytes: each plain, as gzip and as brotli, made once."""

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import brotli

Headers = list[tuple[str, str]]
#: Below this many bytes a packed body saves nothing.
WORTH_PACKING = 200
#: Types that pack well; pictures are packed already.
TEXT = (
    "text/",
    *(f"application/{kind}" for kind in ("json", "feed+json", "xml", "atom+xml", "rss+xml", "manifest+json")),
)
#: What the answer sets anew, whatever the page had.
OURS = {"content-length", "etag", "vary", "cache-control", "content-encoding"}
#: What a 304 repeats (RFC 9110, 15.4.5), and who answers. All else stands with the copy that the browser has.
REPEATED = {"etag", "vary", "cache-control", "content-location", "server"}
#: The body of a 304. Callers recognize such an answer by this very object.
NOT_MODIFIED: list[bytes] = []


@dataclass(slots=True)
class ReadyPage:
    """``version`` is of the content; ``until`` is the moment when time changes the page, in seconds since 1970."""

    version: int
    until: float
    made: float
    headers: Headers
    etag: str
    #: By the name of the encoding; "" is the plain body.
    bodies: dict[str, bytes]
    #: Whether somebody asked for it since memory last looked for room.
    asked_for: bool = True

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values())) + 500

    def holds(self, version: int, now: float) -> bool:
        """What was made in the future is of another day: the clock went ahead for a while, and was put right."""
        return self.version == version and self.made <= now < self.until


class FinishedAnswer(NamedTuple):
    """What a server sends: to whoever asks for the page in one encoding, and to whoever has it already."""

    page: ReadyPage
    headers: Headers
    body: list[bytes]
    etag: str
    unchanged: Headers

    def send(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        if (named := environ.get("HTTP_IF_NONE_MATCH")) and _has_it(named, self.etag):
            start("304 Not Modified", self.unchanged)
            return NOT_MODIFIED
        start("200 OK", self.headers)
        return self.body


def ready_page(version: int, until: float, made: float, headers: Headers, body: bytes) -> ReadyPage:
    told = {name.lower(): value for name, value in headers}
    bodies = {"": body}
    if _packs_well(body, told.get("content-type", "")):
        bodies["gzip"] = gzip.compress(body, 6, mtime=0)
        bodies["br"] = brotli.compress(body, quality=5)
    kept = [(name, value) for name, value in headers if name.lower() not in OURS]
    varies = sorted({"Accept-Encoding", *filter(None, (one.strip() for one in told.get("vary", "").split(",")))})
    kept += [
        ("Vary", ", ".join(varies)),
        ("Cache-Control", told.get("cache-control", "public, max-age=0, must-revalidate")),
    ]
    # A header that changes is a change of the page: a 304 would leave the browser with the old one.
    etag = hashlib.sha256(repr(sorted(kept)).encode() + body).hexdigest()[:20]
    return ReadyPage(version, until, made, kept, etag, bodies)


def answer_of(page: ReadyPage, environ: dict[str, Any]) -> FinishedAnswer:
    """The answer to a request for a page, in the encoding that it accepts; to HEAD without a body."""
    encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""), page.bodies)
    etag = f'"{page.etag}{encoding and f"-{encoding}"}"'
    headers = [*page.headers, ("ETag", etag)]
    unchanged = [one for one in headers if one[0].lower() in REPEATED]
    body = page.bodies[encoding]
    if encoding:
        headers.append(("Content-Encoding", encoding))
    headers.append(("Content-Length", str(len(body))))
    return FinishedAnswer(page, headers, [] if environ["REQUEST_METHOD"] == "HEAD" else [body], etag, unchanged)


def packed_for(accepted: str, headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """A response that nobody keeps, as gzip where that is accepted."""
    told = {name.lower(): value for name, value in headers}
    packs = _packs_well(body, told.get("content-type", "")) and "content-encoding" not in told
    if not packs or encoding_for(accepted, ("gzip",)) != "gzip":
        return headers, body
    packed = gzip.compress(body, 6, mtime=0)
    kept = [one for one in headers if one[0].lower() not in ("content-length", "etag")]
    return [*kept, ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))], packed


def _packs_well(body: bytes, kind: str) -> bool:
    return len(body) >= WORTH_PACKING and kind.startswith(TEXT)


def encoding_for(accepted: str, bodies: Iterable[str]) -> str:
    """The smallest of the encodings that a browser names; one with ``q=0`` is refused by it."""
    if not accepted:
        return ""
    named = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        named[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ("br", "gzip") if named.get(name) and name in bodies), "")


def _has_it(named: str, etag: str) -> bool:
    # A browser names the one that it got. Taking a list apart costs a third of such an answer.
    return named == etag or named.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in named.split(","))
