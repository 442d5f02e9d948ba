"""Three versions become one: what somebody was shown, what they made of it, and what somebody else made meanwhile.

Knows no form, no request and no table: a version is a mapping from the name of a field to its value.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

#: A text, an answer to yes or no, or a list without an order.
type Value = str | bool | frozenset[str]
type Version = Mapping[str, Value]

#: What became of a field. Same: both versions agree. Kept: only I changed it. Taken: only they did. Joined: both added
#: to a list or took from it. Differing: both changed it, and a person must choose.
type Outcome = Literal["same", "kept", "taken", "joined", "differing"]


class Merged(NamedTuple):
    values: dict[str, Value]  # mine where a person must choose
    outcomes: dict[str, Outcome]


def merge(base: Version, mine: Version, theirs: Version) -> Merged:
    """Put what both changed since ``base`` together, field by field.

    Of a field that ``base`` does not have, nobody knows who changed it: two values of it are in conflict.
    """
    merged = {name: _merged_field(base.get(name), mine[name], theirs[name]) for name in mine}
    return Merged(
        values={name: value for name, (value, _) in merged.items()},
        outcomes={name: outcome for name, (_, outcome) in merged.items()},
    )


def _merged_field(base: Value | None, mine: Value, theirs: Value) -> tuple[Value, Outcome]:
    if mine == theirs:
        return mine, "same"
    if mine == base:
        return theirs, "taken"
    if theirs == base:
        return mine, "kept"
    if isinstance(base, frozenset) and isinstance(mine, frozenset) and isinstance(theirs, frozenset):
        taken_out = base - (mine & theirs)
        return (mine | theirs) - taken_out, "joined"
    return mine, "differing"
