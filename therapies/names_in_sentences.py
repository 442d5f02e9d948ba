"""How the name of a cancer, a class or a stage begins inside a sentence."""

import re

#: Words that keep their capital inside a sentence: people and places after whom something is called.
PROPER = re.compile(
    r"(?:Burkitt|Castleman|Ewing|Hodgkin|Kaposi|Langerhans|Merkel|Philadelphia|S[eé]zary|Waldenstr|Wilms)"
)


def within(name: str) -> str:
    """A name inside a sentence: “bladder cancer”, but “HER2-positive”, “B-cell”, and “Hodgkin lymphoma”."""
    ordinary = re.match(r"[A-Z][a-z]+(?![\w.])", name) and not PROPER.match(name)
    return name[:1].lower() + name[1:] if ordinary else name
