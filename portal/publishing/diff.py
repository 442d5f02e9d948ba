"""What changed between two texts, word by word and in place.

Rich text is compared as a tree: paragraphs, list items, rows and cells that resemble each other are paired,
and only their words are marked with ``<ins>`` and ``<del>``. Marks thus stand around words alone, so the result
is as valid as what went in. (lxml's htmldiff was tried: it nests list items wrongly, overlooks that a paragraph
became a heading, and splits ``[[figures]]``.)

White space is no change; a figure, a number with its decimals, and a hyphenated word are one word each.
"""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import product, zip_longest
from typing import Any, NamedTuple

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from .markup import LISTS, TABLE, TEXT_BLOCKS, Element, escaped, formatted, normalized, shared, tree
from .prose import flat

#: Elements that hold paragraphs, cells or words of their own; all others stand inside a line.
BLOCKS = {*TEXT_BLOCKS, *LISTS, "li", *TABLE}
BREAK = "<br>"
WORD = re.compile(r"(\[\[[^\[\]]*\]\]|\w+(?:[.,’'/-]\w+)*|[^\w\s])(\s*)")

MARKS = {"ins": ("added: ", " end of addition "), "del": ("removed: ", " end of removal ")}  # said, not shown
ALIKE = 0.4  # share of words that two passages have in common when one is a revision of the other

# Sizes beyond which whole paragraphs are compared, so that a hostile text takes no longer than a long one.
HUGE = 200_000  # characters; a longer text loses its tags before it is compared
EQUAL_PAIRS = 250_000  # equal words or paragraphs, each with each
NEIGHBORS = 4_000  # pairs of paragraphs that could belong together


class Token(NamedTuple):
    """A word or mark as it stands: its opening tags, and the white space after it."""

    word: str  # or ``BREAK``
    format: tuple[str, ...] = ()
    space: str = ""
    glued: bool = False  # the next word follows without white space, as in <em>im</em>mune

    @property
    def key(self) -> tuple[str, tuple[str, ...], bool]:
        return self.word, self.format, self.glued

    @property
    def is_word(self) -> bool:
        return self.word[-1].isalnum() or self.word.startswith("[[")


END = Token(" ")


class Piece:
    """A paragraph, list, row … with its parts in order. Without a tag: words in a row, and no block among them."""

    def __init__(self, tag: str, opening: str, parts: list["Piece"], tokens: list[Token]) -> None:
        self.tag, self.opening, self.parts, self.tokens = tag, opening, parts, tokens
        self.key: Any = (opening, *(part.key for part in parts), *(token.key for token in tokens))
        self.words = Counter(token.word for token in tokens)
        for part in parts:
            self.words.update(part.words)


NOTHING = Piece("", "", [], [])


class Difference(NamedTuple):
    """Two texts as one: ``html`` has the words of both, those that differ in ``<ins>`` and ``<del>``."""

    html: SafeString
    changed: bool
    added: int  # words
    removed: int

    @property
    def summary(self) -> str:
        """“12 words added, 3 removed”, or “unchanged”."""
        counted = [(self.added, "added"), (self.removed, "removed")]
        said = [f"{number} {'word' if number == 1 else 'words'} {verb}" for number, verb in counted if number]
        if len(said) == 2:
            said[1] = f"{self.removed} removed"
        return ", ".join(said) or ("formatting changed, no words" if self.changed else "unchanged")


def rich(old: str, new: str) -> Difference:
    """Compare two rich texts, whatever stands in the table: both are normalized first."""
    if len(old) > HUGE or len(new) > HUGE:
        return plain(strip_tags(flat(normalized(old))), strip_tags(flat(normalized(new))))
    return _difference(_read(tree(normalized(old))), _read(tree(normalized(new))))


def plain(old: str, new: str) -> Difference:
    return _difference(*(_run(_tokens(text)) for text in (old, new)))


# Reading ---------------------------------------------------------------------------------


def _read(block: Element) -> Piece:
    parts: list[Piece] = []
    tokens: list[Token] = []

    def end_run() -> None:
        if tokens:
            parts.append(_run(tokens))
            tokens.clear()

    def read(element: Element, opened: tuple[str, ...]) -> None:
        for child in element.children:
            if isinstance(child, str):
                if tokens and child[:1].isspace():
                    tokens[-1] = tokens[-1]._replace(space=tokens[-1].space or " ")
                tokens.extend(_tokens(child, opened))
            elif child.tag == "br":
                tokens.append(Token(BREAK, opened))
            elif child.tag in BLOCKS:
                end_run()
                parts.append(_read(child))
            else:
                read(child, (*opened, child.opening))

    read(block, ())
    end_run()
    return Piece(block.tag, block.opening if block.tag else "", parts, [])


def _tokens(text: str, opened: tuple[str, ...] = ()) -> list[Token]:
    return [Token(match[1], opened, match[2]) for match in WORD.finditer(text)]


def _run(tokens: list[Token]) -> Piece:
    """Words in a row. Those that run on into the next are marked, so splitting or joining a word counts as a change."""
    pairs = zip_longest(tokens, tokens[1:], fillvalue=END)
    glued = [one._replace(glued=not one.space and one.is_word and after.is_word) for one, after in pairs]
    return Piece("", "", [], glued)


# Comparing ---------------------------------------------------------------------------------

