"""What rich text may hold, and its one spelling.

``normalized`` writes a text as the editor itself would (ProseMirror, with the schema of ``static/editor/schema.js``):
paragraphs inside list items and cells, formatting nested in one order, every table a full grid. Whatever road a text
takes into the database, it is stored like this, and the browser gets the same. So a text that nobody touched comes
back letter for letter, and a browser test holds the two sides together.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import takewhile
from typing import NamedTuple

import nh3

from . import links

#: Formatting inside a line, from the outermost inward.
MARKS = ("a", "strong", "em", "sup", "sub")
TEXT_BLOCKS = {"p", "h3", "h4"}
LISTS = {"ul", "ol"}
TABLE = {"table", "caption", "tbody", "tr", "th", "td"}
TAGS = {*MARKS, "br", *TEXT_BLOCKS, *LISTS, "li", *TABLE}
SPAN = {"colspan", "rowspan"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "th": {*SPAN, "scope"},
    "td": SPAN,
    **{tag: {"dir"} for tag in (*TEXT_BLOCKS, "ul", "table")},
    "ol": {"dir", "start", "type"},
}

#: Other words for the same.
ALIASES = {"b": "strong", "i": "em", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}
#: Blocks that a text has no place for. Their words become paragraphs, so that they do not run into each other.
CONTAINERS = {
    *("address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "header", "hr", "main", "nav", "pre", "section", "summary"),
    *("thead", "tfoot"),
}
#: Words that somebody took out of a text, and that must not come back with it.
TAKEN_OUT = {"del", "s", "strike"}

NUMBER = re.compile(r"[2-9]|[1-9]\d")  # 1 is what it would be without the attribute
ALLOWED: dict[str, Callable[[str], bool]] = {
    "colspan": lambda value: bool(NUMBER.fullmatch(value)),
    "dir": lambda value: value == "rtl",
    "rowspan": lambda value: bool(NUMBER.fullmatch(value)),
    "scope": lambda value: value in ("row", "col"),
    "start": lambda value: bool(NUMBER.fullmatch(value)),
    "title": lambda value: bool(value.strip()),
    "type": lambda value: value in tuple("aAiI"),
}
SPACE = re.compile(r"[ \t\n\r\f]+")  # what HTML takes for one space; one that does not break is another
DEPTH = 30  # nested elements; deeper ones lose their tags, not their words
FEW = 20  # cells that a table may lack, however small it is
GRID = 20_000  # rows by columns


def _cleaner(address: Callable[[str], bool], schemes: set[str]) -> nh3.Cleaner:
    right = ALLOWED | {"href": address}

    def kept(tag: str, name: str, value: str) -> str | None:
        return value if name in right and right[name](value) else None  # asked of attributes that are not allowed, too

    return nh3.Cleaner(
        tags=TAGS | ALIASES.keys() | CONTAINERS,
        clean_content_tags={"script", "style", *TAKEN_OUT},
        attributes={"*": set(), **ATTRIBUTES, **{other: ATTRIBUTES.get(tag, set()) for other, tag in ALIASES.items()}},
        attribute_filter=kept,
        url_schemes=schemes,
        link_rel=None,
    )


_STORED = _cleaner(links.allowed, {"https", "mailto", "tel"})
_TYPED = _cleaner(bool, {"http", "https", "ftp", "mailto", "tel"})


def normalized(html: str) -> str:
    """A rich text as it is stored. Nothing that could run, no link where none may lead, one spelling."""
    return "".join(_blocks(tree(_STORED.clean(html))))


def as_typed(html: str) -> str:
    """The same for a form that is shown again: a link that was refused is still in it, so that one can fix it."""
    return "".join(_blocks(tree(_TYPED.clean(html))))


# Reading ---------------------------------------------------------------------------------


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def opening(self) -> str:
        told = (f' {name}="{escaped(value).replace('"', "&quot;")}"' for name, value in sorted(self.attributes.items()))
        return f"<{self.tag}{''.join(told)}>"

    def elements(self, *tags: str) -> "list[Element]":
        return [child for child in self.children if isinstance(child, Element) and child.tag in tags]

    def words(self) -> str:
        return "".join(child if isinstance(child, str) else f" {child.words()} " for child in self.children)


class _Reader(HTMLParser):
    """Cleaned HTML, in which every tag is closed, as a tree."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self.open = [self.root]
        self.too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self.open) > DEPTH and tag != "br":
            self.too_deep += 1
            return
        element = Element(ALIASES.get(tag, tag), {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in ("br", "hr"):
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self.too_deep:
            self.too_deep -= 1
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def tree(html: str) -> Element:
    """A text that is clean, as a tree."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


# Writing ---------------------------------------------------------------------------------


def escaped(text: str) -> str:
    """Text as browsers write it, in an attribute too."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")


def _closing(opening: str) -> str:
    return f"</{re.split('[ >]', opening[1:], maxsplit=1)[0]}>"


def shared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The formatting that two words share, from the outermost inward."""
    return tuple(mark for mark, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def formatted(pieces: Iterable[tuple[tuple[str, ...], str]]) -> str:
    """Pieces of a line, each with the openings of its formatting. Neighbors in the same formatting share it."""
    out: list[str] = []
    opened: tuple[str, ...] = ()
    for marks, piece in pieces:
        kept = len(shared(opened, marks))
        out += [*map(_closing, reversed(opened[kept:])), *marks[kept:], piece]
        opened = marks
    return "".join([*out, *map(_closing, reversed(opened))])


#: Openings of the formatting around a word, by tag.
type Marks = dict[str, str]


class Run(NamedTuple):
    """Words in the same formatting, or a line break."""

    marks: tuple[str, ...]
    text: str = ""
    breaks: bool = False


def _blocks(parent: Element, marks: Marks | None = None) -> list[str]:
    """What stands in a text, a list item or a cell, as the HTML of its blocks."""
    flow = _Flow()
    flow.read(parent, marks or {})
    flow.end()
    return flow.blocks


class _Flow:
    """Blocks in a row. Words without a block of their own get a paragraph."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.block = "<p>"
        self.runs: list[Run] = []

    def read(self, parent: Element, marks: Marks) -> None:
        for child in parent.children:
            if isinstance(child, str):
                self.runs.append(Run(_sorted(marks), child))
            elif child.tag == "br":
                self.runs.append(Run(_sorted(marks), breaks=True))
            elif child.tag == "a" and "href" not in child.attributes:
                self.read(child, marks)
            elif child.tag in MARKS:
                self.read(child, marks | {child.tag: child.opening})
            elif child.tag in (*LISTS, "table"):
                self.end()
                self.blocks += (_table if child.tag == "table" else _list)(child, marks)
            else:
                self._read_block(child, marks)

    def _read_block(self, child: Element, marks: Marks) -> None:
        self.end()
        outer = self.block
        if child.tag in TEXT_BLOCKS and not (child.tag == "p" and outer.startswith("<h")):
            self.block = child.opening
        self.read(child, marks)
        self.end()
        self.block = outer

    def end(self) -> None:
        """Write the words since the last block, if there are any."""
        runs = _trimmed(self.runs)
        if words := formatted((run.marks, "<br>" if run.breaks else escaped(run.text)) for run in runs):
            self.blocks.append(f"{self.block}{words}{_closing(self.block)}")
        self.runs = []


def _sorted(marks: Marks) -> tuple[str, ...]:
    return tuple(marks[tag] for tag in MARKS if tag in marks)


def _trimmed(runs: list[Run]) -> list[Run]:
    """The same words with single spaces, and with nothing empty at either end or beside a line break."""
    kept: list[Run] = []
    for run in runs:
        text = SPACE.sub(" ", run.text)
        if not kept or kept[-1].breaks or kept[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if run.breaks:
            _strip_end(kept)
        if text or (run.breaks and kept):
            kept.append(run._replace(text=text))
    while kept and (kept[-1].breaks or not kept[-1].text.strip()):
        kept.pop()
    _strip_end(kept)
    return kept


def _strip_end(runs: list[Run]) -> None:
    while runs and not runs[-1].breaks and runs[-1].text.endswith(" "):
        last = runs.pop()
        if text := last.text.removesuffix(" "):
            runs.append(last._replace(text=text))


def _list(element: Element, marks: Marks) -> list[str]:
    """A list, or nothing where it has no words. A list beside the items belongs to the item above it."""
    items: list[list[str]] = []
    for child in element.children:
        beside = isinstance(child, Element) and child.tag in LISTS
        blocks = _blocks(child if isinstance(child, Element) and child.tag == "li" else Element("", {}, [child]), marks)
        if beside and items:
            items[-1] += blocks
        elif blocks:
            items.append(blocks if blocks[0].startswith("<p") else ["<p></p>", *blocks])
    written = "".join(f"<li>{''.join(blocks)}</li>" for blocks in items)
    return [f"{element.opening}{written}</{element.tag}>"] if items else []


# Tables ----------------------------------------------------------------------------------


@dataclass
class GridCell(Element):
    blocks: list[str] = field(default_factory=list)

    def spans(self, name: str) -> int:
        return int(self.attributes.get(name, 1))

    def narrow(self, name: str, most: int) -> None:
        """Let it span no more than that."""
        if most < self.spans(name):
            self.attributes[name] = str(most)
        if self.spans(name) == 1:
            self.attributes.pop(name, None)

    def __str__(self) -> str:
        return f"{self.opening}{''.join(self.blocks) or '<p></p>'}</{self.tag}>"


def _table(element: Element, marks: Marks) -> list[str]:
    """A table that is a full grid, as the editor insists. What would be mostly empty is no table: its words stay."""
    rows = [[_cell(cell, head, marks) for cell in row.elements("th", "td")] for row, head in _rows(element)]
    cells = sum(map(len, rows))
    lacking = _fit(rows)
    if not cells or lacking is None or sum(lacking) > max(cells, FEW):
        return _blocks(element, marks)
    words = " ".join(word for caption in element.elements("caption") for word in caption.words().split())
    caption = f"<caption>{escaped(words)}</caption>" if words else ""
    grid = [[*row, *[GridCell("td")] * missing] for row, missing in zip(rows, lacking, strict=True)]
    written = "".join(f"<tr>{''.join(map(str, row))}</tr>" for row in grid)
    return [f"{element.opening}{caption}<tbody>{written}</tbody></table>"]


def _rows(element: Element) -> Iterator[tuple[Element, bool]]:
    """The rows of a table, and whether each is one of headings."""
    for part in element.elements("tr", "thead", "tbody", "tfoot"):
        for row in [part] if part.tag == "tr" else part.elements("tr"):
            yield row, part.tag == "thead"


def _cell(element: Element, head: bool, marks: Marks) -> GridCell:
    heads = {"scope": "col"} if head and element.tag == "td" else {}
    return GridCell("th" if head else element.tag, element.attributes | heads, blocks=_blocks(element, marks))


def _fit(rows: list[list[GridCell]]) -> list[int] | None:
    """Keep cells from lying over each other or out of the table; answer how many each row then lacks.

    None when the table is larger than any that people read.
    """
    free: list[int] = []  # by column, the first row in which no cell from above stands
    filled: list[int] = []  # by row, how many columns have a cell
    for place, row in enumerate(rows):
        at = 0
        for cell in row:
            while at < len(free) and free[at] > place:
                at += 1
            beside = range(at + 1, min(at + cell.spans("colspan"), len(free)))
            cell.narrow("colspan", next((n - at for n in beside if free[n] > place), cell.spans("colspan")))
            cell.narrow("rowspan", len(rows) - place)
            free += [0] * (at + cell.spans("colspan") - len(free))
            if len(free) * len(rows) > GRID:
                return None
            for column in range(at, at := at + cell.spans("colspan")):
                free[column] = place + cell.spans("rowspan")
        filled.append(sum(until > place for until in free))
    return [len(free) - columns for columns in filled]
