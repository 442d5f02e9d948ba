"""A label's boxed warning, common side effects and route beside our facts.

Both sides are lists in a reader's words, so an item counts as told where they share a telling word, whatever it is
about. ``boxed_warnings.py`` has a list of dangers instead, since it reads the heading of FDA's own box, in FDA's terms.
Our lists of side effects are short on purpose: what a label names besides is shown, and is no difference.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..fact_kinds import NONE
from .label_uses import LabelDifference


@dataclass(frozen=True, slots=True)
class Safety:
    """What a label, or our facts, say: lists of items. No box is an empty list; None is not known."""

    boxed: tuple[str, ...] | None
    common: tuple[str, ...] | None
    routes: tuple[str, ...] | None


def safety_differences(ours: Safety, label: Safety, *, whole: bool) -> Iterable[LabelDifference]:
    """``whole``: the label is of the drug itself. Another form may lack a box, a side effect or a route of it."""
    if ours.boxed is not None and label.boxed is not None:
        yield from _boxed(ours.boxed, label.boxed, whole=whole)
    if ours.common is not None and label.common:
        strange = _untold(ours.common, label.common)
        if strange and whole:
            yield LabelDifference("side effects", "; ".join(strange), "not among the common ones")
    if ours.routes is not None and label.routes and (missing := _untold(label.routes, ours.routes)):
        yield LabelDifference("route", "; ".join(ours.routes), "; ".join(missing))


def _boxed(ours: tuple[str, ...], label: tuple[str, ...], *, whole: bool) -> Iterable[LabelDifference]:
    if bool(ours) != bool(label):
        if whole or label:
            yield LabelDifference("boxed warning", "; ".join(ours) or NONE, "; ".join(label) or NONE)
    elif missing := _untold(label, ours):
        yield LabelDifference("boxed warning", "; ".join(ours), "; ".join(missing))


def _untold(items: Iterable[str], by: Iterable[str]) -> list[str]:
    """Items that share no telling word with any of the other side's."""
    told = set[str]().union(*(_words(item) for item in by))
    return [item for item in items if not ((_words(item) - COMMON) or _words(item)) & told]


#: What two warnings share without being about the same, as the beginnings of words.
COMMON = frozenset(
    {
        *(
            "serio",
            "sever",
            "fatal",
            "possi",
            "life",
            "threa",
            "death",
            "incre",
            "decre",
            "risk",
            "may",
            "can",
            "cause",
        ),
        *(
            "low",
            "high",
            "blood",
            "with",
            "from",
            "and",
            "the",
            "for",
            "when",
            "other",
            "some",
            "into",
            "under",
            "patie",
        ),
        *("treat", "alone", "inclu", "react", "more", "injec", "probl", "numbe"),
    }
)
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
