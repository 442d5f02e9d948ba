"""Words as a search compares them. How somebody writes does not matter: case, accents, hyphens, blanks, doses, British
spellings, and what FDA puts before or after a name.

Pages and questions go through the same, so that a rule which is too wide harms neither.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from snowballstemmer import stemmer

from ..folding import fold
from ..names import DOSE, SUFFIX, signed

#: Words by which nothing is found: somebody asks with them, in English or in Spanish.
STOP = frozenset(
    """a about after am an and any are as at be been before by can could did do does dont for from get gets getting
    give given go got had has have having he help her him his how i if im in into is it its ive just know like long
    make me mean means meaning more much many my need of off on or our out please she should so some take taking tell
    than that the their them then there these they thing things this those through to too under up us use used using
    want was we were what whats when where which who whom why will with would you your
    aunt auntie boyfriend brother dad daddy daughter father fiance friend girlfriend gran grandad grandfather grandma
    grandmother grandpa granny hubby husband mam mom mommy mother mum mummy nan parent partner sister son spouse uncle
    wife
    arent cannot cant couldnt doesnt didnt havent hes hey im isnt ive okay shes shouldnt theres theyre uh um wasnt weve
    whats wheres whos wont wouldnt youre
    cerca como con contra cual cuando cuanto de del el en es la las los mi mis para por que sobre tengo tiene un
    una""".split()  # noqa: SIM905
)
WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011/.][^\W_]+)*")
#: Between letters. A word is one with it and without: phones write “can’t”, and its T is no T cell.
APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’\u02bc](?=[^\W\d_])")
PIECE = re.compile(rf"[^\W_]+(?:{APOSTROPHE.pattern}[^\W_]+)*")
#: What FDA puts before the name of a drug: fam-trastuzumab, ado-trastuzumab.
PREFIX = re.compile(r"^(?!non)[a-z]{3}-(?=\w{5})", re.IGNORECASE)
BESIDE = re.compile(r"^(.*\S)\s*\(([^()]+)\)$")
#: British and American spellings of one sound.
BRITISH = (
    # anaemia, aetiology, oesophagus, diarrhoea; not toes, doesn’t, aerobic, nor Abecma with two letters changed about
    (re.compile(r"(?:oe(?!snt)|(?<!^)ae(?!r)|^ae(?=[st]))(?=\w\w|a$)"), "e"),
    (re.compile(r"(?<=\w{3})our(?=s?$|al|ing|ed|less)"), "or"),  # tumour, behavioural
    (re.compile(r"(?<=\w{3})([iy])s(?=e[sdr]?$|ing$|ation)"), r"\1z"),  # immunise, analyse
    (re.compile(r"(?<=\w{3})tre(?=s?$)"), "ter"),  # centre, metre
    (re.compile(r"(?<=\w{4})amme(?=s?$)"), "am"),  # programme
)
SHORT = 3  # letters: two such words beside each other may be one, as in “CAR T” and “IL 2”
LONGEST = 40  # of a word

_stemmer = stemmer("english")


def signs_of_life(text: str) -> str:
    """A text without what nobody sees, such as marks of direction: each becomes a blank."""
    return "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)


@lru_cache(maxsize=50_000)
def spelled(word: str) -> str:
    """A folded word in one of its spellings."""
    for british, american in BRITISH:
        word = british.sub(american, word)
    return word


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """What “treat”, “treated” and “treating” have in common."""
    return str(_stemmer.stemWord(word))


def _plain(text: str) -> str:
    return APOSTROPHE.sub("", fold(signed(text)))


def tokens(text: str) -> list[str]:
    """The words of a text, one by one; the parts of “PD-L1” follow each other."""
    return [spelled(piece[:LONGEST]) for piece in PIECE.findall(_plain(text))]


def written(text: str) -> Iterator[str]:
    """All words by which a text is found: those with a hyphen also as one, and two short ones that may be one."""
    before = ""
    for word in WORD.findall(_plain(text)):
        pieces = [spelled(piece[:LONGEST]) for piece in PIECE.findall(word)]
        yield from pieces
        if len(pieces) > 1:
            yield spelled("".join(pieces)[:LONGEST])
        if len(pieces) > 2:  # “PD-L1-positive” has “PDL1” in it
            yield from (one + next_ for one, next_ in pairwise(pieces) if may_be_one(one, next_))
        if before and may_be_one(before, pieces[0]):
            yield before + pieces[0]
        before = pieces[0] if len(pieces) == 1 else ""


def may_be_one(word: str, following: str) -> bool:
    """Whether two words are short enough to be one, as in “CAR T”."""
    return len(word) <= SHORT and len(following) <= SHORT and STOP.isdisjoint((word, following))


def key(text: str) -> str:
    """A name without anything between its words: “CAR-T”, “CAR T” and “cart” are one."""
    return "".join(tokens(text))


def keys(name: str) -> list[str]:
    """Every way in which a name is asked for, the fullest first."""
    beside = BESIDE.match(name)
    forms = [name, *(beside.groups() if beside else ())]
    bare = [PREFIX.sub("", form) for form in forms]
    several = [*forms, *bare, *(SUFFIX.sub("", form) for form in (*forms, *bare))]
    return [*dict.fromkeys(found for form in several if (found := key(form)))]


def without_dose(text: str) -> str:
    return DOSE.sub(" ", text)


def telling(words: Iterable[str]) -> list[str]:
    """The words by which something is found. Of a question that has none of these, all."""
    several = list(words)
    return [word for word in several if word not in STOP] or several


@lru_cache(maxsize=100_000)
def sound(word: str) -> str:
    """How a word is heard, roughly: letters that sound alike are one."""
    for letters, heard in SOUNDS:
        word = letters.sub(heard, word)
    return word


SOUNDS = tuple(
    (re.compile(letters), heard)
    for letters, heard in (
        (r"ph", "f"),
        (r"^(?:ps|sc(?=[ei]))", "s"),
        (r"^x", "s"),
        (r"x|cks?|cc", "k"),
        (r"c(?=[eiy])", "s"),
        (r"ch|[cq]u?|g(?=h)", "k"),
        (r"h", ""),
        (r"z", "s"),
        (r"w", "v"),
        (r"j|dg", "g"),
        (r"ee|ea|ey|ie|ei|y", "i"),
        (r"oo|ou", "u"),
        (r"ai|ay", "e"),
        (r"(.)\1+", r"\1"),
    )
)
