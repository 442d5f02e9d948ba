"""Reading one notice: the uses that its description tells, each field with the words that it was read from.

What is read is a draft for a person to confirm. The title is never read: "FDA approves tisagenlecleucel" was an
accelerated approval. The words to look for (therapies, cancers, biomarkers) are the caller's.
"""

import contextlib
import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from . import cells
from .records import Application, Notice


class Read(NamedTuple):
    """A value, and the words that it was read from."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One use as the notice tells it. An empty field was not found; nothing is guessed."""

    therapy: Read | None
    drug: str  # the words that stand where the approved drug stands
    cancers: tuple[Read, ...]
    setting: Read | None  # when in the course of a treatment
    use: str
    biomarkers: tuple[Read, ...]
    combination: tuple[str, ...]
    partners: tuple[Read, ...]  # those of them that are our therapies
    children: Read | None
    kind: Read | None  # accelerated-approval, approval, converted or withdrawn
    date: Read | None
    application: Read | None


@dataclass(frozen=True)
class Vocabulary:
    """The names to look for: for each of ours (its address) the names it goes by."""

    therapies: Mapping[str, Sequence[str]]
    cancers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    biomarkers: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def therapy_finder(self) -> "Finder":
        return Finder(self.therapies, tail=r"(?:-[a-z]{4})?")

    @cached_property
    def cancer_finder(self) -> "Finder":
        """Also without the brackets of our own lists: “Urothelial carcinoma (advanced)”."""
        return Finder({a: [*names, *(cells.BRACKETS.sub("", n) for n in names)] for a, names in self.cancers.items()})

    @cached_property
    def biomarker_finder(self) -> "Finder":
        """Also as a verb: what is “PD-L1-positive” expresses PD-L1."""
        return Finder(
            {a: [*names, *(said for n in names for said in _expressed(n))] for a, names in self.biomarkers.items()}
        )


def _expressed(name: str) -> list[str]:
    marker = name.removesuffix("-positive")
    forms = ("express {}", "expresses {}", "expressing {}", "{}-expressing")
    return [form.format(marker) for form in forms] if marker != name else []


class Finder:
    """Finds names in a text: the longest first, whole words only, short capitals (EV, GO) as they are written."""

    def __init__(self, names: Mapping[str, Sequence[str]], tail: str = "") -> None:
        self.known: dict[str, str] = {}
        written: dict[str, str] = {}  # each name, and the pattern that finds it
        for address, several in names.items():
            for name in (" ".join(name.split()) for name in several):
                is_exact = len(name) <= 5 and name.upper() == name
                if len(name) > 1:
                    written[name] = _loosely(name) if is_exact else f"(?i:{_loosely(name)})"
                    self.known.setdefault(name if is_exact else _plain_name(name), address)
        longest_first = [written[name] for name in sorted(written, key=len, reverse=True)]
        self.pattern = re.compile(rf"(?<![\w-])({'|'.join(longest_first) or '(?!)'}){tail}(?!\w)")

    def address(self, words: str) -> str | None:
        """Whose name this is, in the singular too."""
        plain = _plain_name(words)
        return self.known.get(words) or self.known.get(plain) or self.known.get(plain.removesuffix("s"))

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


def _plain_name(name: str) -> str:
    return " ".join(name.replace("-", " ").split()).casefold()


def _loosely(name: str) -> str:
    """A name with a blank or a hyphen where it has either, and a plain plural."""
    words = re.split(r"[\s-]+", name)
    plural = "s?" if name[-1:].isalpha() and len(name) > 5 else ""
    return r"[\s\u00a0-]+".join(map(re.escape, words)) + plural


