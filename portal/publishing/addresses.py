"""Addresses that pages have and had.

A former address points to its page, never to another address, so it can neither chain nor loop. The page may
move as often as it likes: the answer is always where it is now.
"""

from copy import copy
from typing import Any, cast

from django.apps import apps
from django.db.models import QuerySet
from django.urls import Resolver404, resolve

from .models import FormerAddress, Page


def kinds() -> list[type[Page]]:
    """Every kind of page."""
    return [model for model in apps.get_models() if issubclass(model, Page)]


def standing() -> dict[tuple[str, int], str]:
    """The address of every page, public or not, by kind and key."""
    rows = (page for kind in kinds() for page in whole(kind))
    return {(page._meta.label_lower, page.pk): page.get_absolute_url() for page in rows}


def whole(model: Any) -> QuerySet:
    """All rows with what their names and addresses may need of other rows, in one query."""
    needed = [field.name for field in model._meta.fields if field.is_relation and not field.null]
    return model._default_manager.select_related(*needed or [None])


def former(page: Page) -> list[str]:
    """Addresses that a page had, newest first."""
    entries = FormerAddress.objects.filter(kind=page._meta.label_lower, row=page.pk)
    return list(entries.order_by("-at", "-pk").values_list("path", flat=True))


def slug_of(address: str) -> str:
    """The last part of an address."""
    return address.rstrip("/").rsplit("/", 1)[-1]


def with_slug(page: Page, slug: str) -> str:
    """Where a page would be with another slug."""
    other = copy(page)
    other.slug = slug
    return other.get_absolute_url()


def refusal(page: Page, slug: str) -> str:
    """Why a page cannot have a slug, in a sentence; empty when it can."""
    address = with_slug(page, slug)
    if "#" in address:  # a part of a larger page has no address of its own
        return ""
    try:
        match = resolve(address)
    except Resolver404:
        return f"{address} cannot be an address on this site. Use letters, numbers and hyphens."
    if not match.kwargs:
        return f"{address} is a page of the site itself. Choose another address."
    me = page._meta.label_lower, page.pk
    for key, taken in standing().items():
        if taken == address and key != me:
            other = _page(*key)
            return f"“{other}” has the address {address} already. Choose another one."
    entry = FormerAddress.objects.filter(path=address).first()
    if entry and (entry.kind, entry.row) != me:
        name = _page(entry.kind, entry.row) or "another page"
        return f"Readers knew “{name}” at {address}, and links to it still lead there. Choose another address."
    return ""


def moved(path: str) -> str | None:
    """Where the page is now that had an address, if readers may see it. Says nothing of any other page."""
    entry = FormerAddress.objects.filter(path=path).first() if "\x00" not in path else None
    page = entry and apps.get_model(entry.kind)._default_manager.published().filter(pk=entry.row).first()
    address = page.get_absolute_url() if page else path
    return address if address != path else None


def slug_now(kind: str, slug: str) -> str:
    """The slug of the page that once had another one. Raises LookupError when there is none."""
    entries = FormerAddress.objects.filter(kind=kind, path__endswith=f"/{slug}/").order_by("-at", "-pk")
    entry = entries.first()
    page = entry and _page(kind, entry.row)
    if not page or page.slug == slug:
        raise LookupError(slug)
    return page.slug


def _page(kind: str, row: int) -> Page | None:
    return cast("Page | None", apps.get_model(kind)._default_manager.filter(pk=row).first())
