"""How a drug is given, by the words that a label has for it."""

import re
from collections.abc import Callable, Iterable, Sequence

WAYS = "intravenous|subcutaneous|intravesical|intramuscular|intralesional|intratumoral|intradermal|intrapleural|topical"
ON_THE_PACK = re.compile(rf"\bfor (?:\w+ )?({WAYS})\b", re.IGNORECASE)
ANYWHERE = re.compile(rf"\b({WAYS})(?:ly)?\b", re.IGNORECASE)


def routes_of(filed: Sequence[str], texts: Callable[[], Iterable[str]]) -> tuple[str, ...]:
    """As openFDA files them; else what the pack says, or the one way that section 2 names. Nothing where none is sure.

    Section 2 names those of other drugs, too, so two ways in it may be one of each. ``texts`` gives both, if need be.
    """
    if filed:
        return tuple(dict.fromkeys(way.lower() for way in filed))
    pack, dosage = texts()
    packed = {way.lower() for way in ON_THE_PACK.findall(pack)}
    named = {way.lower() for way in ANYWHERE.findall(dosage)}
    return tuple(sorted(packed or (named if len(named) == 1 else ())))
