"""The statement of the most common adverse reactions in section 6 of a label, with its threshold.

A label has one for each regimen or disease. Only the one of the drug alone is read, or the only one there is; of
several that are each of a combination none is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

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
    r"(?:(?<!who )\b(?:were|was|are|is|includes?|included)\b(?: the following)?(?: adverse reactions)?:?|:(?=\s))\s+"
    r"(?P<items>(?:[^.;]|[.;](?=\d)){3,1500})",
    re.IGNORECASE,
)
#: A list of its own for each regimen or disease, behind one opening: "were: Samplimab as a single agent: rash, fever."
PART = re.compile(r"(?P<about>[A-Z][^.:;]{1,160}?)\s*:\s+(?P<items>[^.:;]{3,1500})(?=[.;]|$)")
#: The same with a verb for each: "(20% or higher) • with lenalidomide are fatigue, … • with pomalidomide are …".
BULLETED = re.compile(r"•\s*(?P<about>[^.:;•]{1,160}?)\s+(?:are|were)\s+(?P<items>[^.:;•]{3,1500})")
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
ALONE = re.compile(r"single[- ]agent|monotherapy|\balone\b", re.IGNORECASE)
PATIENTS = re.compile(r"\b(?:patients|women|men|adults|children) with (?!multiple doses)\w|\bsetting\b", re.IGNORECASE)
#: What a label of a form under the skin tells of the infusion.
OTHER_FORM = re.compile(r"\bintravenous\b", re.IGNORECASE)
#: Where the words in front of a statement, such as a heading, begin.
FRONT = re.compile(r".*(?:\]|\.(?!\d)|\( ?\d[\d., ]*\))", re.DOTALL)
BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
MOST, LONGEST = 60, 12_000  # items of a list; characters of a summary, of which the longest has some 5,000


@dataclass(frozen=True, slots=True)
class CommonReactions:
    """``threshold``: "20% or more" or "more than 10%"; empty where the label tells none."""

    threshold: str
    items: tuple[str, ...]
    is_one_of_several: bool = False

    def __str__(self) -> str:
        head = ", ".join(filter(None, (self.threshold, "alone" if self.is_one_of_several else "")))
        return f"{head}: {', '.join(self.items)}" if head else ", ".join(self.items)


@dataclass(frozen=True, slots=True)
class _Told:
    about: str  # whom and what the list is about: the heading in front of it, and the words around
    statement: CommonReactions
    is_of_all: bool  # not headed by a disease or a regimen


def statement(section: str) -> CommonReactions | None:
    """That of the drug alone, or the only one. None where it can't be told which is which."""
    text = " ".join(section.split())
    end = END_OF_SUMMARY.search(text)
    every = list(_told(text[: end.start() if end else None][:LONGEST]))
    own = [one for one in every if not OTHER_FORM.search(one.about)]
    alone = [one for one in own if ALONE.search(one.about) and not COMBINED.search(one.about)]
    of_all = [one for one in own if one.is_of_all]
    chosen = next(filter(None, (alone, of_all, every)), [])
    return replace(chosen[0].statement, is_one_of_several=len(every) > 1) if len(chosen) == 1 else None


def _told(text: str) -> Iterator[_Told]:
    """Every list of what is common, in the order of the label."""
    found = list(COMMON.finditer(text))
    place = 0
    for one, following in zip(found, [*found[1:], None], strict=False):
        around, front = f"{one['before']} {one['behind']}", FRONT.sub("", text[place : one.start()]).strip()
        place = one.end()
        if OTHER_LIST.search(around):
            continue
        is_bulleted = "•" in one["behind"]
        rest = text[one.start("behind" if is_bulleted else "items") : following.start() if following else len(text)]
        parts = list((BULLETED if is_bulleted else PART).finditer(_without_brackets(rest)))
        if parts and (is_bulleted or parts[0].start() <= len("• ")):
            threshold = _threshold(around) or _threshold(rest[:200])
            for part in parts:
                yield _Told(
                    f"{around} {part['about']}", CommonReactions(threshold, _items(part["items"])), is_of_all=False
                )
        elif items := _items(one["items"]):
            about = f"{front} {around}"
            is_headed = bool(
                re.sub(r"(?i)^[• ]*(?:the)?[• ]*$", "", front) or COMBINED.search(around) or PATIENTS.search(around)
            )
            yield _Told(about, CommonReactions(_threshold(around), items), not is_headed)


def _threshold(words: str) -> str:
    found = THRESHOLD.search(words)
    if not found or not (found["sign"] or found["more"]):
        return ""
    or_more = found["more"] or found["sign"].lower() in ("≥", "greater than or equal to", "at least")
    return f"{found['share']}% or more" if or_more else f"more than {found['share']}%"


def _without_brackets(words: str) -> str:
    return BRACKETS.sub("", BRACKETS.sub("", words))


def _items(words: str) -> tuple[str, ...]:
    """The names of a list, without what stands in brackets: numbers, abbreviations, other sections."""
    words = re.split(r"\s*[(\[]", _without_brackets(words))[0]
    parts = re.split(r"\s*[,;•]\s*(?:and |or )?|\s+and\s+", words)
    names = (re.sub(r"^(?:(?:and|or|the|were|are) )+|[\s.:*†‡]+$", "", part.strip()).lower() for part in parts)
    return tuple(dict.fromkeys(name for name in names if re.search(r"[a-z]{3}", name)))[:MOST]
