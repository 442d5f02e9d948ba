"""Rows of FDA's tables of accelerated and of novel approvals, pasted with the headings of their columns.

"Ukoniq (umbralisib)", the use, "Accelerated Approval Date: 2/5/2021", "Withdrawal Date: 5/31/2022": the last column
that has a date tells what became of the approval. Without headings a second date could be of either, so none is read.
"""

import datetime
import re
from collections.abc import Iterator
from itertools import pairwise

from . import accelerated, novel, sentences
from .naming import Read, Vocabulary
from .repeated import Statement
from .tables import column_key
from .uses import uses

#: What each column of dates tells, the later first. A date of a duty is no decision.
COLUMNS = {
    "withdrawn": accelerated.LAYOUT.columns["withdrawn"],
    "converted": accelerated.LAYOUT.columns["converted"],
    "accelerated-approval": accelerated.LAYOUT.columns["granted"],
    "approval": (column_key(novel.DAY),),
}
DRUG = re.compile(r"[^()\n]{3,80} ?\([^()\n]{3,120}\)$")
#: A copy may lose the tabs, or break a cell into lines: headings and rows are known by their words then.
BEHIND = [
    name for field in ("granted", "converted", "withdrawn", "duty", "due") for name in accelerated.LAYOUT.columns[field]
]
HEADING = "|".join(re.escape(name).replace(r"\(", r" ?\(") for name in sorted(BEHIND, key=len, reverse=True))
HEADINGS = re.compile(
    rf"\bDrug(?: Name)? (?:[\w()]+ ){{0,4}}Indication ?\d?(?: \(withdrawn\))?"
    rf"(?P<behind>(?: (?:{HEADING})(?: ?\d\b)?)+)",
    re.I,
)
#: What FDA's page is called, and its dates: of a row that was copied without the headings.
PAGES = {
    "ongoing": ["Accelerated Approval Date"],
    "verified clinical benefit": ["Accelerated Approval Date", "Traditional Approval Date"],
    "withdrawn": ["Accelerated Approval Date", "Withdrawal Date"],
}
#: What parts the cells of a file with commas: text that holds one itself is in quotation marks.
COMMAS = re.compile(r'"?,"|",|,(?=\d{1,2}/\d)|(?<=\)),|"')
#: A table in the marks of a chat or a wiki: bars between cells, a ruled line, links.
RULES = re.compile(r"\|[ |:-]*")
LINK = re.compile(r"\[([^\[\]]{1,120})\]\(https?:[^()\s]{1,400}\)")
PAGE = re.compile(rf"\b({'|'.join(PAGES)}) \| Cancer Accelerated Approvals\b", re.IGNORECASE)
#: What a notice says, beside which a page may be linked that is a table.
NOTICE = re.compile(r"\bDrug Administration (?:\(FDA\) )?(?:has )?(?:approved|granted|converted|expanded)\b")
#: What stands on a page of FDA that is no table, and in no cell of one.
NO_CELL = re.compile(r"\b(?:Food and Drug Administration|Content current|MedWatch)\b", re.IGNORECASE)
LOST = r"([A-Z][\w-]*(?: [\w-]+){0,3} \([^()]{3,120}\))(?: (?:tablets?|capsules?|injection))? (.{3,1500}?)"
#: A last row that was not copied to its end: the day of the approval stands before the duty that breaks off.
BROKEN_OFF = re.compile(
    r"\s?(?P<drug>[A-Z][\w-]*(?: [\w-]+){0,3} \([^()]{3,120}\)) (?P<use>.{3,1500}?)"
    r" (?P<day>\d{1,2}/\d{1,2}/\d{4})(?: \D.{0,1500}| \d{4}-\d.{0,1500})"
)
#: A day in each form in which a table is copied.
WHEN = re.sub(r"\(\?P<\w+>", "(?:", sentences.DATE.pattern)
#: The page of other accelerated approvals tells in a column of words what became of each.
STATUS = re.compile(r"\bAccelerated Approval Date Current Status(?: \d)? (?=[A-Z])")
OF_STATUS = re.compile(
    rf"{LOST} (\d{{1,2}}/\d{{1,2}}/\d{{4}}) (?:Ongoing\b|(Traditional Approval|Withdraw)\w*(?: Granted)?"
    r" \((\d{1,2}/\d{1,2}/\d{4})\)?)"
)
#: FDA's list of approvals under subpart H, by number. Of its two bases S, a surrogate endpoint, is that of an
#: accelerated approval.
UNDER_H = re.compile(r"\bReceipt Date Approval Date Total Approval Time Approval Basis Indication (?=\d)")
OF_NUMBER = re.compile(
    r"\b\d\d-?\d{3} (?P<brand>[A-Z][\w-]*(?: [A-Z][\w-]*){0,2}) (?P<name>[a-z][\w ,-]{2,80}?)"
    r" \d{1,2}-[A-Z][a-z]{2}-\d\d (?P<day>\d{1,2}-[A-Z][a-z]{2}-)(?P<year>[0-4]\d) \d{1,3}\.\d S"
    r" (?P<use>.{3,900}?)(?= \d\d-?\d{3} [A-Z]|$)"
)
#: The footnote of a drug's name: "Makena 2 (hydroxyprogesterone caproate)".
FOOTNOTE = re.compile(r"(?<=[a-z]) \d(?= \([a-z])")
#: A column of two kinds: what the page is of tells which.
OF_EITHER = re.compile(r"\bFull Approval Conversion-(?=Withdrawal Date\b)", re.IGNORECASE)


