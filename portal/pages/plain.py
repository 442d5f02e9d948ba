"""Pages as Markdown, and a map of them, for programs that read text.

The form of a page in Markdown is made from the page itself: what people see, without what only a browser can use. So
it has the same warning, the same sources and the same word on who reviewed it, and no page can be forgotten.
"""

import re
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from lxml import html
from markdownify import MarkdownConverter

from portal.publishing import addresses, rooms
from portal.publishing.prose import figures_of

from .context import Frame

#: What is added to the address of a page for its Markdown.
NAME = "index.md"
#: Read in the place of an empty document, which has no main part.
EMPTY = b"<main></main>"
UNSEEN = {"nav", "form", "button", "svg", "script", "select", "input", "template"}
UNSEEN_CLASSES = {"visually-hidden", "tools", "on-screen"}
EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


class Markdown(MarkdownConverter):
    """Our own pages as Markdown. No word of a text is read as a tag."""

    class Options:
        heading_style = "ATX"
        bullets = "-"
        newline_style = "BACKSLASH"

    def escape(self, text: str, parent_tags: Any) -> str:
        return super().escape(text, parent_tags).replace("<", "&lt;")  # type: ignore[misc]


def page_of(document: bytes, address: str) -> str:
    """The main part of a page as Markdown; ``address`` is where its links begin."""
    (main,) = html.document_fromstring(document or EMPTY, parser=html.HTMLParser(encoding="utf-8")).iter("main")
    main.make_links_absolute(address)
    for element in list(main.iter("*")):
        classes, leads_to = {*element.get("class", "").split()}, element.get("href", "")
        if element.get("id") == "cite":  # it names the day of a visit, and here nobody visits
            element.getparent().drop_tree()
        elif element.tag in UNSEEN or "hidden" in element.attrib or UNSEEN_CLASSES & classes:
            element.drop_tree()
        elif element.tag == "a" and (leads_to.startswith(f"{address}#") or "term" in classes):
            element.drop_tag()
        elif element.tag == "summary":  # opens nothing here
            element.tag = "div" if element.find("*") is not None else "h4"
    return EMPTY_LINES.sub("\n\n", Markdown().convert(html.tostring(main, encoding="unicode"))).strip()


def is_page(match: ResolverMatch) -> bool:
    """Whether an address is of a public page: of those that rooms bring, and of those between them."""
    brought = {import_module(room.declared.urls).app_name for room in rooms.in_loading_order() if room.declared.urls}
    return match.namespace in brought or match.view_name in {*rooms.fixed_addresses(), *rooms.things()}


def page(request: HttpRequest, at: str) -> HttpResponse:
    """The page at an address as Markdown, of the day that is asked for where it knows past days.

    What a browser would be told of it otherwise, it is told here, too.
    """
    path = f"/{at}"
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    if not is_page(match):
        raise Http404
    day = request.GET.get("on", "") if "on" in rooms.parameters().get(match.view_name, ()) else ""
    query = urlencode({"on": day}) if day else ""
    asked: Any = request
    asked.path = asked.path_info = path  # the page is told as if it had been asked for
    asked.method, asked.GET, asked.resolver_match = "GET", QueryDict(query), match
    try:
        shown = match.func(request, *match.args, **match.kwargs)
    except Http404:
        if moved := addresses.moved(path):
            return HttpResponseRedirect(f"{moved}{NAME}?{query}".removesuffix("?"))
        raise
    if shown.status_code != 200 or not shown.headers["Content-Type"].startswith("text/html"):
        raise Http404
    address, frame = addresses.absolute(path), figures_of(request).provider(Frame)
    told = f"{address}?{query}".removesuffix("?")
    context = {"site": frame.site, "address": told, "text": page_of(shown.content, address)}
    response = render(request, "pages/page.md", context, content_type="text/markdown; charset=utf-8")
    if control := shown.headers.get("Cache-Control"):
        response["Cache-Control"] = control
    response["Link"] = f'<{address}>; rel="canonical"'
    return response


def escaped(words: str) -> str:
    """Words as the name of a link."""
    return re.sub(r"([\\\[\]<>*_`])", r"\\\1", " ".join(words.split()))


def overview(request: HttpRequest) -> HttpResponse:
    """llms.txt: what the site is, and every page in Markdown, by kind (https://llmstxt.org/)."""
    fixed = [(escaped(words), reverse(name)) for name, words in rooms.fixed_addresses().items()]
    parts = [("Overviews", [(words, path) for words, path in fixed if path.endswith("/")])]
    for kind in rooms.page_kinds():
        if kind.has_address:
            pages = kind.model.objects.published().named()
            found = [(escaped(one.live.title), one.get_absolute_url()) for one in pages]
            parts.append((str(kind.model._meta.verbose_name_plural), found))
    context = {"parts": parts, "name": NAME, "home": settings.SITE_ADDRESS}
    return render(request, "pages/llms.txt", context, content_type="text/plain; charset=utf-8")
