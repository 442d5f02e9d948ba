"""Text with structure: its field and editor, and the figures that it may quote. What it may hold is in ``markup``.

A figure is written ``[[name]]`` or ``[[name: argument]]`` and resolved from the facts when
the text is read. Rooms declare their figures, so that a text can say "94 approved therapies"
without its room importing therapies.

Terms are linked when the text is read, too: the roof knows the glossary and declares a
``Linker`` in the same way.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget
from markdown_it import MarkdownIt

from . import kept, links, rooms
from .markup import as_typed, normalized
from .tables import stacked

# What the editor asks for, as JSON: what its Insert menu offers, and the pages that a link may lead to.
INSERTIONS, PAGES = reverse_lazy("admin:publishing_picture_insertions"), reverse_lazy("admin:publishing_picture_pages")

# Every text stands under a heading of the second level. Table, TableHeader, OrderedList, Bold and Italic are the
# editor's own as static/editor/schema.js changes them, and Link as static/editor/link.js does.
EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Superscript": True,
    "Subscript": True,
    "Heading": {"levels": [3, 4]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "HardBreak": True,
    "Link": {
        "protocols": ["https", "mailto", "tel"],
        "defaultProtocol": "https",
        "enableTarget": False,
        "autolink": False,
        "pages": PAGES,
    },
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Direction": True,
    "Insert": {"address": INSERTIONS},
    "CleanPaste": True,
    "Menu": {
        "groups": [{"group": name} for name in ("insert", "headings", "lists", "marks", "link", "table", "history")]
    },
}
MARKDOWN = MarkdownIt("commonmark", {"html": False})


class ProseFormField(ProseEditorFormField):
    """Rich text at the desk. A link that readers could not follow is refused by name.

    The browser gets a text as the editor would write it, so a text that nobody touched comes back unchanged.
    """

    default_validators = [links.validate_links]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(config={"extensions": EXTENSIONS}, widget=AdminProseEditorWidget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return as_typed(value) if isinstance(value, str) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def from_markdown(text: str) -> str:
    """Shipped Markdown as the HTML that the editor would have written."""
    return normalized(MARKDOWN.render(text.strip()))


# Figures -----------------------------------------------------------------------------


class Figure(NamedTuple):
    """What a room offers to texts under a name."""

    method: str  # of the provider; answers with text or a number
    label: str = ""  # in the Insert menu; without one it is not in the menu
    choices: str = ""  # of the provider; lists the arguments that the menu offers, each with its words
    block: bool = False  # takes the place of a whole paragraph


class Insertion(NamedTuple):
    """One line of the Insert menu."""

    label: str
    text: str  # what is put into the text
    group: str = ""  # lines of one group are chosen from a list of their own
    now: str = ""  # what readers see in its place today
    image: str = ""  # address of a small picture of it
    block: bool = False


Provider = type
# Both are read in one pass, whatever somebody types: no two parts beside each other can take the same character.
FIGURE = re.compile(
    r"\[\[\s*(?P<name>[a-z][a-z0-9-]*)\s*"
    r"(?::\s*(?P<argument>(?:[^\[\]<>\s]+(?:\s+[^\[\]<>\s]+)*)?)\s*)?\]\]"
)
TAG = r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>'
#: A figure, perhaps alone in its paragraph, or a tag, in which no figure is ever filled in.
PIECE = re.compile(rf'(?P<open><p(?: dir="rtl")?>\s*)?{FIGURE.pattern}(?P<close>\s*</p>)?|{TAG}')


@cache
def quotable() -> dict[str, tuple[Provider, Figure]]:
    """What texts may quote, by name.

    A provider is called at most once a request, at the first figure that needs it. A method raises ``LookupError``
    for an argument that it does not know. A provider that has ``fetch`` is given all arguments of a text before the
    first of them is asked.
    """
    offered = [one for told in rooms.declarations() for one in told.live_numbers]
    return {name: (provider, figure) for provider, figures in offered for name, figure in figures.items()}


class Figures:
    """The figures of one request: every provider is made at most once, and only if a text asks; one that is made from
    the content alone (``kept.OfContent``) once for all requests, until the content changes.

    ``here`` is the address of the page that quotes them, so that a text does not link to its own page; ``version`` that
    of the content before anything was read, if somebody knows it.
    """

    def __init__(self, here: str = "", version: int | None = None) -> None:
        self.here = here
        self._version = version
        self._made: dict[Provider, Any] = {}
        self._kept: kept.Store | None = None

    def provider[P](self, provider: type[P]) -> P:
        if provider not in self._made:
            self._made[provider] = self._shared(provider) if issubclass(provider, kept.OfContent) else provider()
        return self._made[provider]

    def _shared(self, provider: type[kept.OfContent]) -> Any:
        if self._kept is None or not kept.may_be_shared():
            self._kept = kept.store(self._version)
        if provider not in self._kept:
            self._kept[provider] = provider()
        return self._kept[provider]

    def resolve(self, name: str, argument: str | None = None) -> str:
        """The figure as text. Raises LookupError when no room offers it, or not with this argument.

        An argument that is the former slug of a page stands for that page.
        """
        try:
            return self._answer(name, argument)
        except LookupError:
            from . import addresses, where_used  # they know the models, and the models know this module

            if not argument:
                raise
            return self._answer(name, addresses.slug_now(where_used.quotes()[name], argument))

    def _answer(self, name: str, argument: str | None) -> str:
        provider, figure = quotable()[name]
        try:
            answer = getattr(self.provider(provider), figure.method)
            return str(answer(argument) if argument else answer())
        except (TypeError, ValueError) as error:
            raise LookupError(argument) from error

    def expect(self, html: str) -> None:
        """Let providers fetch together what a text will ask of them one by one."""
        for name in {match["name"] for match in FIGURE.finditer(html)} & quotable().keys():
            if fetch := getattr(self.provider(quotable()[name][0]), "fetch", None):
                fetch({match["argument"] for match in FIGURE.finditer(html) if match["name"] == name})

    def fill(self, piece: re.Match) -> str:
        """What readers see in the place of a match of ``PIECE``. Raises LookupError where that is nothing."""
        if not piece["name"]:
            return piece[0]
        before, after = piece["open"] or "", piece["close"] or ""
        answer = conditional_escape(self.resolve(piece["name"], piece["argument"]))
        if not quotable()[piece["name"]][1].block:
            return f"{before}{answer}{after}"
        if not (before and after):
            raise LookupError(piece["name"])
        return answer

    def menu(self) -> list[Insertion]:
        """What the Insert menu offers now: figures, one by one or for each of their choices, and what rooms suggest."""
        found = []
        for name, (provider, figure) in quotable().items():
            if figure.label and figure.choices:
                listed = getattr(self.provider(provider), figure.choices)()
                chosen = [(figure.label, words, f"[[{name}: {argument}]]") for argument, words in listed]
            else:
                chosen = [("", figure.label, f"[[{name}]]")] if figure.label else []
            found += [Insertion(label, text, group, self._now(text)) for group, label, text in chosen]
        return found + [line for told in rooms.declarations() if told.insertions for line in told.insertions()]

    def counted(self) -> dict[str, str]:
        """Every live number that needs no argument, by its label."""
        alone = {name: f for name, (_, f) in quotable().items() if f.label and not f.choices and not f.block}
        return {figure.label: self._now(f"[[{name}]]") for name, figure in alone.items()}

    def _now(self, text: str) -> str:
        try:
            return strip_tags(PIECE.sub(self.fill, text))
        except LookupError:
            return ""


def figures_of(request: HttpRequest) -> Figures:
    """The figures of a request, shared by everything that answers it."""
    if not hasattr(request, "_figures"):
        request._figures = Figures(request.path, request.META.get(kept.ASKED))  # type: ignore[attr-defined]
    return request._figures  # type: ignore[attr-defined]


def figures(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``figures``, for the ``prose`` filter."""
    return {"figures": figures_of(request)}


