"""Text with structure: what may stand in it, how it is cleaned, and the figures that it may quote.

A figure is written ``[[name]]`` or ``[[name: argument]]`` and resolved from the facts when
the text is read. Rooms offer figures through ``offer`` in ``AppConfig.ready``, so that a
text can say "94 approved therapies" without its room importing therapies.

Terms are linked when the text is read, too: the roof knows the glossary and offers a
``Linker`` in the same way.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import nh3
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField
from markdown_it import MarkdownIt

from . import links

INSERTIONS = reverse_lazy("admin:publishing_picture_insertions")  # what the editor's Insert menu offers, as JSON

# Every text stands under a heading of the second level.
EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [3, 4]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "HardBreak": True,
    "Link": {"protocols": ["https", "mailto", "tel"], "enableTarget": False, "autolink": False},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Insert": {"address": INSERTIONS},
    "CleanPaste": True,
    "Menu": {
        "groups": [{"group": name} for name in ("insert", "headings", "lists", "marks", "link", "table", "history")]
    },
}
TAGS = {"p", "br", "strong", "em", "h3", "h4", "ul", "ol", "li", "a"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
SPAN = {"colspan", "rowspan"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {*SPAN, "scope"}, "td": SPAN}
NUMBER = re.compile(r"[2-9]|[1-9]\d")  # 1 is what it would be without the attribute


def _kept(tag: str, name: str, value: str) -> str | None:
    """An attribute's value, or None where it may not stand."""
    if name == "href":
        return value if links.allowed(value) else None
    if name == "scope":
        return value if value in ("row", "col") else None
    return value if name == "title" or NUMBER.fullmatch(value) else None


CLEANER = nh3.Cleaner(
    tags=TAGS, attributes=ATTRIBUTES, attribute_filter=_kept, url_schemes={"https", "mailto", "tel"}, link_rel=None
)
#: For a form that is shown again: a link that was refused is still in it, so that one can mend it.
TYPED = nh3.Cleaner(
    tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "ftp", "mailto", "tel"}, link_rel=None
)
MARKDOWN = MarkdownIt("commonmark", {"html": False})


class ProseFormField(ProseEditorFormField):
    """What was typed goes back into the editor without what an editor would not have written."""

    def prepare_value(self, value: Any) -> Any:
        return TYPED.clean(value) if isinstance(value, str) else value


class ProseField(ProseEditorField):
    """Rich text. It is cleaned on its way into the database, so no road into the table goes around that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        options = {
            "config": {"extensions": EXTENSIONS},
            "sanitize": self.sanitised,
            "validators": [links.validate_links],
        }
        super().__init__(*args, **options, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": ProseFormField, **kwargs})

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(self.sanitised(value) if isinstance(value, str) else value, connection)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {key: kept for key, kept in kwargs.items() if key != "validators"}

    @staticmethod
    def sanitised(html: str) -> str:
        return re.sub(r"<(p|h3|h4)>\s*</\1>", "", CLEANER.clean(html or "")).strip()


def from_markdown(text: str) -> str:
    """Shipped Markdown as the HTML that the editor would have written.

    No white space between blocks, and a paragraph in every list item.
    """
    html = MARKDOWN.render(text.strip())
    html = re.sub(r"<li>(?!\s*<p>)(.*?)</li>", r"<li><p>\1</p></li>", html, flags=re.S)
    html = re.sub(r">\s*\n\s*<", "><", html).replace("\n", " ").strip()
    return ProseField.sanitised(html)


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
FIGURE = re.compile(r"\[\[\s*(?P<name>[a-z][a-z0-9-]*)\s*(?::\s*(?P<argument>[^\[\]<>]*?)\s*)?\]\]")
#: A figure, perhaps alone in its paragraph, or a tag, in which no figure is ever filled in.
PIECE = re.compile(rf'(?P<open><p>\s*)?{FIGURE.pattern}(?P<close>\s*</p>)?|<[^>"]*(?:"[^"]*"[^>"]*)*>')
_names: dict[str, tuple[Provider, Figure]] = {}
_suggested: list[Callable[[], Iterable[Insertion]]] = []


def offer(provider: Provider, figures: dict[str, Figure]) -> None:
    """Let texts quote what ``provider()`` knows.

    ``provider`` is called at most once a request, at the first figure that needs it. A method
    raises ``LookupError`` for an argument that it does not know. A provider that has ``fetch`` is
    given all arguments of a text before the first of them is asked.
    """
    _names.update({name: (provider, figure) for name, figure in figures.items()})


def suggest(insertions: Callable[[], Iterable[Insertion]]) -> None:
    """Add lines of one's own to the Insert menu; ``insertions`` is called whenever it opens."""
    _suggested.append(insertions)


