"""The most common adverse reactions in section 6 of a label: a list for each regimen or disease, with its threshold."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from .sentences import bare, masked

#: Behind the part that sums section 6 up.
END_OF_SUMMARY = re.compile(
    r"\bTo report SUSPECTED\b|\b6\.1\s+Clinical (?:Trials?|Studies) Experience\b", re.IGNORECASE
)
THRESHOLD = re.compile(
    r"(?P<sign>≥|>|greater than or equal to|at least|greater than|more than)?\s*(?P<share>\d{1,2})\s*%"
    r"(?P<more> or (?:more|greater|higher))?",
    re.IGNORECASE,
)
#: "The most common adverse reactions (≥ 20%) with X as a single agent were …".
COMMON = re.compile(
    r"\b(?:most\s+(?:common|frequent)(?:ly\s+(?:occurring|reported|observed))?|common)"
    r"(?P<before>[^.:;]{0,60}?)\s*\b(?:adverse (?:drug )?(?:reaction|event)s?|side effects)\b"
    r"(?P<behind>(?:[^.:;]|[.:](?=\d)){0,320}?)"
    r"(?:(?<!who )\b(?P<verb>were|was|are|is|includes?|included)\b(?: the following)?(?: adverse reactions)?"
    r"(?: \( ?[\d. ,]+\))?[:,]?|:(?=\s))\s+"
    r"(?P<items>(?:[^.;]|[.;](?=\d)){3,1500})",
    re.IGNORECASE,
)
#: A list of its own for each regimen or disease, behind one opening: "were: Samplimab as a single agent: rash, fever."
PART = re.compile(r"(?P<about>[A-Z][^.:;]{1,160}?)\s*:\s+(?P<items>[^.:;]{3,1500})(?=[.;]|$)")
#: The same with a verb for each: "(20% or higher) • with lenalidomide are fatigue, … • with pomalidomide are …".
WITH_VERB = re.compile(r"(?:[•.]|^)\s*(?P<about>[^.:;•]{1,160}?)\s+(?:are|were)\s+(?P<items>[^.:;•]{3,1500})")
#: Other lists than that of what is common.
OTHER_LIST = re.compile(
    r"\b(?:serious|severe|grades?|fatal|due to|lead(?:s|ing)? to|led to)\b"
    r"|\b(?:result|requir|caus|discontinu|interrupt|reduc|delay)\w*|\bpost-?marketing",
    re.IGNORECASE,
)
COMBINED = re.compile(
    r"combin|\bplus\b|\bfollowed by\b"
    r"|\bwith [\w-]*(?:mab|nib|mide|platin|taxel|therapy)\b(?! (?:as|alone|monotherapy)\b)",
    re.IGNORECASE,
)
ALONE = re.compile(r"(?:as )?an? single[- ]agent|single[- ]agent|(?:as )?monotherapy|\balone\b", re.IGNORECASE)
#: What a label of a form under the skin tells of the infusion.
OTHER_FORM = re.compile(r"\bintravenous\b", re.IGNORECASE)
#: Where the words in front of a statement, such as a heading, begin.
FRONT = re.compile(r"\A.*(?:\]|\.(?!\d)|\( ?\d[\d., ]*\))", re.DOTALL)
#: What stands around the name of a regimen or disease, and says nothing of it.
AROUND = re.compile(
    r"(?:\bat a rate of )?[≥>]?\s*\d{1,2}\s*%(?: and ≥ ?\d+ ?% (?:higher|greater)[^,]*| or (?:more|greater|higher))?"
    r"|\b(?:incidence|occurring|reported|observed|received|in clinical trials|that|who|the)\b"
    r"|\b(?:includ|exclud)ing laboratory (?:test )?abnormalities\b|\b6 ADVERSE REACTIONS\b|[•:;()\[\]]",
    re.IGNORECASE,
)
#: A word that led to the drug's name, once that is gone.
DANGLING = re.compile(
    r"(?<!-)\b(?:with|of|in|for|in patients|treated)(?= *(?:,|$|in combination|(?:with|in|of|for)\b))", re.IGNORECASE
)
#: Kinds of a side effect that brackets name: "skin reactions (including rash and itching)".
INCLUDING = re.compile(r"\s*\((?:including|such as)\s+(?P<kinds>[^()]{3,200})\)")
#: Lines that follow without a blank: "in patients were:Melanoma: rash and fever. (6.1)Kidney cancer: …".
RUN_ON = re.compile(r"(?<=[a-z:)]:)(?=[A-Z])|(?<=\d\))(?=[A-Z])")
#: A list that ends with the number of its section alone, before the next one.
NO_STOP = re.compile(r"(?<![.\s]) ?\( ?\d[\d., ]*\)(?= (?:The )?[Mm]ost common)")
#: What a threshold in brackets is of: "(≥ 20% of patients with stage III melanoma)".
SHARE_OF = re.compile(r"\((?P<told>[≥>] ?\d{1,2} ?% (?:of|in) patients with [^()]+)\)")
MOST, LONGEST = 60, 12_000  # items of a list; characters of a summary, of which the longest has some 5,000
ALONE_IN_SHORT = "alone"


@dataclass(frozen=True, slots=True)
class CommonReactions:
    """One list. As text: "20% or more, alone: fatigue, rash", in which all but the items may be missing.

    ``threshold``: "20% or more" or "more than 10%". ``about``: the regimen or disease, in the words of whoever read it.
    """

    threshold: str
    about: str
    items: tuple[str, ...]

    HEAD: ClassVar = re.compile(r"(?P<threshold>(?:more than )?\d{1,2}%(?: or more)?)?(?:,? ?(?P<about>[^:;]*))?:\s")

    @classmethod
    def of(cls, text: str) -> Self:
        head = cls.HEAD.match(text)
        items = tuple(item for part in text[head.end() if head else 0 :].split(",") if (item := part.strip()))
        return cls(head["threshold"] or "", head["about"] or "", items) if head else cls("", "", items)

    def __str__(self) -> str:
        head = ", ".join(filter(None, (self.threshold, self.about)))
        return f"{head}: {', '.join(self.items)}" if head else ", ".join(self.items)

    @property
    def is_of_the_drug(self) -> bool:
        """Not that of a combination, or of one disease among others."""
        return not self.about or self.about.startswith(ALONE_IN_SHORT)


def lists(section: str, brands: Sequence[str]) -> tuple[CommonReactions, ...]:
    """Every list of what is common, once each, in the order of the label."""
    text = RUN_ON.sub(" ", NO_STOP.sub(r"\g<0>.", " ".join(section.split())))
    end = END_OF_SUMMARY.search(text)
    drug = re.compile(rf"\b(?:{'|'.join(map(re.escape, brands)) or '(?!)'})\b(?:-treated)?", re.IGNORECASE)
    every = tuple(dict.fromkeys(_lists(text[: end.start() if end else None][:LONGEST], drug)))
    own = tuple(one for one in every if not OTHER_FORM.search(one.about)) or every
    return (replace(own[0], about=""),) if len(own) == 1 and not COMBINED.search(own[0].about) else own


def _lists(text: str, drug: re.Pattern[str]) -> Iterator[CommonReactions]:
    found = list(COMMON.finditer(text))
    place = 0
    for one, following in zip(found, [*found[1:], None], strict=False):
        around, front = f"{one['before']} {one['behind']}", FRONT.sub("", text[place : one.start()])
        place = one.end()
        if OTHER_LIST.search(around):
            continue
        is_bulleted = "•" in one["behind"]
        rest = text[one.start("behind" if is_bulleted else "items") : following.start() if following else len(text)]
        hidden = masked(rest)
        has_parts = PART.match(hidden.lstrip("• "))
        parts = list((PART if has_parts else WITH_VERB).finditer(hidden))
        if not (has_parts or is_bulleted or not one["verb"]):
            parts = []
        for part in parts:
            about, named = (rest[slice(*part.span(name))] for name in ("about", "items"))
            yield CommonReactions(
                _threshold(about) or _threshold(around) or _threshold(rest[:200]),
                _about(drug.sub(" ", about)),
                _items(named),
            )
        if not parts and (items := _items(one["items"])):
            yield CommonReactions(_threshold(around), _about(drug.sub(" ", f"{front}, {around}")), items)


def _about(words: str) -> str:
    """The regimen or disease in the label's words, “alone” first where it is the drug by itself."""
    plain = AROUND.sub(" ", bare(SHARE_OF.sub(r"\g<told>", words)))
    if is_alone := bool(ALONE.search(plain) and not COMBINED.search(plain)):
        plain = ALONE.sub(" ", plain)
    parts = (" ".join(DANGLING.sub(" ", " ".join(part.split())).split()) for part in plain.split(","))
    told = ", ".join(part[:1].lower() + part[1:] if part[1:2].islower() else part for part in parts if part)
    return f"{ALONE_IN_SHORT} {told}".strip() if is_alone else told


def _threshold(words: str) -> str:
    found = THRESHOLD.search(words)
    if not found or not (found["sign"] or found["more"]):
        return ""
    or_more = found["more"] or found["sign"].lower() in ("≥", "greater than or equal to", "at least")
    return f"{found['share']}% or more" if or_more else f"more than {found['share']}%"


def _items(words: str) -> tuple[str, ...]:
    """The names of a list, without what stands in brackets: numbers, abbreviations, other sections."""
    words = INCLUDING.sub(r", \g<kinds>", words)
    parts = re.split(r"\s*[,;•]\s*(?:and |or )?|\s+and\s+", re.split(r"\s*[(\[]", bare(words))[0])
    names = (re.sub(r"^(?:(?:and|or|the|were|are) )+|[\s.:*†‡]+$", "", part.strip()).lower() for part in parts)
    return tuple(dict.fromkeys(name for name in names if re.search(r"[a-z]{3}", name)))[:MOST]
