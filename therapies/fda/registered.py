"""What the title of a notice in the Federal Register tells, where its text was not copied.

A page of the register begins in the midst of the notice before. The title names the drug and its withdrawal; the day
from which that counts stands in the text alone, and may be a month behind that of the page.
"""

import re

from .naming import Read
from .repeated import Statement

WITHDRAWN = r"; (?P<how>Withdrawal of Approval of (?:(?:an?|the|its) )?"
OF_PRODUCT = re.compile(
    rf"{WITHDRAWN}(?:New Drug|Biologics License) Application) for (?P<drug>[A-Z][\w-]+ \([^()\n]{{3,60}}\))"
)
OF_USE = re.compile(
    rf"{WITHDRAWN}Indication) (?P<use>[fF]or [^;\n]{{4,300}}); (?P<drug>[A-Z][\w-]+(?: \([^()\n]{{3,60}}\))?)"
)
OPENING = 600  # characters in which the title stands


def titled(text: str) -> list[Statement]:
    """The withdrawal that a title tells of, with the use where it names that."""
    if whole := OF_PRODUCT.search(text, 0, OPENING):
        return [Statement(Read("withdrawn", whole["how"]), whole["drug"], ("",))]
    if told := OF_USE.search(text, 0, OPENING):
        return [Statement(Read("withdrawn", told["how"]), told["drug"], (told["use"],))]
    return []
