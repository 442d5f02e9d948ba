"""The life line: a use, or a whole therapy, drawn along the years as a small SVG.

One scale serves the whole site, so that a reader learns it once. Nearly all approvals lie
after 2010, so the years before take a quarter of the width; the axis marks where the scale
changes. Places are percentages, so the drawing stretches with the page and its marks do not.
Circles and ticks are drawn in place: a page has hundreds, and a browser makes two elements more of each ``<use>``. The
other shapes (``#m-…``) stand in ``templates/therapies/_marks.html``, once a page. The same words stand beside each line
as text, so the drawing is hidden from screen readers.
"""

import datetime
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from . import timeline
from .timeline import Kind

START, TURN = datetime.date(1986, 1, 1), datetime.date(2010, 1, 1)
LEFT, MIDDLE, RIGHT = 1.5, 25.0, 98.0
SYMBOL: dict[str, str] = {
    Kind.ACCELERATED: "m-accelerated",
    Kind.APPROVAL: "m-approved",
    Kind.CONVERTED: "m-converted",
    Kind.WITHDRAWN: "m-withdrawn",
    Kind.REVOKED: "m-revoked",
    Kind.NARROWED: "m-narrowed",
}
LINE = {timeline.ACCELERATED: "acc", timeline.APPROVED: "reg", timeline.CONVERTED: "reg"}
GONE = "gone"
#: Radius of each mark that is a circle.
CIRCLES = {"m-approved": 5.5, "m-accelerated": 5, "m-more": 3}

Event = tuple[str, datetime.date, str]  # kind, date, precision


@lru_cache(maxsize=8192)
def place(date: datetime.date, today: datetime.date) -> float:
    """Where a day stands, in percent of the width."""
    date = max(date, START)
    if date < TURN:
        share = (date - START) / (TURN - START)
        return round(LEFT + share * (MIDDLE - LEFT), 1)
    share = (date - TURN) / (datetime.date(today.year + 1, 1, 1) - TURN)
    return round(min(MIDDLE + share * (RIGHT - MIDDLE), RIGHT), 1)


def years(today: datetime.date) -> list[tuple[int, float]]:
    """The years that the axis names, with their places."""
    named = [1995, TURN.year, 2014, 2018, 2022]
    named += range(2026, today.year + 1, 4)
    return [(year, place(datetime.date(year, 1, 1), today)) for year in named]


def axis(today: datetime.date) -> SafeString:
    """The names of the years, above the lines."""
    named = "".join(f'<text x="{at}%" y="20">{year}</text>' for year, at in years(today))
    return mark_safe(f'<div class="axis" aria-hidden="true"><svg>{named}</svg></div>\n')  # noqa: S308 - numbers of ours


def ticks(today: datetime.date) -> tuple[str, str]:
    """Paths down all lines: at the years, and where the scale changes."""
    drawn = {year: f"M{at} 0v20" for year, at in years(today)}
    turn = drawn.pop(TURN.year)
    return "".join(drawn.values()), turn


def _svg(title: str, parts: Iterable[str]) -> SafeString:
    """The parts are numbers and names of ours; the title is escaped."""
    inside = f'<title>{escape(title)}</title><use href="#m-years"/>{"".join(parts)}'
    return mark_safe(f'<svg class="life" aria-hidden="true">{inside}</svg>')  # noqa: S308


def _line(style: str, start: float, end: float) -> str:
    return f'<line class="{style}" x1="{start}%" x2="{end}%" y1="10" y2="10"/>' if end > start else ""


def _mark(symbol: str, at: float) -> str:
    if radius := CIRCLES.get(symbol):
        return f'<circle class="{symbol}" cx="{at}%" cy="10" r="{radius}"/>'
    return f'<use href="#{symbol}" x="{at}%"/>'


def _today(now: float) -> str:
    return f'<use href="#m-now" x="{now}%"/>'


def of_use(events: Sequence[Event], on: datetime.date, today: datetime.date) -> SafeString:
    """One use: its events up to ``on``, oldest first."""
    lines, marks, kinds = [], [], []
    now = place(on, today)
    for number, (kind, date, precision) in enumerate(events):
        kinds.append(kind)
        at = place(date, today)
        then = place(events[number + 1][1], today) if number + 1 < len(events) else now
        lines.append(_line(LINE.get(timeline.state(kinds), GONE), at, then))
        widened = kind in (Kind.ACCELERATED, Kind.APPROVAL) and number > 0
        if precision != "day":
            marks.append(_mark("m-month", at))
        marks.append(_mark("m-widened" if widened else SYMBOL[kind], at))
    words = (f"{word} {date.isoformat()[:7]}" for word, (_, date, _) in zip(timeline.told(kinds), events, strict=True))
    if timeline.state(kinds) in timeline.IN_FORCE:
        marks.append(_today(now))
    return _svg(" · ".join(words), [*lines, *marks])


def of_therapy(uses: Iterable[Sequence[Event]], on: datetime.date, today: datetime.date) -> SafeString:
    """A whole therapy: the line is drawn while any use is in force, dashed while all of them are accelerated."""
    steps = sorted((date, number, kind) for number, events in enumerate(uses) for kind, date, _ in events)
    if not steps:
        return mark_safe("")
    states: dict[int, str] = {}
    lines, marks = [], []
    now = place(on, today)
    style, since, last = "", 0.0, -9.0
    for date, number, kind in steps:
        states[number] = timeline.after(states.get(number, timeline.NONE), kind)
        found = set(states.values())
        regular = timeline.APPROVED in found or timeline.CONVERTED in found
        new = "reg" if regular else "acc" if timeline.ACCELERATED in found else GONE
        at = place(date, today)
        if new != style:
            if style:
                lines.append(_line(style, since, at))
            marks.append(_mark({"reg": "m-approved", "acc": "m-accelerated"}.get(new, SYMBOL[kind]), at))
            style, since, last = new, at, at
        elif kind in (Kind.ACCELERATED, Kind.APPROVAL) and at - last >= 0.8:
            marks.append(_mark("m-more", at))
            last = at
    lines.append(_line(style, since, now))
    if style != GONE:
        marks.append(_today(now))
    first, number = steps[0][0], len(states)
    return _svg(f"First approved {first:%Y-%m}; {number} use{'s' if number > 1 else ''} since", [*lines, *marks])
