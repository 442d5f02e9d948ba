"""Loads ``immune/content/``: the cells, molecules and organs that come with the software."""

from pathlib import Path

from portal.publishing.shipping import Loader

from .models import Component, Organ

CONTENT = Path(__file__).parent / "content"


def load(loader: Loader) -> None:
    loader.pages(Component, CONTENT / "components")
    loader.pages(Organ, CONTENT / "organs")
