"""Names and words that the search knows, in the memory of a process for as long as the index stays what it is.

It is read anew after a publication, in some milliseconds for a thousand pages. All that it holds, readers see.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from syllapy import WORD_DICT

from .. import rooms
from ..models import SearchEntry
from ..names import Named, names_of
from . import texts
from .words import SHORT, STOP, key, sound, spelled, stem

UNKNOWN = 2.5  # the weight of a word that no page has


class PageName(NamedTuple):
    """One of the names of a page: what sort it is, and its place among them, the title first."""

    sort: str
    words: str
    place: int


class FoundPage(NamedTuple):
    """A page that can be found."""

    pk: int
    kind: str
    order: int  # of its kind, on the site
    address: str
    title: str
    names: tuple[PageName, ...]
    heads: str  # the words of its names, between blanks
    weight: rooms.Weight


def aside(entry: FoundPage) -> float:
    """What a page loses among those called alike: the more, the further on its kind is and the longer its title."""
    return entry.order / 500 + len(entry.title) / 5000


class Match(NamedTuple):
    """A page that was found: how well, and the name by which, if it is another than its title."""

    entry: FoundPage
    score: float
    by: PageName | None


class Lexicon:
    """Everything that is found by name, and every word that a text has."""

    def __init__(self) -> None:
        kinds = [kind.model._meta.label_lower for kind in rooms.page_kinds()]
        order = {label: place for place, label in enumerate(kinds)}
        weights = {kind.model._meta.label_lower: kind.weight for kind in rooms.page_kinds()}
        self.entries: list[FoundPage] = []
        #: Entries by a name without anything between its words, each with that name.
        self.named: dict[str, list[tuple[int, PageName]]] = defaultdict(list)
        #: Entries by a word of their names.
        self.holding: dict[str, list[int]] = defaultdict(list)
        rows = SearchEntry.objects.order_by("kind", "title", "pk")
        for pk, kind, address, title, names, heads in rows.values_list(
            "pk", "kind", "address", "title", "names", "heads"
        ):
            called = tuple(PageName(sort, words, place) for place, (sort, words, *_) in enumerate(names))
            number = len(self.entries)
            place, weight = order.get(kind, len(order)), weights.get(kind, rooms.Weight(0.9))
            self.entries.append(FoundPage(pk, kind, place, address, title, called, f" {heads} ", weight))
            for one, (_, _, *keys) in zip(called, names, strict=True):
                for form, name in enumerate(keys):  # a part of a title is not the title
                    self.named[name].append((number, one._replace(place=max(one.place, int(form > 0)))))
            for word in set(heads.split()):
                self.holding[word].append(number)
        self.number_of = {entry.pk: number for number, entry in enumerate(self.entries)}
        self._beginnings: dict[int, list[str]] = {}

    @cached_property
    def known(self) -> dict[str, int]:
        """Every word of names and texts, with the number of pages that have it."""
        return texts.known()

    @cached_property
    def alike(self) -> dict[str, list[str]]:
        """Words by what they have in common with their plurals and other forms."""
        found = defaultdict(list)
        for word in self.known:
            found[stem(word)].append(word)
        return found

    @cached_property
    def names(self) -> list[str]:
        """Every name without anything between its words, in order."""
        return sorted(self.named)

    def beginnings(self, length: int) -> list[str]:
        """So many letters of each name, in the order of the names."""
        if length not in self._beginnings:
            self._beginnings[length] = [name[:length] for name in self.names]
        return self._beginnings[length]

    @cached_property
    def plainness(self) -> list[int]:
        """Of each entry, how many come before it where nothing else tells them apart: other kinds, shorter titles."""
        entries = range(len(self.entries))
        ordered = sorted(entries, key=lambda number: (aside(self.entries[number]), self.entries[number].title))
        found = [0] * len(ordered)
        for place, number in enumerate(ordered):
            found[number] = place
        return found

    @cached_property
    def head_words(self) -> list[str]:
        return sorted(self.holding)

    @cached_property
    def by_sound(self) -> dict[str, list[str]]:
        """Names, and words that are not of one page alone or stand in a name, by how they are heard."""
        found = defaultdict(list)
        for word in self.correct:
            if heard := sound(word):
                found[heard].append(word)
        return found

    @cached_property
    def sounds(self) -> list[str]:
        return [*self.by_sound]

    @cached_property
    def correct(self) -> list[str]:
        """What a misspelling may have meant: names, words of names and of texts, and what no text tells, nor any page
        is about.
        """
        words = [word for word in self.known if len(word) > 3 and not word.isdecimal() and word not in STOP]
        alone = [one for kind in rooms.page_kinds() if kind.asked for one in kind.asked.alone]
        untold = [word for said in (*rooms.untold(), *alone) for word in said.split() if word not in STOP]
        return [*dict.fromkeys([*self.names, *self.head_words, *words, *untold])]

    @cached_property
    def pages(self) -> list[Named]:
        """Every page of the kinds that are found by name, in the order of the rooms."""
        kinds = {kind.model._meta.label_lower: kind.called for kind in rooms.page_kinds() if kind.found_by}
        found = [entry for entry in self.entries if entry.kind in kinds]
        found.sort(key=lambda entry: (entry.order, entry.title.casefold()))
        return [
            Named(
                kinds[entry.kind],
                entry.title,
                names_of(*(name.words for name in entry.names)),
                entry.address,
            )
            for entry in found
        ]

    def weight(self, word: str) -> float:
        """How much a word tells: the rarer, the more."""
        if word.isdecimal():
            return UNKNOWN / 4
        number = max((self.known.get(form, 0) for form in self.forms(word)), default=0)
        return math.log(1 + len(self.entries) / number) if number else UNKNOWN

    def forms(self, word: str) -> list[str]:
        """A word in all the forms in which texts have it, what texts say for it, and who in our names does it: killer
        T cells kill.
        """
        found = [*self.alike.get(stem(word), ()), *meant(word)]
        if len(word) > SHORT and f"{word}er" in self.holding:
            found.append(f"{word}er")
        return [*dict.fromkeys([*([word] if word in self.known else []), *found])]

    def beginning(self, word: str, most: int = 40) -> Iterator[str]:
        """Words of names that begin so."""
        return _beginning(self.head_words, word, most)

    def names_beginning(self, whole: str, most: int = 40) -> Iterator[str]:
        return _beginning(self.names, whole, most)

    def is_known(self, word: str) -> bool:
        """Whether some page has it, a name has a word that begins so, or it is English, if none of our words."""
        return bool(self.forms(word)) or word in self.named or word in WORD_DICT or any(self.beginning(word, 1))


def _beginning(ordered: list[str], start: str, most: int) -> Iterator[str]:
    place = bisect_left(ordered, start)
    for word in ordered[place : place + most]:
        if not word.startswith(start):
            return
        yield word


@lru_cache(maxsize=1)
def _said_for() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for said, texts_say in rooms.said_for().items():
        found[spelled(key(said))] = tuple(spelled(word) for word in texts_say.split())
    return found


def meant(word: str) -> tuple[str, ...]:
    """What texts say for a word that people say."""
    return _said_for().get(word, ())


@lru_cache(maxsize=1)
def _of(state: tuple[object, ...]) -> Lexicon:
    return Lexicon()


def lexicon() -> Lexicon:
    """What this process knows, read anew if the index is another one. One query then is, three more otherwise."""
    return _of(texts.state())
