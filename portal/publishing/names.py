"""Names as somebody types them off a letter, a report, or a package, not always rightly, and the pages that have them.

Case, accents, hyphens, brackets, and doses do not count. What is like a name is offered, and never put in the place of
what was typed.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .folding import fold, loosely

DOSE = re.compile(r"\b\d[\d.,]*\s*(?:mg|mcg|µg|g|ml|iu|units?)\b(?:\s*/\s*[\d.,]*\s*[a-z]+)?", re.IGNORECASE)
#: FDA's four letters, which each maker of a drug has its own of: rituximab-abbs.
SUFFIX = re.compile(r"(?<=\w{5})-[a-z]{4}\b", re.IGNORECASE)
SIGNS = (
    (re.compile(r"(?<!\b\d)\+(?!\w)"), " positive"),
    (re.compile(r"(?<=\w)[-\u2212](?!\S)"), " negative"),
)  # HER2+, Ph-; not 3+
ENOUGH = 0.3  # of 1: how much of a name the words have to make up, or “call” would find “locally advanced”


def signed(text: str) -> str:
    for sign, word in SIGNS:
        text = sign.sub(word, text)
    return text


class Name(NamedTuple):
    """A name as it is compared: its words, and all of it without anything between them."""

    words: frozenset[str]
    whole: str

    @classmethod
    def of(cls, name: str) -> "Name":
        return cls(frozenset(re.split(r"[\W_]+", fold(signed(name)))), loosely(signed(name)))

    def begins(self, word: str) -> bool:
        return any(one.startswith(word) for one in self.words)

    def has(self, word: str) -> bool:
        """Short words have to be whole ones: ALL is a leukemia, not a part of “small”. A plural is found, too."""
        if len(word) < 4:
            return word in self.words or word == self.whole
        return word.removesuffix("s") in self.whole


class Named(NamedTuple):
    """Something with a page of its own."""

    called: str  # what readers call such a page: “test result”
    title: str
    names: Sequence[Name]
    address: str

    def matched(self, words: Iterable[str]) -> int:
        """How many of the words it has in its names."""
        return sum(any(name.has(word) for name in self.names) for word in words)

    def share(self, words: Sequence[str]) -> float:
        """How much of one of its names the words make up, at best: 1 is all of it."""
        return max(sum(len(word) for word in words if name.has(word)) / len(name.whole) for name in self.names)

    def is_called(self, words: Sequence[str]) -> bool:
        return any(name.whole == "".join(words) for name in self.names)


def words_of(typed: str) -> list[str]:
    """The words to look for."""
    return [word for part in DOSE.sub(" ", typed).split() if (word := loosely(signed(part)))]


def without_suffix(typed: str) -> str:
    return SUFFIX.sub("", typed)


def names_of(*columns: str) -> list[Name]:
    """The names in columns that hold one a line."""
    return [name for column in columns for line in column.splitlines() if (name := Name.of(line)).whole]


def with_words(found: Iterable[Named], words: Sequence[str]) -> list[Named]:
    """What has all the words in its names; what is called by just them, or by little more, comes first."""
    fitting = [one for one in found if words and (one.matched(words) == len(words) or one.is_called(words))]
    return sorted(fitting, key=lambda one: (not one.is_called(words), -one.share(words)))


def nearest(found: Sequence[Named], words: Sequence[str], most: int = 8) -> list[Named]:
    """What may be meant where nothing has all the words: what one of them is the name of, and what has most of them."""
    words = [word for word in words if len(word) > 1] or words  # not the 3 of “HER2 3+”
    called = {name.whole: one for one in reversed(found) for name in one.names}
    exact = [called[word] for word in ("".join(words), *words) if word in called]
    best = max((one.matched(words) for one in found), default=0)
    most_of_them = [one for one in found if best and one.matched(words) == best and one.share(words) >= ENOUGH]
    most_of_them.sort(key=lambda one: -one.share(words))
    return list({one.address: one for one in (*exact, *most_of_them)}.values())[:most]
