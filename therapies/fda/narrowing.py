"""That FDA took a use from some of its patients: an indication limited, or revised to be for fewer."""

import datetime
import re

from . import disease, sentences
from .act_days import day_behind
from .naming import Read, Vocabulary
from .repeated import Statement

DRUG = r"(?P<drug>[\w-]+(?: [\w-]+){0,2}?(?: \([^()\n]{3,80}\))?),?"
FDA = (
    rf"(?:\bOn (?P<when>{sentences.DATE.pattern}), )?(?:the )?(?:U\.?S\.? )?\b(?:FDA|Food and Drug Administration)"
    r" (?:has )?"
)
#: "On May 22, FDA limited the indication of X for … to patients whose …".
NARROWED = re.compile(
    rf"{FDA}(?P<how>(?:limited|restricted|narrowed) the (?:approved )?indications?) (?:of|for)"
    rf" {DRUG} (?P<use>(?:for|in|as)\b[^\n]+)"
)
#: "FDA revised the existing indication of X for … This indication restricts its use to patients whose …".
REVISED = re.compile(
    rf"{FDA}(?P<how>(?:modified|revised|amended|updated|changed) the (?:(?:existing|current|approved) )*indications?)"
    rf" (?:of|for) {DRUG} (?P<use>(?:with|for|in|as)\b[^\n]+(?:\n+This[^\n]+)?)"
)
LEFT_TO = re.compile(
    r"\b(?:to )?(?:restrict|limit)(?:s|ed|ing)? (?:its |the |their )?use to"
    r" (?P<whom>(?:patients|adults|people)\b[^.\n]+)"
)


def narrowed(text: str, vocabulary: Vocabulary, today: datetime.date) -> list[Statement]:
    """That FDA took a use from some of its patients, in a text in which nothing else acts."""
    told = NARROWED.search(text) or REVISED.search(text)
    use = _left(told) if told else ""
    if not told or not disease.cancers(use, (), vocabulary):
        return []
    end = told.start("use") + sentences.spans(told["use"])[0][1]
    dated = sentences.day(told, today) if told["when"] else None
    date = Read(dated.isoformat(), told["when"]) if dated else day_behind(text, end, today)
    return [Statement(Read("narrowed", told["how"]), told["drug"], (use,), date)]


def _left(told: re.Match[str]) -> str:
    """The use with whom it is left to. A revision that limits it to nobody narrows nothing."""
    first = told["use"][: sentences.spans(told["use"])[0][1]].strip(" .")
    if told.re is NARROWED:
        return first
    left = LEFT_TO.search(told["use"], 0, len(first) + 400)
    return f"{first[: left.start()].rstrip(' ,')} {left['whom']}" if left else ""
