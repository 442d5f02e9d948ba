"""The dangers that boxed warnings name, in the terms of FDA's labels and in a patient's: which of the two lacks one."""

import re
from collections.abc import Iterable

from ..fda.boxes import heading_of, items_of
from ..fda.records import cut

LONGEST_ITEM, LONGEST_BOX = 150, 20_000  # characters; the longest box has some 5,000
#: Each danger as labels head it, and as plain words say it.
DANGERS = {
    "cytokine release": ("cytokine release", "cytokine release"),
    "nerves": (r"neurotox|neurolog|neuromotor|neuropsych|\bencephalopathy", "nerv|neuro|brain|confus|encephalopathy"),
    "brain infection": ("leukoencephalopathy", "leukoencephalopathy|brain infection"),
    "second cancers": (
        r"secondary|malignanc",
        r"(?:new|second|secondary) (?:\w+ ){0,2}(?:cancers?|leukemia|lymphoma)|malignan",
    ),
    "overactive immune cells": ("hemophagocytic|hlh|macrophage", "hemophagocytic|hlh|macrophage|overactiv"),
    "low blood counts": (
        "cytopeni|neutropeni|myelosuppress|hematologic tox",
        "blood counts?|cytopeni|neutropeni|cells",
    ),
    "infusion reactions": ("infusion", "infusion"),
    "allergic reactions": ("anaphyla|hypersensitiv", "allerg|anaphyla"),
    "infections": (r"infections?\b|infectious dis", "infection"),
    "hepatitis B": ("hepatitis b", "hepatitis b"),
    "liver": ("hepatotox|hepatic|veno-occlusive|sinusoidal", "liver"),
    "heart": ("cardi|ventric|myocard", "heart|cardi"),
    "unborn children": ("embryo|fetal", "unborn|fetal|fetus|pregnan"),
    "lungs": (r"\bpulmonary|\blung|pneumon|respirat", "lung|pulmon|breath"),
    "skin": ("skin|(?<!sub)cutaneous|dermat", "skin|cutaneous"),
    "eyes": ("ocular|vision|visual", "eye|vision|ocular|cornea"),
    "fluid leaks": ("capillary leak", "capillary leak|fluid leak"),
    "bowel": ("colitis|perforation|gastrointestinal", "colitis|bowel|perforat|stomach"),
    "diarrhea": ("diarrhea", "diarrhea"),
    "mental health": ("depressi|psychiatr|suicid", "depress|psychiatr|suicid|mental"),
    "autoimmune disease": ("autoimmune", "autoimmune"),
    "blood flow": ("ischemi|stroke|thrombo(?!cyto)", "ischemi|stroke|clot|blood flow"),
    "bleeding": ("hemorrhag|bleeding", "bleed|hemorrhag"),
    "calcium": ("hypocalcemi", "calcium"),
    "transplants": ("transplant", "transplant"),
    "kidneys": ("nephro|renal", "kidney"),
    "tumor breakdown": ("tumor lysis", "tumor lysis|breakdown"),
    "deaths": ("mortality", "death|die|fatal"),
}
#: What boxes also name as a symptom, a cause or another treatment: below a heading that names dangers, it is none.
IN_A_HEADING = {"lungs", "heart", "skin", "allergic reactions", "autoimmune disease", "second cancers", "deaths"}
#: What our words name without meaning a danger of its own.
NOT_BY_ITSELF = {"deaths"}
#: Words that head a danger without naming one.
SAYS_NOTHING = {"severe", "serious", "fatal", "life-threatening", "prolonged", "recurrent", "acute", "death"}
SAYS_NOTHING |= {"risk", "increased", "warning", "warnings", "other", "patients", "also", "known"}
#: How a sentence begins that is about what the one before it is about.
GOES_ON = re.compile(r"(?:Both|Each|It|They|These)\b")


def of_box(said: str, brands: tuple[str, ...]) -> list[str]:
    """What a box names: the items of its heading in its words, then each danger of ours in the text below."""
    said = said[:LONGEST_BOX]
    heading = heading_of(said, brands)
    items = [item for item in map(_in_small, items_of(heading)) if not {*item.split()} <= SAYS_NOTHING]
    known = _named(heading)
    below = _named(said) - known - (IN_A_HEADING if known else set())
    return [*items, *(danger for danger in DANGERS if danger in below)] or ([cut(said, LONGEST_ITEM)] if said else [])


def told_of(ours: str, own: Iterable[str], brands: Iterable[str]) -> str:
    """Our words without the sentences that are about other brands alone, or say that there is no box."""
    mine = {brand.casefold() for brand in own}
    every = sorted(mine | {brand.casefold() for brand in brands}, key=len, reverse=True)
    named = re.compile("|".join(map(re.escape, every)) or "(?!)")  # the longest first: Opdivo Qvantig is not Opdivo
    told, is_about = [], True
    for sentence in re.split(r"(?<=[.;]) ", ours):
        found = {*named.findall(sentence.casefold())}
        if not GOES_ON.match(sentence):
            is_about = not found or bool(found & mine)
        if is_about and "no boxed warning" not in sentence:
            told.append(sentence)
    return " ".join(told)


def lacking(named: Iterable[str], ours: str) -> list[str]:
    """What a label names and our words do not."""
    return [item for item in named if not _is_told(item.lower(), ours.lower())]


def surplus(ours: str, named: Iterable[str]) -> list[str]:
    """The dangers in our words that a label does not name."""
    said = "; ".join(named).lower()
    told = [danger for danger, (_, plain) in DANGERS.items() if re.search(plain, ours.lower())]
    return [one for one in told if one not in NOT_BY_ITSELF and not re.search("|".join(DANGERS[one]), said)]


def _in_small(item: str) -> str:
    """FDA writes headings in capitals: the letter of a hepatitis stays one."""
    return re.sub(r"\b(hepatitis) ([abc])\b", lambda found: f"{found[1]} {found[2].upper()}", item.lower())


def _named(text: str) -> set[str]:
    """By FDA's terms."""
    return {danger for danger, (term, _) in DANGERS.items() if re.search(term, text.lower())}


def _is_told(item: str, ours: str) -> bool:
    known = [plain for danger, (term, plain) in DANGERS.items() if item == danger or re.search(term, item)]
    if known:
        return all(re.search(plain, ours) for plain in known)
    words = [word for word in re.findall(r"[a-z-]{4,}", item) if word not in SAYS_NOTHING]
    return not words or any(word[:6] in ours for word in words)