#: What FDA does, as it writes it. The words before decide: "previously granted accelerated approval" is history.
VERB = re.compile(
    r"""\b(?:has\ |have\ )?(?:also\ )?(?:
    (?P<accelerated>(?:granted|grants)\ accelerated\ approval\ (?:to|for))
    |(?P<converted>(?:(?:granted|grants)\ (?:traditional|full)|converted)\ (?:to\ )?approval\ (?:to|for|of)
        |(?:converted|converts)\ (?:the\ )?accelerated\ approval\ (?:of|for))
    |(?P<regular>(?:granted|grants)\ (?:regular\ )?approval\ (?:to|for)
        |expanded\ the\ (?:indication|approval)\ (?:of|for)|approved|approves)
    |(?P<withdrawn>(?:withdrew|withdraws|withdrawn|revoked|revokes)
        (?:\ (?:the\ )?(?:accelerated\ )?approval\ (?:of|for))?)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
#: The kinds of events that its groups are not called after.
KINDS = {"accelerated": "accelerated-approval", "regular": "approval"}
HISTORY = re.compile(
    r"\b(?:previously|prior|earlier|initially|originally|currently|already|was|were|had been|been|first|FDA-|not)"
    r"[\s-]*$",
    re.IGNORECASE,
)
#: "Approved" before these words tells of a test or a dose.
ELSEWHERE = re.compile(r"\s*(?:test|companion|device|by|under|in the|dose|therapies|drugs)\b", re.IGNORECASE)
#: A test is approved beside the drug, and is no use of it.
TEST = re.compile(r"as (?:an? )?(?:\w+ )?(?:companion|complementary) diagnostic", re.IGNORECASE)
#: Where the name of the drug ends and the use begins.
USE = re.compile(
    r"\b(?:in combination with|each in combination|combined with|plus|with or without|with|for|as"
    r"|to treat|to improve|to reduce|to prevent)\b",
    re.IGNORECASE,
)
#: Where a second use begins within one statement.
NEXT = re.compile(
    r"""\n\s*(?:[•·*–-]|\d[.)])\s*|\n+|;\s*(?:and\s+)?|[•·]\s*
    |,?\s+and\s+(?=(?:in\ combination\ with|as\ a\ single\ agent|as\ monotherapy|as\ first-line
        |for\ the\ (?:first-line\ )?treatment\ of|for\ (?:adult|pediatric|patients))\b)""",
    re.IGNORECASE | re.VERBOSE,
)
#: Where the drug should stand, other things may: "approved the following: …", "a new dosing regimen for …".
NAMELESS = re.compile(
    r"\b(?:following|dos(?:e|es|ing|age)|regimens?|indications?|uses?|applications?)\b", re.IGNORECASE
)
#: "converted the accelerated approval of … to regular approval": the verb again, at the other end of the sentence.
CONVERTED_TO = re.compile(r",?\s+to\s+(?:an?\s+)?(?:regular|traditional|full)\s+approval\b", re.IGNORECASE)
SEVERAL = r"(?:one|two|three|four|\d)"
SETTINGS = {
    "surgery": r"(?:neo)?adjuvant|perioperative|before surgery|after (?:surgery|resection)"
    r"|following (?:resection|nephrectomy|cystectomy)",
    "prevention": r"prevention of|to prevent|to reduce the risk of",
    "first": r"first[- ]line|previously untreated|newly diagnosed|treatment[- ]naïve|untreated|induction",
    "later": r"relapsed(?:\s+or\s+|/)refractory|relapsed|refractory|previously treated|unresponsive|received prior"
    r"|(?:disease progression|progressed) (?:on|following|after|during)"
    rf"|{SEVERAL} or more (?:prior )?(?:lines|therapies)|at least {SEVERAL} prior",
}
CHILDREN = re.compile(
    r"pediatric|paediatric|children|adolescents?"
    r"|\b(?!1[89] years)(?:1?\d|one|two|three|six|twelve) (?:months?|years?) (?:of age )?(?:and|or) older",
    re.IGNORECASE,
)
DATED = re.compile(r"\b[Oo]n ([A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})")
NUMBERED = re.compile(r"\b(BLA|NDA)\s?#?\s?(\d{5,6})\b")


MOST = 12  # uses of one notice


def drafts(notice: Notice, vocabulary: Vocabulary, today: datetime.date) -> list[Draft]:
    """The uses in a notice's description, in its order. At least one: what could not be told is left empty."""
    text = re.sub("[®™]", "", notice.description)
    text = re.sub(r"[^\S\n]+", " ", text).strip()  # the line ends stay, since lists live from them
    verbs = _verbs(text)
    date = _date(text, verbs, notice, today)
    number = NUMBERED.search(text)
    application = Read(str(Application(number[1], int(number[2]))), number[0]) if number else None
    statements = list(islice(_statements(text, verbs, vocabulary.therapy_finder), MOST)) or [(None, "", [text])]
    uses = [(kind, subject, use) for kind, subject, several in statements for use in several]
    return [_draft(*use, vocabulary, date=date, application=application) for use in uses[:MOST]]


