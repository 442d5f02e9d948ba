"""Rows of FDA's table of novel drug approvals: number, brand, active ingredient, day, "FDA-approved use".

FDA's page and the copies of it in newsletters differ in what parts the cells: tabs, bars, line ends or blanks. So a
row is told by its shape, below the headings only.
"""

import re
from collections.abc import Iterator

from .sentences import DATE

#: How each row names its day. FDA's other tables have a column "Approval Date" that means another thing.
DAY = "Novel drug approval date"
HEADINGS = re.compile(
    r"\bDrug Name Active Ingredient (?:Approval Date|Date of Approval|Date)"
    r" (?:FDA[- ]approved use on approval date|What it is used for|Approved use)\*?",
    re.IGNORECASE,
)
ROW = re.compile(
    r"(?<!\S)\d{1,2}\. (?P<brand>[A-Z][\w-]*(?: [A-Z][\w-]*){0,4}) (?P<ingredient>\S[^()]{2,120}?)"
    r" (?P<day>\d{1,2}/\d{1,2}/\d{4}) (?P<use>.{3,800}?)"
    r"(?= \d{1,2}\. [A-Z][^.]{3,160}? \d{1,2}/\d{1,2}/\d{4} | \*The listed| See Drugs@FDA|$)"
)
#: One row by itself, known by its cells: two names, a day, and what the drug is to do, often behind a number.
ALONE = re.compile(
    r"^[ |]*(?:\d{1,2}\.\s*[\t|]\s*)?(?P<brand>\w[^\t|\n]{2,60}?)\s*[\t|]\s*(?P<ingredient>[^\t|\n]{3,120}?)\s*[\t|]"
    r"\s*(?P<day>\d{1,2}/\d{1,2}/\d{4})\s*[\t|]\s*(?P<use>To [^\t|\n]{3,800})",
    re.MULTILINE,
)
#: The same as a card: the drug, and lines that name its day and its use.
CARD = re.compile(
    rf"^(?P<drug>[A-Z][\w-]+ \([^()\n]{{3,80}}\))\s*\n(?:[^\n]{{0,120}}\n){{0,3}}?"
    rf"\W{{0,3}}(?:Date of (?:FDA )?approval|(?:FDA )?approval date): ?(?P<when>{DATE.pattern})\s*\n"
    r"(?:[^\n]{0,120}\n){0,2}?\W{0,3}(?:Approved (?:for|use|indication)): ?(?P<use>[^\n]{10,800})",
    re.MULTILINE | re.IGNORECASE,
)
#: Links that stand in the last cell.
LINKS = ("press release", "drug trials snapshots", "drug trials snapshot")


def spread(pasted: str) -> Iterator[str]:
    """Three lines for each row: the drug, its use, its day."""
    for card in CARD.finditer(pasted):
        yield from (card["drug"], card["use"], f"{DAY}: {card['when']}")
    flat = " ".join(re.sub(r"(?<!\S)\|(?!\S)|\|", " ", pasted).split())
    headings = HEADINGS.search(flat)
    numbered = list(ROW.finditer(flat, headings.end())) if headings else []
    for row in numbered or ALONE.finditer(pasted):
        yield from (f"{row['brand']} ({row['ingredient']})", _without_links(row["use"]), f"{DAY}: {row['day']}")


def _without_links(cell: str) -> str:
    cell = cell.rstrip(" \t\n*")
    while link := next((link for link in LINKS if cell.lower().endswith(link)), ""):
        cell = cell[: -len(link)].rstrip(" \t\n*")
    return cell
