"""Tables of a saved web page: rows of cells with their text, and the first link of each."""

from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from lxml import etree, html

from .records import FileRefused, cut
from .tables import COLUMNS, TableRow

SIZE = 4 * 1024 * 1024  # FDA's longest table page has less than 1 MB
NESTED = 2  # tables around a table: each holds the words of those within it once more
SILENT = {"script", "style", "sup", "noscript", "template"}  # footnote marks are no words of a cell
BREAKS = {"br": "\n", "p": "\n", "div": "\n", "li": "\n• "}


class SavedPage(NamedTuple):
    title: str
    words: str  # all of the page, for what it says of its own date
    tables: list[list[TableRow]]


def read(file: BinaryIO, code: str) -> SavedPage:
    file.seek(0)
    raw = file.read(SIZE + 1).removeprefix(b"\xef\xbb\xbf")
    if len(raw) > SIZE:
        raise FileRefused(f"We expected a saved web page of at most {SIZE >> 20} MB, but this one is larger.")
    if raw.find(b"</table", raw.rfind(b"<tr")) < 0 <= raw.rfind(b"<tr"):
        raise FileRefused("We expected a whole saved web page, but the last table of this one is cut off.")
    encoding = "utf-8" if code.startswith("utf-8") else "windows-1252"
    parser = etree.HTMLParser(encoding=encoding, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(raw, parser)
    except etree.LxmlError:
        raise FileRefused("We expected a saved web page, but this file contains none.") from None
    if any(sum(1 for _ in table.iterancestors("table")) > NESTED for table in root.iter("table")):
        raise FileRefused("FDA's pages contain plain tables, but this one has tables within tables within tables.")
    etree.strip_elements(root, *SILENT, with_tail=False)
    for element in list(root.iter(*BREAKS)):
        mark = etree.Element("span")
        mark.text = BREAKS[element.tag]
        element.addprevious(mark)
    tables = [list(_rows(table)) for table in root.iter("table")]
    title = " ".join(root.findtext(".//title", "").split())
    return SavedPage(cut(title), " ".join(_text(root).split()), tables)


def _rows(table: Any) -> Iterator[TableRow]:
    for row in table.iter("tr"):
        if next(row.iterancestors("table")) is not table:
            continue
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if len(cells) > COLUMNS:
            raise FileRefused(f"A table can have at most {COLUMNS} columns, but this page has one with {len(cells):,}.")
        if len(cells) == 1 and cells[0].get("colspan", "1") != "1":
            continue  # a heading within the table, or "No data available"
        texts = [_text(cell).strip() for cell in cells]
        if any(texts):
            link = row.find(".//a[@href]")
            yield TableRow(row.sourceline, texts, "" if link is None else link.get("href"))


def _text(element: Any) -> str:
    """The words of an element as a reader sees them, with the breaks between its parts."""
    return "".join(element.itertext())