def _verbs(text: str) -> list[re.Match[str]]:
    """Where FDA acts. History ("was granted accelerated approval") is passed over."""
    verbs = [v for v in VERB.finditer(text) if not HISTORY.search(text[max(0, v.start() - 20) : v.start()])]
    return [v for v in verbs if not ELSEWHERE.match(text, v.end())]


def _date(text: str, verbs: list[re.Match[str]], notice: Notice, today: datetime.date) -> Read | None:
    """The day in the sentence that acts; a banner of the site, with a day of its own, may stand above it."""
    acts = DATED.search(text, _sentence_start(text, verbs[0].start()), verbs[0].start()) if verbs else None
    if found := acts or DATED.search(text):
        with contextlib.suppress(cells.Bad):
            if day := cells.day(found[1].replace(".", ""), today):
                return Read(day.isoformat(), found[0])
    return Read(notice.date.isoformat(), "date of the notice") if notice.date else None


def _statements(text: str, verbs: list[re.Match[str]], finder: Finder) -> Iterator[tuple[Read | None, str, list[str]]]:
    """What FDA did, to which drug, for which uses."""
    for verb, following in zip(verbs, [*verbs[1:], None], strict=False):
        rest = text[verb.end() : _sentence_start(text, following.start()) if following else len(text)].strip()
        rest = _first_sentence(rest)
        group = verb.lastgroup or "regular"
        if group == "converted":
            rest = CONVERTED_TO.sub("", rest)
        subject, use = _named_later(*_split(rest), finder)
        if len(subject) <= 400 and not TEST.match(use):
            yield Read(KINDS.get(group, group), verb[0]), subject, _uses(use, subject)


def _sentence_start(text: str, place: int) -> int:
    """Where the sentence begins that holds this place."""
    ends = [m.end() for m in re.finditer(r"(?<=[\w)])(?<!\bU\.S)\.\s+(?=[A-Z])|\n", text[:place])]
    return ends[-1] if ends else place


#: How a line begins that goes on with a list of uses.
ITEM = r"\s*(?:[•·*–-]|\d[.)]|[a-z]|Adults?\b|Pediatric\b|As an? |In combination |For |The treatment of|Treatment of)"


def _first_sentence(text: str) -> str:
    """Up to the first end of a sentence: what follows tells of trials, doses and history. Lines of a list stay."""
    masked = re.sub(r"\([^()]*\)", lambda m: "·" * len(m[0]), text)
    end = re.search(rf"(?<=[\w·%])\. +(?=[A-Z])|\.\n(?!{ITEM})", masked)
    return text[: end.start()] if end else text


def _split(rest: str) -> tuple[str, str]:
    """The drug and the rest. Brackets may hold any word ("Padcev, Astellas for …"), so they are masked first."""
    masked = re.sub(r"\([^()]*\)", lambda m: "·" * len(m[0]), rest)
    found = USE.search(masked)
    return (rest[: found.start()].strip(" ,"), rest[found.start() :].strip()) if found else (rest.strip(" ,."), "")


def _named_later(subject: str, use: str, finder: Finder) -> tuple[str, str]:
    """The drug and its use where the statement names the drug within the use only."""
    if NAMELESS.search(subject) and not finder.find(subject):
        for place, _ in finder.find(use):
            if re.search(r"(?:^|\b(?:for|of|to) )$", use[:place]):
                drug, rest = _split(use[place:])
                return drug, rest or use
    return subject, use


def _uses(text: str, subject: str) -> list[str]:
    """The uses of one sentence. An opening that only counts them ("for two indications:") is no use."""
    # "… with A and nivolumab in combination with B for …": the second naming of the drug begins another use
    if drug := re.match(r"[\w-]{4,}", subject):
        text = re.sub(rf",?\s+and\s+{re.escape(drug[0])}\s+(?=in combination with)", "; ", text, flags=re.IGNORECASE)
    parts = [part.strip(" ,.:\n") for part in NEXT.split(text)]
    parts = [part for part in parts if len(part) > 12]
    if len(parts) > 1 and (
        text.find(":") in range(len(parts[0]) + 2)
        or re.search(r"\b(?:two|three|four|following)\b[^.]{0,30}$", parts[0])
    ):
        opening, *parts = parts
        if opening.startswith("for ") and not NAMELESS.search(opening):  # one disease for all that follow
            parts = [part if re.search(r"\s(?:for|as)\s", part) else f"{part} {opening}" for part in parts]
    return _whole(parts) or [text.strip()]


