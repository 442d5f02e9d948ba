"""A friendly reader of drafts: what might be plainer, kinder or truer. It advises and never stands in the way.

Everything in ``read`` is computed from the words alone. Rooms declare what only they know:
names to set aside, terms that are explained elsewhere, and typed numbers that the record could give.

The reading grade is that of Flesch and Kincaid: 0.39 × words per sentence + 11.8 × syllables per word - 15.59.
As Flesch counted, a colon or a semicolon ends a sentence, and so does an item of a list. Names of drugs and
cancers, numbers and abbreviations count as words but not for their syllables. The grade is a hint, no more:
it sees length, not sense. A jumble of short words scores well, and a syllable is counted by rule where the
word list of syllapy does not know it (3 words in 100 of our texts are wrong by one).
"""

import html
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import syllapy

from . import rooms
from .parts import Part, Passage, passages
from .prose import FIGURE, flat

LONGEST = 25  # words in a sentence
TARGET = 8  # reading grade
FEWEST = 30  # words that a grade can be computed from
SHOWN = 50  # findings


class Finding(NamedTuple):
    kind: str
    part: str  # name of the part; empty when it concerns the whole
    words: str  # what it concerns, cut
    advice: str


class CoachReport(NamedTuple):
    """What the coach has to say. ``_asdict()`` of it can be stored as JSON."""

    grade: float | None  # None where there are too few words
    grades: dict[str, float]  # by part
    counts: dict[str, int]  # findings by kind, those beyond ``SHOWN`` included
    findings: list[dict[str, str]]


#: Words that a room knows, asked for each reading.
type Words = Callable[[], Iterable[str]]


def look_at(parts: Iterable[Part], words: Mapping[str, str], *, sourced: bool) -> CoachReport:
    """``read`` with what the rooms know."""
    told = rooms.declarations()
    names = (name for one in told if one.names for name in one.names())
    terms = (term for one in told if one.terms for term in one.terms())
    return read(passages(parts, words), sourced=sourced, names=names, terms=terms)


# Reading ---------------------------------------------------------------------------------------

BLOCK = re.compile(r"</?(?:p|br|hr|[uo]l|li|h[1-6]|table|caption|t(?:head|body|foot|r|d|h)|blockquote|div)\b[^<>]*>")
TAG = re.compile(r"<[^<>]*>")
PICTURE = re.compile(r"\[\[\s*picture\s*:[^\]]*\]\]")
#: A full stop after these ends no sentence, unless a word follows that most often begins one.
ABBREVIATION = re.compile(
    r"\b(e\.g|i\.e|vs|cf|approx|Drs?|Mrs?|Ms|Prof|St|No|Fig|Inc|a\.m|p\.m)\."
    r"|\b(U\.S|U\.K|D\.C|etc)\.(?! (?:The|It|This|They|These|If|In|You|Your|Some|Most|For|An?)\b)"
)
END = re.compile(r"(?<=[.?!:;])\s+|(?<=[.?!:;][\"”’)])\s+")


def blocks(text: str, rich: bool) -> list[str]:
    """The words of a text in blocks, such as paragraphs and items of lists, without markup."""
    text = PICTURE.sub(" ", text)
    found = BLOCK.split(text) if rich else text.split("\n\n")
    if rich:
        found = [html.unescape(TAG.sub("", flat(block))) for block in found]
    return [clean for block in found if (clean := " ".join(block.split()))]


def blocks_of(passage: Passage) -> list[str]:
    return blocks(passage.text, passage.part.is_rich)


def sentences(passage: Passage) -> list[str]:
    """The sentences of a part. An item of a list is one, with or without a full stop. A figure is one word."""
    found = []
    for block in blocks_of(passage):
        bare = ABBREVIATION.sub(lambda m: m[0][:-1], FIGURE.sub(lambda m: "".join(m[0].split()), block))
        found += [sentence for sentence in END.split(bare) if sentence]
    return found


def length(sentence: str) -> int:
    """How many words a sentence has; a dash between spaces is none."""
    return sum(any(c.isalnum() for c in word) for word in sentence.split())


UNSPOKEN = re.compile(r"\d|[A-Z].*[A-Z]|[^\x00-\x7f]")  # numbers, abbreviations, other scripts


