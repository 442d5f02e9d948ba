"""Who does what to whom: the steps of a class, as its drawing and the list beside it show them.

The steps are rows among the words of a class, so that they are drafted, reviewed and sourced with its text. Whoever is
called as one of our components is drawn as that.
"""

from collections.abc import Iterable
from typing import NamedTuple

from portal.publishing.references import Reference

from .models import TherapyClass
from .models.kinds import STEPS

HEIGHT = 132  # of one step in the drawing, in its own units
CANCER = ("cancer cell", "tumor")
LONGEST = 24  # letters of a line under a picture


class Actor(NamedTuple):
    name: str
    drawing: list[str]  # the first that exists
    slug: str  # of the component that it is; empty for others

    @property
    def lines(self) -> list[str]:
        """Its name in one line or two."""
        head, tail = self.name, ""
        while len(head) > LONGEST // 2 + len(tail) and " " in head:
            head, _, last = head.rpartition(" ")
            tail = f"{last} {tail}".strip()
        return [line for line in (head, tail) if line]


class MechanismStep(NamedTuple):
    who: Actor
    does: str
    whom: Actor
    top: int


def steps(page: TherapyClass, components: Iterable[Reference]) -> list[MechanismStep]:
    """The steps in the published words of a class."""
    by_name = {component.name.casefold(): component.slug for component in components}
    told = STEPS.rows(page.live.words.get(STEPS.name, ""))
    return [
        MechanismStep(_actor(page, by_name, who), does, _actor(page, by_name, whom), number * HEIGHT)
        for number, (who, does, whom) in enumerate(told)
    ]


def _actor(page: TherapyClass, by_name: dict[str, str], name: str) -> Actor:
    slug = by_name.get(name.casefold(), "")
    if slug:
        return Actor(name, [f"drawings/{slug}.svg", "drawings/part.svg"], slug)
    if any(word in name.casefold() for word in CANCER):
        return Actor(name, ["drawings/cancer-cell.svg"], "")
    return Actor(name, page.drawing if name.casefold().startswith("the ") else ["drawings/part.svg"], "")
