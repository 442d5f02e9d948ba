"""A row of FDA's tables of accelerated approvals, pasted with the headings of its columns.

"Ukoniq (umbralisib)", the use, "Accelerated Approval Date: 2/5/2021", "Withdrawal Date: 5/31/2022": the last column
that has a date tells what became of the approval. Without headings a second date could be of either, so none is read.
"""

import datetime
import re
from itertools import pairwise

from . import accelerated, sentences
from .naming import Read, Vocabulary
from .statements import Statement
from .tables import column_key
from .uses import uses

#: What each column of dates tells, the later first. A date of a duty is no decision.
COLUMNS = {
    "withdrawn": accelerated.LAYOUT.columns["withdrawn"],
    "converted": accelerated.LAYOUT.columns["converted"],
    "accelerated-approval": accelerated.LAYOUT.columns["granted"],
}
DRUG = re.compile(r"[^()\n]{3,80} ?\([^()\n]{3,120}\)$")


def read(text: str, vocabulary: Vocabulary, today: datetime.date) -> Statement | None:
    """What became of the approval, and its day."""
    lines = text.split("\n")
    drug, use = next(((one, two) for one, two in pairwise(lines) if DRUG.match(one)), ("", ""))
    for kind, names in COLUMNS.items():
        for line in lines:
            name, _, written = line.rpartition(":")
            found = sentences.DATE.match(written.strip())
            named = column_key(re.sub(r" \d+$", "", name)) in names
            if named and found and drug and (day := sentences.day(found, today)):
                told = tuple(uses(use, drug, vocabulary))
                return Statement(Read(kind, line), drug, told, Read(day.isoformat(), line))
    return None
