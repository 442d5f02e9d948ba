"""Decisions by year and family, as rows of small bars on one scale, and the same numbers as a table.

A family is told by its own row and name, so no color has to be learned. What FDA granted stands above the
line; what it took back hangs below it as outlines. Places are percentages: the drawing stretches, its text does not.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from .models import ApprovalEvent

TALLEST = 110  # pixels of the highest bar
EACH = 6.0  # pixels of one decision, at most
ALL = "All types"


class Bar(NamedTuple):
    x: float  # percent
    y: float
    height: float
    taken_back: bool


class Strip(NamedTuple):
    name: str
    granted: int
    taken_back: int
    said: str
    bars: list[Bar]
    base: float
    height: float
    width: float  # of a bar

    @property
    def drawn(self) -> SafeString:
        """Its bars as SVG, in one go: there are hundreds, each of four numbers of ours."""
        gone = {True: ' class="gone"', False: ""}
        return mark_safe(  # noqa: S308
            "".join(
                f'\n<rect{gone[bar.taken_back]} x="{bar.x}%" y="{bar.y}" width="{self.width}%" height="{bar.height}"/>'
                for bar in self.bars
            )
        )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _cell(granted: int, taken_back: int) -> str:
    return f"{granted}, {taken_back} ended or narrowed" if taken_back else str(granted)


class Chart:
    def __init__(self, rows: Iterable[tuple[str, ApprovalEvent]], years: range, families: Sequence[str]) -> None:
        self.years = years
        self.granted: Counter[tuple[str, int]] = Counter()
        self.taken_back: Counter[tuple[str, int]] = Counter()
        for family, event in rows:
            counted = self.taken_back if event.takes_back else self.granted
            for name in (family, ALL):
                counted[name, event.date.year] += 1
        told = {name for name, _ in [*self.granted, *self.taken_back]}
        named = [name for name in families if name in told]
        self.names = [*named, ALL] if len(named) > 1 else named

    @property
    def width(self) -> float:
        """Of a bar, in percent."""
        return round(72 / len(self.years), 2)

    def _x(self, year: int) -> float:
        return round(100 * (year - self.years.start + 0.14) / len(self.years), 2)

    @cached_property
    def ticks(self) -> list[tuple[int, float]]:
        """The years that the axis names, with the middle of their bars."""
        return [(year, round(self._x(year) + self.width / 2, 2)) for year in self.years if year % 10 == 0]

    @cached_property
    def lines(self) -> SafeString:
        """A line for each of these years, as SVG: the same behind every row."""
        line = '<line class="tick" x1="{0}%" x2="{0}%" y1="0" y2="100%"/>\n'
        return mark_safe("".join(line.format(place) for _, place in self.ticks))  # noqa: S308 - numbers of ours

    @cached_property
    def each(self) -> float:
        """Pixels of one decision, the same in every row."""
        return min(EACH, TALLEST / max([*self.granted.values(), *self.taken_back.values(), 1]))

    @cached_property
    def strips(self) -> list[Strip]:
        return [self._strip(name) for name in self.names]

    def _strip(self, name: str) -> Strip:
        up = {year: self.granted[name, year] for year in self.years if self.granted[name, year]}
        down = {year: self.taken_back[name, year] for year in self.years if self.taken_back[name, year]}
        base = round(max([*up.values(), 0]) * self.each + 6, 1)
        bars = [
            Bar(self._x(year), round(base - number * self.each, 1), round(number * self.each, 1), False)
            for year, number in up.items()
        ]
        bars += [Bar(self._x(year), base + 2, round(number * self.each, 1), True) for year, number in down.items()]
        height = base + max([*down.values(), 0]) * self.each + 6
        granted, taken_back = sum(up.values()), sum(down.values())
        most = max(up, key=lambda year: (up[year], year), default=0)
        peak = f", most often in {most} ({up[most]})" if len(up) > 1 and up[most] > 1 else ""
        said = [f"approved, expanded, or confirmed {_times(granted)}{peak}"] if granted else []
        said += [f"ended or narrowed {_times(taken_back)}"] if taken_back else []
        return Strip(name, granted, taken_back, "; ".join(said), bars, base, round(height, 1), self.width)

    @property
    def table(self) -> list[tuple[str, list[str]]]:
        """Year, then what was granted and what ended or was narrowed for each row of the drawing, newest first."""
        found = [(year, [(self.granted[n, year], self.taken_back[n, year]) for n in self.names]) for year in self.years]
        told = [(year, cells) for year, cells in reversed(found) if any(any(pair) for pair in cells)]
        return [(str(year), [_cell(*pair) for pair in cells]) for year, cells in told]
