"""Loads ``immune/content/``: the cells, molecules and organs that come with the software."""

from pathlib import Path

from portal.publishing.shipping import Loader, read_text

from .models import Component, ImmunePage, Organ

CONTENT = Path(__file__).parent / "content"


def load(loader: Loader) -> None:
    kinds: tuple[tuple[str, type[ImmunePage]], ...] = (("components", Component), ("organs", Organ))
    for folder, model in kinds:
        for path in sorted((CONTENT / folder).glob("*.md")):
            front, sections = read_text(path)
            identity = {name: front[name] for name in ("name", "order", "kind") if name in front}
            loader.page(model(slug=path.stem, **identity), front, sections)
