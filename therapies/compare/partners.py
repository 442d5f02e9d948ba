"""Whether two lists of partner drugs name the same ones, where a word for a group answers for any drug of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

#: Words for chemotherapy as a whole or by group: each stands for any drug of it.
UMBRELLA = re.compile(r"chemotherapy|platinum|fluoropyrimidine|anthracycline|taxane")
#: What is no chemotherapy: targeted drugs, hormones, antibodies and other treatments by their endings.
OTHER = re.compile(
    r"\b\w*(?:mab|nib|lib|lidomide|domide|zomib|sone|solone|stat|leukin|radiation|radiotherapy|bcg|alfa|vedotin)\b"
)


@dataclass(frozen=True)
class Partners:
    """The drugs beside a therapy. “Chemotherapy” of the one side answers for drugs of it that the other names."""

    names: tuple[str, ...]

    @cached_property
    def plain(self) -> frozenset[str]:
        parts = (part for name in self.names for part in re.split(r",|;| and | then | or ", name))
        return frozenset(plain for part in parts if (plain := _plain(part)))

    @property
    def has_umbrella(self) -> bool:
        return any(UMBRELLA.search(name) for name in self.plain)

    @property
    def own(self) -> frozenset[str]:
        """Without chemotherapy."""
        return frozenset(name for name in self.plain if OTHER.search(name))


def _plain(name: str) -> str:
    """“a rituximab product (any)” and “platinum-based” without what says nothing."""
    name = re.sub(r"\(.*?\)|-(?:based|containing)|-[a-z]{4}$|\b(?:an?|either|products?|5-)\b", " ", name.casefold())
    return " ".join(re.sub(r"radiotherapy|radiation therapy", "radiation", name).replace("-", " ").split())


def same_partners(ours: Sequence[str], label: Sequence[str]) -> bool:
    """Whether both name the same drugs, where a word for a group of drugs answers for any of the group."""
    one, other = Partners(tuple(ours)), Partners(tuple(label))
    if one.plain == other.plain:
        return True
    if not (one.plain and other.plain):
        return False
    return one.own == other.own and (one.has_umbrella or other.has_umbrella)
