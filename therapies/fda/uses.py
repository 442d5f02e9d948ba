"""The uses that one statement of FDA tells: a list, one sentence with several, or one."""

import re
from collections.abc import Iterator
from itertools import pairwise

from . import disease
from .naming import Vocabulary
from .sentences import bare, masked

#: Where a line of a list begins, wherever it stands.
BULLET = re.compile(
    r"\s*[•·]\s*|(?<!\S)\*\s+|\n\s*[–-]\s+|\n\s*|(?:^|(?<=[\s:;,]))\(?(?:[1-9]|i{1,3}|iv|v)\)\s+(?=[a-zA-Z])"
)
#: Where a second use begins within one sentence.
NEXT = re.compile(
    r""";\s*(?:and\s+)?
    |\s+or\s+(?=as\ (?:a\ single\ agent|monotherapy)\ for\ the\ )
    |(?<!with)\s+(?:and|or)\s+(?=(?:patients\ )?with\ [^,;.]{4,80}\ (?:who|that\ ha(?:s|ve))\b)
    |,\s+or\s+(?=(?:metastatic|advanced|recurrent|unresectable)\ [^,;.]{4,80}\ (?:who|that)\ ha(?:s|ve)\b)
    |,?\s+and\s+(?:also\s+)?(?=(?:in\ combination\ with|as\ (?:a\ single\ agent|monotherapy|first-line)
        |for\ (?:the\ |use\ |adults?|patients\ with|pediatric|children|adolescents|relapsed|previously|treatment
            |adjuvant|neoadjuvant|first-line|maintenance))\b)""",
    re.IGNORECASE | re.VERBOSE,
)
#: How a line begins that is a use though it names no disease of its own.
REGIMEN = re.compile(
    r"(?:for )?(?:use )?(?:in combination with|as (?:a )?(?:single[ -]agent|monotherapy|first-line|part of)|with |for "
    r"|to treat )",
    re.I,
)
#: The same that names a disease which is none of ours: "adults with thyroid cancer".
WHO_HAVE = re.compile(
    r"(?:adults?|pediatric|patients|children)\b.{0,80}? with [^,;]*?"
    r"\b(?:cancers?|tumors?|\w+(?:oma|emia|cytosi)s?)\b",
    re.IGNORECASE,
)
#: How a line begins that only says who the patients of the one use are.
WHOM = re.compile(r"(?:who|whose|following|after|have|has|had|are|is)\b", re.IGNORECASE)
#: What goes on with a regimen, and is no use of its own: "… and as a single agent as adjuvant treatment".
CONTINUED = re.compile(r"adjuvant|maintenance|continu|thereafter|until", re.IGNORECASE)
#: What announces the uses behind it, and is none: "two new indications", but not "two prior lines of therapy".
ANNOUNCED = re.compile(
    r"\b(?:(?:two|three|four)(?: \w+){0,2} (?:indications|uses|regimens|combinations)|the following(?: \w+){0,2}):",
    re.IGNORECASE,
)
#: What an opening says of every line behind it: their age, what they had, or against what it is given.
OF_ALL = re.compile(
    r"\b(?:pediatric|child|adolescent|girls|boys|\d+ (?:months|years)|prevention|previously|prior|received)",
    re.IGNORECASE,
)
#: Patients whom each line behind describes: "for the treatment of patients: with A. with B."
PATIENTS = re.compile(r"\b(?:patients|adults?|children|people)$", re.IGNORECASE)
DESCRIBED = re.compile(r"(?:with|who|whose)\b", re.IGNORECASE)
#: What a line says that is more than a disease.
TELLS_MORE = re.compile(r"\b(?:patients|adults?|children|treatment|combination|agent|monotherapy|who)\b", re.IGNORECASE)
#: How a second disease of the same patients begins.
EXTENT = re.compile(r"(?:metastatic|advanced|recurrent|unresectable)\b", re.IGNORECASE)
#: A word between two lines of a list.
JOINT = re.compile(r"(?:and|or|and/or|either)?", re.IGNORECASE)
#: Two diseases that the plural tells apart: "the indications for A and B for Samplin".
INDICATIONS = re.compile(
    r"\b(?:indications|uses) for (?P<first>[^,;.:]{5,90}?) and (?P<second>[^,;.:]{5,90}?)"
    r"(?= (?:for|of|from) [A-Z]|[;.]|$)"
)
#: A part of a list of diseases, which says nothing else: "multiple myeloma, leukemias, neuroblastoma".
DISEASES = re.compile(r"(?:[\w’'-]+(?: [\w’'-]+){0,3}, ){2,}[\w’' -]+")
COUNT = {"two": 2, "three": 3, "four": 4}
COUNTING = re.compile(r"\b(two|three|four) (?:\w+ )?indications\b", re.IGNORECASE)


