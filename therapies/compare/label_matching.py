"""Which of our uses a use on a label most likely is. A person confirms it."""

import re
from collections.abc import Sequence

from ..fda import stages
from ..models import Indication
from .label_uses import LabelTerms, OurUse, differences
from .partners import same_partners

#: Likeness from which a use of ours may be the one on a label: its regimen and something else, or nearly all else.
ENOUGH = 5.0


def matched(named: Sequence[tuple[str, LabelTerms]], ours: Sequence[OurUse]) -> list[tuple[OurUse, ...]]:
    """For each use on a label, by its words and terms, those of ours that it most likely is: the likest pairs first.

    One of ours may stand for two on the label; then the second must be nearly the same. Of ours that are left,
    one belongs to the use on the label that says all that it says.
    """
    pairs = [
        (_likeness(use, words, terms), place, use)
        for place, (words, terms) in enumerate(named)
        for use in ours
        if use.terms.cancers & terms.cancers and not use.partner_label
    ]
    found: dict[int, OurUse] = {}
    taken: set[int] = set()
    for again in (False, True):
        for likeness, place, use in sorted(pairs, key=lambda pair: -pair[0]):
            is_free = use.key not in taken or (again and use.terms.stage == named[place][1].stage)
            if place not in found and likeness >= ENOUGH + 3 * again and is_free:
                found[place] = use
                taken.add(use.key)
    several = {place: [use] for place, use in found.items()}
    left = [use for use in ours if use.in_force and not use.partner_label and use not in found.values()]
    for use in left:
        for place, (words, terms) in enumerate(named):
            if place in several and _is_told(use, words, terms) and not _adds(use, several[place], terms):
                several[place].append(use)
                break
    return [tuple(several.get(place, ())) for place in range(len(named))]


def _is_told(use: OurUse, words: str, terms: LabelTerms) -> bool:
    """Whether a line says it of all ages, of every test result, and of each point of treatment that it names."""
    own = _fields([use], terms) - {"children"} - ({"biomarkers"} if not terms.biomarkers else set())
    stages_told = stages.named(words)
    if terms.stage == Indication.Stage.ANY:
        stages_told |= {Indication.Stage.FIRST, Indication.Stage.LATER}
    return not own or (own == {"stage"} and use.terms.stage in stages_told)


def _adds(use: OurUse, others: Sequence[OurUse], terms: LabelTerms) -> bool:
    """Whether a line differs in more from these with this use than without."""
    return not _fields([*others, use], terms) <= _fields(others, terms)


def _fields(ours: Sequence[OurUse], terms: LabelTerms) -> set[str]:
    return {one.field for one in differences(ours, terms)}


def _likeness(ours: OurUse, words: str, label: LabelTerms) -> float:
    own = ours.terms
    one, other = _telling(ours.words), _telling(words)
    return (
        4 * same_partners(own.partners, label.partners)
        + 3 * (own.stage == label.stage)
        + 2 * (own.biomarkers == label.biomarkers)
        + (own.children == label.children)
        + (own.accelerated == label.accelerated)
        + ours.in_force
        + 3 * len(one & other) / (len(one | other) or 1)
    )


def _telling(words: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z0-9]{2,}", words.casefold())} - COMMON


COMMON = {"after", "and", "or", "for", "in", "is", "of", "that", "the", "to", "with", "treatm", "patien", "adults"}
