"""What frames every page: the site's name, its disclaimer, the links that take part, and the terms in its texts.

One query for all pages until the content changes. It also tells which words the glossary holds now, so that a new
one shows at the next request.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from portal.publishing import rooms
from portal.publishing.kept import OfContent
from portal.publishing.prose import Figure, Figures, figures_of
from portal.publishing.templatetags.publishing import day

from . import glossary
from .models import SiteSettings, TakePartLink

#: Figures that texts may quote.
FIGURES = {"as-of": Figure("as_of", "Date through which facts are checked")}
#: What somebody may type in the place of one.
TYPED = {r"\bas of (?:today|[A-Z][a-z]+ (?:\d{1,2}, )?(?:19|20)\d\d)\b": "[[as-of]]"}
#: How somebody may get involved, what may help a reader first; other links lead to further pages.
WAYS = (TakePartLink.Kind.TRIAL, TakePartLink.Kind.DONATE, TakePartLink.Kind.FUNDRAISE)


class Met(dict[str, glossary.Entry]):
    """Terms that texts of this page link to, by address."""


class Frame(OfContent):
    """Site settings, active links and the state of the glossary, read when a template first asks."""

    def __init__(self) -> None:
        state = glossary.state()
        links: list[Any] = list(TakePartLink.objects.in_force().select_related("site").annotate(glossary=state))
        row: Any = links[0] if links else SiteSettings.objects.annotate(glossary=state).first()
        site = row.site if links else row
        self.site: SiteSettings = site or SiteSettings(name="Immunotherapy portal", disclaimer="")
        self._state: str = row.glossary if row else ""
        entries = (entry for told in rooms.declarations() for entry in told.menu)
        lines = sorted(entries, key=lambda entry: entry.place)
        self.menu = [(reverse(line.name), line.part, line.words) for line in lines]
        self.ways = sorted((link for link in links if link.kind in WAYS), key=lambda link: WAYS.index(link.kind))
        self.further = [link for link in links if link.kind not in WAYS]

    @property
    def terms(self) -> glossary.Glossary:
        """The words that texts link to; none before the portal has its settings."""
        return glossary.of(self._state) if self._state else glossary.Glossary([])

    def as_of(self) -> str:
        """The day up to which FDA decisions were looked for."""
        if not self.site.facts_checked_to:
            raise LookupError("site settings")
        return day(self.site.facts_checked_to)


def link_terms(html: str, figures: Figures) -> str:
    """Linker: a text with links to its terms, which the page then explains at its end."""
    html, met = figures.provider(Frame).terms.link(html, figures.here)
    figures.provider(Met).update({entry.address: entry for entry in met})
    return html


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``frame``, of which nothing is read before a template asks; the terms met so far; and what
    stands above a page that only staff see, ``preview_of``. It is told of every page: for what a request lacks,
    templates look through all that it has.
    """
    figures = figures_of(request)
    return {
        "frame": SimpleLazyObject(lambda: figures.provider(Frame)),
        "met": figures.provider(Met),
        "preview_of": getattr(request, "preview_of", ""),
    }