#: A part of the old text and one of the new; either is ``NOTHING`` where no part became the other.
type Pair = tuple[Piece, Piece]


def _pairs(old: list[Piece], new: list[Piece]) -> Iterator[Pair]:
    """Parts in the order of the result: the same or alike ones together, others alone."""
    for verb, i1, i2, j1, j2 in _opcodes([part.key for part in old], [part.key for part in new]):
        before, after = old[i1:i2], new[j1:j2]
        # A row keeps its columns, whatever stands in them.
        row = [part.tag for part in before] == [part.tag for part in after] and {p.tag for p in before} <= {"td", "th"}
        if verb == "equal" or row:
            yield from zip(before, after, strict=True)
        else:
            yield from _revised(before, after)


def _opcodes(old: list[Any], new: list[Any]) -> list[tuple[str, int, int, int, int]]:
    """What difflib answers, unless that would take too long: then everything was replaced."""
    if old == new:
        return [("equal", 0, len(old), 0, len(new))]
    one, other = Counter(old), Counter(new)
    if sum(number * other[key] for key, number in one.items()) > EQUAL_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new).get_opcodes()  # type: ignore[return-value]


def _revised(old: list[Piece], new: list[Piece]) -> Iterator[Pair]:
    """The two parts that are most alike together, and what stands before and after them in the same way."""
    places = product(range(len(old)), range(len(new))) if len(old) * len(new) <= NEIGHBORS else ()
    i, j = max(places, key=lambda place: _alike(old[place[0]], new[place[1]]), default=(-1, -1))
    if i >= 0 and _alike(old[i], new[j]):
        yield from _revised(old[:i], new[:j])
        yield old[i], new[j]
        yield from _revised(old[i + 1 :], new[j + 1 :])
    else:
        yield from ((part, NOTHING) for part in old)
        yield from ((NOTHING, part) for part in new)


def _alike(old: Piece, new: Piece) -> float:
    """How much two parts have in common; 0 if they are different things."""
    if old.opening != new.opening:
        return 0
    total = old.words.total() + new.words.total()
    share = 2 * (old.words & new.words).total() / total if total else 1.0
    return share if share >= ALIKE else 0


def _difference(old: Piece, new: Piece) -> Difference:
    counted: Counter[str] = Counter()
    # Everything in it was sanitised or escaped when it was read.
    html = mark_safe(_written(old, new, counted))  # noqa: S308
    return Difference(html, old.key != new.key, counted["ins"], counted["del"])


def _written(old: Piece, new: Piece, counted: Counter[str]) -> str:
    """Both as one; the words that are marked are counted by their mark."""
    shown = old if new is NOTHING else new
    out = [_written(*pair, counted) for pair in _pairs(old.parts, new.parts)]
    for before, after, same in _changes(old.tokens, new.tokens):
        if same:
            # At the end, the space of the old text keeps a removed word apart.
            out.append(
                _words([now._replace(space=now.space or then.space) for then, now in zip(before, after, strict=True)])
            )
        else:
            out += [_marked("del", before, counted), _marked("ins", after, counted)]
    return f"{shown.opening}{''.join(out)}{f'</{shown.tag}>' if shown.tag else ''}"


def _marked(tag: str, tokens: list[Token], counted: Counter[str]) -> str:
    """Words in ``<ins>`` or ``<del>``, which say what they are to those who do not see it."""
    if not tokens:
        return ""
    counted[tag] += sum(token.is_word for token in tokens)
    words = _words([*tokens[:-1], tokens[-1]._replace(space="")])
    before, after = (f'<span class="visually-hidden">{mark}</span>' for mark in MARKS[tag])
    return f"<{tag}>{before}{words}{after}</{tag}>{tokens[-1].space}"


def _words(tokens: list[Token]) -> str:
    """Words in their inline elements; the space between two stands in those that they share."""
    line = []
    for token, after in zip_longest(tokens, tokens[1:], fillvalue=END):
        line.append((token.format, token.word if token.word == BREAK else escaped(token.word)))
        line.append((shared(token.format, after.format), token.space))
    return formatted(line)


type Stretch = tuple[list[Token], list[Token], bool]


def _changes(old: list[Token], new: list[Token]) -> list[Stretch]:
    """Stretches of words before and after, and whether they are the same."""
    keys = [[token.key for token in tokens] for tokens in (old, new)]
    common = (Counter(keys[0]) & Counter(keys[1])).total()
    if 4 * common < ALIKE * (len(old) + len(new)):  # a text about something else, with the same little words
        return [(old, new, False)]
    found: list[Stretch] = []
    for verb, i1, i2, j1, j2 in _opcodes(*keys):
        change = old[i1:i2], new[j1:j2], verb == "equal"
        # A word or two that two long changes happen to share are no island to rest on: they read as one change.
        if len(found) > 1 and _island(found[-2], found[-1], change):
            same, left = found.pop(), found.pop()
            change = left[0] + same[0] + change[0], left[1] + same[1] + change[1], False
        found.append(change)
    return found


def _island(left: Stretch, same: Stretch, right: Stretch) -> bool:
    if not same[2] or len(same[1]) > 2:
        return False
    return all(old and new and _length(old + new) >= 2 * _length(same[1]) for old, new, _ in (left, right))


def _length(tokens: list[Token]) -> int:
    return sum(len(token.word) for token in tokens)
