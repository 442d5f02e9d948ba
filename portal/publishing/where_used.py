"""Where a page is used: rows of other tables, links in texts, and live numbers that quote it.

Tables are found in the models themselves, so a new relation needs no line here.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst

from . import addresses, rooms
from .links import AddressField, WebAddressField
from .models import OPEN, Edition, Governed, Page, Status, with_names, with_pages
from .prose import FIGURE


def quotes() -> dict[str, str]:
    """Of which kind of page the argument of a live number is the slug: ``{"uses-of": "therapies.therapy"}``."""
    return {number: kind for told in rooms.declarations() for number, kind in told.quotes.items()}


class PointingHere(NamedTuple):
    kind: str
    title: str
    how: str
    state: str  # of a text: published or not; empty for a row
    admin: str  # where staff change it; empty where there is no form
    old: bool = False  # it names an address that the page no longer has


def of(page: Page) -> list[PointingHere]:
    """Everything that points to a page, its own texts apart."""
    known = [page.get_absolute_url(), *addresses.former(page)]
    fields = [(f"in the field “{field.verbose_name}”", with_names(rows)) for field, rows in page.pointing()]
    found = [_pointing(row, how) for how, rows in fields for row in rows]
    found += [*_texts(page, known), *_links(known)]
    return sorted(found, key=lambda use: (use.kind, use.title.lower()))


def _pointing(row: models.Model, how: str, *, state: str = "", old: bool = False) -> PointingHere:
    opts = row._meta
    try:
        admin = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        admin = ""
    return PointingHere(str(capfirst(opts.verbose_name_plural)), str(row), how, state, admin, old)


def _texts(page: Page, known: list[str]) -> Iterator[PointingHere]:
    """Published and open texts with a link to a page, or a live number of it. One query finds them."""
    quoted = {name for name, kind in quotes().items() if kind == page.page_kind}
    slugs = {page.slug, *map(addresses.slug_of, known[1:])} if quoted else set()
    for edition in with_pages(_mentioning(page, {*known, *slugs})):
        texts = list(edition.words.values())
        state, source = edition.get_status_display().lower(), edition.page
        yield from _linking(source, texts, known, state=state)
        numbers = {
            match[0]: match[2]
            for text in texts
            for match in FIGURE.finditer(text)
            if match[1] in quoted and match[2] in slugs
        }
        for number, slug in sorted(numbers.items()):
            yield _pointing(source, f"shows the live number {number}", state=state, old=slug != page.slug)


def _mentioning(page: Page, words: set[str]) -> models.QuerySet[Edition]:
    # Addresses and slugs are plain letters, which JSON writes as they are.
    mentions = Q(*(("text__contains", word) for word in words), _connector=Q.OR)
    texts = Edition.objects.annotate(text=Cast("words", TextField())).select_related("page")
    return texts.filter(mentions, status__in=[Status.PUBLISHED, *OPEN]).exclude(page=page.pk)


def _linking(row: models.Model, texts: list[str], known: list[str], *, state: str = "") -> Iterator[PointingHere]:
    """Each address of a page, the present one first, that one of the texts of a row links to."""
    for address in known:
        exact = re.escape(address)
        # In HTML, or as a field that holds nothing else.
        link = re.compile(rf'href="{exact}(?:[?#][^"]*)?"|\A{exact}(?:[?#]\S*)?\Z')
        if any(map(link.search, texts)):
            is_old = address != known[0]
            yield _pointing(row, f"links to {address if is_old else 'this page'}", state=state, old=is_old)


def _links(known: list[str]) -> Iterator[PointingHere]:
    for model in Governed.tables():
        fields = (one for one in model._meta.fields if isinstance(one, AddressField))
        columns = [one.name for one in fields if not isinstance(one, WebAddressField)]  # which names no page of ours
        starts = Q(*((f"{column}__startswith", at) for column in columns for at in known), _connector=Q.OR)
        for row in model._default_manager.filter(starts) if columns else ():
            yield from _linking(row, [getattr(row, column) for column in columns], known)