def syllables(word: str) -> int | None:
    """Syllables of a word; None for a number or an abbreviation, which is read out in ways of its own."""
    bare = word.replace("’", "'").strip("'\"“”()[].,;:?!–—-").removesuffix("'s")
    if "[[" in word or len(bare) > 40 or UNSPOKEN.search(bare):
        return None
    return sum(syllapy.count(piece) for piece in bare.split("-")) or None


def _grade(found: list[str], aside: set[str]) -> float | None:
    """The reading grade of some sentences; None where they have too few words."""
    words = sum(map(length, found))
    bare = [(word, word.strip("()[].,;:?!“”\"'’").lower()) for sentence in found for word in sentence.split()]
    spoken = [number for word, name in bare if name not in aside and (number := syllables(word))]
    if words < FEWEST or not spoken:
        return None
    return round(0.39 * words / len(found) + 11.8 * sum(spoken) / len(spoken) - 15.59, 1)


def read(
    passages: Iterable[Passage], *, sourced: bool = True, names: Iterable[str] = (), terms: Iterable[str] = ()
) -> CoachReport:
    """Everything the coach notices in the passages of an edition, in reading order."""
    # The hard words of names, from which the grade looks away wherever they stand.
    aside = {word for name in names for word in re.split(r"[\s,/()]+", name.lower()) if len(word) > 5}
    grades = {}
    found = [] if sourced else [Finding("source", "", "", ADVICE["source"])]
    known = aside | {term.lower() for term in terms}
    passages = [passage for passage in passages if not ADDRESS.fullmatch(passage.text)]
    known |= _explained(passages)
    running: list[str] = []  # sentences of all that has a grade
    for passage in passages:
        part, told = passage.part, sentences(passage)
        if not told and not PICTURE.search(passage.text):
            found += [Finding("empty", part.name, "", ADVICE["empty"])] if part.required else []
            continue
        if not part.is_line:
            running += told
            if (grade := _grade(told, aside)) is not None:
                grades[part.name] = grade
                if round(grade) > TARGET:
                    found.append(Finding("grade", part.name, "", ADVICE["grade"].format(round(grade))))
        long = [(sentence, words) for sentence in told if (words := length(sentence)) > LONGEST]
        found += [Finding("long", part.name, cut(sentence), ADVICE["long"].format(words)) for sentence, words in long]
        for sentence in told:
            found += [*_avoided(part.name, sentence), *_jargon(part.name, sentence, known)]
        found += [*_typed_figures(passage), *_headings(passage), *_links(passage)]
    counts = Counter(finding.kind for finding in found)
    shown = [finding._asdict() for finding in found[:SHOWN]]
    return CoachReport(_grade(running, aside), grades, dict(counts), shown)


def cut(words: str, most: int = 90) -> str:
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + " …"


#: One kind sentence for each kind of finding; what is between braces is the word or the number.
ADVICE = {
    "grade": "This part reads at grade {}. Shorter sentences and everyday words bring it closer to 8.",
    "long": "{} words. Could this be two sentences?",
    "promise": "“{}” may sound like a promise. Say what it can do, and for whom it does not work.",
    "war": "“{}” sounds like a war or a miracle. Say what happens in the body.",
    "people": "“{}” can hurt. “People with …” puts the person first.",
    "jargon": "Instead of “{}”, try “{}”, which more readers know. The medical word can follow in parentheses.",
    "medical": "“{}” may be new to readers. Explain it in parentheses, or link to an explanation.",
    "source": "No source is named yet. Readers see where each text comes from.",
    "figure": "This was typed and may go out of date. The live number {} updates automatically.",
    "heading": "This heading skips a level. Going down one level at a time helps people who use a screen reader.",
    "link": "These words do not say where the link leads. Name the page or the topic.",
    "empty": "This part is still empty.",
}


# Words to avoid --------------------------------------------------------------------------

