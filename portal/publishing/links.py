"""Where a link may lead: to a page of this site, or out of it by https, mail or telephone.

Anything else is refused, with a sentence, in a form, and dropped on every other road into the
database. Browsers ignore tabs, line ends and backslashes in addresses, so none may stand in one.
What may stand in a draft is looked at once more before it is reviewed: ``destinations`` says why.
"""

import re
from collections.abc import Container
from ipaddress import ip_address
from typing import Any
from unicodedata import normalize
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from lxml import etree

_HOST = r"(?![^/?#]*@)[^/?#]+"  # what stands before an @ would pass for the host
ANY = re.compile(rf"https://{_HOST}.*|mailto:[^@]+@[^@]+|tel:\+?[\d().-]+|/(?!/).*", re.I)
WEB = re.compile(rf"https?://{_HOST}.*", re.I)


def allowed(address: str, pattern: re.Pattern = ANY) -> bool:
    """Whether readers may be led to an address. No spaces, no invisible characters."""
    plain = address.isprintable() and " " not in address and "\\" not in address
    return plain and bool(pattern.fullmatch(address)) and _parts(address) is not None


def _parts(address: str) -> SplitResult | None:
    """An address taken apart; None where that is impossible, as in “https://[::1”."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # read, and judged, only when it is asked for
    except ValueError:
        return None
    return parts


class AddressField(models.CharField):
    """An address that readers may follow."""

    pattern = ANY
    advice = "Begin it with https:// (or mailto: or tel:), or with / for a page on this site."

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        self.refuse(value)

    def refuse(self, address: str) -> None:
        """Refuse, with a sentence, an address that readers cannot follow."""
        if address and not allowed(address, self.pattern):
            raise ValidationError(f"“{address}” isn’t a link that readers can open. {self.advice}")

    def sanitised(self, address: str) -> str:
        return address if allowed(address, self.pattern) else ""

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(self.sanitised(value) if isinstance(value, str) else value, connection)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class WebAddressField(AddressField):
    """The address of a source. Old records of government bodies may still stand at http."""

    pattern = WEB
    advice = "Begin it with https:// or http://."


def found(html: str) -> list[tuple[str, str]]:
    """The words and the address of every link in a rich text, as it was typed."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    links = etree.fromstring(f"<div>{html}</div>".encode("utf-8", "replace"), parser).iter("a")
    return [("".join(link.itertext()).strip(), link.get("href")) for link in links if "href" in link.attrib]


def validate_links(html: str) -> None:
    """Refuse a rich text whose links lead where none may, and name them."""
    said = [
        f"The link “{words or address}” leads to “{address}”." if address else f"The link “{words}” has no address."
        for words, address in found(html)
        if not allowed(address)
    ]
    if said:
        raise ValidationError([f"{sentence} {AddressField.advice}" for sentence in said])


# Before a review -------------------------------------------------------------------------

#: Where pages of this site begin that are not for readers.
CLOSED = ("/admin/", "/desk/", "/account/", "/review/")
#: Ends of names that mean something inside one network only.
LOCAL = {"local", "localhost", "localdomain", "internal", "intranet", "lan", "corp", "home"}


def host_of(address: str) -> str:
    """The host of an address as a browser asks for it; empty where the address has none."""
    parts = _parts(address)
    return normalize("NFKC", unquote((parts and parts.hostname) or "")).rstrip(".").lower()


def is_private(address: str) -> bool:
    """Whether an address leads into one network, or back to the reader's own device."""
    host = host_of(address)
    if not host or not address.lower().startswith("http"):
        return False
    try:
        return not ip_address(host).is_global
    except ValueError:
        last = host.rpartition(".")[2]
        # A last part in digits makes a browser read numbers in ways of its own: 127.1 is 127.0.0.1.
        return "." not in host or last in LOCAL or bool(re.fullmatch(r"\d+|0x[0-9a-f]*", last))


#: A link by its host, up to its end; and what stands at the end of one to another site: a sign, and the same in words.
LINK = re.compile(r'(<a [^<>]*?href="https?://([^"/?#<>]*)[^<>]*>.*?)</a>', re.S)
# The space stands before the hidden words: Chromium drops one at their start, and would say “donation(opens”.
SIGN = '<span class="away">\u00a0<span class="visually-hidden">(opens another site)</span></span>'


def signposted(html: str, host: str) -> str:
    """HTML of ours in which each link says whether it leaves this site."""
    return LINK.sub(lambda link: link[0] if link[2] == host else f"{link[1]}{SIGN}</a>", html)


def path_here(address: str, hosts: Container[str]) -> str | None:
    """The path of an address on this site, which has these hosts; None for an address elsewhere."""
    parts = _parts(address)
    if not parts or not (address.startswith("/") or parts.hostname in hosts):
        return None
    return unquote(parts.path) or "/"
