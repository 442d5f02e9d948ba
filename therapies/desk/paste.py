"""What somebody copied from a web page, taken apart: title, description, date and address, in any mix of lines."""

import datetime
import re

from ..fda import cells
from ..fda.records import Notice

ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
LABEL = re.compile(r"^(?:title|webpage|description|date|address|link|url)\s*:\s*", re.IGNORECASE)
#: What stands around the text on FDA's pages, and is no part of it.
AROUND = re.compile(
    r"^(?:share|post|linkedin|email|print|\[?posted .{0,40}|content current as of:?|resources? for you)$", re.I
)
TITLE_AT_MOST = 250


def taken_apart(pasted: str, today: datetime.date) -> Notice:
    """The parts of a notice. What could not be told apart is its description, which alone is read."""
    lines = [" ".join(line.split()) for line in re.split(r"[\n\t\r]+", pasted)]
    address, date, rest = "", None, []
    for line in (LABEL.sub("", line) for line in lines if line and not AROUND.match(line)):
        if ADDRESS.fullmatch(line):
            address = address or _address(line)
        elif day := _day(line, today):
            date = date or day
        elif line:
            rest.append(line)
    title = _title(rest)
    if title:
        rest.remove(title)
    return Notice(1, title, "\n".join(rest), date, address)


def _address(line: str) -> str:
    """A line that holds an address. One with a hidden character stays as it is, for the form to say so."""
    try:
        return cells.address(line)
    except cells.Bad:
        return line


def _day(line: str, today: datetime.date) -> datetime.date | None:
    if len(line) > 30:
        return None
    try:
        return cells.day(line, today)
    except cells.Bad:
        return None


def _title(lines: list[str]) -> str:
    """A line without an end of sentence, beside a longer text: FDA's titles begin with its name."""
    if len(lines) < 2:
        return ""
    short = [line for line in lines if len(line) <= TITLE_AT_MOST and not line.endswith((".", ":", ";"))]
    named = [line for line in short if re.match(r"(?:U\.?S\.? )?(?:FDA|Food and Drug)\b", line)]
    first = [line for line in short if line == lines[0]]
    return next(iter([*named, *first]), "")