#: What the voice does not use. Words around each decide below whether it is meant so.
AVOIDED = {
    "promise": r"cure[sd]?|always|safe(?:ly)?|breakthroughs?|miracles?|miraculous(?:ly)?|guarante(?:e[sd]?|eing)"
    r"|game[- ]chang(?:er|ers|ing)|wonder drugs?",
    "war": r"fight(?:s|ing|ers?)?|fought|battl(?:e[sd]?|ing)|weapon\w*|soldiers?|warriors?|wars?|unleash\w*"
    r"|train(?:s|ed|ing)?|revolution\w*|magic\w*|boost(?:s|ed|ing)?",
    "people": r"suffer\w*|victims?",
}
_AVOIDED = {kind: re.compile(rf"\b(?:{words})\b", re.I) for kind, words in AVOIDED.items()}
#: "Not safe", "whether it is safe", "no cure" and "not always" promise nothing.
DOUBTED = re.compile(
    r"\b(?:not|no|never|nor|without|cannot|whether|if|how|rarely|unlikely|\w+n['’]t)\s+(?:[\w'’-]+\s+){0,3}$", re.I
)
#: FDA's term, terms of medicine and everyday ones; what follows the word tells.
HARMLESS_AFTER = re.compile(
    r"\s+(?:therapy designation|designation|devices?|pain|infections?|meats?|ham|bacon)\b", re.I
)
OF_THE_BODY = re.compile(r"\b(?:cells?|immune|body|defen[cs]es?)\b", re.I)


def _avoided(part: str, sentence: str) -> Iterator[Finding]:
    for kind, pattern in _AVOIDED.items():
        for match in pattern.finditer(sentence):
            if not _harmless(kind, match, sentence):
                words = sentence if match.end() < 80 else f"… {sentence[match.start() - 30 : match.start() + 60]}"
                yield Finding(kind, part, cut(words), ADVICE[kind].format(match[0]))


def _harmless(kind: str, match: re.Match, sentence: str) -> bool:
    before, after = sentence[max(0, match.start() - 60) : match.start()], sentence[match.end() : match.end() + 60]
    if match[0][0].isupper() and (match.start() or re.match(r"\s+(?:[A-Z]|(?:for|of|the|to) [A-Z])", after)):
        return True  # "Fight Colorectal Cancer" is the name of a charity
    if kind == "promise":
        return sentence.endswith("?") or bool(DOUBTED.search(before) or HARMLESS_AFTER.match(after))
    if match[0].lower().startswith("train"):
        # People are trained too: only a body that is trained is a picture of war.
        return not (OF_THE_BODY.search(after.split(".")[0][:40]) or OF_THE_BODY.search(before[-25:]))
    return False


# Medical words ---------------------------------------------------------------------------

PLAINER: dict[str, str] = tomllib.loads(Path(__file__).with_name("plainer.toml").read_text())
_PLAINER = re.compile(rf"\b(?:{'|'.join(sorted(PLAINER, key=len, reverse=True))})s?\b", re.I)
#: Endings of words that medicine made; the words after it are known to most.
MEDICAL = re.compile(r"\b\w{3,}(?:itis|penia|path(?:y|ies)|ectomy|algia|megaly|uria|toxicity)\b", re.I)
KNOWN = {"arthritis", "appendicitis", "bronchitis", "hepatitis", "sympathy", "empathy", "homeopathy"}
#: What stands in brackets or after "called" is an explanation, and so are brackets after the word.
BRACKETS = re.compile(r"(\b[\w-]{1,40} [\w-]{1,40})?\s\(([^()]*)\)")
CALLED = re.compile(r"\b(?:called|known as|named)\s+((?:[\w-]+\s?){1,4})", re.I)
LINK = re.compile(r"<a\b([^<>]*)>(.*?)</a>", re.S)


def _explained(passages: Iterable[Passage]) -> set[str]:
    """Medical words that the parts themselves explain, or link to where they are explained."""
    found = set()
    for passage in passages:
        text = " ".join(blocks_of(passage))
        told = [text for match in BRACKETS.finditer(text) for text in match.groups("")]
        told += [match[1] for match in CALLED.finditer(text)]
        told += [TAG.sub("", match[2]) for match in LINK.finditer(passage.text)] if passage.part.is_rich else []
        for words in told:
            found |= {match[0].lower() for pattern in (_PLAINER, MEDICAL) for match in pattern.finditer(words)}
    return found


