"""Rows of FDA's table of novel drug approvals: number, brand, active ingredient, day, "FDA-approved use".

FDA's page and the copies of it in newsletters differ in what parts the cells: tabs, bars, line ends or blanks. So a
row is told by its shape, below the headings only.
"""

import re
from collections.abc import Iterator

#: How each row names its day. FDA's other tables have a column "Approval Date" that means another thing.
DAY = "Novel drug approval date"
HEADINGS = re.compile(
    r"\bDrug Name Active Ingredient (?:Approval Date|Date of Approval)"
    r" (?:FDA[- ]approved use on approval date|What it is used for|Approved use)\*?",
    re.IGNORECASE,
)
ROW = re.compile(
    r"(?<!\S)\d{1,2}\. (?P<brand>[A-Z][\w-]*(?: [A-Z][\w-]*){0,4}) (?P<ingredient>\S[^()]{2,120}?)"
    r" (?P<day>\d{1,2}/\d{1,2}/\d{4}) (?P<use>.{3,800}?)"
    r"(?= \d{1,2}\. [A-Z][^.]{3,160}? \d{1,2}/\d{1,2}/\d{4} | \*The listed| See Drugs@FDA|$)"
)
#: One row by itself, known by its cells: the number, two names, a day, and what the drug is to do.
ALONE = re.compile(
    r"^\s*\d{1,2}\.\s*[\t|]\s*(?P<brand>[A-Z][^\t|\n]{2,60}?)\s*[\t|]\s*(?P<ingredient>[^\t|\n]{3,120}?)\s*[\t|]"
    r"\s*(?P<day>\d{1,2}/\d{1,2}/\d{4})\s*[\t|]\s*(?P<use>To [^\t|\n]{3,800})",
    re.MULTILINE,
)
#: Links that stand in the last cell.
LINKS = re.compile(r"(?:[\s*]|Press Release|Drug Trials Snapshots?)*$", re.IGNORECASE)


def spread(pasted: str) -> Iterator[str]:
    """Three lines for each row: the drug, its use, its day."""
    flat = " ".join(re.sub(r"(?<!\S)\|(?!\S)|\|", " ", pasted).split())
    headings = HEADINGS.search(flat)
    for row in ROW.finditer(flat, headings.end()) if headings else ALONE.finditer(pasted):
        yield from (f"{row['brand']} ({row['ingredient']})", LINKS.sub("", row["use"]), f"{DAY}: {row['day']}")