def uses(text: str, subject: str, vocabulary: Vocabulary) -> list[str]:
    """The uses in their order, each with the disease that it shares with the others."""
    if drug := re.match(r"[\w-]{4,}", subject):
        # "… with A and nivolumab in combination with B for …": the second naming of the drug begins another use
        text = re.sub(
            rf"(?:,?\s+and|(?<=therapy))\s+{re.escape(drug[0])}\s+(?=(?:in combination with|plus)\b)",
            "; ",
            text,
            flags=re.IGNORECASE,
        )
    opening, *items = parted(BULLET, text)
    if items := _told(items):
        return _of_list(opening, items, vocabulary)
    announced = ANNOUNCED.search(masked(text))
    if announced and (parts := _told(parted(NEXT, text[announced.end() :]))):
        return _shared(text[: announced.start()], parts, vocabulary)
    parts = _told(parted(NEXT, text))
    if len(parts) > 1:
        return _of_sentence(_of_one_disease(parts, text, vocabulary), vocabulary)
    told = COUNTING.search(text)
    return parts * (COUNT[told[1].lower()] if told and parts else 1) or [text.strip()]


def of_two_indications(sentence: str, vocabulary: Vocabulary) -> list[str]:
    """The uses that a sentence tells by the plural. None where it names no two different diseases."""
    two = INDICATIONS.search(sentence)
    named = [_diseases(two[name], vocabulary) for name in ("first", "second")] if two else []
    return [two["first"], two["second"]] if two and all(named) and named[0].isdisjoint(named[1]) else []


def _names_disease(part: str, vocabulary: Vocabulary) -> bool:
    """Not by the name of a test result, which names the tumors that have it, too."""
    named = [read for _, read in vocabulary.cancer_finder.find(part)] or disease.with_shared_noun(
        bare(part), vocabulary
    )
    return any(not vocabulary.biomarker_finder.is_name(read.words) for read in named)


def _diseases(part: str, vocabulary: Vocabulary) -> set[str]:
    return {read.value for read in vocabulary.cancer_finder.different(part)}


def _of_one_disease(parts: list[str], text: str, vocabulary: Vocabulary) -> list[str]:
    """The parts, where two forms of one disease are one: "metastatic X or with locally advanced X that has …"."""
    whole = parts[:1]
    for before, part in pairwise(parts):
        if (
            part.startswith("with ")
            and f" or {part}" in text
            and _diseases(part, vocabulary) == _diseases(before, vocabulary) != set()
        ):
            whole[-1] = f"{whole[-1]} or {part}"
        else:
            whole.append(part)
    return whole


def parted(pattern: re.Pattern[str], text: str) -> list[str]:
    """The parts of a text, with nothing parted within brackets."""
    places = [0]
    for found in pattern.finditer(masked(text)):
        places += [found.start(), found.end()]
    places.append(len(text))
    return [text[start:end].strip(" ,.:;\n") for start, end in zip(places[::2], places[1::2], strict=True)]


def _told(parts: list[str]) -> list[str]:
    """The parts that say something. A use may be short: one of a list can be "melanoma"."""
    return [part for part in parts if re.search(r"[^\W\d_]", part) and not JOINT.fullmatch(part)]


def _of_list(opening: str, lines: list[str], vocabulary: Vocabulary) -> list[str]:
    """Lines that name a disease or a regimen are uses. Others say whom the use before them is for."""
    items = list(_under_diseases(list(_under_headings(lines)), vocabulary))
    of_own = [_names_disease(item, vocabulary) or bool(WHO_HAVE.match(item)) for item in items]
    if len(items) > 1 and not any(of_own) and all(map(WHOM.match, items)):
        return [" ".join([opening, *lines])]
    if (
        _names_disease(opening, vocabulary)
        and not any(of_own)
        and not all(map(REGIMEN.match, items))
        and not _names_drugs(items)
    ):
        return [" ".join([opening, *lines])]
    whole: list[str] = []
    for item, has_disease in zip(items, of_own, strict=True):
        if whole and any(of_own) and not has_disease and not REGIMEN.match(item):
            whole[-1] = f"{whole[-1]}, {item}"
        else:
            whole.append(re.sub(r",? (?:and|or)$", "", item))
    return _shared(opening, whole, vocabulary)


