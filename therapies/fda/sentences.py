"""Sentences of a text that was pasted: where they end, what stands in brackets, and their dates."""

import contextlib
import datetime
import re

from . import cells

#: What ends with a full stop and ends no sentence.
SHORT = r"(?<!\bU\.S)(?<!\b[A-Z])(?<!\b(?:Dr|Ms|Mr|No|St|vs|Co))(?<!\b(?:Inc|Ltd|Mrs))(?<!\bCorp)(?<!\be\.g)(?<!\bi\.e)"
SHORT += r"(?<!\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec))(?<!\bSept)"
END = re.compile(rf"{SHORT}[.?!][”\"’)]*(?=\s+(?:[“\"(•]?[A-Z]|[•·*] On\b)|\s*$)")
#: Stands for what is hidden, and in no notice.
HIDDEN = "\ufffc"
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
#: The same without the numbers of a list, which hide nothing: "patients with (1) melanoma and (2) lymphoma".
WORDED = re.compile(r"(?!(?<=\s)\((?:[1-9]|i{1,3}|iv|v)\)\s)\([^()]*\)|\[[^\[\]]*\]")


def masked(text: str) -> str:
    """The text with what stands in brackets hidden, as long as it was. Brackets may hold any word."""
    for _ in range(2):  # brackets within brackets
        text = WORDED.sub(lambda found: HIDDEN * len(found[0]), text)
    return text


def bare(text: str) -> str:
    """Without what stands in brackets: “hormone receptor (HR)-positive” is “hormone receptor-positive”."""
    for _ in range(2):
        text = re.sub(rf" ?(?:{BRACKETS.pattern})", "", text)
    return re.sub(r" -(?=[a-z])", "-", text)


def opened(text: str) -> str:
    """With what stands in brackets, as if there were none: “(HER2)-negative” is “HER2-negative”."""
    return re.sub(r" +", " ", re.sub(r"[()\[\]]", " ", re.sub(r"[)\]](?=-)", "", text)))


def unwrapped(text: str) -> str:
    """A page or a letter may come with lines of its own width: what goes on in small letters is one line.

    So is what goes on with the strength of a drug.
    """
    text = re.sub(r"(?<=\w-)\n(?=[A-Z\d])", "", text)
    return re.sub(
        r"(?<=[a-z,-])\n(?=[a-z])|(?<=\))\n(?=(?:who|whose|and|in|for) )|(?<=\w)\n(?=& )"
        r"|(?<=[\w,])\n(?=\((?![\w ]{2,30}\) ?[-–—]))|(?<=Food and)\n(?=Drug)|(?<=Food and Drug)\n(?=Administration)"
        r"|(?<=\w)\n(?=\d+ (?:mg|mcg|mL)\b)",
        " ",
        text,
    )


def spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends. A line ends a sentence too."""
    hidden, found, start = masked(text), [], 0
    for end in re.finditer(rf"{END.pattern}|\n", hidden):
        found.append((start, end.end()))
        start = end.end()
    return [*found, (start, len(text))]


MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
DATE = re.compile(
    rf"(?P<month>\b{MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?[,.]? ?(?P<year>\d{{4}})\b"
    rf"|\b(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -](?P<month2>{MONTH}),?[ -](?P<year2>\d{{4}})\b"
    r"|\b(?P<iso>\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4})\b"
)


def day(found: re.Match[str], today: datetime.date) -> datetime.date | None:
    """The day that is written there, if there is one."""
    name, number = found["month"] or found["month2"], found["day"] or found["day2"]
    written = found["iso"] or f"{name.rstrip('.')} {number}, {found['year'] or found['year2']}"
    with contextlib.suppress(cells.Bad):
        return cells.day(written, today)
    return None
