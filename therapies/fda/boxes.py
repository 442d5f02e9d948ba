"""The boxed warning of a label: its heading, in capitals, and what that names."""

import re

BETWEEN = re.compile(r"\([^)]{0,400}\)|[,;:•]|\b(?:and|or|including|with)\b", re.IGNORECASE)
#: What stands in small letters within a heading.
SMALL = {"and", "or", "of", "including", "in", "with", "for", "to", "the", "from", "also", "known", "as", "a", "by"}


def heading_of(said: str, brands: tuple[str, ...] = ()) -> str:
    """The capitals behind the first "WARNING", without the brand that begins the next sentence."""
    _, _, rest = said.partition("WARNING")
    words: list[str] = []
    for word in rest.removeprefix("S").lstrip(": ").split():
        if word.startswith("WARNING") or (word.upper() != word and word.strip("(),") not in SMALL):
            break
        words.append(word)
    own = {part.upper() for brand in brands for part in brand.split()} | {word.upper() for word in SMALL} | {"•"}
    while words and words[-1].strip("(),").upper() in own:
        words.pop()
    return " ".join(words)


def items_of(heading: str) -> list[str]:
    """What a heading names, each once. A word of a few letters is an abbreviation, or of the next sentence."""
    items = (" ".join(item.split()) for item in BETWEEN.split(heading))
    return [item for item in dict.fromkeys(items) if re.search(r"\w{4}", item)]
