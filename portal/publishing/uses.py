"""Where a page is used: rows of other tables, links in texts, and figures that quote it.

Tables are found in the models themselves, so a new relation needs no line here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models
from django.db.models import CharField, Q, Value
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst

from . import addresses
from .models import OPEN, Edition, Page, Status
from .prose import FIGURE

LINKS = ("address", "url")  # columns outside texts that may hold an address of ours

_quotes: dict[str, str] = {}


def offer(quotes: Mapping[str, str]) -> None:
    """Say of which kind of page the argument of a figure is the slug: ``{"uses-of": "therapies.therapy"}``."""
    _quotes.update(quotes)


def kind_of(figure: str) -> str:
    """The kind of page that a figure's argument names. Raises LookupError when it names none."""
    return _quotes[figure]


class Use(NamedTuple):
    """Something that points to a page."""

    kind: str
    title: str
    how: str
    state: str  # of a text: published or not; empty for a row
    admin: str  # where staff change it; empty where there is no form
    old: bool = False  # it names an address that the page no longer has


def of(page: Page) -> list[Use]:
    """Everything that points to a page, its own texts apart."""
    return sorted([*_rows(page), *_texts(page), *_links(page)], key=lambda use: (use.kind, use.title.lower()))


def _use(row: models.Model, how: str, *, state: str = "", old: bool = False) -> Use:
    opts = row._meta
    try:
        admin = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        admin = ""
    return Use(str(capfirst(opts.verbose_name_plural)), str(row), how, state, admin, old)


def _rows(page: Page) -> Iterator[Use]:
    for relation in page._meta.related_objects:
        model: Any = relation.related_model
        if issubclass(model, Edition):
            continue
        for row in addresses.whole(model).filter(**{relation.field.name: page}):
            yield _use(row, f"in the field “{relation.field.verbose_name}”")


def _texts(page: Page) -> Iterator[Use]:
    """Published and open texts with a link to a page, or a figure of it. One query finds them."""
    here, *before = known = [page.get_absolute_url(), *addresses.former(page)]
    quoted = {name for name, kind in _quotes.items() if kind == page._meta.label_lower}
    slugs = {page.slug, *map(addresses.slug_of, before)} if quoted else set()
    editions = [model for model in apps.get_models() if issubclass(model, Edition)]
    candidates = [_mentioning(model, page, {*known, *slugs}) for model in editions]
    first, *others = candidates
    hits: dict[str, list[int]] = {}
    for label, pk in first.union(*others, all=True).order_by():
        hits.setdefault(label, []).append(pk)
    for label, keys in hits.items():
        for edition in apps.get_model(label)._default_manager.filter(pk__in=keys).select_related("page"):
            found = {address for address in known if any(_links_to(text, address) for text in edition.words().values())}
            figures = {
                match[0]: match[2]
                for text in edition.words().values()
                for match in FIGURE.finditer(text)
                if match[1] in quoted and match[2] in slugs
            }
            state = edition.get_status_display().lower()
            for address in sorted(found):
                how = "links to it" if address == here else f"links to {address}"
                yield _use(edition.page, how, state=state, old=address != here)
            for figure, slug in sorted(figures.items()):
                yield _use(edition.page, f"quotes {figure}", state=state, old=slug != page.slug)


def _mentioning(model: type[Edition], page: Page, words: set[str]) -> models.QuerySet:
    mentions = Q()
    for name in model.TEXT:
        for word in words:
            mentions |= Q(**{f"{name}__contains": word})
    found = model._default_manager.filter(mentions, status__in=[Status.PUBLISHED, *OPEN]).order_by()
    if page.editions.model is model:
        found = found.exclude(page=page)
    return found.values_list(Value(model._meta.label_lower, output_field=CharField()), "pk")


def _links_to(text: str, address: str) -> bool:
    """Whether a text links to an address: in HTML, or as a field that holds nothing else."""
    exact = re.escape(address)
    return bool(re.search(rf'href="{exact}(?:[?#][^"]*)?"', text) or re.fullmatch(rf"{exact}(?:[?#]\S*)?", text))


def _links(page: Page) -> Iterator[Use]:
    here, *before = known = [page.get_absolute_url(), *addresses.former(page)]
    for model in apps.get_models():
        columns = [f.name for f in model._meta.fields if f.name in LINKS and isinstance(f, models.CharField)]
        if not columns or model._meta.app_label not in {kind._meta.app_label for kind in addresses.kinds()}:
            continue
        starts = Q()
        for column in columns:
            for address in known:
                starts |= Q(**{f"{column}__startswith": address})
        for row in model._default_manager.filter(starts):
            for address in known:
                if any(_links_to(getattr(row, column), address) for column in columns):
                    yield _use(row, "links to it" if address == here else f"links to {address}", old=address in before)