def _jargon(part: str, sentence: str, known: set[str]) -> Iterator[Finding]:
    """Each medical word once; ``known`` learns it."""
    for kind, pattern in (("jargon", _PLAINER), ("medical", MEDICAL)):
        for match in pattern.finditer(sentence):
            word = match[0].lower()
            if {word, word.removesuffix("s")} & (known | KNOWN):
                continue
            known |= {word, word.removesuffix("s")}
            plainer = PLAINER.get(word) or PLAINER.get(word.removesuffix("s"), "")
            yield Finding(kind, part, match[0], ADVICE[kind].format(match[0], plainer))


# Numbers, headings and links -----------------------------------------------------------------


@cache
def _typed() -> list[tuple[re.Pattern, str]]:
    """What an editor might type, as a pattern, and the figure that says it."""
    return [(re.compile(p, re.I), figure) for told in rooms.declarations() for p, figure in told.typed.items()]


YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def _typed_figures(passage: Passage) -> Iterator[Finding]:
    """Numbers and dates that the record knows. A count of a year that is told with it cannot grow old."""
    for sentence in sentences(passage):
        for pattern, figure in _typed():
            for match in pattern.finditer(sentence):
                if YEAR.search(match[0]) or not YEAR.search(sentence):
                    yield Finding("figure", passage.part.name, cut(match[0]), ADVICE["figure"].format(figure))


HEADING = re.compile(r"<h([1-6])\b[^<>]*>(.*?)</h\1>", re.S)


def _headings(passage: Passage) -> Iterator[Finding]:
    """Headings that go down more than one level. The part itself stands under a heading of the second."""
    above = 2
    for match in HEADING.finditer(passage.text) if passage.part.is_rich else ():
        if (level := int(match[1])) > above + 1:
            yield Finding("heading", passage.part.name, " ".join(blocks(match[2], True)), ADVICE["heading"])
        above = level


ADDRESS = re.compile(r"(?:https?://|mailto:|www\.|/)\S*|[\w-]+(?:\.[\w-]+)*\.(?:com|edu|gov|net|org)(?:/\S*)?", re.I)
VAGUE = {
    *("", "article", "click", "click here", "click this", "details", "find out more", "follow this link", "go", "here"),
    *("learn more", "link", "more", "more here", "more information", "page", "read here", "read more", "read this"),
    *("see here", "see more", "source", "this", "this article", "this link", "this page", "this site", "website"),
}


def _links(passage: Passage) -> Iterator[Finding]:
    texts = [" ".join(blocks(match[2], True)) for match in LINK.finditer(passage.text)] if passage.part.is_rich else []
    if passage.part.name.endswith("_label"):  # the words of a link that stands by itself
        texts.append(passage.text)
    for words in texts:
        if words.strip(" .…>»→:!").lower() in VAGUE or ADDRESS.fullmatch(words):
            yield Finding("link", passage.part.name, cut(words), ADVICE["link"])


# Telling -------------------------------------------------------------------------------------

#: How the summary counts: one finding, several findings.
TOLD = {
    "long": ("1 sentence is long", "{} sentences are long"),
    "promise": ("1 word may be a promise", "{} words may be promises"),
    "war": ("1 word may sound like war or magic", "{} words may sound like war or magic"),
    "people": ("1 word can hurt", "{} words can hurt"),
    "jargon": ("1 word could be plainer", "{} words could be plainer"),
    "medical": ("1 medical word is not explained", "{} medical words are not explained"),
    "figure": ("1 number or date was typed", "{} numbers or dates were typed"),
    "heading": ("1 heading skips a level", "{} headings skip a level"),
    "link": ("1 link could say where it leads", "{} links could say where they lead"),
    "empty": ("1 part is empty", "{} parts are empty"),
    "source": ("no source is named", ""),
    "grade": ("1 part is hard to read", "{} parts are hard to read"),
}


def summary(reading: Mapping[str, Any]) -> str:
    """One line that says it all: "Reading grade 7; 2 sentences are long." """
    grade = [] if reading["grade"] is None else [f"reading grade {round(reading['grade'])}"]
    told = [
        one if number == 1 else several.format(number)
        for kind, (one, several) in TOLD.items()
        if (number := reading["counts"].get(kind))
    ]
    line = "; ".join([*grade, *(told or ["no suggestions"])])
    return f"{line[0].upper()}{line[1:]}."
