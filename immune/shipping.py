"""Loads ``immune/content/``: the cells, molecules and organs that come with the software."""

from pathlib import Path

from portal.publishing.shipping import Loader, read_text

from .models import Component, ImmunePage, Organ

CONTENT = Path(__file__).parent / "content"
PARTS = {"In short": "in_short", "About": "about"}


def load(loader: Loader) -> None:
    kinds: tuple[tuple[str, type[ImmunePage]], ...] = (("components", Component), ("organs", Organ))
    for folder, model in kinds:
        for path in sorted((CONTENT / folder).glob("*.md")):
            front, parts = read_text(path)
            identity = {name: front[name] for name in ("name", "order", "kind") if name in front}
            page = loader.row(
                model(slug=path.stem, **identity),
                f"{model._meta.label_lower}:{path.stem}",
            )
            if isinstance(page, model):
                text = {PARTS[head]: text for head, text in parts.items()}
                loader.text(page, text, front["sources"], front.get("written"))
