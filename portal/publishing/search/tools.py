"""Tools of the site, filled in with what a question names: “compare keytruda and opdivo”, “trials for melanoma”."""

from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.text import capfirst

from .. import rooms
from ..rooms import PageNamed
from .lexicon import Lexicon, Match
from .missing import Spans

OWN = 1.0  # how much names count of pages that a question is about; those that explain a word count less


def placed(typed: str, matches: list[Match], spans: Spans, known: Lexicon) -> list[Match]:
    """A tool that is asked for comes first with what is named filled in. One that can take none of it does not come
    before the pages that are named; nor, if it is of no use then, before those that explain a word: whoever asks for
    the difference between PD-1 and PD-L1 compares no drugs.
    """
    fills = {reverse(name): fill for name, fill in rooms.fills().items()}
    for match in matches:
        number = known.number_of[match.entry.pk]
        if match.entry.address not in fills or number not in spans:
            continue
        named = _named(spans, number, known)
        filled = fills[match.entry.address](named, typed)
        others = [other for other in matches if other is not match]
        if filled and (query := filled[0]):
            entry = match.entry._replace(address=f"{match.entry.address}?{query}", title=filled[1])
            return [match._replace(entry=entry), *others]
        if (named or filled is None) and matches[0] is match:
            first = next((n for n, other in enumerate(others) if known.number_of[other.entry.pk] in spans), -1)
            return [*others[: first + 1], match, *others[first + 1 :]]
    return matches


def tells(first: Sequence[Match], word: str) -> bool:
    """Whether a tool that was filled in took this word, such as a place."""
    return any("?" in match.entry.address and word.casefold() in match.entry.title.casefold() for match in first)


def _named(spans: Spans, tool: int, known: Lexicon) -> dict[str, list[PageNamed]]:
    """The pages whose names stand in the question beside that of the tool, by kind, as they follow each other."""
    taken = [(begin, end) for begin, end, _ in spans[tool]]
    found: dict[str, dict[tuple[int, int], PageNamed]] = {}
    for number, held in spans.items():
        entry = known.entries[number]
        if not entry.kind or entry.weight.named < OWN:
            continue
        for begin, end, _ in held:
            if not any(first < end and begin < last for first, last in taken):
                page = PageNamed(entry.address.rstrip("/").rpartition("/")[2], str(capfirst(entry.title)))
                found.setdefault(entry.kind, {}).setdefault((begin, end), page)
    return {kind: list(dict.fromkeys(_longest(of_kind))) for kind, of_kind in found.items()}


def _longest(held: dict[tuple[int, int], PageNamed]) -> Iterator[PageNamed]:
    """“Breast cancer” is not meant by “triple-negative breast cancer”."""
    places: Sequence[tuple[int, int]] = sorted(held)
    for begin, end in places:
        if not any(first <= begin and end <= last and (first, last) != (begin, end) for first, last in places):
            yield held[begin, end]
