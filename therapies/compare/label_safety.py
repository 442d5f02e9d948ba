"""A label's boxed warning, common side effects and route beside our facts.

Both sides are lists in a reader's words, so an item counts as told where they share a telling word, whatever it is
about, or where ``dangers.py`` or ``side_effects.py`` knows it by another name. Our lists of side effects are short on
purpose: what a label names besides is shown, and is a difference only where the version on record did not name it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..fact_kinds import NONE
from ..models import DrugLabel
from . import dangers, side_effects
from .label_uses import LabelDifference


@dataclass(frozen=True, slots=True)
class Safety:
    """What a label, or our facts, say: lists of items. No box is an empty list; None is not known."""

    boxed: tuple[str, ...] | None
    common: tuple[str, ...] | None
    routes: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class OurSafety:
    """What our facts say of a therapy, all its brands and forms together, and which those are."""

    told: Safety
    brands: frozenset[str] = frozenset()

    def of(self, brand: str) -> Safety:
        """What they say of one brand."""

        def about(items: tuple[str, ...] | None) -> tuple[str, ...] | None:
            told = (dangers.told_of(item, [brand], self.brands) for item in items or ())
            return None if items is None else tuple(item for item in told if item)

        return Safety(about(self.told.boxed), self.told.common, about(self.told.routes))


def safety_differences(ours: OurSafety, label: Safety, brand: str, scope: str) -> Iterable[LabelDifference]:
    """A label of the drug itself says all that we say of its brand. Another form may lack a box, or parts of it."""
    whole = scope == DrugLabel.Scope.WHOLE
    told = ours.of(brand) if whole else ours.told
    if told.boxed is not None and label.boxed is not None:
        yield from _boxed(told.boxed, label.boxed, whole=whole)
    if label.common and whole:
        comparable = side_effects.comparable(told.common or (), label.common)
        if strange := _unlisted(comparable, label.common):
            yield LabelDifference("side effects", "; ".join(strange), "not among the common ones")
    if told.routes is not None and label.routes:
        own, named = _ways(told.routes), _ways(label.routes)
        if named - own or (whole and own - named):
            yield LabelDifference("route", "; ".join(told.routes), "; ".join(label.routes))


def besides(ours: OurSafety, common: Iterable[str]) -> tuple[str, ...]:
    """What a label's lists of the drug by itself name, and ours does not."""
    named = dict.fromkeys(item for told in side_effects.of_the_drug(common) for item in told.items)
    return tuple(_unlisted(named, ours.told.common or ()))


def changed(before: Sequence[str], now: Sequence[str], ours: OurSafety) -> Iterator[LabelDifference]:
    """What the list of a newer version has that the version on record had not: another threshold, and what is new."""
    was, is_now = side_effects.threshold(before), side_effects.threshold(now)
    if was and is_now and was != is_now:
        yield LabelDifference("threshold of side effects", f"{was} in the version on record", is_now)
    if before and (added := [item for item in besides(ours, now) if _unlisted([item], before)]):
        yield LabelDifference("side effects", "not in the version on record", "; ".join(added))


def _unlisted(items: Iterable[str], by: Sequence[str]) -> list[str]:
    """Side effects that lists name under no word for them."""
    listed = set[str]().union(*map(side_effects.known, by))
    found = ((item, side_effects.known(item)) for item in items)
    return [item for item, known in found if not (known & listed if known else not _untold([item], by))]


def _boxed(ours: tuple[str, ...], label: tuple[str, ...], *, whole: bool) -> Iterable[LabelDifference]:
    if bool(ours) != bool(label):
        if whole or label:
            yield LabelDifference("boxed warning", "; ".join(ours) or NONE, "; ".join(label) or NONE)
        return
    words = "; ".join(ours)
    if missing := dangers.lacking(_untold(label, ours), words):
        yield LabelDifference("boxed warning", words, "; ".join(missing))
    if surplus := dangers.surplus(words, label) if whole else []:
        yield LabelDifference("boxed warning", "; ".join(surplus), "not named")


#: How a drug is given, as labels and as readers say it.
WAYS = {
    "vein": "intraven|intravascul|vein", "skin": "subcutan|under (?:the )?skin", "muscle": "intramusc|muscle",
    "bladder": "intravesic|bladder", "tumor": "intralesion|intratumor|lesion|tumor", "cream": "topical|cream",
}  # fmt: skip


def _ways(routes: Iterable[str]) -> set[str]:
    """One that has no name here is told by its own words; a form in brackets is none."""
    found = set[str]()
    for route in routes:
        ways = {way for way, words in WAYS.items() if re.search(words, route.casefold())}
        found |= ways or ({route.casefold()} if "(" not in route else set())
    return found


def _untold(items: Iterable[str], by: Iterable[str]) -> list[str]:
    """Items that share no telling word with any of the other side's."""
    told = set[str]().union(*(_words(item) for item in by))
    return [item for item in items if not ((_words(item) - COMMON) or _words(item)) & told]


#: What two warnings share without being about the same, as the beginnings of words.
COMMON = {
    *("serio", "sever", "fatal", "possi", "life", "threa", "death", "incre", "decre", "risk", "may", "can", "cause"),
    *("low", "high", "blood", "with", "from", "and", "the", "for", "when", "other", "some", "into", "under", "patie"),
    *("treat", "alone", "inclu", "react", "more", "injec", "probl", "numbe"),
}
#: Words for the same thing, by how they begin.
SAME = {
    "fatig": "tired", "swell": "swoll", "edema": "swoll", "immun": "icans", "neuro": "nerve", "leaki": "leak",
    "subcu": "skin", "intra": "vein", "unbor": "fetal", "embry": "fetal", "pregn": "fetal", "cardi": "heart",
    "hepat": "liver", "pulmo": "lung", "throm": "clot", "hemor": "bleed", "multi": "pml",
    "neutr": "count", "anemi": "count", "plate": "count", "cells": "count",
}  # fmt: skip


def _words(text: str) -> set[str]:
    found = (word[:5] for word in re.findall(r"[a-z]{3,}", text.casefold()))
    return {SAME.get(word, word) for word in found}
