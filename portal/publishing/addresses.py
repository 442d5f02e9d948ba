"""Addresses that pages have and had.

A former address points to its page, never to another address, so it can neither chain nor loop. The page may
move as often as it likes: the answer is always where it is now.
"""

from collections.abc import Iterator
from copy import copy
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve

from .actions.refusal import Refused
from .models import FormerAddress, Page, specific, with_names


def absolute(path: str) -> str:
    """A path on this site as it is given away: in mail, feeds and maps, by whichever host it was asked for."""
    return urljoin(f"{settings.SITE_ADDRESS}/", path)


def former(page: Page) -> list[str]:
    """Addresses that a page had, newest first."""
    return list(page.former_addresses.order_by("-at", "-pk").values_list("path", flat=True))


def slug_of(address: str) -> str:
    return address.rstrip("/").rsplit("/", 1)[-1]


def with_slug(page: Page, slug: str) -> str:
    """Where a page would be with another slug."""
    other = copy(page)
    other.slug = slug
    return other.get_absolute_url()


def checked(page: Page, slug: str) -> str:
    """A new slug as it may be stored. Raises Refused with what to do."""
    if "#" in page.get_absolute_url():
        raise Refused("This is part of a larger page, so it has no address of its own to change.")
    try:
        slug = page._meta.get_field("slug").clean(slug.strip(), page)
    except ValidationError:
        raise Refused("Write the new address in letters, numbers, and hyphens, without spaces.") from None
    if slug == page.slug:
        raise Refused("The page already has that address.")
    if why := refusal(page, slug):
        raise Refused(why)
    return slug


def refusal(page: Page, slug: str) -> str:
    """Why a page cannot have a slug, in a sentence; empty when it can."""
    address = with_slug(page, slug)
    if "#" in address:  # a part of a larger page has no address of its own
        return ""
    try:
        match = resolve(address)
    except Resolver404:
        return f"{address} cannot be an address on this site. Use letters, numbers, and hyphens."
    if not match.kwargs:
        return f"{address} is a page of the site itself. Choose another address."
    if other := _at(address, Page.objects.exclude(pk=page.pk)):
        return f"“{other}” already has the address {address}. Choose another one."
    entry = FormerAddress.objects.select_related("page").filter(path=address).exclude(page=page.pk).first()
    if entry:
        name = entry.page.specific
        return f"“{name}” used to be at {address}, and links to it still lead there. Choose another address."
    if depending := next(_followers(page, slug), ""):
        return f"Another page, {depending}, takes its address from this one. Change that one first."
    return ""


def _at(address: str, pages: Any) -> Any:
    """The one of some pages that has an address now. Slugs repeat between kinds of page."""
    last = slug_of(address)  # a class may add an ending to its slug
    found = specific(pages.filter(slug__in=[last, last.rpartition("-")[0]])).values()
    return next((page for page in found if page.get_absolute_url() == address), None)


def _followers(page: Page, slug: str) -> Iterator[str]:
    """Addresses of other pages that would change with the slug of this one, as they are now."""
    moved = copy(page)
    moved.slug = slug
    for field, rows in page.pointing() if page.pk else ():
        for row in with_names(rows) if field.many_to_one and issubclass(rows.model, Page) else ():
            address = row.get_absolute_url()
            setattr(row, field.name, moved)
            if row.get_absolute_url() != address:
                yield address


def moved(path: str) -> str | None:
    """Where the page is now that had an address, if readers may see it. Says nothing of any other page."""
    entry = FormerAddress.objects.select_related("page").filter(path=path).first() if "\x00" not in path else None
    page = entry and entry.page.specific
    address = page.get_absolute_url() if page and page.live_edition() else path
    return address if address != path else None


def slug_now(kind: str, slug: str) -> str:
    """The slug of the page that once had another one. Raises LookupError when there is none."""
    entries = FormerAddress.objects.filter(page__page_kind=kind, path__endswith=f"/{slug}/").order_by("-at", "-pk")
    now = entries.values_list("page__slug", flat=True).first()
    if not now or now == slug:
        raise LookupError(slug)
    return now


def unpublished(path: str) -> Page | None:
    """The page that was taken from readers at an address, or None."""
    if "\x00" in path:  # PostgreSQL refuses to look for it
        return None
    return _at(path, Page.objects.gone())
