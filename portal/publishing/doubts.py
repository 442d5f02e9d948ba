"""Sentences that a change may make untrue. What to look for is told by the rooms; here it is found in what readers see.

It only points: whether a sentence is untrue is for a person to say.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from . import coach, rooms, values
from .models import Change, Edition, Governed, Page, SentenceInDoubt, with_pages
from .parts import passages
from .prose import FIGURE

FEWEST = 4  # words; less is a heading, which claims nothing
LONGEST = 1000  # characters; a longer sentence is known by its beginning
BREAK = re.compile(r"(?<=[.?!])\s+|(?<=[.?!][\"”’)])\s+")
#: Stands for a computed number, which follows the facts by itself.
COMPUTED = "…"
STOP = "\x1f"  # a full stop that ends no sentence


# What readers see, sentence by sentence -------------------------------------------------


class Sentence(NamedTuple):
    page: Page
    part: str  # name of the text within the edition
    text: str


def published_editions(only: Iterable[int] | None = None) -> list[Edition]:
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
    for edition in published_editions(only):
        yield from sentences_of(edition)


def sentences_of(edition: Edition) -> Iterator[Sentence]:
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


# What a change may make untrue ------------------------------------------------------------


class NamesInFacts:
    """The names of one thing, as whole words. On the ``pages`` about it (keys), a sentence need not name it."""

    def __init__(self, names: Iterable[str], pages: Iterable[int] = ()) -> None:
        several = {" ".join(name.split()) for name in names} - {""}
        self.names, self.pages = frozenset(several), frozenset(pages)
        self.pattern = whole_words(several)
        # The pieces of each name: looking for them costs next to nothing.
        self.hints = {tuple(re.findall(r"[^\W_]+", name.lower())) for name in several}

    def may_be_in(self, lowered: str) -> bool:
        return any(all(piece in lowered for piece in pieces) for pieces in self.hints)


class Search(NamedTuple):
    """Sentences that name every one of some things, with a claim beside them. Without claims, naming is enough."""

    named: tuple[NamesInFacts, ...]
    claims: tuple[re.Pattern, ...]

    def may_be_in(self, page: int, lowered: str) -> bool:
        """Whether the words of a page, in small letters, are worth a closer look."""
        return all(page in names.pages or names.may_be_in(lowered) for names in self.named)


class Suspect(NamedTuple):
    """A published sentence that a change may make untrue."""

    page: Page
    part: str
    text: str
    why: str  # the words that made it one
    edition: Edition


#: What a row that comes, goes or changes may make untrue: searches, the closest first. Rooms declare one.
type Find = Callable[[Governed], Iterable[Search] | None]


def rows(change: Change) -> list[Any]:
    """The row of a pending change as it is and as it shall be, in memory. Of a row that is gone, nothing."""
    before = values.stored(change)
    if before is None:
        return [values.imagined(change)] if change.row is None else []
    return [before] if change.verb == Change.Verb.REMOVE else [before, values.imagined(change)]


def suspects(change: Change) -> list[Suspect]:
    """Sentences that readers see and that a pending change may make untrue, those that say most of it first."""
    finders = [told.doubts for told in rooms.declarations() if told.doubts]
    searches = [search for row in rows(change) for find in finders for search in find(row) or ()]
    if not searches:
        return []
    found: list[list[Suspect]] = [[] for _ in searches]
    live = Edition.objects.live().values_list("page_id", "words")  # most say nothing of the kind, and cost no row
    near = {page: likely for page, words in live if (likely := _likely(searches, page, words))}
    for edition in published_editions(near):
        for sentence in sentences_of(edition):
            for rank in near[edition.page_id]:
                if words := _matched(searches[rank], edition.page_id, sentence.text):
                    why = ", ".join(f"“{word}”" for word in words)
                    found[rank].append(Suspect(*sentence, why=why, edition=edition))
                    break
    return list(dict.fromkeys(one for rank in found for one in rank))


def _likely(searches: list[Search], page: int, words: Mapping[str, str]) -> list[int]:
    """Which of the searches are worth a closer look at a page."""
    lowered = "\n".join(words.values()).lower()
    return [rank for rank, search in enumerate(searches) if search.may_be_in(page, lowered)]


def _matched(search: Search, page: int, text: str) -> list[str]:
    """The words that make a sentence suspect: names, then claims. Empty when it is none."""
    words: list[str] = []
    rest, lowered = text, text.lower()
    for names in search.named:
        if hit := names.may_be_in(lowered) and names.pattern.search(text):
            words.append(hit[0])
            rest = names.pattern.sub(" ", rest)  # “first” in a name claims nothing
        elif page not in names.pages:
            return []
    claims = [hit[0] for pattern in search.claims if (hit := pattern.search(rest))]
    apart = [one for one in dict.fromkeys(claims) if not any(one != other and one in other for other in claims)]
    claimed = claims or not search.claims
    return [*words, *apart] if claimed and len(text.split()) >= FEWEST else []


def whole_words(names: Iterable[str]) -> re.Pattern:
    """A pattern of names as whole words, the longest first. Short capitals count as they are written."""
    ordered = sorted(names, key=len, reverse=True)
    exact = [re.escape(name) for name in ordered if len(name) <= 5 and name.upper() == name]
    loose = [f"(?i:{_spelled(name)})" for name in ordered if len(name) > 5 or name.upper() != name]
    return re.compile(rf"(?<![\w-])(?:{'|'.join([*loose, *exact]) or '(?!)'})(?!\w)")


def _spelled(name: str) -> str:
    """A name with a blank or a hyphen where it has either, and its plain plural."""
    words = r"[\s\u00a0-]+".join(map(re.escape, re.split(r"[\s-]+", name)))
    return words + ("s?" if name[-1:].isalpha() and len(name) > 5 else "")


# Tasks -----------------------------------------------------------------------------------


class Task(NamedTuple):
    row: SentenceInDoubt
    page: Any  # a Page that knows how it is ``called``
    has_draft: bool  # somebody writes a new text of the page


def open_tasks(page: Page | None = None) -> list[Task]:
    """What nobody has settled and readers still see where it was, page by page. A fixed number of queries."""
    rows = SentenceInDoubt.objects.filter(settled_at=None).select_related("raised_by")
    if page is not None:
        rows = rows.filter(page=page.pk)
    if not rows:
        return []
    now = {(s.page.pk, s.part, s.text): s.page for s in published({row.page_id for row in rows})}
    pages = {page.pk for page in now.values()}
    writing = set(Edition.objects.open().filter(page__in=pages).values_list("page", flat=True))
    tasks = []
    for row in rows:
        if page := now.get((row.page_id, row.part, row.sentence)):
            tasks.append(Task(row, page, page.pk in writing))
    return sorted(
        tasks, key=lambda task: (task.page.page_kind, task.page.called.lower(), task.row.page_id, task.row.pk)
    )