def spread(pasted: str) -> Iterator[str]:
    """The cells of each row below the headings, one a line: each day with what its column is of."""
    if pasted.lstrip().lower().startswith(("drug name,", "drug,")):
        opening, _, below = pasted.lstrip().partition("\n")
        pasted = f"{opening.replace(',', ' ')}\n{COMMAS.sub(' ', below)}"
    flat = " ".join(pasted.split())
    if not PAGE.search(flat):
        flat = " ".join(RULES.sub(" ", LINK.sub(r"\1", flat)).split())
    if "no longer FDA-approved" in flat:
        flat = FOOTNOTE.sub("", OF_EITHER.sub("", flat))
    if status := STATUS.search(flat):
        yield from _of_status(flat[status.end() :])
        return
    if under_h := UNDER_H.search(flat):
        for one in OF_NUMBER.finditer(flat, under_h.end()):
            yield from (f"{one['brand']} ({one['name']})", one["use"])
            yield f"Accelerated Approval Date: {one['day']}20{one['year']}"
        return
    headings, page = HEADINGS.search(flat), PAGE.search(flat)
    if not headings and (not page or NOTICE.search(flat)):
        return
    names = re.findall(HEADING, headings["behind"], re.I) if headings else PAGES[page[1].lower()] if page else []
    is_day = ["date" in name.lower() or "completion" in name.lower() for name in names]
    row = LOST + "".join(rf" (\d{{1,2}}/\d{{4}}|{WHEN})" if day else " (.{3,1500}?)" for day in is_day)
    end = place = headings.end() if headings else 0
    for found in re.finditer(row, flat[place:]):
        drug, use, *cells = found.groups()
        if NO_CELL.search(found[0]):  # the foot of the page, after a row that broke off
            continue
        end = place + found.end()
        yield from (drug, use[0].upper() + use[1:])
        yield from (f"{name}: {cell}" for name, cell, day in zip(names, cells, is_day, strict=True) if day)
    if headings and is_day[:2] == [True, False] and (last := BROKEN_OFF.fullmatch(flat, end)):
        yield from (last["drug"], last["use"][0].upper() + last["use"][1:], f"{names[0]}: {last['day']}")


def _of_status(rows: str) -> Iterator[str]:
    """The cells of each row whose last one is "Ongoing" or "Traditional Approval Granted (06/12/2024)"."""
    for drug, use, granted, became, when in OF_STATUS.findall(rows):
        yield from (drug, use[0].upper() + use[1:], f"Accelerated Approval Date: {granted}")
        if became:
            yield f"{'Traditional Approval' if became.startswith('T') else 'Withdrawal'} Date: {when}"


def read(text: str, vocabulary: Vocabulary, today: datetime.date) -> list[Statement]:
    """What became of each approval, and on which day."""
    found, row = [], list[str]()
    for line, following in pairwise([*text.split("\n"), ""]):
        row.append(line)
        if _column(line) and not _column(following):
            found.append(_read_row(row, vocabulary, today))
            row = []
    return [told for told in found if told]


def _column(line: str) -> str:
    """The column that a line names before its day."""
    name, _, written = line.rpartition(":")
    key = column_key(re.sub(r" \d+$", "", name))
    return key if key in (*BEHIND, *COLUMNS["approval"]) and sentences.DATE.match(written.strip()) else ""


def _read_row(row: list[str], vocabulary: Vocabulary, today: datetime.date) -> Statement | None:
    drug, use = next(((one, two) for one, two in pairwise(row) if DRUG.match(one)), ("", ""))
    for kind, names in COLUMNS.items():
        for line in row:
            found = _column(line) in names and sentences.DATE.match(line.rpartition(":")[2].strip())
            if found and drug and (day := sentences.day(found, today)):
                told = tuple(uses(use, drug, vocabulary))
                if kind == "approval" and "(accelerated approval)" in use.lower():
                    kind = "accelerated-approval"
                return Statement(Read(kind, line), drug, told, Read(day.isoformat(), line))
    return None
