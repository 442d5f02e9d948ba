"""What a question asks for and no page has. It is said, so that nobody takes pages on other things for an answer."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA
from syllapy import WORD_DICT

from .. import rooms
from ..rooms import Asked, Untold
from .lexicon import Lexicon, PageName
from .words import PIECE, STOP, stem, tokens

#: A word that so many names hold, or one in so many pages, tells nothing where the word beside it is not found.
IN_NAMES, IN_PAGES = 5, 20

LONGEST_SYMBOL = 5  # letters, of those that are a letter away from a word of ours

type Spans = dict[int, list[tuple[int, int, PageName]]]


def unheard(words: Sequence[str], known: Lexicon) -> list[str]:
    """Words that no page has, in no form, and that no word of a name has in it."""
    return [word for word in dict.fromkeys(words) if not _is_found(word, known)]


def _is_found(word: str, known: Lexicon) -> bool:
    if word.isdecimal() or len(word) == 1 or word in known.named or known.forms(word) or any(known.beginning(word, 1)):
        return True
    return len(word) > 4 and any(one.endswith(word) for one in known.head_words)


def kindless(words: Sequence[str], spans: Spans, known: Lexicon) -> tuple[str, tuple[str, ...]]:
    """The part of “thyroid cancer” that no page of the kind has in its names, and wider pages; nothing if one has."""
    whole, by_itself = f" {' '.join(words)} ", alone(words)
    for kind in rooms.page_kinds():
        if not kind.asked:
            continue
        label = kind.model._meta.label_lower
        of = () if kind.asked.head.isdisjoint(words) else kind.asked.of
        for one in (*of, *_symbols_of(kind.asked, words, known), *(kind.asked.alone & by_itself)):
            place = whole.find(f" {one} ")
            if place < 0 or any(entry.kind == label and _holds(entry.heads, one, known) for entry in known.entries):
                continue
            begin = whole[:place].count(" ")
            beside = {
                number
                for number, held in spans.items()
                for first, end, _ in held
                if known.entries[number].kind == label and (end <= begin or first >= begin + len(one.split()))
            }
            if not beside:
                return one, kind.asked.wider
    return "", ()


def symbols(words: Sequence[str], known: Lexicon) -> set[str]:
    """Words that are no misspelling, since a letter makes another gene of it: FGFR is not EGFR."""
    return {one for kind in rooms.page_kinds() if kind.asked for one in _symbols_of(kind.asked, words, known)}


def alone(words: Sequence[str]) -> set[str]:
    """What is a page of a kind by itself: “thymoma” is no misspelling either."""
    firsts = {word for word in words if word in _alone()}
    whole = f" {' '.join(words)} "
    return {one for first in firsts for one in _alone()[first] if f" {one} " in whole}


def asked_for(words: Sequence[str], known: Lexicon) -> set[str]:
    """Words that no page may have and that are no misspelling: a testis cancer, a carcinoid."""
    kept = {word for one in alone(words) for word in one.split()} | _asked_of().intersection(words)
    return {word for word in kept if not known.is_known(word)}


@cache
def _alone() -> dict[str, list[str]]:
    """What is declared, by its first word."""
    found = defaultdict(list)
    for one in (one for kind in rooms.page_kinds() if kind.asked for one in kind.asked.alone):
        found[one.split()[0]].append(one)
    return dict(found)


def _symbols_of(asked: Asked, words: Sequence[str], known: Lexicon) -> Iterator[str]:
    """Words beside the head that can only be a symbol: no word of the language, and in no name that we have."""
    for place, word in enumerate(words):
        if not asked.symbol or word not in asked.head:
            continue
        before = [one for one in words[:place] if not one.isdecimal()][-1:]  # “BRCA 1 mutation”
        for one in (*before, *words[place + 1 : place + 2]):
            ours = one in known.named or any(known.beginning(one, 1))
            english = one in STOP or one in WORD_DICT or one.removesuffix("s") in WORD_DICT
            if asked.symbol.fullmatch(one) and not ours and not english and not _is_misspelled(one, asked, known):
                yield one


def _is_misspelled(one: str, asked: Asked, known: Lexicon) -> bool:
    """Whether it is a longer word of ours but for a letter, as “cludin” is: symbols so long have more than that."""
    return len(one) > LONGEST_SYMBOL and bool(
        process.extractOne(one, (*asked.head, *known.head_words), scorer=OSA.distance, score_cutoff=1)
    )


def _holds(heads: str, one: str, known: Lexicon) -> bool:
    forms = [one] if " " in one else known.forms(one)
    return any(f" {form} " in heads for form in forms)


def only_common(words: Sequence[str], spans: Spans, known: Lexicon) -> bool:
    """Whether none of these words tells what somebody asks for, as in what is left of “testicular cancer”."""
    several = any(end - begin > 1 for held in spans.values() for begin, end, _ in held)  # “CAR T”, “side effects”
    if several or any(known.entries[number].weight.named >= 1 for number in spans):
        return False
    return not any(tells(word, known) for word in words)


@cache
def _asked_of() -> set[str]:
    """Words by which somebody tells which page of a kind is meant: lung, prostate."""
    return {word for kind in rooms.page_kinds() if kind.asked for one in kind.asked.of for word in one.split()}


def tells(word: str, known: Lexicon) -> bool:
    """Whether a word is found on so few pages that it tells what somebody asks for."""
    if word in _asked_of():
        return True
    forms = known.forms(word) or list(known.beginning(word, 1))
    named = max((len(known.holding.get(form, ())) for form in forms), default=0)
    told = max((known.known.get(form, 0) for form in forms), default=0)
    return not word.isdecimal() and named < IN_NAMES and told < len(known.entries) / IN_PAGES


def untold(words: list[str], known: Lexicon) -> tuple[Untold | None, list[str]]:
    """What a question asks about that the site does not tell, in whatever form of the words, and those that are left:
    “keytruda price”.
    """
    stems, found, left, place = [stem(word) for word in words], None, list[str](), 0
    while place < len(words):
        for said, told in _untold().get(stems[place], ()):
            end = place + len(said)
            if stems[place:end] == said and not _is_name(" ".join(words[place:end]), known):
                found, place = found or told, end
                break
        else:
            left.append(words[place])
            place += 1
    return found, words if STOP.issuperset(left) else left


@cache
def _untold() -> dict[str, list[tuple[list[str], Untold]]]:
    """What is declared, by the stem of its first word, the longest first."""
    found = defaultdict(list)
    for said, told in sorted(rooms.untold().items(), key=lambda one: -len(one[0].split())):
        stems = [stem(word) for word in tokens(said)]
        found[stems[0]].append((stems, told))
    return found


def _is_name(said: str, known: Lexicon) -> bool:
    """Whether a page is called so: a title has it, and not only another name, as “food pipe” is one."""
    named = (entry for entry in known.entries if f" {said} " in entry.heads)
    return any(f" {said} " in f" {' '.join(tokens(entry.title))} " for entry in named)


def as_typed(words: Sequence[str], typed: str) -> list[str]:
    """Words as somebody wrote them, with their accents and capitals."""
    wrote = {tuple(tokens(piece)): piece for piece in PIECE.findall(typed)}
    return [wrote.get((word,), word) for word in words]