def _whole(parts: list[str]) -> list[str]:
    """Combinations that share one disease name it once, at the end: those before get it too."""
    whole: list[str] = []
    for part in reversed(parts):
        shared = re.search(r",?\s+(?:for|as)\s.+", whole[-1], re.S) if whole else None
        alone = part.startswith("in combination with") and not re.search(r"\s(?:for|as|to)\s", part)
        whole.append(part + shared[0] if alone and shared else part)
    return whole[::-1]


def _draft(kind: Read | None, subject: str, use: str, vocabulary: Vocabulary, **told: Read | None) -> Draft:
    finder = vocabulary.therapy_finder
    subject, use = _named_later(subject, use, finder)
    therapy, *others = finder.different(subject or use) or [None]
    combination, children = _combination(use), CHILDREN.search(use)
    partners = {read.value: read for read in (*finder.different(" ; ".join(combination)), *others)}
    if therapy:
        partners.pop(therapy.value, None)
    return Draft(
        therapy=therapy,
        drug=subject,
        cancers=_cancers(use, vocabulary),
        setting=_setting(use),
        use=use,
        biomarkers=vocabulary.biomarker_finder.different(use),
        combination=combination,
        partners=tuple(partners.values()),
        children=Read("yes", children[0]) if children else None,
        kind=kind,
        **told,
    )


#: "gastric, gastroesophageal junction, or esophageal adenocarcinoma": three cancers with one noun.
SHARED_NOUN = re.compile(
    r"(?<![\w-])((?:[\w-]++(?: [\w-]++)?, ){0,4}[\w-]++(?: [\w-]++)?,? (?:and|or|and/or) )([\w-]++ )"
    r"(adenocarcinoma|carcinoma|cancer|lymphoma|leukemia|melanoma)\b",
    re.IGNORECASE,
)


#: Genes that are called after the cancer in which they were found.
GENE = re.compile(
    r"anaplastic lymphoma (?:receptor tyrosine )?kinase|rat sarcoma|B-cell (?:leukemia/)?lymphoma 2\b"
    r"|myeloid cell leukemia 1\b|breast cancer (?:susceptibility )?genes?\b",
    re.IGNORECASE,
)
ANY_TUMOR = re.compile(r"solid tumors?$", re.IGNORECASE)


def _cancers(use: str, vocabulary: Vocabulary) -> tuple[Read, ...]:
    """The cancers of a use. A word for any tumor, or for any with a biomarker (dMMR), gives way to a cancer's own."""
    use, finder = GENE.sub(lambda m: "·" * len(m[0]), use), vocabulary.cancer_finder
    found = {read.value: read for read in finder.different(use)}
    for shared in SHARED_NOUN.finditer(use):
        for written in re.split(r", | (?:and|or|and/or) ", shared[1] + shared[2]):
            words = re.sub(r"^(?:and|or|and/or) ", "", written.strip(" ,")).split()
            for length in (2, 1):
                start = " ".join(words[-length:])
                for noun in (shared[3], "cancer", "carcinoma"):
                    address = finder.address(f"{start} {noun}")
                    if address and len(words) >= length:
                        found.setdefault(address, Read(address, start))
    own = [read for read in found.values() if not ANY_TUMOR.search(read.words)] or list(found.values())
    return tuple([read for read in own if not vocabulary.biomarker_finder.address(read.words)] or own)


def _combination(use: str) -> tuple[str, ...]:
    found = re.match(
        r"(?:each )?(?:in combination with|combined with|plus|with or without|with)\s+(.+)", use, re.I | re.S
    )
    if not found:
        return ()
    masked = re.sub(r"\([^()]*\)", lambda m: "·" * len(m[0]), found[1])
    end = re.search(r",?\s+(?:for|as|to|in)\b(?! combination)", masked)
    partners = re.sub(r"\s*\([^()]*\)", "", found[1][: end.start()] if end else found[1])
    parts = re.split(
        r",\s*(?:and\s+)?|(?<!-)\s+and\s+(?!hyaluronidase|berahyaluronidase|relatlimab)", partners.strip(" ,.")
    )
    return tuple(part.strip() for part in parts if part.strip())


def _setting(use: str) -> Read | None:
    for stage, words in SETTINGS.items():
        if found := re.search(words, use, re.IGNORECASE):
            return Read(stage, found[0])
    return None