def _under_headings(items: list[str]) -> Iterator[str]:
    """A line that opens a list of its own, before each of its lines: "Use in combination with chemotherapy as:"."""
    heading = ""
    for item in items:
        if re.search(r"\b(?:as|for|with)$", item):
            heading = f"{item} "
        elif heading and item[:1].islower():
            yield heading + item
        else:
            heading = ""
            yield item


def _under_diseases(items: list[str], vocabulary: Vocabulary) -> Iterator[str]:
    """A disease that opens a list of its own, with each of its regimens: "Ovarian cancer: in combination with A"."""
    disease = ""
    for item, following in zip(items, [*items[1:], ""], strict=True):
        if not _names_disease(item, vocabulary):
            yield f"{item} for {disease}" if disease and REGIMEN.match(item) else item
            continue
        is_alone = not TELLS_MORE.search(item) and REGIMEN.match(following)
        disease = item if is_alone and not _names_disease(following, vocabulary) else ""
        if not disease:
            yield item


def _names_drugs(items: list[str]) -> bool:
    """Lines that each begin with the drug: "nivolumab (Opdivo) in combination with …"."""
    return all(re.match(r"[\w-]+(?: [\w-]+)? (?:\([^()]*\) )?(?:in combination )?with\b", item) for item in items)


def _shared(opening: str, parts: list[str], vocabulary: Vocabulary) -> list[str]:
    """One disease for all that follow, where the opening names it."""
    whom = re.search(r"\b(?:for|in|as)\s(?!(?:two|three|four|the following)\b).+", opening, re.S)
    if whom and not _names_disease(whom[0], vocabulary) and _is_of_all(whom[0], parts, vocabulary):
        return [f"{whom[0]} {part}" for part in _whole(parts)]
    if not whom or not _names_disease(whom[0], vocabulary):
        return _whole(parts)
    return [part if _names_disease(part, vocabulary) else _with(whom[0], part) for part in parts]


def _is_of_all(opening: str, parts: list[str], vocabulary: Vocabulary) -> bool:
    """Whether an opening says something of the patients of every line, such as a test result."""
    if OF_ALL.search(opening) or vocabulary.biomarker_finder.different(opening):
        return True
    return bool(PATIENTS.search(opening)) and all(map(DESCRIBED.match, parts))


def _with(disease: str, part: str) -> str:
    """A regimen before its disease; one that is alone behind it, since what follows tells when it is given."""
    is_alone = re.match(r"as (?:a )?(?:single[ -]agent|monotherapy)\b", part, re.IGNORECASE)
    return f"{disease} {part}" if is_alone else f"{part} {disease}"


def _of_sentence(parts: list[str], vocabulary: Vocabulary) -> list[str]:
    """Parts of one sentence. What names no disease and only goes on with the regimen belongs to the part before."""
    whole = [parts[0]]
    patients = re.match(
        r"(?:for|in|treatment of) [^,;.]{0,60}?\b(?:patients|adults|children) (?=with\b)", parts[0], re.I
    )
    for part in parts[1:]:
        if patients and re.match("with ", part):
            part = patients[0] + part  # "for adults with A who have had B or with C"
        elif patients and EXTENT.match(part):
            part = f"{patients[0]}with {part}"  # "for adults with A that has come back, or metastatic C that has"
        if DISEASES.fullmatch(part) and not TELLS_MORE.search(part):
            whole[-1] = f"{whole[-1]}, {part}"
        elif not _names_disease(part, vocabulary) and (CONTINUED.search(part) or not REGIMEN.match(part)):
            whole[-1] = f"{whole[-1]}, and {part}"
        elif not _names_disease(part, vocabulary) and (shared := re.search(r"\b(?:for|to treat)\s.+", whole[0], re.S)):
            whole.append(f"{part} {shared[0]}" if _names_disease(shared[0], vocabulary) else part)
        else:
            whole.append(part)
    return _whole(whole)


def _whole(parts: list[str]) -> list[str]:
    """Combinations that share one disease name it once, at the end: those before get it too."""
    whole: list[str] = []
    for part in reversed(parts):
        shared = re.search(r",?\s+(?:for|as)\s.+", whole[-1], re.S) if whole else None
        alone = part.startswith("in combination with") and not re.search(r"\s(?:for|as|to)\s", part)
        whole.append(part + shared[0] if alone and shared else part)
    return whole[::-1]
