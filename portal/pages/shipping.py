"""Loads ``portal/pages/content/``: sections of home and about, the glossary, links, and the site's own words."""

from pathlib import Path

from portal.publishing.shipping import Loader, read_text, read_toml

from .models import Section, SiteSettings, TakePartLink, Term

CONTENT = Path(__file__).parent / "content"


def load(loader: Loader) -> None:
    loader.row(SiteSettings(pk=1, **read_toml(CONTENT / "site.toml")), "site", natural=("pk",))
    for entry in read_toml(CONTENT / "links.toml")["links"]:
        entry = dict(entry)
        link = TakePartLink(checked_on=entry.pop("checked", None), **entry)
        loader.row(link, f"pages.link:{link.kind}:{link.label}", natural=("kind", "label"))
    for path in sorted((CONTENT / "sections").glob("*.md")):
        front, parts = read_text(path)
        page = loader.row(
            Section(slug=path.stem, place=front["place"], order=front["order"]),
            f"pages.section:{path.stem}",
        )
        if page:
            onward = front.get("onward", {})
            text = {"title": front["title"], "text": parts["Text"]}
            text |= {"onward_label": onward.get("label", ""), "onward_address": onward.get("address", "")}
            loader.text(page, text, front.get("sources", []), front.get("written"))
    for path in sorted((CONTENT / "glossary").glob("*.md")):
        front, parts = read_text(path)
        term = loader.row(Term(slug=path.stem, linked=front.get("linked", True)), f"pages.term:{path.stem}")
        if term:
            onward = front.get("onward", {})
            words = {name: front.get(name, "") for name in ("name", "also", "say")}
            words |= {"in_short": parts["In short"], "about": parts.get("About", "")}
            words |= {"onward_label": onward.get("label", ""), "onward_address": onward.get("address", "")}
            loader.text(term, words, front["sources"], front.get("written"))
