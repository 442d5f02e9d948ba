"""What somebody copied from a web page, taken apart: title, description, date and address, in any mix of lines.

A notice as it was read then becomes the values of a form, each with the words that it was read from.
"""

import datetime
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from ..fda import cells, novel, sentences
from ..fda import rows as accelerated_rows
from ..fda.naming import Read
from ..fda.records import Notice
from ..fda.wording import Draft
from .names import NamesOfOurs

ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
LABEL = re.compile(
    r"^(?:title|subject|webpage|description|date|address|link|url|for immediate release)\s*:\s*", re.IGNORECASE
)
#: A line with the day of a release: "Issued: 22 November 2022, London", "July 1, 2021 4:30 pm ET".
DATED = re.compile(
    rf"(?:(?:for immediate release|published|issued|released|fda roundup)\b\W*)?({sentences.DATE.pattern})"
    r"(?:,? (?:at )?\d{1,2}:\d\d.{0,12}|, (?-i:[A-Z])[\w ,]{2,25})?",
    re.IGNORECASE,
)
#: A title that runs into its text, where a copy lost what parts them.
RUN_IN = re.compile(rf"^([^.\n]{{5,250}}[^\s.:;,]) (?=On {sentences.DATE.pattern}, )", re.MULTILINE)
#: What stands around the text on FDA's pages, and is no part of it.
AROUND = re.compile(
    r"^(?:share|post|linkedin|email|print|\[?posted .{0,40}|content current as of:?"
    r"|(?:from|sent|to|cc|reply-to): .*|resources? for you|skip to .{0,40}|u\.?s\.? flag"
    r"|an official website of the united states government|here[’']s how you know.{0,20}|search|menu|tweet)$",
    re.I,
)
#: The way through FDA's site, as a browser copies it: "1. Home", "2. Drugs" …
CRUMB = re.compile(r"\d{1,2}\. \S")
#: The same in one line.
WAY = re.compile(r"Home [/>»|\u203a] \S")
#: The day that stands under it is the page's.
CURRENT = re.compile(r"content current as of:?$", re.IGNORECASE)
TITLE_AT_MOST = 250
#: How a line begins that goes on with the one before: a sentence broken by a list has no full stop either.
GOES_ON = re.compile(r"[•·*–-]\s|[a-z]")


def taken_apart(pasted: str, today: datetime.date) -> Notice:
    """The parts of a notice. What could not be told apart is its description, which alone is read."""
    address, date, rest = "", None, []
    for line in (LABEL.sub("", line) for line in _lines(pasted) if not AROUND.match(line)):
        if ADDRESS.fullmatch(line):
            address = address or _read(cells.address, line) or line  # one with a hidden character the form will refuse
        elif day := _day(line, today):
            date = date or day
        elif line:
            rest.append(line)
    if title := _title(rest):
        rest.remove(title)
        rest = [line for line in rest if not (line.startswith("Home ") and line.endswith(title))]  # the way to the page
    return Notice(1, title, "\n".join(rest), date, address)


def _day(line: str, today: datetime.date) -> datetime.date | None:
    """The day of a line that tells nothing else."""
    dated = DATED.fullmatch(line)
    return sentences.day(dated, today) if dated else _read(cells.day, line, today) if len(line) <= 30 else None


def _lines(pasted: str) -> Iterator[str]:
    """The lines and cells that may tell something."""
    is_way = is_current = False
    text = RUN_IN.sub(r"\1\n", _with_headings(pasted))
    for line in (" ".join(line.split()) for line in re.split(r"[\n\t\r]+", text)):
        is_way = bool(re.fullmatch(r"(?:1\. )?Home", line) or (is_way and CRUMB.match(line)))
        if line and not is_way and not WAY.match(line) and not (is_current and len(line) <= 30):
            yield line
        is_current = bool(CURRENT.match(line)) or (is_current and not line)


def _with_headings(pasted: str) -> str:
    """The rows of a table under their headings: each day with what its column is of."""
    if rows := list(accelerated_rows.spread(pasted)) or list(novel.spread(pasted)):
        return "\n".join(rows)
    lines = [line for line in pasted.splitlines() if line.strip()]
    headings, row = [line.split("\t") for line in (*lines, "", "")[:2]]
    if len(headings) < 3 or len(headings) != len(row) or not any("date" in name.lower() for name in headings):
        return pasted
    told = [f"{name}: {cell}" if "date" in name.lower() else cell for name, cell in zip(headings, row, strict=True)]
    return "\n".join([*told, *lines[2:]])


