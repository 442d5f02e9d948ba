"""Where the links of a text lead within this site: its pages by name, and the links that readers could not follow."""

from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils.text import capfirst

from . import addresses, links, rooms
from .models import Edition
from .parts import Address, Part, passages


def places() -> list[dict[str, str]]:
    """Every page that a text may link to, by name. One query a kind."""
    found = [{"name": words, "kind": "", "address": reverse(name)} for name, words in rooms.fixed_addresses().items()]
    for kind in rooms.page_kinds():
        word = str(capfirst(kind.model._meta.verbose_name))
        for page in kind.model.objects.published().named():
            found.append({"name": page.title_of(page.live.words), "kind": word, "address": page.get_absolute_url()})
    return sorted(found, key=lambda place: place["name"].casefold())


# Dead ends -------------------------------------------------------------------------------


def dead_ends(edition: Edition) -> list[str]:
    """The links of a text that readers could not follow, each in a sentence."""

    @cache
    def pages() -> set[str]:
        """Looked up once, and only if a link asks. Its own page is open once the text is."""
        return {edition.page.specific.get_absolute_url(), *(place["address"] for place in places())}

    found = dict.fromkeys(link for passage in passages(edition.parts, edition.words) for link in _links(*passage))
    wrong = [(words or address, address, why) for words, address in found if (why := _wrong(address, pages))]
    return [f"“{words}” leads to {address}, {why}" for words, address, why in wrong]


def _links(part: Part, text: str) -> list[tuple[str, str]]:
    """Words and addresses in a part of a text."""
    if isinstance(part, Address):
        return [(part.title, text)] if text else []
    return links.found(text) if part.is_rich else []


def _wrong(address: str, pages: Callable[[], set[str]]) -> str:
    if links.is_private(address):
        return "which nobody outside your own network can open."
    path = links.path_here(address, {*settings.ALLOWED_HOSTS, urlsplit(settings.SITE_ADDRESS).hostname})
    if path is None:
        return ""
    if f"{path}/".startswith(links.CLOSED):
        return "which is not open to readers."
    return "" if _answers(path, pages) else "but this site has no page there that readers can see."


def _answers(path: str, pages: Callable[[], set[str]]) -> bool:
    """Whether readers find something at a path, perhaps after a redirect."""
    try:
        match = resolve(path)
    except Resolver404:
        return not path.endswith("/") and _answers(f"{path}/", pages)
    if set(match.kwargs) != {"slug"}:  # no page that editors write has an address like that
        return True
    return path in pages() or addresses.moved(path) is not None
