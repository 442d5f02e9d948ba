"""Tables as they fit a phone: each row a block of its own, each cell with the heading of its column before it.

The style sheet stacks the rows where there is little room (``.stacks``). Browsers that forget that such a table is one
are told so by roles, and screen readers hear the headings from the table itself, not a second time from the labels.
"""

import re
from dataclasses import dataclass, field
from itertools import takewhile

from django.utils.html import strip_tags

TAG = re.compile(r"<(?P<end>/?)(?P<name>table|thead|tbody|tr|th|td)\b(?P<attributes>[^<>]*)>")
ANY_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
SPAN = re.compile(r'(colspan|rowspan)="(\d+)"')
LONGEST = 100  # characters of a label: it comes again with every row
ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}


@dataclass
class _Cell:
    tag: re.Match
    inside: slice = slice(0)
    column: int = 0

    @property
    def is_heading(self) -> bool:
        return self.tag["name"] == "th"

    def spans(self, name: str) -> int:
        attributes = self.tag["attributes"]
        return int(dict(SPAN.findall(attributes)).get(name, 1)) if attributes else 1


@dataclass
class _Row:
    tag: re.Match
    cells: list[_Cell] = field(default_factory=list)


def stacked(html: str) -> str:
    """The same, with what its tables need in order to be stacked."""
    if "<table" not in html:
        return html
    added: dict[int, str] = {}  # by place in the text, what goes there
    tables: list[list[_Row]] = []  # the open ones, the innermost last
    for tag in TAG.finditer(html):
        name, ends = tag["name"], tag["end"]
        if name in ROLES and not ends:
            added[tag.end() - 1] = f' role="{ROLES[name]}"'
        if name == "table" and not ends:
            tables.append([])
        elif name == "table" and tables:
            added |= _told(html, tables.pop())
        elif name == "tr" and not ends and tables:
            tables[-1].append(_Row(tag))
        elif name in ("th", "td") and tables and tables[-1]:
            cells = tables[-1][-1].cells
            if not ends:
                cells.append(_Cell(tag))
            elif cells:
                cells[-1].inside = slice(cells[-1].tag.end(), tag.start())
    return _with(html, added)


def _with(html: str, added: dict[int, str]) -> str:
    places = sorted(added)
    pieces = [html[a:b] for a, b in zip([0, *places], [*places, len(html)], strict=True)]
    return "".join(f"{piece}{added.get(place, '')}" for piece, place in zip(pieces, [*places, -1], strict=True))


def _told(html: str, rows: list[_Row]) -> dict[int, str]:
    """What the rows and cells of one table get."""
    _place(rows)
    heads = list(takewhile(lambda row: all(cell.is_heading for cell in row.cells), rows))
    heads = heads if len(heads) < len(rows) else []
    labels: dict[int, list[str]] = {}
    added = {}
    for row in heads:
        added[row.tag.end() - 1] = ' role="row" class="heads"'
        for cell in row.cells:
            added[cell.tag.end() - 1] = ' role="columnheader"'
            for column in range(cell.column, cell.column + cell.spans("colspan")):
                labels.setdefault(column, []).append(_words(html[cell.inside]))
    for cell in (cell for row in rows[len(heads) :] for cell in row.cells):
        label = ", ".join(filter(None, labels.get(cell.column, []))) if cell.spans("colspan") == 1 else ""
        if cell.is_heading:
            added[cell.tag.end() - 1] = ' role="rowheader"'
        elif label and len(label) <= LONGEST and ANY_TAG.sub("", html[cell.inside]).strip():
            added[cell.tag.end() - 1] = f' role="cell" data-label="{label}"'
    return added


def _place(rows: list[_Row]) -> None:
    """Find the column of each cell, beside those that reach down from rows above."""
    free: dict[int, int] = {}  # by column, the first row in which no cell from above stands
    for number, row in enumerate(rows):
        at = 0
        for cell in row.cells:
            while free.get(at, 0) > number:
                at += 1
            cell.column = at
            for _ in range(cell.spans("colspan")):
                free[at] = number + cell.spans("rowspan")
                at += 1


def _words(html: str) -> str:
    if "<" in html:
        html = strip_tags(re.sub(r"</p>|<br>", " ", html))
    return " ".join(html.split()).replace('"', "&quot;")
