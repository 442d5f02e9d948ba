"""Putting in order what a search found: exact names first, then words in names, then words in texts."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from .. import rooms
from ..rooms import Untold
from . import missing, spelling, texts, tools
from .indexing import TITLE
from .lexicon import FoundPage, Lexicon, Match, PageName, lexicon, meant
from .missing import Spans
from .texts import Holding
from .words import STOP, keys, may_be_one, signs_of_life, telling, tokens, without_dose

PLURAL = re.compile("ies$")  # of a name that ends in “y”
MOST_WORDS = 24  # of a question; what comes after is not read
LONGEST_NAME = 6  # words
MANY = 300  # pages with one word in their names: too many to look at each
#: How much of a word's weight counts where it stands.
NAMED, IN_TITLE, BEGINS, IN_LEAD, IN_BODY = 1.0, 0.8, 0.65, 0.55, 0.35
EXACT, EXACT_OTHER = 2.0, 1.5
WHOLE_HEAD = 0.15  # for a title of which the words make up all
AS_ASKED = 0.2  # for a title that has all the words of the question, the small ones too
FURTHER_ON = 0.06  # for each kind before its own, of pages that are called the same
NAME_INSIDE = 0.3  # for a whole name in the question, the more the more words it has
ALL_WORDS, DENSE = 0.25, 0.1  # for a page that has each of them somewhere; for the one that has them most
ENOUGH, OF_BEST = 0.3, 0.45  # of the weight of all words; of that of the best
RARER, WITHOUT_RAREST = 1.3, 0.7  # a word that tells so much more than others; for a page without it
MOST = 200
BETWEEN = frozenset(("of", "in", "de", "del"))
CLOSE = 3  # names offered for a symbol that no page has


@dataclass
class Found:
    """What a search answers."""

    typed: str
    words: list[str]
    matches: list[Match] = field(default_factory=list)
    #: What was searched for in the place of what was typed.
    instead: str = ""
    #: Addresses of pages with names a little like it, where nothing was found.
    nearest: list[FoundPage] = field(default_factory=list)
    #: The words by which it was found, each in all its forms.
    forms: list[tuple[str, ...]] = field(default_factory=list)
    #: Words that no page has, as they were typed.
    unheard: list[str] = field(default_factory=list)
    #: Whether it asks for a page of a kind, such as a cancer, that there is none of.
    kindless: bool = False
    #: The symbol of a test result that there is no page about, as it was typed.
    symbol: str = ""
    #: What it asks about that the site does not tell.
    untold: Untold | None = None

    @property
    def says_what_is_missing(self) -> bool:
        """Whether what was found is no answer to all that was asked."""
        return bool(self.kindless or self.symbol or self.unheard or self.untold)


class _Unit(NamedTuple):
    """A word of a question, or two that are one: all its forms, and how much it tells."""

    forms: tuple[str, ...]
    prefix: str
    weight: float
    begin: int  # the words of the question that it is
    end: int


def find(typed: str, *, exactly: bool = False) -> Found:
    """Search for what somebody typed; for what they meant, unless they ask for ``exactly`` this. Four queries at most
    while the index stays the same.
    """
    known = lexicon()
    plain = without_dose(signs_of_life(typed))
    words = tokens(plain)[:MOST_WORDS]
    found = Found(typed, words)
    if not words:
        return found
    exact, symbols = _exact(plain, words, known), missing.symbols(words, known)
    if not exact and not exactly:
        right = spelling.corrected(words, known, symbols | missing.asked_for(words, known))
        if right != words:
            found.instead, found.words = " ".join(right), [word for one in right for word in tokens(one)]
            exact = _exact(found.instead, found.words, known)
    asked = found.words
    if not exact:
        found.untold, found.words = missing.untold(asked, known)
    units, spans = _units(found.words, known), _spans(found.words, known)
    found.forms = [unit.forms or (unit.prefix,) for unit in units]
    found.matches = _ranked(found.words, units, spans, exact, known)
    if not exact:
        _say_what_is_missing(found, asked, units, spans, symbols, known)
        found.matches = tools.placed(typed, found.matches, spans, known)
        found.unheard = [word for word in found.unheard if not tools.tells(found.matches[:1], word)]
        if found.untold and found.words == asked:  # it is said of all of them already
            found.unheard = []
    if not found.matches and not found.kindless and not found.symbol:
        addresses = spelling.nearest(missing.unheard(telling(words), known), known)
        found.nearest = [entry for address in addresses for entry in known.entries if entry.address == address]
    return found


def _say_what_is_missing(
    found: Found, asked: list[str], units: list[_Unit], spans: Spans, symbols: Collection[str], known: Lexicon
) -> None:
    """Tell which words no page has, and take away what was found by words alone that say little without them."""
    content = telling(found.words)
    joined = {word for unit in units if unit.end - unit.begin > 1 for word in found.words[unit.begin : unit.end]}
    inside = {word for held in spans.values() for begin, end, _ in held for word in found.words[begin:end]}
    unheard = missing.unheard([word for word in content if word not in joined | inside], known)
    found.unheard = missing.as_typed(unheard, found.typed)
    one, wider = missing.kindless(found.words, spans, known)
    if one in symbols:
        found.symbol = missing.as_typed([one], found.typed)[0]
        found.matches = _mentioning(one, found.matches, spans, known)
        if not known.forms(one):  # what texts mention is no misspelling
            wider = (*spelling.like_symbol(one, found.words, known)[:CLOSE], *wider)
    elif one:
        found.kindless = True
        if one in missing.alone(found.words):
            found.matches = _mentioning(one, found.matches, spans, known)
        else:
            found.matches = [match for match in found.matches if f" {one} " in match.entry.heads]
    if one:
        found.nearest = [entry for address in wider for entry in known.entries if entry.address == address]
    elif found.untold:
        found.matches = _beside_untold(found, asked, units, spans, known)
    elif unheard and missing.only_common([word for word in content if word not in unheard], spans, known):
        found.matches = [match for match in found.matches if _is_named(match, spans, known)]


def _beside_untold(found: Found, asked: list[str], units: list[_Unit], spans: Spans, known: Lexicon) -> list[Match]:
    """Pages that may help who asks for what none tells, and those that the rest of the question calls by a name. One
    that only mentions it, or a word beside it, would be taken for the answer: alcohol is a cause of cancers, too.
    """
    forms = [form for unit in units if missing.tells(unit.prefix, known) for form in unit.forms]
    named = [
        match
        for match in ([] if found.words == asked else found.matches)
        if known.number_of[match.entry.pk] in spans or any(f" {form} " in match.entry.heads for form in forms)
    ]
    addresses = found.untold.see if found.untold else ()
    see = [entry for address in addresses for entry in known.entries if entry.address == address]
    return [*(Match(entry, 0, None) for entry in see), *(match for match in named if match.entry not in see)]


def _mentioning(symbol: str, matches: list[Match], spans: Spans, known: Lexicon) -> list[Match]:
    """Pages that the question names beside a symbol, and those that mention it: of BRCA1 those that say BRCA, too."""
    said = next((one for one in (symbol, symbol.rstrip("0123456789")) if known.forms(one)), "")
    mentioned = _ranked([said], _units([said], known), {}, {}, known) if said else []
    named = [match for match in matches if _is_named(match, spans, known) and match.entry.weight.named >= 1]
    return list({match.entry.pk: match for match in (*mentioned, *named)}.values())


def _is_named(match: Match, spans: Spans, known: Lexicon) -> bool:
    return bool(match.entry.kind) and known.number_of[match.entry.pk] in spans


def _exact(typed: str, words: list[str], known: Lexicon) -> dict[int, PageName]:
    """Pages that are called just so, each with the name that says it."""
    asked = [*keys(typed), "".join(words), "".join(telling(words))]
    for whole in dict.fromkeys(asked):
        if named := known.named.get(whole) or known.named.get(whole.removesuffix("s")):
            found: dict[int, PageName] = {}
            for number, name in named:
                if number not in found or name.place < found[number].place:
                    found[number] = name
            return found
    return {}


def _units(words: list[str], known: Lexicon) -> list[_Unit]:
    """The words of a question by which something is found. Two that are one in our texts are one: “car t”."""
    found, place = [], 0
    content = set(telling(words))
    while place < len(words):
        word, width = words[place], 1
        if place + 1 < len(words):
            joined = word + words[place + 1]
            short = may_be_one(word, words[place + 1])
            parted = joined in known.named and not (known.is_known(word) and known.is_known(words[place + 1]))
            if parted or meant(joined) or (short and (joined in known.named or joined in known.known)):
                word, width = joined, 2
        if width > 1 or word in content:
            forms = known.forms(word)
            found.append(_Unit(tuple(forms), word, known.weight(word), place, place + width))
        place += width
    return found


def _spans(words: list[str], known: Lexicon) -> Spans:
    """Pages whose whole names stand in the question, with the places of the words."""
    found: Spans = defaultdict(list)
    for begin in range(len(words)):
        for end in range(begin + 1, min(len(words), begin + LONGEST_NAME) + 1):
            if end - begin == 1 and words[begin] in STOP:
                continue
            whole = "".join(words[begin:end])
            for name in (whole, whole.removesuffix("s"), PLURAL.sub("y", whole)):
                if name in known.named:
                    for number, one in known.named[name]:
                        found[number].append((begin, end, one))
                    break
    for begin, end, name in _said_otherwise(words):
        for number, one in known.named.get(name, ()):
            found[number].append((begin, end, one))
    return found


def _said_otherwise(words: list[str]) -> Iterator[tuple[int, int, str]]:
    """“Cancer of the kidney”, “cáncer de riñón” and “liver tumor” as names have it, with the places of the words."""
    for place, word in enumerate(words):
        heads = _heads().get(word, (word,))
        if word in _heads():
            for begin in range(max(0, place - 2), place):
                before = "".join(words[begin:place])
                yield from ((begin, place + 1, one + head) for one in (before, *meant(before)) for head in heads)
        if words[place + 1 : place + 2] and words[place + 1] in BETWEEN:
            after = next((after for after in range(place + 2, len(words)) if words[after] not in STOP), 0)
            if after:
                several = (words[after], *meant(words[after]))
                yield from ((place, after + 1, one + head) for one in several for head in heads)


@cache
def _heads() -> dict[str, frozenset[str]]:
    """Words that stand for each other in names of a kind: a tumor may be called a cancer."""
    return {
        head: kind.asked.head for kind in rooms.page_kinds() if kind.asked and kind.asked.of for head in kind.asked.head
    }


def _ranked(
    words: list[str], units: list[_Unit], spans: Spans, exact: dict[int, PageName], known: Lexicon
) -> list[Match]:
    if not units:
        return [Match(known.entries[number], EXACT, name) for number, name in exact.items()]
    holding = {known.number_of[row.pk]: row for row in _holding(units, known) if row.pk in known.number_of}
    wanted = {*exact, *spans, *holding}
    for unit in units:
        for word in (*unit.forms, *known.beginning(unit.prefix)):
            if len(numbers := known.holding.get(word, ())) <= MANY:
                wanted.update(numbers)
    total = sum(unit.weight for unit in units)
    rarest = _rarest(units)
    standing = [f" {word} " for word in words]
    rank = {number: place for place, number in enumerate(holding)}
    found, best = [], 0.0
    for number in wanted:
        entry = known.entries[number]
        score, by = _score(entry, units, spans.get(number, []), holding.get(number))
        if rarest and not _holds(entry, rarest, holding.get(number)) and not by:
            score *= WITHOUT_RAREST
        score = score / total + WHOLE_HEAD * _share(entry, units)
        score += AS_ASKED * sum(word in entry.heads for word in standing) / len(words)
        if number in rank and number not in exact:
            score += DENSE * (1 - rank[number] / len(rank))
        best = max(best, score)
        if name := exact.get(number):
            exactly = EXACT_OTHER if name.place else EXACT
            score, by = score + exactly * (1 + entry.weight.named) / 2 - entry.order * FURTHER_ON, name
        found.append(Match(entry, score - entry.order / 500, by if by and by.sort != TITLE else None))
    found.sort(key=lambda match: (-match.score, match.entry.title))
    return [match for match in found[:MOST] if match.score >= min(ENOUGH, best * OF_BEST)]


def _rarest(units: list[_Unit]) -> _Unit | None:
    """The word that tells far more than each of the others, if one does."""
    if len(heard := sorted((unit for unit in units if unit.forms), key=lambda unit: -unit.weight)) < 2:
        return None
    return heard[0] if heard[0].weight > RARER * heard[1].weight else None


def _holds(entry: FoundPage, unit: _Unit, row: Holding | None) -> bool:
    texts_ = (entry.heads, row.lead, row.body) if row else (entry.heads,)
    return f" {unit.prefix}" in entry.heads or any(f" {form} " in text for form in unit.forms for text in texts_)


def _holding(units: list[_Unit], known: Lexicon) -> list[Holding]:
    """Rows with the words in them: with some of the rarer ones, or with all if each of them is common. One query."""
    numbers = {unit: sum(known.known.get(form, 0) for form in unit.forms) for unit in units if unit.forms}
    few = min(numbers.values(), default=0)
    asked = [unit.forms for unit, number in numbers.items() if number <= max(MANY, few)]
    if few > MANY:
        return texts.holding([unit.forms for unit in numbers], every=True)
    return texts.holding(asked, every=False)


def _score(
    entry: FoundPage, units: list[_Unit], spans: list[tuple[int, int, PageName]], row: Holding | None
) -> tuple[float, PageName | None]:
    """How much of the question a page answers, and the name of it that stands there."""
    score, by, whole = 0.0, None, True
    held: set[tuple[int, int]] = set()
    for unit in units:
        span = next((one for one in spans if one[0] <= unit.begin and unit.end <= one[1]), None)
        if span:
            worth, by = NAMED, by or span[2]
            held |= {(span[0], span[1])}
        elif any(f" {form} " in entry.heads for form in unit.forms):
            worth = IN_TITLE
        elif len(unit.prefix) > 2 and f" {unit.prefix}" in entry.heads:
            worth = IN_LEAD if unit.forms else BEGINS
        elif len(unit.prefix) > 4 and f"{unit.prefix} " in entry.heads:
            worth = IN_LEAD
        elif row and any(f" {form} " in row.lead for form in unit.forms):
            worth = IN_LEAD * entry.weight.told
        elif row and any(f" {form} " in row.body for form in unit.forms):
            worth = IN_BODY * entry.weight.told
        else:
            whole = False
            continue
        score += worth * unit.weight
    named = max((end - begin for begin, end in held), default=0) ** 0.5
    extra = (ALL_WORDS if whole else 0) + NAME_INSIDE * entry.weight.named * named
    return score + extra * sum(unit.weight for unit in units), by


def _share(entry: FoundPage, units: list[_Unit]) -> float:
    """How much of its title the words make up."""
    title = _words_of(entry.title)
    held = sum(any(word in unit.forms or word.startswith(unit.prefix) for unit in units) for word in title)
    return held / len(title)


@lru_cache(maxsize=20_000)
def _words_of(title: str) -> list[str]:
    return telling(tokens(title))
