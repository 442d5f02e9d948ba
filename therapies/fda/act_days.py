"""On which day an act of a notice was: in its sentence, beside it, or told by the day of the notice."""

import contextlib
import datetime
import re
from functools import lru_cache

from . import cells, sentences
from .act_verbs import Act
from .naming import Read
from .sentences import masked

ALSO = re.compile(r"\balso $", re.IGNORECASE)
ANNOUNCED = re.compile(r"\bannounce[ds]\b", re.IGNORECASE)
#: Another date in a sentence that says so is another act's.
BEFORE = re.compile(
    r"\b(?:previous|initial|original|earlier|first|dated|since|(?<!have )received)\w*\b[^.]{0,60}$", re.IGNORECASE
)
#: A month or a year that stands alone dates what came before: "approved Samplimab in March 2011".
MONTH_OR_YEAR = re.compile(
    rf"\b(?:in|since|during) (?:(?:early|mid|late)[- ])?(?:(?P<month>{sentences.MONTH}),? (?:of )?)?"
    r"(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
#: A day that stands alone behind the act, in its line: "… cancer. April 16, 2021.", "More Information (June 2, 2016)".
BEHIND = re.compile(
    rf"(?:[^\n]*\.)?\s*(?:More Information\d*)?\s*\(?(?P<when>{sentences.DATE.pattern})\)?\s*(?:\.|$)",
    re.MULTILINE | re.IGNORECASE,
)
#: The same above it, as a newspaper or a feed begins: "27 October 2023. The Food and Drug Administration approved …".
ABOVE = re.compile(
    rf"^\W*(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*,? )?(?P<when>{sentences.DATE.pattern})"
    r"(?:,? \d\d?:\d\d(?: ?[ap]m)?)?\W*\Z",
    re.MULTILINE | re.IGNORECASE,
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: News of some days before, whose day is not that of the news: "The FDA last week approved …".
DAYS_BEFORE = re.compile(
    r"\b(?:last (?:week|month|year)|earlier th(?:is|at) (?:week|month|year)|yesterday|recently)\b", re.I
)
WEEKDAY = re.compile(rf"\b(?:On|Last) (?P<day>{'|'.join(WEEKDAYS)})\b", re.IGNORECASE)
#: A day without its year, which that of the notice tells: "On June 12, the FDA approved …".
OF_YEAR = re.compile(rf"\bOn (?P<day>{sentences.MONTH} \d{{1,2}})(?!\d|(?:st|nd|rd|th)?,? ?\d{{4}})", re.IGNORECASE)


def is_of_days_before(text: str, act: Act) -> bool:
    """Whether its sentence tells that it was not on the day of the text."""
    return bool(DAYS_BEFORE.search(text, act.start, act.verb.start()))


def day_before(text: str, act: Act, published: datetime.date | None) -> Read | None:
    """The day before that of the notice which its sentence tells: "On Thursday", "On June 12, the FDA approved …"."""
    if not published:
        return None
    if told := WEEKDAY.search(text, act.start, act.verb.start()):
        back = (published.weekday() - WEEKDAYS.index(told["day"].capitalize())) % 7
        return Read((published - datetime.timedelta(days=back)).isoformat(), told[0])
    if told := OF_YEAR.search(text, act.start, act.verb.start()):
        for year in (published.year, published.year - 1):
            with contextlib.suppress(cells.Bad):
                own = cells.day(f"{told['day']}, {year}", published)
                return Read(own.isoformat(), told[0]) if own else None
    return None


def day_of_year(text: str, act: Act, first: Read | None, today: datetime.date) -> Read | None:
    """The day without its year in a list whose first decision told the year: "On January 17, the FDA approved …"."""
    told = OF_YEAR.search(text, act.start, act.verb.start()) if first else None
    with contextlib.suppress(cells.Bad):
        own = cells.day(f"{told['day']}, {first.value[:4]}", today) if told and first else None
        return Read(own.isoformat(), told[0]) if own and told else None
    return None


def is_of_same_day(text: str, act: Act) -> bool:
    """Whether its sentence goes on with the act before: "FDA also granted …"."""
    return bool(ALSO.search(text, act.start, act.verb.start()))


def day(text: str, act: Act, today: datetime.date) -> Read | None:
    """The day in the sentence that acts: before the verb, or behind it, but not another decision's."""
    announced = next(reversed(list(ANNOUNCED.finditer(text, act.start, act.verb.start()))), None)
    before = (found for found in _dates(text, act.start, act.end) if found.end() <= act.verb.start())
    on = next(reversed([found.start() for found in before if text.endswith("On ", 0, found.start())]), 0)
    for found in _dates(text, act.start, act.end):
        if _is_anothers(text, act, found.start()):
            continue
        is_above = found.end() <= act.verb.start() and not text.endswith("On ", 0, found.start())
        if is_above and DAYS_BEFORE.search(text, found.end(), act.verb.start()):
            continue  # "RYE BROOK, N.Y., February 28, 2022 – The FDA recently approved …": the day of the news
        if is_above and found.end() <= on:
            continue  # a copy that lost its line ends: "07 Feb 2025 On 27 December 2024, FDA approved …"
        if announced and found.end() <= announced.start() and _tells_another(text, act, found, today):
            continue
        if own := sentences.day(found, today):
            if is_above and any(told.search(text, found.end(), act.verb.start()) for told in (WEEKDAY, OF_YEAR)):
                return day_before(text, act, own)
            start = found.start() - 3 if text[: found.start()].lower().endswith("on ") else found.start()
            return Read(own.isoformat(), text[start : found.end()])
    return None


def _tells_another(text: str, act: Act, above: re.Match[str], today: datetime.date) -> bool:
    """Whether the news of a company, itself dated, tells the day of the approval: some days before."""
    published = sentences.day(above, today)
    behind = (found for found in _dates(text, act.start, act.end) if 0 <= found.start() - act.verb.end() <= 120)
    days = (sentences.day(found, today) for found in behind if text[: found.start()].endswith("on "))
    return published is not None and any(day and 0 <= (published - day).days <= 14 for day in days)


def day_beside(text: str, act: Act, today: datetime.date) -> Read | None:
    """The day that stands alone above the sentence that acts, or behind it, where the sentence itself has none."""
    above = None if is_of_days_before(text, act) else ABOVE.search(text[: act.start])
    return _alone(above, today) if above else day_behind(text, act.end, today)


def day_behind(text: str, end: int, today: datetime.date) -> Read | None:
    """The day that stands alone behind this place, in its line."""
    behind = BEHIND.match(text, end)
    return _alone(behind, today) if behind else None


def _alone(found: re.Match[str], today: datetime.date) -> Read | None:
    own = sentences.day(found, today)
    return Read(own.isoformat(), found["when"]) if own else None


@lru_cache(maxsize=8)
def _dates(text: str, start: int, end: int) -> tuple[re.Match[str], ...]:
    """Every act of a sentence asks for them again, and a sentence may be as long as a text."""
    return tuple(sentences.DATE.finditer(text, start, end))


def is_of_another_day(
    text: str, act: Act, that: Read | None, known: datetime.date | None, today: datetime.date
) -> bool:
    """Whether its sentence gives it a day other than that of the first act, or a month or year other than known."""
    if own := day(text, act, today):
        return that is not None and own.value != that.value
    found = MONTH_OR_YEAR.search(masked(text[act.start : act.end]))  # what brackets add may be of another day
    if not found or _is_anothers(text, act, act.start + found.start()):
        return False
    if known is None:  # an approval of today has a day
        return act.group != "withdrawn"
    month = found["month"] and cells.MONTHS.get(found["month"].lower().rstrip("."))
    return int(found["year"]) != known.year or bool(month and month != known.month)


def _is_anothers(text: str, act: Act, place: int) -> bool:
    """Whether a date behind the verb is said to be of another act."""
    return place > act.verb.end() and bool(BEFORE.search(text, act.verb.end(), place))
