"""That a drug got FDA's approval, told from the drug's side: "Samplimab has been approved by the FDA for melanoma".

Companies and newspapers write so. The sentence is turned into FDA's own form, and then read as that. Only drugs of
ours are looked for, and only in a text in which nothing acts that FDA itself would have written.
"""

import re

from . import sentences
from .naming import Finder
from .sentences import HIDDEN, masked

FDA = rf"(?:the )?(?:U\.?S\.? )?(?:FDA|Food and Drug Administration)(?:[’']s)?(?: {HIDDEN}+)?"
HERE = r"in the (?:U\.S\.|US|United States)"
GOT = r"(?:has |have )?(?:received|won|secured|gained|obtained|earned)"
KIND = r"(?:(?P<kind>accelerated|regular|traditional|full|expanded|regulatory|marketing|supplemental) )?"
KINDS = ("accelerated", "regular", "traditional", "full")
APPROVAL = rf"\b{GOT} (?:an? )?(?:{FDA} )?{KIND}approval(?: (?:from|by|of) {FDA})?"
#: The drug stands before these words.
BEFORE = re.compile(
    rf"\b(?:has|have) (?:now |just |also |recently )?been approved (?:by {FDA}|{HERE})(?= (?:for|to|as|in|on)\b)"
    rf"|\bhas had its (?:label|indication|approval)s? (?:expanded|extended|broadened) by {FDA} to include(?P<whom>)"
    rf"|{APPROVAL}(?: (?:on|last) \w+day)?(?=,| (?:for|to|as|in)\b)",
    re.IGNORECASE,
)
#: The drug stands behind these words.
BEHIND = (
    re.compile(rf"\bannounce[ds]?\b(?: the|[^.;]{{0,40}}?\b{FDA}) {KIND}approval (?:of|for)(?= )", re.IGNORECASE),
    re.compile(rf"\b{FDA} (?:has )?cleared(?= )", re.IGNORECASE),
    re.compile(rf"{APPROVAL} for(?= )", re.IGNORECASE),
)
#: The drug stands within these words.
WITHIN = re.compile(
    rf"\b{FDA} (?:has )?granted (?P<drug>[^.;]{{3,200}}?),? (?P<kind>accelerated|regular|traditional|full) approval"
    r"(?= (?:for|to|as|in)\b)",
    re.IGNORECASE,
)
BY_FDA = re.compile(r" by (?:the )?(?:U\.?S\.? )?(?:FDA|Food and Drug Administration)(?: \([^()]*\))?", re.IGNORECASE)
#: Not yet, long ago, or said of another drug in passing.
NOT_NOW = re.compile(
    r"\b(?:if|once|until|unless|whether|not|hop(?:es?|ing)|expect\w*|await\w*|pending|could|would|should|(?-i:may)"
    r"|might|previous\w*|already|initially|originally|first|which|who|whose|that|since|seek\w*)\b",
    re.IGNORECASE,
)
AGENCY = re.compile(rf"\b{FDA}\b|{HERE}", re.IGNORECASE)
ABROAD = re.compile(r"\b(?:European (?:Commission|Medicines)|EMA|CHMP|Health Canada|NMPA|MHLW|Ministry of Health)\b")
IF = re.compile(r"\b(?:if|once|until|unless|whether|when|after|before) $", re.IGNORECASE)
ANNOUNCED = re.compile(r"\bannounce[ds]\b", re.IGNORECASE)
NEAR = 90  # characters in which the drug stands behind the words


def turned(text: str, finder: Finder) -> str | None:
    """The text with the first such sentence told as FDA tells it."""
    for start, end in sentences.spans(text):
        sentence = text[start:end]
        if sentence.rstrip().endswith((".", "!", "…", "”", '"')) and (told := _of_fda(sentence, finder)):
            return f"{text[:start]}{told}{text[end:]}"
    return None


def _of_fda(sentence: str, finder: Finder) -> str | None:
    """What the sentence tells as FDA's act, with the days that it gives. None where it tells of no approval now."""
    hidden = masked(sentence)
    for form in (WITHIN, *BEHIND, BEFORE):
        found = form.search(hidden)
        if not found or not AGENCY.search(hidden) or ABROAD.search(hidden):
            continue
        above, use, words = sentence[: found.start()], sentence[found.end() :], found.groupdict()
        drug = _drug(form, sentence, found, finder)
        if drug is None or NOT_NOW.search(drug or above[-NEAR:]):
            continue
        dates = " ".join(date[0] for date in sentences.DATE.finditer(above))
        said = " announced" if ANNOUNCED.search(above) else ""
        act = f"granted {words['kind']} approval to" if words.get("kind") in KINDS else "approved"
        to_whom = " for" if words.get("whom") is not None else ""
        return f"{dates}{said} the FDA {act} {drug.strip()}{to_whom}{BY_FDA.sub('', use, count=1)}"
    return None


def _drug(form: re.Pattern[str], sentence: str, found: re.Match[str], finder: Finder) -> str | None:
    """The words of the drug where they stand before what is turned, or in it; none where they follow anyhow."""
    if form is WITHIN:
        drug = sentence[slice(*found.span("drug"))]
        return drug if finder.find(drug) else None
    if form is BEFORE:
        named = finder.find(sentence[: found.start()])
        if not named or IF.search(sentence, 0, named[0][0]):
            return None
        return _without_aside(sentence[named[0][0] : found.start()])
    return "" if any(place <= NEAR for place, _ in finder.find(sentence[found.end() :])) else None


def _without_aside(drug: str) -> str:
    """The drug without what is said of it in passing: "Samplin (samplimab), first approved for melanoma, has …"."""
    hidden = masked(drug).rstrip()
    return drug[: hidden.find(",")] if hidden.endswith(",") else drug
