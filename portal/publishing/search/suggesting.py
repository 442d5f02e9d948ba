"""What the search offers while somebody types."""

from heapq import nsmallest

from . import spelling
from .finding import LONGEST_NAME
from .indexing import TITLE
from .lexicon import Match, PageName, aside, lexicon
from .words import STOP, signs_of_life, telling, tokens

#: For another name of a page that explains a word: leukapheresis comes after every leukemia.
ASIDE = 1.2


def suggest(typed: str, most: int = 8) -> list[Match]:
    """Pages whose names begin so, or have words that do, while somebody types. One query while the index stays."""
    known = lexicon()
    words = tokens(signs_of_life(typed))[:LONGEST_NAME]
    if len(whole := "".join(words)) < 2:
        return []
    found: dict[int, Match] = {}

    def offer(number: int, score: float, name: PageName | None) -> None:
        entry = known.entries[number]
        score -= aside(entry)
        if number not in found or found[number].score < score:
            found[number] = Match(entry, score, name if name and name.sort != TITLE else None)

    for start, worth in {"".join(telling(words)): 2.9, whole: 3.0}.items():
        for name in known.names_beginning(start):
            for number, one in known.named[name]:
                explained = one.place > 0 and known.entries[number].weight.named < 1 and name != start
                offer(number, worth + (name == start) - (one.place > 0) / 10 - explained * ASIDE, one)
    *firsts, last = words
    numbers = {number for word in known.beginning(last) for number in known.holding[word]}
    numbers -= {number for number, match in found.items() if match.score > 2.0}
    for word in firsts:
        if word not in STOP:
            numbers = {number for number in numbers if f" {word}" in known.entries[number].heads}
    for number in nsmallest(most, numbers, key=known.plainness.__getitem__):  # of thousands, these can be shown
        offer(number, 2.0, None)
    if not found and len(whole) > 3:
        for name in spelling.begun(whole, known):
            for number, one in known.named[name]:
                offer(number, 1.0, one)
    return sorted(found.values(), key=lambda match: (-match.score, match.entry.title))[:most]
