"""Names and the ways in which they are written: the one list behind typing a name and finding it in a notice."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from . import cells


class Read(NamedTuple):
    """A value, and the words that it was read from."""

    value: str
    words: str


def spellings(name: str) -> list[str]:
    """A name as it stands, and without the brackets of our own lists: “Urothelial carcinoma (advanced)”."""
    return list(dict.fromkeys([name, cells.BRACKETS.sub("", name)]))


class Finder:
    """Finds names in a text: the longest first, whole words only, short capitals (EV, GO) as they are written."""

    def __init__(
        self, names: Mapping[str, Sequence[str]], start: str = "", tail: str = "", end: str = r"(?!\w)"
    ) -> None:
        self.known: dict[str, str] = {}
        self.by_words: dict[frozenset[str], str] = {}  # names of several words, which notices put in any order
        written: dict[str, str] = {}  # each name, and the pattern that finds it
        for address, several in names.items():
            for name in (" ".join(name.split()) for name in several):
                is_exact = len(name) <= 5 and name.upper() == name
                if len(name) > 1:
                    written[name] = loosely(name) if is_exact else f"(?i:{loosely(name)})"
                    self.known.setdefault(name if is_exact else _plain(name), address)
                    self.by_words.setdefault(_words(name), address)
        longest_first = [written[name] for name in sorted(written, key=len, reverse=True)]
        self.pattern = re.compile(rf"(?<![\w-])(?<!\bnon ){start}({'|'.join(longest_first) or '(?!)'}){tail}{end}")

    def address(self, words: str) -> str | None:
        """Whose name this is, in the singular or in the plural."""
        plain = _plain(words)
        forms = (
            plain,
            re.sub("cies$", "cy", plain),
            re.sub("oses$", "osis", plain),
            plain.removesuffix("s"),
            f"{plain}s",
        )
        exact = self.known.get(words) or self.known.get(words.removesuffix("s"))
        return exact or next((self.known[form] for form in forms if form in self.known), None)

    def in_any_order(self, words: str) -> str | None:
        """Whose name has these words: "Quadrivalent Human Papillomavirus (Types …) Recombinant Vaccine"."""
        several = _words(words)
        return self.by_words.get(several) if len(several) >= 3 else None

    def find(self, text: str) -> list[tuple[int, Read]]:
        """Every name with its place; of several that begin there, the longest."""
        return [
            (found.start(), Read(address, found[0]))
            for found in self.pattern.finditer(text)
            if (address := self.address(found[1]))
        ]

    def different(self, text: str) -> tuple[Read, ...]:
        first: dict[str, Read] = {}
        for _, read in self.find(text):
            first.setdefault(read.value, read)
        return tuple(first.values())


def _plain(name: str) -> str:
    plain = " ".join(re.sub("[’']s ", " ", name.replace("-", " ")).split()).casefold().replace("ukaemia", "ukemia")
    return plain.replace("cell cancer", "cell carcinoma")


def _words(name: str) -> frozenset[str]:
    """The words of a name without order, marks, what brackets number, and how the product is made."""
    plain = re.sub(r"\([^()]*\d[^()]*\)", " ", name.casefold())
    return frozenset(re.findall(r"\d-valent|[a-z]+", plain)) - {"recombinant"}


def loosely(name: str) -> str:
    """A name with a blank or a hyphen where it has either, or none before a number, and a plain plural."""
    words = re.split(r"[\s-]+(?=\S)", name)
    written = "".join(rf"[\s-]{'*' if word[0].isdigit() else '+'}{re.escape(word)}" for word in words[1:])
    written = f"{re.escape(words[0])}{written}".replace("'", "[’']")
    written = written.replace("Hodgkin", "Hodgkin(?:[’']s)?").replace("ukemia", "uka?emia")
    written = re.sub(r"(?i)(?<=cell\[\\s-\]\+)(?:carcinoma|cancer)$", "(?:carcinoma|cancer)", written)
    if name.endswith("cy"):
        return f"{written[:-1]}(?:y|ies)"
    if name.endswith("osis"):
        return f"{written[:-2]}[ie]s"
    if re.search("[a-rt-z]s$", name):
        return f"{written}?"
    return written + ("s?" if name[-1:].isalpha() and (len(name) > 5 or re.fullmatch("[A-Z]{3,5}", name)) else "")


#: The last words of a biomarker's name: what they say of the molecule before them is said in other ways too.
QUALITIES = [
    (
        r"(.+?)[\s-](?:positive|(?:over)?expressing)",
        r"{0}(?:[\s-]*(?:positive\b|\+)|[\s-]+(?:tumor[\s-]+)?(?:over)?express(?:ing|ion|ed)\b)"
        r"|(?:over)?express(?:es|ed|ing|ion\ of)?\b[^,;.]{{0,60}}?\b{0}(?!\w)",
    ),
    (
        r"(.+?)(?:-mutated|[\s-]mutations?)",
        r"{0}[\s-]*(?:mutat\w+|mutant)|{0}\b(?:(?!wild)[^,;.]){{0,70}}?\bmutations?\b",
    ),
    (r"(.+?)(?:\sgene)?\sfusion", r"{0}[\s-]+(?:gene[\s-]+)?(?:fusions?\b|rearrange\w+)"),
]
#: A change that is named to the letter (KRAS G12C) needs no word for it.
EXACT_CHANGE = re.compile(r"\s[A-Z]\d+[A-Z]?$")


def _forms(name: str) -> Iterator[str]:
    yield loosely(name)
    for quality, forms in QUALITIES:
        if found := re.fullmatch(quality, name):
            base = loosely(found[1])
            yield forms.format(base)
            if EXACT_CHANGE.search(found[1]):
                yield rf"{base}(?![\s-]*wild)"


class MarkerFinder:
    """Finds biomarkers by their names and by what notices say instead: what “expresses PD-L1” is PD-L1-positive."""

    def __init__(self, markers: Mapping[str, Sequence[str]]) -> None:
        self.names = {_plain(spelling) for names in markers.values() for n in names for spelling in spellings(n)}
        several = [(name, address) for address, names in markers.items() for n in names for name in spellings(n)]
        several.sort(key=lambda pair: len(pair[0]), reverse=True)  # “EGFR exon 20 insertion” before “EGFR mutation”
        self.patterns = [(self._compiled(name), address) for name, address in several if len(name) > 1]

    @staticmethod
    def _compiled(name: str) -> re.Pattern[str]:
        forms = "|".join(_forms(name))
        is_exact = len(name) <= 5 and name.upper() == name
        return re.compile(rf"(?<![\w-])(?:{forms})(?!\w)" if is_exact else rf"(?i)(?<![\w-])(?:{forms})(?!\w)")

    def different(self, text: str) -> tuple[Read, ...]:
        """In the order of the text. Words that belong to a longer name are not read again, nor its abbreviation."""
        taken: list[tuple[int, int, Read]] = []
        for pattern, address in self.patterns:
            for found in pattern.finditer(text):
                start, end = found.span()
                owner = next((read for _, last, read in taken if last <= start <= last + 1 and end - start <= 5), None)
                if all(end <= first or start >= last for first, last, _ in taken):
                    taken.append((start, end, owner or Read(address, found[0])))
        first: dict[str, Read] = {}
        for _, _, read in sorted(taken):
            first.setdefault(read.value, read)
        return tuple(first.values())

    def is_name(self, words: str) -> bool:
        return _plain(words) in self.names


#: The letters behind a biologic's name, which not every notice writes.
SUFFIX = re.compile(r"-[a-z]{4}$")
#: How far a cancer has spread, before its abbreviation.
EXTENT = r"(?:(?:(?:ES|LS)-|la/m|la|m|u)(?=[A-Z]{2}))?"


@dataclass(frozen=True)
class Vocabulary:
    """The names to look for: for each of ours (its address) the names it goes by."""

    therapies: Mapping[str, Sequence[str]]
    cancers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    biomarkers: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def therapy_finder(self) -> Finder:
        named = {address: [SUFFIX.sub("", name) for name in names] for address, names in self.therapies.items()}
        return Finder(named, tail=rf"(?:{SUFFIX.pattern[:-1]})?")

    @cached_property
    def cancer_finder(self) -> Finder:
        """What goes on behind a hyphen is no cancer ("melanoma-associated"), but ES-SCLC and mCRC are."""
        spelled = {address: _spelled(names) for address, names in self.cancers.items()}
        return Finder(spelled, start=EXTENT, end=r"(?!\w|-[a-z])")

    @cached_property
    def biomarker_finder(self) -> MarkerFinder:
        return MarkerFinder(self.biomarkers)

    @cached_property
    def narrower(self) -> dict[tuple[str, str], str]:
        """The cancers that are called after a biomarker: HER2-positive and breast cancer make one of their own."""
        found: dict[tuple[str, str], str] = {}
        for address, names in self.cancers.items():
            for name in _spelled(names):
                for start in range(1, len(words := name.split())):
                    base = self.cancer_finder.address(" ".join(words[start:]))
                    marker = self.biomarker_finder.different(" ".join(words[:start]))
                    if base and base != address and marker:
                        found.setdefault((marker[0].value, base), address)
        return found


def _spelled(names: Iterable[str]) -> list[str]:
    return [spelling for name in names for spelling in spellings(name)]
