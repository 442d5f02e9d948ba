"""What the pages on the immune system tell machines: organs and cells are structures of the body, molecules are not."""

from portal.publishing.linked_data import COLLECTION, MEDICAL, Node, Shown, Thing, node, of_page

from .models import Component

SYSTEM = "Immune system"


def part(shown: Shown) -> Node:
    page = shown["page"]
    if isinstance(page, Component) and page.kind == Component.Kind.MOLECULE:
        return of_page("Substance", shown, name=page.name)
    return of_page("AnatomicalStructure", shown, name=page.name, partOfSystem=node("AnatomicalSystem", name=SYSTEM))


THINGS = {"immune:detail": Thing(MEDICAL, part), "immune:index": Thing(COLLECTION)}