def unknown_figures(text: str) -> list[str]:
    """Figures in a text that cannot be resolved now, or not at their place, and brackets that are none."""
    resolver, bad = Figures(), []
    for piece in PIECE.finditer(text):
        try:
            resolver.fill(piece)
        except LookupError:
            bad.append(strip_tags(piece[0]).strip())
    return bad + re.findall(r"\[\[[^\[\]]*\]{0,2}", strip_tags(FIGURE.sub("", text)))


# What readers see ------------------------------------------------------------------------

#: Answers a stored text with links to the terms in it. Figures are still codes then.
Linker = Callable[[str, Figures], str]


DEGREES = re.compile(r"(\d) °")


def render(html: str, resolver: Figures | None = None, *, linked: bool = False) -> SafeString:
    """A stored text as readers see it. A figure that cannot be resolved is left out, never shown as a code.

    ``linked`` is for rich text alone: a title, a description or a summary carries no links.
    """
    resolver = resolver or Figures()
    for told in rooms.declarations() if linked else ():
        html = told.linker(html, resolver) if told.linker else html

    def value(piece: re.Match) -> str:
        try:
            return resolver.fill(piece)
        except LookupError:
            return f"{piece['open'] or ''}—{piece['close'] or ''}"

    if "[[" in html:
        resolver.expect(html)
        html = PIECE.sub(value, html)
    if "<table" in html:
        # A wide table scrolls by itself, and one can get there without a mouse. Where there is little room, its rows
        # stack.
        frame = '<div class="table stacks" role="group" aria-label="Table" tabindex="0">'
        html = re.sub("(?=<table[ >])", frame, stacked(html)).replace("</table>", "</table></div>")
    if "°" in html:
        html = DEGREES.sub("\\1\N{NO-BREAK SPACE}°", html)  # a fever to call about is not told over two lines
    return mark_safe(html)  # noqa: S308 - sanitised on its way into the database


def without_markup(html: str) -> str:
    """The words of a stored text, live numbers still as codes."""
    return " ".join(strip_tags(re.sub(r"</(p|li|h3|h4|caption|td|th)>|<br>", " ", html)).split())


def plain(html: str, resolver: Figures | None = None) -> str:
    """The words as readers see them, for descriptions and titles."""
    return without_markup(flat(render(html, resolver)))


RAISED = str.maketrans("0123456789+-\u2212=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+-\u2212=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def flat(html: str) -> str:
    """A text that is about to lose its tags: its raised and lowered digits are letters then, so 10⁶ never reads 106."""
    html = re.sub("<sup>([^<]*)</sup>", lambda match: match[1].translate(RAISED), html)
    return re.sub("<sub>([^<]*)</sub>", lambda match: match[1].translate(LOWERED), html)
