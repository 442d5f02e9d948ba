"""What every page tells machines: what it is, who answers for it, when its words are of, and who reviewed them.

Everything is read from what the page shows, its own blocks included, so that it cannot say anything else.
"""

import re
from html import unescape
from typing import Any, cast

from django.conf import settings
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import capfirst

from portal.publishing import rooms
from portal.publishing.addresses import absolute
from portal.publishing.linked_data import COLLECTION, MEDICAL, Node, Shown, Thing, node, of_page
from portal.publishing.models import Edition
from portal.publishing.templatetags.publishing import again

from . import data
from .models import SiteSettings, Term

#: A link as ``_crumbs.html`` writes it.
CRUMB = re.compile(r'<a href="([^"]*)">([^<]*)</a>')


def nodes(context: Context) -> list[Node]:
    """The page, and on the home page the site as well."""
    request, site = context["request"], context["frame"].site
    thing = rooms.things().get(getattr(request.resolver_match, "view_name", ""), Thing())
    page = context.get("page")
    edition = getattr(page, "live", None) if "on" not in context else None
    told = {
        "url": f"{settings.SITE_ADDRESS}{request.path}{context.get('list_query', '')}",
        "name": _block(context, "title"),
        "description": _block(context, "description"),
        "inLanguage": "en",
        "specialty": "https://schema.org/Oncologic" if "MedicalWebPage" in thing.kinds else "",
        **(_of_text(edition, context.get("references") or {}) if edition else {}),
        "breadcrumb": _crumbs(context),
        "isPartOf": website(site),
        "publisher": organization(site),
        "mainEntity": thing.about(cast(Shown, context.flatten())),
    }
    kinds: Any = thing.kinds if len(thing.kinds) > 1 else thing.kinds[0]
    return [node(kinds, **told)]


def website(site: SiteSettings, **told: Any) -> Node:
    """The site, under one name on every page, so that whoever reads several knows them for parts of one."""
    return node("WebSite", **{"@id": absolute("/#site"), "name": site.name, "url": absolute("/")} | told)


def organization(site: SiteSettings) -> Node | None:
    """Who publishes it, under one name as well."""
    named = {"@id": absolute("/#publisher"), "name": site.organization, "url": absolute("/")}
    return node("Organization", **named) if site.organization else None


def _of_text(edition: Edition, references: dict[str, Any]) -> dict[str, Any]:
    """A text that no professional reviewed has no day of a review, whoever else checked it."""
    told: dict[str, Any] = {"dateModified": edition.dated.isoformat()}
    if edition.reviewed_as:
        told["reviewedBy"] = [node("Person", name=name) for name in edition.reviewed_as.split("; ")]
        told["lastReviewed"] = timezone.localdate(edition.reviewed_at).isoformat() if edition.reviewed_at else ""
    sources = references.get("source", ())
    told["citation"] = [node("CreativeWork", name=source.name, url=source.slug) for source in sources]
    return told


def _block(context: Context, name: str) -> str:
    """What the page says in a block, as text."""
    return " ".join(unescape(strip_tags(again(context, name))).split())


def _crumbs(context: Context) -> Node | None:
    """The way that the page shows above its heading, and the page at its end."""
    shown = again(context, "crumbs").strip()
    if not shown:
        return None
    links = [(unescape(words), absolute(unescape(address))) for address, words in CRUMB.findall(shown)]
    steps = [
        node("ListItem", position=number, name=name, item=node("WebPage", **{"@id": at}))
        for number, (name, at) in enumerate(links, 1)
    ]
    here = node("ListItem", position=len(links) + 1, name=_block(context, "title"))
    return node("BreadcrumbList", itemListElement=[*steps, here])


def term(shown: Shown) -> Node:
    page: Term = shown["page"]
    name = capfirst(page.live.words["name"])
    return of_page("DefinedTerm", shown, name=name, alternateName=page.others, inDefinedTermSet=_glossary())


def glossary(shown: Shown) -> Node:
    return _glossary()


def _glossary() -> Node:
    return node("DefinedTermSet", name="Glossary", url=absolute(reverse("glossary")))


def whole_site(shown: Shown) -> Node:
    site = shown["frame"].site
    return website(site, description=site.tagline, inLanguage="en", publisher=organization(site))


def api(shown: Shown) -> Node:
    return node(
        "WebAPI",
        name="Data for programs (API)",
        url=shown["at"],
        documentation=absolute(reverse("api:openapi")),
        provider=organization(shown["frame"].site),
    )


THINGS = {
    "home": Thing(MEDICAL),
    "glossary": Thing(COLLECTION, glossary),
    "term": Thing(MEDICAL, term),
    "about": Thing(("AboutPage",), whole_site),
    "data": Thing(("WebPage",), data.dataset),
    "data-api": Thing(("WebPage",), api),
    "search": Thing(("SearchResultsPage",)),
}
