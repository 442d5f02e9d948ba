"""Loads ``portal/pages/content/``: sections of home and about, the glossary, links, and the site's own words."""

from pathlib import Path

from portal.publishing.content_files import read_toml
from portal.publishing.shipping import Loader

from .models import Section, SiteSettings, TakePartLink, Term

CONTENT = Path(__file__).parent / "content"


def load(loader: Loader) -> None:
    loader.row(SiteSettings(pk=1, **read_toml(CONTENT / "site.toml")), "site", natural=("pk",))
    for entry in read_toml(CONTENT / "links.toml")["links"]:
        link = TakePartLink(checked_on=entry.pop("checked", None), **entry)
        loader.row(link, f"pages.link:{link.kind}:{link.label}", natural=("kind", "label"))
    loader.pages(Section, CONTENT / "sections")
    loader.pages(Term, CONTENT / "glossary")
