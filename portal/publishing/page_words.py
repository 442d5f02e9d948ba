"""What a public page says, line by line as people see it, and which lines a change alters, each with its place."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from lxml import etree

from .diff import plain

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}
#: Elements that begin a line of their own.
LINES = {
    *HEADINGS,
    *("title", "p", "li", "tr", "dt", "summary", "caption", "figcaption", "blockquote", "div", "section"),
    *("article", "aside", "header", "footer", "nav", "main", "form", "ul", "ol", "dl", "details", "table", "figure"),
}
#: What stands after an element within a line: between cells, and between a term and what is said of it.
AFTER = {"td": " ", "th": " ", "br": " ", "dd": " ", "dt": ": "}
UNSEEN = {"script", "style", "svg", "template", "noscript"}
#: Said to screen readers alone, and the line above a preview, which no reader has.
UNSEEN_CLASSES = {"visually-hidden", "preview"}
#: Parts of a page that stand under none of its headings.
NAMED = {"head": "Title of the page", "header": "Top of the page", "footer": "Bottom of the page"}
#: What ends the reach of the headings inside it.
SCOPES = {*NAMED, "section", "article", "aside"}


class ShownLine(NamedTuple):
    place: str  # the headings above it
    text: str


class AlteredLines(NamedTuple):
    """Lines that a change alters, in one place of a page."""

    place: str
    before: str  # with what goes in <del>
    after: str  # with what comes in <ins>


def lines(html: str) -> list[ShownLine]:
    """What people see of a page."""
    return [*_Reader().read(html)]


class _Reader:
    def __init__(self) -> None:
        self.headings: dict[int, str] = {}
        self.named = ""
        self.words: list[str] = []

    def read(self, html: str) -> Iterator[ShownLine]:
        if html:
            parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
            yield from self._element(etree.fromstring(html.encode(), parser))

    def _element(self, element: etree._Element) -> Iterator[ShownLine]:
        if element.tag in UNSEEN or not UNSEEN_CLASSES.isdisjoint(element.get("class", "").split()):
            return
        tag, outside = str(element.tag), (self.named, self.headings)
        if tag in LINES:
            yield from self._line()
        self.named = NAMED.get(tag, self.named)
        self.words.append(element.text or "")
        for child in element:
            yield from self._element(child)
            self.words.append(child.tail or "")
        if tag in AFTER:
            self.words.append(AFTER[tag])
        elif tag in LINES:
            yield from self._line(HEADINGS.get(tag, 0))
        if tag in SCOPES:
            self.named, self.headings = outside

    def _line(self, level: int = 0) -> Iterator[ShownLine]:
        """What was read since the last line. A heading is the place of what follows, until the next of its level."""
        text = " ".join("".join(self.words).split())
        self.words.clear()
        if not text:
            return
        if level:
            self.headings = {other: words for other, words in self.headings.items() if other < level} | {level: text}
        below = [words for other, words in self.headings.items() if other > 1] or [*self.headings.values()]
        yield ShownLine(self.named or ": ".join(below), text)


def _without(tag: str, both: SafeString) -> SafeString:
    """Of two texts in one, that with the other mark. What is left was escaped already."""
    return mark_safe(re.sub(rf"<{tag}>.*?</{tag}>\s*", "", both, flags=re.S))  # noqa: S308


def altered(before: str, after: str) -> list[AlteredLines]:
    """The lines of a page that are others afterward, in its order."""
    old, new = lines(before), lines(after)
    compared = SequenceMatcher(None, [line.text for line in old], [line.text for line in new], autojunk=False)
    found = []
    for verb, i1, i2, j1, j2 in compared.get_opcodes():
        if verb != "equal":
            was, now = ("\n".join(line.text for line in part) for part in (old[i1:i2], new[j1:j2]))
            both, place = plain(was, now).html, [*new[j1:j2], *old[i1:i2]][0].place
            found.append(AlteredLines(place, _without("ins", both), _without("del", both)))
    return found
