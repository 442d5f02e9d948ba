"""What changed between two editions of a page, word by word and in place.

Rich text is compared as a tree: paragraphs, list items, rows and cells that resemble each other are paired,
and only their words are marked with ``<ins>`` and ``<del>``. Marks thus stand around words alone, so the result
is as valid as what went in. (lxml's htmldiff was tried: it nests list items wrongly, overlooks that a paragraph
became a heading, and splits ``[[figures]]``.)

White space is no change; a figure, a number with its decimals, and a hyphenated word are one word each.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from html import escape
from html.parser import HTMLParser
from itertools import takewhile
from typing import Any, NamedTuple

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from .markup import normalized
from .models import Edition, SavedDraft, Source
from .prose import flat

#: Elements that hold paragraphs, cells or words of their own; all others stand inside a line.
BLOCKS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "figure", "figcaption", "hr"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td", "dl", "dt", "dd", "div"),
}
VOID = {"br", "img", "hr", "col", "wbr"}
WORD = re.compile(r"(\[\[[^\[\]]*\]\]|\w+(?:[.,’'/-]\w+)*|[^\w\s])(\s*)")

MARKS = {"ins": ("added: ", " end of addition "), "del": ("removed: ", " end of removal ")}  # said, not shown
ALIKE = 0.4  # share of words that two passages have in common when one is a revision of the other

# Sizes beyond which whole paragraphs are compared, so that a hostile text takes no longer than a long one.
HUGE = 200_000  # characters; a longer text loses its tags before it is compared
LONG = 10_000  # words in one of the texts
EQUAL_PAIRS = 250_000  # equal words or paragraphs, each with each
NEIGHBORS = 4_000  # pairs of paragraphs that could belong together
DEPTH = 30  # nested elements; deeper ones lose their tags, not their words


class Token(NamedTuple):
    """A word or mark as it stands: its opening tags, and the white space after it."""

    word: str
    format: tuple[str, ...] = ()
    space: str = ""
    glued: bool = False  # the next word follows without white space, as in <em>im</em>mune
    void: bool = False  # a line break or picture: ``word`` is its tag

    @property
    def key(self) -> tuple[str, tuple[str, ...], bool]:
        return self.word, self.format, self.glued

    @property
    def is_word(self) -> bool:
        return not self.void and (self.word[-1].isalnum() or self.word.startswith("[["))


class ChangedRun:
    """Words in a row, without a block among them."""

    tag = ""
    opening = ""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = _glued(tokens)
        self.key: Any = ("", tuple(token.key for token in self.tokens))
        self.words = Counter(token.word for token in tokens)


class Block:
    """A paragraph, list, row … with its parts in order."""

    def __init__(self, tag: str, opening: str) -> None:
        self.tag = tag
        self.opening = opening
        self.parts: list[Part] = []

    def close(self) -> None:
        self.key: Any = (self.opening, tuple(part.key for part in self.parts))
        self.words: Counter[str] = Counter()
        for part in self.parts:
            self.words.update(part.words)


type Part = ChangedRun | Block


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
        return ", ".join(said) or ("marks changed, no words" if self.changed else "unchanged")


def rich(old: str, new: str) -> Difference:
    """Compare two rich texts, whatever stands in the table: both are normalized first."""
    if len(old) > HUGE or len(new) > HUGE:
        return plain(strip_tags(flat(normalized(old))), strip_tags(flat(normalized(new))))
    return _difference(_read(normalized(old)), _read(normalized(new)))


def plain(old: str, new: str) -> Difference:
    """Compare two plain texts."""
    return _difference(ChangedRun(_tokens(old)), ChangedRun(_tokens(new)))


# Reading ---------------------------------------------------------------------------------


class _Reader(HTMLParser):
    """Sanitised HTML as a tree of blocks and runs."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Block("", "")
        self.blocks = [self.root]
        self.format: list[tuple[str, str]] = []  # names and opening tags of inline elements
        self.pieces: list[Token] = []
        self.too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        opening = f"<{tag}{''.join(f' {name}="{escape(value or "")}"' for name, value in attrs)}>"
        if tag in VOID and tag not in BLOCKS:
            self.pieces.append(Token(opening, self._format, void=True))
        elif len(self.blocks) + len(self.format) > DEPTH and tag not in VOID:
            self.too_deep += 1
        elif tag not in BLOCKS:
            self.format.append((tag, opening))
        else:
            self._end_run()
            self.blocks.append(Block(tag, opening))
            if tag in VOID:
                self._end_block()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.too_deep:
            self.too_deep -= 1
        elif tag in BLOCKS:
            self._end_run()
            self._end_block()
        elif self.format and self.format[-1][0] == tag:
            self.format.pop()

    def handle_data(self, data: str) -> None:
        if self.pieces and data[:1].isspace():
            self.pieces[-1] = self.pieces[-1]._replace(space=self.pieces[-1].space or " ")
        self.pieces += _tokens(data, self._format)

    @property
    def _format(self) -> tuple[str, ...]:
        return tuple(opening for _, opening in self.format)

    def _end_run(self) -> None:
        if self.pieces:
            self.blocks[-1].parts.append(ChangedRun(self.pieces))
            self.pieces = []

    def _end_block(self) -> None:
        if len(self.blocks) > 1:
            block = self.blocks.pop()
            block.close()
            self.blocks[-1].parts.append(block)

    def close(self) -> None:
        super().close()
        self._end_run()
        while len(self.blocks) > 1:
            self._end_block()
        self.root.close()


