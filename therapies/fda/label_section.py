"""Section 1 of a label: the uses that it names, each as a proposal for a person who reads the label."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import disease, stages, uses
from .naming import Finder, Vocabulary
from .sentences import masked
from .wording import CHILDREN, partners_of, without_marks

MOST = 60  # uses of one label


@dataclass(frozen=True, slots=True)
class SectionUse:
    """One use in the words of the label, and what was read from them. Cancers and biomarkers are slugs."""

    words: str
    cancers: tuple[str, ...]
    stage: str  # empty where the label names no point of treatment
    biomarkers: tuple[str, ...]
    partners: tuple[str, ...]
    children: bool
    accelerated: bool


#: References to other sections, which stand within sentences.
REFERENCE = re.compile(
    r"\[\s*see ?[^\]]*\]|\(\s*(?:see [^)]*|\d+(?:\.\d+)?(?:\s*[,-]\s*\d+(?:\.\d+)?)*)\s*\)", re.IGNORECASE
)
#: The heading of the next statement, behind the last sentence of this one: "… [see 14.1]. KRAS G12C-mutated mCRC".
NEXT_HEADING = re.compile(
    r"(?<=\.)\s+(?!(?i:for|as|in)\b)(?![^.]*\b(?:for|who|whose|after|treatment)\b)([^.•]{3,120})$"
)
#: A use whose bullet is lost, behind the sentence that it shares its opening with: "… therapies. HER2-low breast
#: cancer, as determined by a test, who have received a prior chemotherapy."
FRAGMENT = re.compile(r"(?!.*\b(?:is|are|was|were|has|may|must|should|can) .*\bwho\b)(?P<about>.{3,250}?)\bwho\b.+")
#: How to find those whom the use before it is for.
SELECTION = re.compile(r"\bSelect patients\b[^.]*\.")
ABBREVIATED = re.compile(r" \(([A-Z]{2,6})\)")
HEADING = re.compile(r"(?<![\d.])\b1\.\d{1,2}\s+(?=[A-Z•])")
LIMITS = re.compile(r"\bLimitations? of (?:[A-Z][A-Z0-9-]* (?:\d )?)?use\b.*", re.IGNORECASE | re.DOTALL)
IS_NOT = re.compile(r"\b(?:not|only|Limitations? of use)\b", re.IGNORECASE)
#: A heading within a list, alone or behind the last of its lines: "… anti-angiogenic therapy. Melanoma • adults with".
TITLE = r"[A-Z][\w-]*(?: (?:[A-Z][\w-]*|\([A-Z]\w*\)|or|and|of|the))*"
HEADING_OF_LINES = re.compile(rf"(?<=[.:])\s+{TITLE}\s*(?=•)")
#: How some copies of a label begin a line.
DASH = re.compile(r"(?:(?<=[.:;,)])|(?<=\bor)|(?<=\band))\s*[-–]\s+(?=[A-Za-z])")
ACCELERATED = re.compile(r"\baccelerated approval\b", re.IGNORECASE)
END = re.compile(r"(?<=[\w·%)\ufffc])\s*\.\s+(?=[A-Z•])")
#: Sentences on the kind of approval. One may name the use of a list that it is about: "The mBCC indication is …".
KIND_OF_APPROVAL = re.compile(
    r"\s*\b(?:This|These|The|Both)\b(?: (?P<which>[\w -]{2,40}?))? indications? (?:is|are|was|were) approved under"
    r" accelerated approval\b[^.]*\.?|\s*\bContinued approval\b[^.]*\.?"
)
#: A heading that follows its sentence without a blank: "… melanoma.1.2 Adjuvant Treatment".
RUN_ON = re.compile(r"[a-z\])]\.1\.\d{1,2}\s+[A-Z]")
#: What copies of old labels leave of "Kaposi's sarcoma".
LOST_APOSTROPHE = re.compile(r"\b(Kaposi|Hodgkin|Burkitt)s\b")
#: Patients beside others of one line: "who are not eligible for any chemotherapy, or who have progressed on it".
OR_ELSE = re.compile(r",? or (?=(?:in patients )?(?:who )?(?:are|have)\b)")
WHO = re.compile(r" ?:? who:? ")
#: The same of the statements before it, too.
OF_BOTH = re.compile(r"\b(?:These indications|Both indications) (?:are|were) approved under accelerated approval\b")
#: The same of one use: behind a list with a disease in each line, of the last.
OF_ONE = re.compile(r"\bThis indication is approved under accelerated approval\b")
#: A dose for uses that stand elsewhere on the label: "for use at an additional recommended dosage of …".
DOSING = re.compile(r"\badditional (?:recommended )?(?:dose|dosage|dosing)\b", re.IGNORECASE)
#: A test that some of the patients need, and others of the same use do not.
REGARDLESS = re.compile(r"\bregardless of (?P<test>[^,;.]{2,60}?) (?:status|expression)\b", re.IGNORECASE)
#: A second disease that shares the patients, and has a history of its own: "… tumors that have progressed, or
#: colorectal cancer that has progressed following …".
SECOND_DISEASE = re.compile(
    r"(?P<first>(?:solid tumors?|(?:[a-z-]+ ){1,2}(?:cancer|carcinoma|lymphoma|leukemia)) (?:that|who) [^.;]+?),? or "
    r"(?P<second>(?:[a-z-]+ ){1,3}(?:cancer|carcinoma|lymphoma|leukemia|tumors?) (?:that|who) .+)"
)
#: The same within a list, whose lines begin with small letters.
LINE = re.compile(
    r"(?<=[\w)\ufffc])\s*\.\s+(?=(?:for|as|in combination|(?:the )?(?:(?:neo)?adjuvant |first-line )?treatment)\b)"
)
REGIMEN_OF_LINE = r"[a-z][a-z -]{3,60} (?:in combination with|as (?:a )?(?:monotherapy|single[ -]agent))\b"
LINE_END = re.compile(
    rf"{END.pattern}|{LINE.pattern}|(?<=[\w)\ufffc])\s*\.\s+(?=(?:with|who|whose|after)\b|{REGIMEN_OF_LINE})"
)
#: Where the first line of such a list begins behind the regimen that all its lines share, without a colon.
FIRST_LINE = re.compile(r"\bfor (?=the (?:(?:neo)?adjuvant |first-line )?treatment\b)")
#: What openFDA leaves of a list once its bullets are gone.
ITEM = re.compile(
    r"(?:(?:(?<=[:;.,])|(?<!,)(?<! or)(?<! and))\s+|,\s+or\s+)"
    r"(?=(?:in combination with|as (?:a )?(?:single[ -]agent|monotherapy)|as part of a)\b)",
    re.IGNORECASE,
)
#: One use that tells its regimen at its end, and no list: "Untreated lymphoma in combination with chemotherapy".
BARE = re.compile(r"(?!in combination|as\b)[^;:•]*? in combination with [\w-]+\s*\.?", re.IGNORECASE)
#: The first line of a list that no colon opens, and whose lines each tell a regimen.
FIRST_REGIMEN = re.compile(r"\s(?=(?:in combination with|as (?:a )?(?:single[ -]agent|monotherapy))\b)", re.IGNORECASE)
#: The same where no colon opens it: "… breast cancer as part of a regimen with A as part of a regimen with B".
PART_OF = re.compile(r"(?<!,)(?<! or)(?<! and)\s+(?=as (?:part of a|a single[ -]agent)\b)", re.IGNORECASE)
EITHER = re.compile(r"\bas (?:a )?(?:single[ -]agent|monotherapy),? (?:or|and) (?=in combination|with)", re.IGNORECASE)
#: The statement of the label's summary, which may stand before its section or behind: "X is an antibody indicated".
SUMMARY = re.compile(r"\b(?:is|are) an?\b")
FIRST_WORD = re.compile(r"INDICATIONS (?:AND|&) USAGE:? ([A-Z][\w-]+(?: [A-Z]{3,})?)")


def uses_of(section: str, brands: Sequence[str], vocabulary: Vocabulary) -> list[SectionUse]:
    """The uses of a section 1, in its order. Of the summary before it and of limitations, nothing."""
    section = LOST_APOSTROPHE.sub(r"\1's", _with_blanks(without_marks(section), brands)).replace(".. ", ". ")
    text = " ".join(SELECTION.sub("", REFERENCE.sub(" ", DASH.sub(" • ", section))).split())
    text = HEADING_OF_LINES.sub(" ", text)
    text = _spelled_out(text, vocabulary.cancer_finder)
    first = FIRST_WORD.search(text)
    statement = _statement([*brands, *([first[1], first[1].split()[0]] if first else [])])
    found: list[SectionUse] = []
    for part in _parts(text, statement, vocabulary):
        found += _of_part(_without_limits(part), statement, vocabulary)
    return found[:MOST]


def _without_limits(part: str) -> str:
    """Without what the drug is not for. Within a list that is one of its lines, and the uses go on behind it."""
    found = LIMITS.search(part)
    if not found or "•" not in part[: found.start()]:
        return LIMITS.sub("", part)
    lines = found[0].split("•")[1:]
    return "•".join([part[: found.start()].rstrip(" •"), *(line for line in lines if not IS_NOT.search(line))])


def _with_blanks(text: str, brands: Sequence[str]) -> str:
    """A text whose headings and lines run into one another: "Merkel Cell CarcinomaBAVENCIO is indicated"."""
    names = "|".join(re.escape(name) for brand in brands for name in {brand, brand.upper()}) or "(?!)"
    text, glued = re.subn(rf"(?<=[a-z)\]])(?=(?:{names})\b)", " ", text)
    if not (glued or RUN_ON.search(text)):
        return text
    text = re.sub(r"(?<=[.\])])(?=1\.\d{1,2}\s|[A-Z][a-z])", " ", text)
    return re.sub(r"(?<=[a-z:])(?=[A-Z][a-z]{2})", " • ", text)


def _spelled_out(text: str, finder: Finder) -> str:
    """Cancers that a label abbreviates, and nobody else: "endometrial cancer (EC) … advanced EC"."""
    places = ((place + len(read.words), read.words) for place, read in finder.find(text))
    made = {found[1]: words for end, words in places if (found := ABBREVIATED.match(text, end))}
    own = [short for short in made if not finder.find(short)]
    return re.sub(rf"\b(?:{'|'.join(own) or '(?!)'})\b", lambda found: made[found[0]], text)


def _statement(brands: Sequence[str]) -> re.Pattern[str]:
    """“KEYTRUDA, in combination with axitinib, is indicated”."""
    names = "|".join(re.escape(brand) for brand in sorted({*brands}, key=len, reverse=True)) or r"[A-Z][A-Z-]{3,}"
    return re.compile(
        rf"\b(?i:{names})\b(?:\s?\([^()]*\))?\s?,?\s*"
        r"(?P<regimen>(?:as|in combination|with|when|each|and|followed by)\b[^.]{3,250}?)?,?\s*"
        r"\b(?:is|are)\b(?! not\b)(?:[^.]|\.(?=\d)){0,250}?\bindicated\b(?P<list>[^.:]{0,250}:)?\s*"
    )


def _parts(text: str, statement: re.Pattern[str], vocabulary: Vocabulary) -> list[str]:
    """The numbered sections. Without any, the statements beside a summary that says the same."""
    headings = list(HEADING.finditer(text))
    firsts = [place for place, found in enumerate(headings) if found[0].strip() == "1.1"]
    if firsts:
        starts = [found.start() for found in headings[firsts[-1] :]]
        return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    statements = list(statement.finditer(text))
    whole = [found.start() for found in statements if not SUMMARY.search(found[0])]
    if whole and len(whole) < len(statements):
        summary = next((found.start() for found in statements if SUMMARY.search(found[0])), len(text))
        told = text[whole[0] : summary if summary > whole[0] else len(text)]
        every, own = ({read.value for read in disease.cancers(part, (), vocabulary)} for part in (text, told))
        if every <= own:
            return [told]
        whole = []  # what looks like a summary tells uses of its own
    if not statements:
        return []
    beginning = re.split(r"[.;]", text[statements[0].end() :], maxsplit=1)[0][:120]
    is_told_twice = beginning in text[statements[0].end() + 1 :]
    return [text[statements[len(statements) // 2 if is_told_twice else 0].start() :]]


def _of_part(text: str, pattern: re.Pattern[str], vocabulary: Vocabulary) -> Iterator[SectionUse]:
    statements = list(pattern.finditer(text))
    heading = text[: statements[0].start()] if statements else ""
    of_both = max((found.start() for found in OF_BOTH.finditer(text)), default=-1)
    for place, statement in enumerate(statements):
        end = statements[place + 1].start() if place + 1 < len(statements) else len(text)
        rest = text[statement.end() : end].strip(" •")
        own_heading = heading
        if place + 1 < len(statements) and (following := NEXT_HEADING.search(rest)):
            rest, heading = rest[: following.start()], following[1]
        said = rest
        rest = SECOND_DISEASE.sub(r": • \g<first> • \g<second>", KIND_OF_APPROVAL.sub(" ", rest).rstrip())
        opening = statement["list"] or ""
        stop = END.search(masked(rest))
        one = _with_fragments(rest, stop, vocabulary.cancer_finder) if stop else rest
        rest = _bulleted(LINE_END, rest) if opening else _with_shared_regimen(one)
        head, colon, items = ("", opening, rest) if opening else rest.partition(": ")
        if colon and ("•" not in items or ITEM.match(f" {items}")):
            items = ITEM.sub(" • ", items) if not BARE.fullmatch(items) else items
        elif not colon and "•" not in rest and len(PART_OF.findall(rest)) > 1:
            head, items = PART_OF.sub(" • ", rest).split(" • ", 1)
        rest = f"{head}{colon} • {items}" if "•" in items else f"{opening} {rest}"
        regimen = (statement["regimen"] or "").strip(" ,")
        read = [use for use in uses.uses(rest, "", vocabulary) if not DOSING.search(use)]
        told = [part for use in read for part in _by_history(use)]
        accelerated = _on_early_results(told, said, vocabulary.cancer_finder)
        for use, is_accelerated in zip(told, accelerated, strict=True):
            for given in _regimens(regimen, use):
                is_one = is_accelerated or statement.end() <= of_both
                yield _read(given, use, own_heading, vocabulary, accelerated=is_one)


def _on_early_results(told: list[str], said: str, finder: Finder) -> list[bool]:
    """Which of the uses a sentence on accelerated approval is about: the one it names, the last of a list, or all."""
    if not ACCELERATED.search(said):
        return [False] * len(told)
    of_some = [kind["which"] for kind in KIND_OF_APPROVAL.finditer(said) if kind["which"]]
    if named := [name for name in of_some if any(name in use for use in told)]:
        return [any(name in use for name in named) for use in told]
    cancers = {frozenset(read.value for read in finder.different(use)) for use in told}
    is_of_last = "•" in said and OF_ONE.search(said) and len(cancers) == len(told)
    return [not is_of_last or place == len(told) - 1 for place in range(len(told))]


def _by_history(use: str) -> list[str]:
    """Patients who had a treatment before, apart from those beside them of whom none is asked."""
    if not (who := WHO.search(use)) or stages.stage(use[: who.start()]):
        return [use]
    parts = [re.sub(r"^(?:in patients )?(?:who )?", "", part) for part in OR_ELSE.split(use[who.end() :])]
    later = [part for part in parts if stages.stage(f"patients who {part}")]
    if not later or len(later) == len(parts):
        return [use]
    groups = ([part for part in parts if part not in later], later)
    return [f"{use[: who.start()]} who {', or '.join(group)}" for group in groups]


def _bulleted(between: re.Pattern[str], text: str) -> str:
    """The text with a bullet wherever a pattern is found outside of brackets."""
    places = [found.span() for found in between.finditer(masked(text))]
    starts, ends = [0, *(end for _, end in places)], [*(start for start, _ in places), len(text)]
    return " • ".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _with_fragments(text: str, stop: re.Match[str], finder: Finder) -> str:
    """The first sentence, and those behind it that are uses without a sentence of their own."""
    first, rest = text[: stop.start()], text[stop.end() :]
    others = filter(None, (FRAGMENT.fullmatch(part.strip(" .")) for part in _bulleted(END, rest).split(" • ")))
    parts = [other[0] for other in others if finder.find(other["about"])]
    return " • ".join(["", first, *parts]) if parts else first


def _with_shared_regimen(text: str) -> str:
    """A list that no colon opens: each of its lines with the regimen, or the disease, before the first."""
    head, *lines = _bulleted(LINE, text).split(" • ")
    of_own = FIRST_REGIMEN.search(head)
    if of_own and lines and all(FIRST_REGIMEN.match(f" {line}") for line in lines):
        return " • ".join([head[: of_own.start()], head[of_own.end() :], *lines])
    first = FIRST_LINE.search(head)
    if not first or not any(line.startswith("the ") for line in lines):
        return text
    regimen = head[: first.end()]
    return " • ".join(["", head, *(f"{regimen}{line}" for line in lines)])


def _regimens(regimen: str, use: str) -> list[str]:
    """Alone and together with something are two uses."""
    told = regimen or use
    return ["", EITHER.sub("", told)] if EITHER.search(told) else [told]


def _read(regimen: str, use: str, heading: str, vocabulary: Vocabulary, *, accelerated: bool) -> SectionUse:
    """What the sentence leaves to its heading, such as an abbreviated cancer, is read there."""
    stage = stages.stage(f"{regimen} {use}" if regimen != use else use)
    spared = {
        read.value
        for told in REGARDLESS.finditer(use)
        for read in vocabulary.biomarker_finder.different(f"{told['test']} expression")
    }
    markers = tuple(read for read in disease.biomarkers(use, vocabulary) if read.value not in spared)
    cancers = disease.cancers(use, markers, vocabulary) or disease.cancers(heading, markers, vocabulary)
    return SectionUse(
        words=" ".join(part for part in (regimen if regimen != use else "", use) if part),
        cancers=tuple(read.value for read in cancers),
        stage=stage.value if stage else "",
        biomarkers=tuple(read.value for read in markers),
        partners=partners_of(regimen),
        children=bool(CHILDREN.search(use)),
        accelerated=accelerated,
    )
