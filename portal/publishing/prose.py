"""Text with structure: what may stand in it, how it is cleaned, and the figures that it may quote.

A figure is written ``[[name]]`` or ``[[name: argument]]`` and resolved from the facts when
the text is read. Rooms offer figures through ``offer`` in ``AppConfig.ready``, so that a
text can say "94 approved therapies" without its room importing therapies.

Terms are linked when the text is read, too: the roof knows the glossary and offers a
``Linker`` in the same way.
"""

import re
from collections.abc import Callable
from typing import Any

import nh3
from django.http import HttpRequest
from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.fields import ProseEditorField
from markdown_it import MarkdownIt

EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Link": {"protocols": ["https", "mailto"], "enableTarget": False},
}
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a"}
CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href", "title"}},
    url_schemes={"https", "mailto"},
    link_rel=None,
    strip_comments=True,
)
MARKDOWN = MarkdownIt("commonmark", {"html": False})
FIGURE = re.compile(r"\[\[\s*([a-z][a-z0-9-]*)\s*(?::\s*([^\]]*?)\s*)?\]\]")


class ProseField(ProseEditorField):
    """Rich text. The editor's form cleans it, and ``Edition.save`` cleans it again on every other road."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, config={"extensions": EXTENSIONS}, sanitize=self.sanitised, **kwargs)

    @staticmethod
    def sanitised(html: str) -> str:
        clean = CLEANER.clean(html or "").strip()
        return "" if clean == "<p></p>" else clean


def from_markdown(text: str) -> str:
    """Shipped Markdown as the HTML that the editor would have written.

    No white space between blocks, and a paragraph in every list item.
    """
    html = MARKDOWN.render(text.strip())
    html = re.sub(r"<li>(?!\s*<p>)(.*?)</li>", r"<li><p>\1</p></li>", html, flags=re.S)
    html = re.sub(r">\s*\n\s*<", "><", html).replace("\n", " ").strip()
    return ProseField.sanitised(html)


# Figures -----------------------------------------------------------------------------

Provider = type
_names: dict[str, tuple[Provider, str]] = {}


def offer(provider: Provider, names: dict[str, str]) -> None:
    """Let texts quote what ``provider()`` knows.

    ``provider`` is called at most once a request, at the first figure that needs it; ``names``
    maps the figure's name in texts to the method that answers it with text or a number.
    A method raises ``LookupError`` for an argument that it does not know.
    """
    for name, method in names.items():
        _names[name] = provider, method


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
        provider, method = _names[name]
        try:
            answer = getattr(self.provider(provider), method)
            return str(answer(argument) if argument else answer())
        except (TypeError, ValueError) as error:
            raise LookupError(argument) from error


def figures_of(request: HttpRequest) -> Figures:
    """The figures of a request, shared by everything that answers it."""
    if not hasattr(request, "_figures"):
        request._figures = Figures(request.path)  # type: ignore[attr-defined]
    return request._figures  # type: ignore[attr-defined]


def figures(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``figures``, for the ``prose`` filter."""
    return {"figures": figures_of(request)}


def unknown_figures(text: str) -> list[str]:
    """Figures in a text that cannot be resolved now, for checks and the editor's warning."""
    resolver, bad = Figures(), []
    for match in FIGURE.finditer(text):
        try:
            resolver.resolve(match[1], match[2])
        except LookupError:
            bad.append(match[0])
    return bad


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

    def value(match: re.Match) -> str:
        try:
            return conditional_escape(resolver.resolve(match[1], match[2]))
        except LookupError:
            return "—"

    return mark_safe(FIGURE.sub(value, html))  # noqa: S308 - sanitised when the edition was saved


def plain(html: str, resolver: Figures | None = None) -> str:
    """The same without markup, for descriptions and titles."""
    spaced = re.sub(r"</(p|li)>", r"</\1> ", render(html, resolver))
    return " ".join(strip_tags(spaced).split())
