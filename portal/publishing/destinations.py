"""Where the links of a text lead within this site: its pages by name, and the links that readers could not follow."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils.text import capfirst

from . import addresses, links
from .links import AddressField
from .models import Edition, Page
from .prose import ProseField

_lists: dict[str, str] = {}


class Place(NamedTuple):
    """A page that readers can open."""

    name: str
    kind: str
    address: str


def offer(lists: Mapping[str, str]) -> None:
    """Name pages of a room that are no editor's, such as its lists: ``{"All therapies": "therapies:index"}``."""
    _lists.update(lists)


def places() -> list[Place]:
    """Every page that a text may link to, by name. One query a kind."""
    found = [Place(name, "", reverse(view)) for name, view in _lists.items()]
    for kind in addresses.kinds():
        word = str(capfirst(kind._meta.verbose_name))
        pages: Any = addresses.whole(kind)
        found += [Place(_name(page), word, page.get_absolute_url()) for page in pages.published()]
    return sorted(found, key=lambda place: place.name.casefold())


def _name(page: Page) -> str:
    """What readers call a page: the line that its text begins with, or its name."""
    first = page.live._meta.get_field(page.live.TEXT[0])
    return getattr(page.live, first.name) if first.max_length is not None and not first.blank else str(page)


# Dead ends -------------------------------------------------------------------------------


def dead_ends(edition: Edition) -> list[str]:
    """The links of a text that readers could not follow, each in a sentence."""
    found = dict.fromkeys(link for name in edition.TEXT for link in _links(edition, name))
    site = _Site()
    return [f"“{words}” leads to {address}, {why}" for words, address in found if (why := _wrong(address, site))]


def _links(edition: Edition, name: str) -> list[tuple[str, str]]:
    """Words and addresses in a part of a text."""
    field, value = edition._meta.get_field(name), getattr(edition, name)
    if isinstance(field, AddressField):
        return [(str(capfirst(field.verbose_name)), value)] if value else []
    return links.found(value) if isinstance(field, ProseField) else []


def _wrong(address: str, site: "_Site") -> str:
    if links.is_private(address):
        return "which nobody outside your own network can open."
    path = links.path_here(address, site.hosts)
    if path is None:
        return ""
    if f"{path}/".startswith(links.CLOSED):
        return "which is not open to readers."
    return "" if site.answers(path) else "but this site has no page there that readers can see."


class _Site:
    """This site at one moment; its pages are looked up once, and only if a link asks."""

    def __init__(self) -> None:
        self.hosts = {*settings.ALLOWED_HOSTS, urlsplit(settings.SITE_ADDRESS).hostname}

    @cached_property
    def _pages(self) -> set[str]:
        return {place.address for place in places()}

    def answers(self, path: str) -> bool:
        """Whether readers find something at a path, perhaps after a redirect."""
        try:
            match = resolve(path)
        except Resolver404:
            return not path.endswith("/") and self.answers(f"{path}/")
        if set(match.kwargs) != {"slug"}:  # no page that editors write has an address like that
            return True
        return path in self._pages or addresses.moved(path) is not None