def _read(html: str) -> Block:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def _tokens(text: str, opening: tuple[str, ...] = ()) -> list[Token]:
    return [Token(match[1], opening, match[2]) for match in WORD.finditer(text)]


def _glued(tokens: list[Token]) -> list[Token]:
    """Mark words that run on into the next, so that splitting or joining a word counts as a change."""
    pairs = zip(tokens, [*tokens[1:], None], strict=False)
    return [
        token._replace(glued=after is not None and not token.space and token.is_word and after.is_word)
        for token, after in pairs
    ]


# Comparing ---------------------------------------------------------------------------------

#: A part of the old text, a part of the new one, or both where one became the other.
type Pair = tuple[Part | None, Part | None]


def _pairs(old: Sequence[Part], new: Sequence[Part], *, closely: bool) -> Iterator[Pair]:
    """Parts in the order of the result: the same or alike ones together, others alone."""
    for verb, i1, i2, j1, j2 in _opcodes([part.key for part in old], [part.key for part in new]):
        before, after = old[i1:i2], new[j1:j2]
        # A row keeps its columns, whatever stands in them.
        row = [part.tag for part in before] == [part.tag for part in after] and {p.tag for p in before} <= {"td", "th"}
        if verb == "equal" or row:
            yield from zip(before, after, strict=True)
        elif closely and len(before) * len(after) <= NEIGHBORS:
            yield from _revised(before, after)
        else:
            yield from ((part, None) for part in before)
            yield from ((None, part) for part in after)


def _opcodes(old: list[Any], new: list[Any]) -> list[tuple[str, int, int, int, int]]:
    """What difflib answers, unless that would take too long: then everything was replaced."""
    if old == new:
        return [("equal", 0, len(old), 0, len(new))]
    one, other = Counter(old), Counter(new)
    if sum(number * other[key] for key, number in one.items()) > EQUAL_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new).get_opcodes()  # type: ignore[return-value]


