"""What a request asks for, and whether a finished page may answer it.

Only what names a page counts: its path, and those parameters of the query that rooms declare, in one order. All else
that a browser or a crawler sends reaches neither the page nor the memory. A page is the same for every host of ours,
and Django takes any port with one: kept by host, a page would take memory and a render for each that is made up.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from portal.pages.files import is_file
from portal.publishing import rooms

#: What of a request Django gets to see when it makes a page, beside the address. None of it is of the person who asks.
REQUEST_FIELDS = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SCRIPT_NAME", "HTTP_HOST")
#: What names the client, passed on only where requests are counted. No cached answer depends on it.
CLIENT_FIELDS = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR")
LONGEST_QUERY = 2000
#: Characters. No address of ours is as long.
LONGEST_PATH = 1000
#: Where pages are of one person.
OF_ONE_PERSON = ("/admin/", "/desk/", "/account/", "/review/")


class PageAsked(NamedTuple):
    """A page that may be answered from memory; it is its own key."""

    secure: bool
    path: str
    query: str

    @property
    def is_of_a_program(self) -> bool:
        return is_for_programs(self.path)

    @property
    def is_apart(self) -> bool:
        """Whether it has a memory of its own, since anybody can make up any number of such addresses."""
        return bool(self.query) or self.is_of_a_program

    def environ(self, environ: Mapping[str, Any]) -> dict[str, Any]:
        """A request for this page by nobody in particular."""
        kept = (*REQUEST_FIELDS, *CLIENT_FIELDS) if self.is_of_a_program else REQUEST_FIELDS
        bare = {name: value for name, value in environ.items() if name.startswith("wsgi.") or name in kept}
        if proxied := settings.SECURE_PROXY_SSL_HEADER:
            bare[proxied[0]] = environ.get(proxied[0], "")
        return bare | {"REQUEST_METHOD": "GET", "PATH_INFO": self.path, "QUERY_STRING": self.query}


def page_asked(environ: Mapping[str, Any]) -> PageAsked | None:
    """The page that a request asks for; None if Django must see the request itself."""
    path = environ.get("PATH_INFO", "")
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or path.startswith(OF_ONE_PERSON) or is_file(path):
        return None
    if is_streamed(path) or (is_for_programs(path) and not _takes_json(environ)):
        return None
    if _may_be_signed_in(environ):
        return None
    host = environ.get("HTTP_HOST", "")
    allowed = settings.ALLOWED_HOSTS or [".localhost", "127.0.0.1", "[::1]"]
    if not validate_host(split_domain_port(host)[0], allowed):
        return None
    query = environ.get("QUERY_STRING", "")
    if query and (query := _declared_query(path, query)) is None:
        return None
    return PageAsked(_is_secure(environ), path, query)


def is_streamed(path: str) -> bool:
    """Whether the answer may be of any size, and is sent while it is made."""
    return path.startswith(rooms.streamed())


def is_for_programs(path: str) -> bool:
    return path.startswith(rooms.for_programs())


def _takes_json(environ: Mapping[str, Any]) -> bool:
    """Whether the client plainly accepts JSON. Django answers whoever is less clear."""
    accepted = environ.get("HTTP_ACCEPT", "*/*")
    return ("application/json" in accepted or "*/*" in accepted) and "q=0" not in accepted


def may_be_made_up(asked: PageAsked) -> bool:
    """Whether such an address can be thought up without end: one with a query, or of nothing that a view answers."""
    return asked.is_apart or view_of(asked.path) is None


def has_no_end(environ: Mapping[str, Any]) -> bool:
    """Whether what no finished page answers can be asked for without end, by anybody: at an address of nothing; or at
    one of all readers, where Django renders anew for whoever names a session, or sends a form or a long query. Pages of
    one person are not: they have a line of their own (``doors.py``).
    """
    path = environ.get("PATH_INFO", "")
    return not is_file(path) and (view_of(path) is None or not path.startswith(OF_ONE_PERSON))


def view_of(path: str) -> str | None:
    """The name of the view that answers at an address; None where there is none."""
    return _view_of(path) if len(path) <= LONGEST_PATH else None  # or memory would fill with what somebody made up


@lru_cache(maxsize=2048)
def _view_of(path: str) -> str | None:
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def _may_be_signed_in(environ: Mapping[str, Any]) -> bool:
    """Whether the request carries anything that could name a person."""
    cookies = environ.get("HTTP_COOKIE", "")
    return f"{settings.SESSION_COOKIE_NAME}=" in cookies or "messages=" in cookies or "HTTP_AUTHORIZATION" in environ


def _is_secure(environ: Mapping[str, Any]) -> bool:
    if proxied := settings.SECURE_PROXY_SSL_HEADER:
        name, value = proxied
        return environ.get(name, "").split(",")[0].strip() == value
    return environ.get("wsgi.url_scheme") == "https"


def _declared_query(path: str, query: str) -> str | None:
    """The query without what no room declared for this address, in the order of the declaration; for programs, all of
    it, sorted. None where it is too long or malformed, or no view answers at the path.
    """
    if len(query) > LONGEST_QUERY:
        return None
    try:
        sent = parse_qsl(_as_text(query), keep_blank_values=True, max_num_fields=50)
        if is_for_programs(path):
            return urlencode(sorted(sent))
    except ValueError:
        return None
    view = view_of(path)
    if view is None:
        return None
    known = rooms.parameters().get(view, ())
    return urlencode([(name, value) for name in known for key, value in sent if key == name])


def _as_text(query: str) -> str:
    """A query as Django reads it: where somebody sent letters as they are, a server tells each byte as a character."""
    sent = query.encode("latin-1")
    try:
        return sent.decode()
    except UnicodeDecodeError:
        return query
