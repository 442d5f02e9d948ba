"""What readers see, sentence by sentence: the published words of every kind of page."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from django.apps import apps

from . import coach
from .models import Edition, Page, Status
from .prose import FIGURE

LONGEST = 1000  # characters; a longer sentence is known by its beginning
BREAK = re.compile(r"(?<=[.?!])\s+|(?<=[.?!][\"”’)])\s+")
#: Stands for a computed number, which follows the facts by itself.
COMPUTED = "…"
STOP = "\x1f"  # a full stop that ends no sentence


class Sentence(NamedTuple):
    page: Page
    part: str  # name of the text within the edition
    text: str


def editions(only: Iterable[tuple[str, int]] | None = None) -> Iterator[Edition]:
    """The words that readers see, or those of some pages, by kind and key. One query a kind.

    Their page knows as ``called`` what readers call it: the line that its text begins with, or its name.
    """
    wanted: dict[str, set[int]] = {}
    for kind, row in only or ():
        wanted.setdefault(kind, set()).add(row)
    for model in kinds():
        pages: Any = model._meta.get_field("page").related_model
        found = model._default_manager.filter(status=Status.PUBLISHED).select_related("page").order_by("page_id")
        if only is not None:
            if not (keys := wanted.get(pages._meta.label_lower)):
                continue
            found = found.filter(page_id__in=keys)
        first = model._meta.get_field(model.TEXT[0])
        is_title = first.max_length is not None and not first.blank
        for edition in found.only("page", *model.TEXT):
            edition.page.called = getattr(edition, first.name) if is_title else str(edition.page)
            yield edition


def published(only: Iterable[tuple[str, int]] | None = None) -> Iterator[Sentence]:
    """Every sentence that readers see, or those of some pages."""
    for edition in editions(only):
        yield from of(edition)


def kinds() -> list[Any]:
    """Every kind of edition."""
    return [model for model in apps.get_models() if issubclass(model, Edition)]


def of(edition: Edition) -> Iterator[Sentence]:
    for part in coach.parts_of(edition, edition.words()):
        for text in split(part.text, part.rich):
            yield Sentence(edition.page, part.name, text)


@lru_cache(maxsize=8192)
def split(text: str, rich: bool) -> tuple[str, ...]:
    """The sentences of a text as readers see them, figures marked. Items of lists and headings stand alone."""
    found: list[str] = []
    for block in coach.plain(coach.Part("", text, rich)):
        whole = FIGURE.sub(COMPUTED, block)
        kept = coach.ABBREVIATION.sub(lambda m: m[0].replace(".", STOP), whole)
        found += [one.replace(STOP, ".")[:LONGEST] for one in BREAK.split(kept) if one]
    return tuple(found)
