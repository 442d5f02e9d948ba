"""Three versions of a value become one: what a form showed, what was typed, and what somebody else saved meanwhile."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple


class Outcome(Enum):
    SAME = "same"  # nobody stands against anybody
    MINE = "mine"  # only the person who typed changed it
    THEIRS = "theirs"  # only somebody else changed it
    JOINED = "joined"  # both added to a list, or took from it
    CONFLICT = "conflict"  # both changed it: a person must choose


class Merged[T](NamedTuple):
    value: T
    outcome: Outcome


def merge[T](base: T | None, mine: T, theirs: T, same: Callable[[T, T], bool]) -> Merged[T]:
    """The value to keep. Without a base, two different versions are always a conflict; its value is then mine."""
    if same(mine, theirs):
        return Merged(mine, Outcome.SAME)
    if base is not None and same(mine, base):
        return Merged(theirs, Outcome.THEIRS)
    if base is not None and same(theirs, base):
        return Merged(mine, Outcome.MINE)
    return Merged(mine, Outcome.CONFLICT)


def merge_lists(base: Sequence[str] | None, mine: Sequence[str], theirs: Sequence[str]) -> Merged[list[str]]:
    """The same for lists without an order: what either added is in, what either took out is not."""
    old = list(base) if base is not None else None
    found = merge(old, list(mine), list(theirs), lambda one, other: set(one) == set(other))
    if found.outcome is not Outcome.CONFLICT or base is None:
        return found
    added, removed = set(mine) - set(base), set(base) - set(mine)
    kept = {*theirs, *added} - removed
    return Merged([one for one in dict.fromkeys([*theirs, *mine]) if one in kept], Outcome.JOINED)
