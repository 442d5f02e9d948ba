"""What waits for a member of staff, as their dashboard lists it. Rooms declare what waits in them."""

from collections.abc import Sequence
from typing import NamedTuple

SHOWN = 8


class WorkLine(NamedTuple):
    """One thing to do, and where it is done."""

    address: str
    kind: str
    text: str
    note: str = ""
    here: Sequence[str] = ()  # who else has it open


class WorkList(NamedTuple):
    """Lines under a title. One without lines is shown if it has words for when it is ``empty``."""

    title: str
    lines: Sequence[WorkLine]
    empty: str = ""
    see_all: str = ""  # address

    @property
    def shown(self) -> Sequence[WorkLine]:
        """All of them, or the first where there is an address at which to see all."""
        return self.lines[:SHOWN] if self.see_all else self.lines
