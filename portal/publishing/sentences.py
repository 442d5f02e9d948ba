"""What readers see, sentence by sentence: the published words of every page."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from . import coach
from .models import Edition, Page, with_pages
from .parts import passages
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


def editions(only: Iterable[int] | None = None) -> list[Edition]:
    """The words that readers see, or those of some pages, by key. One query, and one a kind of page.

    Their ``page`` is the row of its kind, and knows as ``called`` what readers call it.
    """
    found = Edition.objects.live().select_related("page").order_by("page__page_kind", "page_id")
    if only is not None:
        found = found.filter(page_id__in=set(only))
    rows = with_pages(found.only("page", "words", "published_at"))
    for edition in rows:
        edition.page.called = edition.title
    return rows


def published(only: Iterable[int] | None = None) -> Iterator[Sentence]:
    """Every sentence that readers see, or those of some pages, by key."""
    for edition in editions(only):
        yield from of(edition)


def of(edition: Edition) -> Iterator[Sentence]:
    for part, text in passages(edition.parts, edition.words):
        for sentence in split(text, part.is_rich):
            yield Sentence(edition.page, part.name, sentence)


@lru_cache(maxsize=8192)
def split(text: str, rich: bool) -> tuple[str, ...]:
    """The sentences of a text as readers see them, figures marked. Items of lists and headings stand alone."""
    found: list[str] = []
    for block in coach.blocks(text, rich):
        whole = FIGURE.sub(COMPUTED, block)
        kept = coach.ABBREVIATION.sub(lambda m: m[0].replace(".", STOP), whole)
        found += [one.replace(STOP, ".")[:LONGEST] for one in BREAK.split(kept) if one]
    return tuple(found)