def _revised(old: Sequence[Part], new: Sequence[Part]) -> Iterator[Pair]:
    """The pairing, in order, that keeps the most words together."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            together = _alike(old[i], new[j])
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together and best[i + 1][j + 1] + together)
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and best[i][j] == best[i + 1][j]:
            yield old[i], None
            i += 1
        elif j < len(new) and best[i][j] == best[i][j + 1]:
            yield None, new[j]
            j += 1
        else:
            yield old[i], new[j]
            i, j = i + 1, j + 1


def _alike(old: Part, new: Part) -> float:
    """How much two parts have in common; 0 if they are different things."""
    if old.opening != new.opening:
        return 0
    total = old.words.total() + new.words.total()
    share = 2 * (old.words & new.words).total() / total if total else 1.0
    return share if share >= ALIKE else 0


def _difference(old: Part, new: Part) -> Difference:
    writer = _Writer(closely=max(old.words.total(), new.words.total()) <= LONG)
    writer.part(old, new)
    # Everything in it was sanitised or escaped when it was read.
    html = mark_safe("".join(writer.out))  # noqa: S308
    return Difference(html, old.key != new.key, writer.counted["ins"], writer.counted["del"])


class _Writer:
    """Writes both texts as one. ``closely`` looks for the words that differ, not only for the paragraphs."""

    def __init__(self, *, closely: bool) -> None:
        self.closely = closely
        self.out: list[str] = []
        self.counted: Counter[str] = Counter()

    def part(self, old: Part | None, new: Part | None) -> None:
        shown = new or old
        if isinstance(shown, Block):
            self.out.append(shown.opening)
            for pair in _pairs(getattr(old, "parts", ()), getattr(new, "parts", ()), closely=self.closely):
                self.part(*pair)
            if shown.tag and shown.tag not in VOID:
                self.out.append(f"</{shown.tag}>")
        else:
            self.run(getattr(old, "tokens", []), getattr(new, "tokens", []))

    def run(self, old: list[Token], new: list[Token]) -> None:
        for before, after, same in _changes(old, new):
            if same:
                self.words(_spaced(before, after))
            else:
                self.mark("del", before)
                self.mark("ins", after)

    def mark(self, tag: str, tokens: list[Token]) -> None:
        """Words in ``<ins>`` or ``<del>``, which say what they are to those who do not see it."""
        if not tokens:
            return
        (before, after), last = MARKS[tag], tokens[-1]
        self.out.append(f'<{tag}><span class="visually-hidden">{before}</span>')
        self.words([*tokens[:-1], last._replace(space="")])
        self.out.append(f'<span class="visually-hidden">{after}</span></{tag}>{last.space}')
        self.counted[tag] += sum(token.is_word for token in tokens)

    def words(self, tokens: Iterable[Token]) -> None:
        """Words in their inline elements; neighbours in the same element share it."""
        opened: tuple[str, ...] = ()
        space = ""
        for token in tokens:
            shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(opened, token.format, strict=False)))
            self._close(opened[shared:])
            self.out += [space, *token.format[shared:], token.word if token.void else escape(token.word, quote=False)]
            opened, space = token.format, token.space
        self._close(opened)
        self.out.append(space)

    def _close(self, opened: tuple[str, ...]) -> None:
        self.out += [f"</{re.split('[ >]', opening[1:], maxsplit=1)[0]}>" for opening in reversed(opened)]


type Stretch = tuple[list[Token], list[Token], bool]


def _changes(old: list[Token], new: list[Token]) -> list[Stretch]:
    """Stretches of words before and after, and whether they are the same."""
    keys = [[token.key for token in tokens] for tokens in (old, new)]
    shared = (Counter(keys[0]) & Counter(keys[1])).total()
    if 4 * shared < ALIKE * (len(old) + len(new)):  # a text about something else, with the same little words
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


def _spaced(old: list[Token], new: list[Token]) -> list[Token]:
    """The words of the new text. At the end, the space of the old one keeps a removed word apart."""
    return [now._replace(space=now.space or before.space) for before, now in zip(old, new, strict=True)]


# Editions ------------------------------------------------------------------------------------


class Field(NamedTuple):
    label: str
    rich: bool
    difference: Difference


class Comparison(NamedTuple):
    """What ``new`` changes in ``old``, for ``templates/publishing/_diff.html``."""

    fields: list[Field]
    sources: list[tuple[str, Source]]  # each with "added", "removed" or "kept"

    @property
    def changed(self) -> bool:
        return any(field.difference.changed for field in self.fields) or self.sources_changed

    @property
    def sources_changed(self) -> bool:
        return any(verb != "kept" for verb, _ in self.sources)

    @property
    def sources_summary(self) -> str:
        counted = Counter(verb for verb, _ in self.sources)
        return ", ".join(f"{counted[verb]} {verb}" for verb in ("added", "removed", "kept") if counted[verb]) or "none"


def compare(old: Edition | SavedDraft | None, new: Edition | SavedDraft) -> Comparison:
    """Part by part and source by source. Without ``old`` everything in ``new`` is added. A save keeps no sources."""
    before = old.words if old else {}
    fields = [
        Field(part.title, part.is_rich, (rich if part.is_rich else plain)(before.get(part.name, ""), text))
        for part in new.parts
        for text in [new.words.get(part.name, "")]
    ]
    saves = isinstance(old, SavedDraft) or isinstance(new, SavedDraft)
    cited, now = (list(one.sources.all()) if isinstance(one, Edition) and not saves else [] for one in (old, new))
    found = [("kept" if source in cited else "added", source) for source in now]
    return Comparison(fields, found + [("removed", source) for source in cited if source not in now])
