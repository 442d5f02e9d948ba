"""What somebody meant who misspelled a word: names and words of ours that are one or two edits away, or sound alike."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from .. import rooms
from .indexing import TITLE
from .lexicon import Lexicon
from .words import SHORT, STOP, sound, telling, tokens, without_dose

#: How many edits a word of so many letters may be away.
EDITS = ((8, 2), (4, 1), (3, 1))


def edits(word: str) -> int:
    return next((number for letters, number in EDITS if len(word) >= letters), 0)


def corrected(words: Sequence[str], known: Lexicon, symbols: Collection[str] = ()) -> list[str]:
    """The words with those that nobody knows replaced; the same words if nothing is near. A whole name goes first.
    ``symbols`` stay.
    """
    unknown = [word for word in words if not known.is_known(word) and word not in symbols]
    if not unknown:
        return [*words]
    whole = "".join(words)
    if len(words) > 1 and not symbols and (name := _near(whole, known.names, known)):
        right = _as_words(name, known)
        if len(right) != len(words) or all(_may_be(*pair) for pair in zip(words, right, strict=True)):
            return right
    if len(words) > 1 and (heard := [one for one in known.by_sound.get(sound(whole), ()) if one in known.named]):
        return _as_words(heard[0], known)  # “bleen sito”
    meant = {word: _meant(word, known) for word in dict.fromkeys(unknown) if not word.isdecimal()}
    for before, word in pairwise(words):  # “key trueda”: the blank is one edit, and the letter another
        lost = any(meant.get(one) == [one] for one in (before, word))
        if lost and (name := _near(before + word, known.names, known, most=1)):
            meant |= {before: _as_words(name, known), word: []}
    for word in unknown:
        if meant.get(word) == [word]:
            meant[word] = _parted(word, known) or [word]
    foreign = len(unknown) > 1 and 2 * len(unknown) > len(telling(words)) and any(meant[one] == [one] for one in meant)
    if foreign:  # another language, or a word of another trade: one of ours that looks alike would mislead
        return [*words]
    return [part for word in words for part in meant.get(word, [word])]


def put_right(typed: str, known: Lexicon) -> list[str]:
    """The words that somebody typed, corrected and in the form in which our texts have them."""
    words = corrected(tokens(without_dose(typed)), known)
    return [next(iter(known.forms(word)), word) for word in words]


def _meant(word: str, known: Lexicon) -> list[str]:
    found = _near(word, known.correct, known)
    if not found and len(word) > 4:
        heard = sound(word)
        near = process.extract(heard, known.sounds, scorer=OSA.distance, score_cutoff=int(len(heard) > 6), limit=3)
        alike = [one for sounded, *_ in near for one in known.by_sound[sounded]]
        found = min(alike, key=lambda one: OSA.distance(one, word), default="")
    return [found or word] if found in known.known else _as_words(found or word, known)


def _may_be(word: str, right: str) -> bool:
    """Whether a word of a name may be meant by another: an anal cancer is no nasal one."""
    return OSA.distance(word, right) <= max(edits(word), edits(right))


def _parted(word: str, known: Lexicon) -> list[str]:
    """The words that somebody typed without a blank between them, as few as there can be; none if they are not ours."""
    if len(word) < 2 * EDITS[1][0]:
        return []
    fewest: dict[int, list[str]] = {0: []}  # by how many letters they are of it
    for end in range(2, len(word) + 1):
        for begin in (place for place in [*fewest] if place < end - 1):
            piece, before = word[begin:end], fewest[begin]
            ours = (len(piece) >= SHORT and piece in known.named) or (len(piece) > SHORT and piece in known.known)
            if (ours or piece in STOP) and (end not in fewest or len(before) + 1 < len(fewest[end])):
                fewest[end] = [*before, piece]
    pieces = fewest.get(len(word), [])
    return [part for piece in pieces for part in _as_words(piece, known)]


def _as_words(found: str, known: Lexicon) -> list[str]:
    """A name in its own words, of which it was found without the blanks."""
    return known.named[found][0][1].words.lower().split() if found in known.named else [found]


def _near(word: str, among: Sequence[str], known: Lexicon, most: int = EDITS[0][1]) -> str:
    """The nearest; of several the one that sounds alike, begins alike, is a name, and is common. Nothing if none is."""
    far = min(most, edits(word))
    if not far:
        return ""
    found = process.extract(word, among, scorer=OSA.distance, score_cutoff=far, limit=30)
    heard = sound(word)

    def rank(one: tuple[str, float, int]) -> tuple[object, ...]:
        near, distance, _ = one
        return (
            distance,
            sound(near) != heard,
            near[0] != word[0],
            near not in known.named,
            near not in known.holding,
            -known.known.get(near, 0),
        )

    close = [
        (near, distance, place)
        for near, distance, place in found
        if edits(near) >= distance  # a short word is never two edits away
        and not (len(word) == len(near) == SHORT and sorted(word) != sorted(near))  # MHC is another thing than MCC
        and (len(word) > SHORT + 1 or near in known.named or near in known.holding)  # “seno” is no “send”
    ]
    return min(close, key=rank)[0] if close else ""


def nearest(words: Sequence[str], known: Lexicon, most: int = 6) -> list[str]:
    """Names that are a little like what was typed, where nothing else is found."""
    whole = [word for word in ("".join(words), *words) if len(word) > 2]
    shown = [name for name, [(_, one), *_] in sorted(known.named.items()) if one.place == 0 or one.sort != TITLE]
    found: dict[str, None] = {}
    for word in whole[:5]:
        begun = [name for name in shown if name[:2] == word[:2]]  # others only rhyme: thymoma, lymphoma
        for name, *_ in process.extract(word, begun, scorer=ratio, score_cutoff=60, limit=most):
            found[known.entries[known.named[name][0][0]].address] = None
    return [*found][:most]


def like_symbol(symbol: str, words: Sequence[str], known: Lexicon) -> list[str]:
    """Pages that are asked for by symbols with a word in their names that is an edit away from one, those first that
    have other words of the question. Of three letters, too many are.
    """
    if len(symbol) <= EDITS[-1][0]:
        return []
    near = process.extract(symbol, known.head_words, scorer=OSA.distance, score_cutoff=1, limit=None)
    numbers = {number for word, *_ in near if len(word) > EDITS[-1][0] for number in known.holding[word]}
    kinds = {kind.model._meta.label_lower for kind in rooms.page_kinds() if kind.asked and kind.asked.symbol}
    entries = [known.entries[number] for number in numbers if known.entries[number].kind in kinds]
    entries.sort(key=lambda one: (-sum(f" {word} " in one.heads for word in words), one.order, one.title))
    return [one.address for one in entries]


def begun(start: str, known: Lexicon, most: int = 5) -> list[str]:
    """Names of which the beginning is an edit away from what somebody has typed so far."""
    far = edits(start)
    found: dict[str, None] = {}
    for length in (len(start), len(start) + 1, len(start) - 1):  # “ketru” has a letter less than “keytru”
        begins = known.beginnings(length)
        close = process.extract(start, begins, scorer=OSA.distance, score_cutoff=far, limit=most)
        found |= dict.fromkeys(known.names[place] for _, _, place in close if begins[place][:1] == start[:1])
    return [*found][:most]