class Figures:
    """The figures of one request: every provider is made at most once, and only if a text asks.

    ``here`` is the address of the page that quotes them, so that a text does not link to its own page.
    """

    def __init__(self, here: str = "") -> None:
        self.here = here
        self._made: dict[Provider, Any] = {}

    def provider[P](self, provider: type[P]) -> P:
        if provider not in self._made:
            self._made[provider] = provider()
        return self._made[provider]

    def resolve(self, name: str, argument: str | None = None) -> str:
        """The figure as text. Raises LookupError when no room offers it, or not with this argument.

        An argument that is the former slug of a page stands for that page.
        """
        try:
            return self._answer(name, argument)
        except LookupError:
            from . import addresses, uses  # they know the models, and the models know this module

            if not argument:
                raise
            return self._answer(name, addresses.slug_now(uses.kind_of(name), argument))

    def _answer(self, name: str, argument: str | None) -> str:
        provider, figure = _names[name]
        try:
            answer = getattr(self.provider(provider), figure.method)
            return str(answer(argument) if argument else answer())
        except (TypeError, ValueError) as error:
            raise LookupError(argument) from error

    def expect(self, html: str) -> None:
        """Let providers fetch together what a text will ask of them one by one."""
        for name in {match["name"] for match in FIGURE.finditer(html)} & _names.keys():
            if fetch := getattr(self.provider(_names[name][0]), "fetch", None):
                fetch({match["argument"] for match in FIGURE.finditer(html) if match["name"] == name})

    def fill(self, piece: re.Match) -> str:
        """What readers see in the place of a match of ``PIECE``. Raises LookupError where that is nothing."""
        if not piece["name"]:
            return piece[0]
        before, after = piece["open"] or "", piece["close"] or ""
        answer = conditional_escape(self.resolve(piece["name"], piece["argument"]))
        if not _names[piece["name"]][1].block:
            return f"{before}{answer}{after}"
        if not (before and after):
            raise LookupError(piece["name"])
        return answer

    def menu(self) -> list[Insertion]:
        """What the Insert menu offers now: figures, one by one or for each of their choices, and what rooms suggest."""
        found = []
        for name, (provider, figure) in _names.items():
            if figure.label and figure.choices:
                listed = getattr(self.provider(provider), figure.choices)()
                chosen = [(figure.label, words, f"[[{name}: {argument}]]") for argument, words in listed]
            else:
                chosen = [("", figure.label, f"[[{name}]]")] if figure.label else []
            found += [Insertion(label, text, group, self._now(text)) for group, label, text in chosen]
        return found + [insertion for suggested in _suggested for insertion in suggested()]

    def counted(self) -> dict[str, str]:
        """Every live number that needs no argument, by its label."""
        found = {}
        for name, (_, figure) in _names.items():
            if figure.label and not figure.choices and not figure.block:
                try:
                    found[figure.label] = strip_tags(self.resolve(name))
                except LookupError:
                    found[figure.label] = ""
        return found

    def _now(self, text: str) -> str:
        try:
            return strip_tags(PIECE.sub(self.fill, text))
        except LookupError:
            return ""


def figures_of(request: HttpRequest) -> Figures:
    """The figures of a request, shared by everything that answers it."""
    if not hasattr(request, "_figures"):
        request._figures = Figures(request.path)  # type: ignore[attr-defined]
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


# Links to terms ------------------------------------------------------------------------

#: Answers a stored text with links to the terms in it. Figures are still codes then.
Linker = Callable[[str, Figures], str]
_linkers: list[Linker] = []


def offer_links(linker: Linker) -> None:
    """Let ``linker`` put links into every rich text that readers see."""
    if linker not in _linkers:
        _linkers.append(linker)


# What readers see ------------------------------------------------------------------------


def render(html: str, resolver: Figures | None = None, *, linked: bool = False) -> SafeString:
    """A stored text as readers see it. A figure that cannot be resolved is left out, never shown as a code.

    ``linked`` is for rich text alone: a title, a description or a summary carries no links.
    """
    resolver = resolver or Figures()
    for linker in _linkers if linked else ():
        html = linker(html, resolver)

    def value(piece: re.Match) -> str:
        try:
            return resolver.fill(piece)
        except LookupError:
            return f"{piece['open'] or ''}—{piece['close'] or ''}"

    if "[[" in html:
        resolver.expect(html)
        html = PIECE.sub(value, html)
    # A wide table scrolls by itself, and one can get there without a mouse.
    html = html.replace("<table>", '<div class="table" role="group" aria-label="Table" tabindex="0"><table>')
    return mark_safe(html.replace("</table>", "</table></div>"))  # noqa: S308 - sanitised on its way into the database


def without_markup(html: str) -> str:
    """The words of a stored text, live numbers still as codes."""
    return " ".join(strip_tags(re.sub(r"</(p|li|h3|h4|td|th)>|<br>", r" ", html)).split())


def plain(html: str, resolver: Figures | None = None) -> str:
    """The same without markup, for descriptions and titles."""
    spaced = re.sub(r"</(p|li|h3|h4|td|th)>", r"</\1> ", render(html, resolver))
    return " ".join(strip_tags(spaced).split())