def _read(reader: Callable[..., Any], *given: Any) -> Any:
    """What a reader of cells makes of a line; None where it is nothing of the kind."""
    try:
        return reader(*given)
    except cells.Bad:
        return None


def _title(lines: list[str]) -> str:
    """A line without an end of sentence, beside a longer text: FDA's titles begin with its name."""
    if len(lines) < 2:
        return ""
    whole = [line for line, following in zip(lines, [*lines[1:], ""], strict=True) if not GOES_ON.match(following)]
    short = [line for line in whole if len(line) <= TITLE_AT_MOST and not line.endswith((".", ":", ";"))]
    named = [line for line in short if re.match(r"(?:U\.?S\.? )?(?:FDA|Food and Drug Administration) \S", line)]
    first = [line for line in short if line == lines[0]]
    return next(iter([*named, *first]), "")


def from_notice(draft: Draft, names: NamesOfOurs) -> dict[str, Any]:
    """The values of a draft's form, with the words that each was read from. What was not found stays empty."""
    found: dict[str, tuple[Any, str]] = {}
    combination, partner = _beside_ours(draft)
    if partner:
        found["therapy"] = names.therapies[partner.value].name, partner.words
    elif draft.therapy and (draft.kind or not draft.drug):  # a copy is asked for by its own name
        found["therapy"] = names.therapies[draft.therapy.value].name, draft.therapy.words
    elif draft.drug:
        found["therapy"] = _plain_name(draft.drug), draft.drug
    cancers = [(names.cancers[read.value].name, read.words) for read in draft.cancers if read.value in names.cancers]
    if cancers:
        found["cancer"] = cancers[0]
    if cancers[1:]:
        found["also"] = "; ".join(name for name, _ in cancers[1:]), ", ".join(told for _, told in cancers[1:])
    if draft.use and draft.kind:
        found["setting"] = _shortened(draft), draft.use
    if draft.setting:
        found["stage"] = draft.setting.value, draft.setting.words
    if draft.biomarkers:
        told = ", ".join(read.words for read in draft.biomarkers)
        found["biomarkers"] = [read.value for read in draft.biomarkers], told
    if combination:
        told = ", ".join([*([draft.drug] if partner else []), *draft.combination])
        found["combination"] = "; ".join(combination)[:200], told
    if draft.children:
        found["children"] = True, draft.children.words
    for name in ("kind", "date", "application") if draft.kind else ("application",):  # no decision has no day
        if read := getattr(draft, name):
            found[name] = read.value, read.words
    words = {name: told for name, (_, told) in found.items()}
    return {name: value for name, (value, _) in found.items()} | {"read": json.dumps(words)}


def _beside_ours(draft: Draft) -> tuple[tuple[str, ...], Read | None]:
    """The partners, and our therapy where it is the only one of them that is ours: we keep its uses with others."""
    if draft.therapy or not draft.kind or len(draft.partners) != 1:
        return draft.combination, None
    partner = draft.partners[0]
    others = [name for name in draft.combination if partner.words.casefold() not in name.casefold()]
    return (*filter(None, [_plain_name(draft.drug)]), *others), partner


def _plain_name(drug: str) -> str:
    return drug.split("(")[0].split(",")[0].strip()[:150]


def _shortened(draft: Draft) -> str:
    """The use without its partner drugs, which have a field of their own, and without the opening that all share."""
    text = draft.use[: sentences.spans(draft.use)[0][1]]
    if draft.combination:
        masked = re.sub(r"\([^()]*\)", lambda found: "·" * len(found[0]), text)
        end = re.search(r",?\s+(?=(?:for|as)\b)", masked)
        text = text[end.end() :] if end else text
    text = re.sub(r"\s*\([^()]*\)", "", text)
    text = re.sub(r"^for (?:the treatment of )?", "", text, flags=re.IGNORECASE)
    text = re.sub(r",? as (?:detected|determined) by an FDA-\w+ test", "", text).strip(" ,.")
    return (text[:1].upper() + text[1:])[:250]
