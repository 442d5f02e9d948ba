"""Lists of the public pages that filters narrow: what each filter offers, and how many rows each choice would leave.

Some hundred rows are filtered in Python: one pass gives the list and the counts beside every choice, and the number of
queries does not depend on what is asked.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.http import urlencode

from .names_in_sentences import within

type Names = dict[str, str]
type Asked = Mapping[str, Any]


@dataclass(frozen=True)
class Filter:
    name: str
    label: str
    any_choice: str  # words of the choice that leaves every row: “Any cancer”
    in_heading: str  # how the heading says a choice: “in {}”, or “for {within}” with a small first letter
    choices: Callable[[Any], Names]  # given the list: labels by value, in order
    #: Given a row and one of its uses: the choices that this use fits. Without it, ``answers`` of the list tells them.
    of_use: Callable[..., Iterable[str]] | None = None


class NarrowedList:
    """A list of rows as of one day, with the filters that somebody asked for. ``sort`` and ``on`` are asked for like
    filters and leave no row out.
    """

    offered: tuple[Filter, ...]
    headed: str  # what stands above the list, and what a citation calls it, before what is asked
    cited: str

    def __init__(self) -> None:
        self.today = self.on = timezone.localdate()
        self.filters: dict[str, Any] = {}  # all that is asked but the day

    def fitting(self, asked: Asked) -> list[Any]:
        """The rows that some filters leave."""
        raise NotImplementedError

    def answers(self, row: Any, one: Filter, others: Asked) -> Iterable[str]:
        """The choices of one filter that a row fits, the other filters as they are."""
        raise NotImplementedError

    def ask(self, filters: Asked) -> None:
        self.filters = {name: value for name, value in filters.items() if value and name != "on"}
        self.on = filters.get("on") or self.today

    @property
    def is_past(self) -> bool:
        return self.on != self.today

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What each filter may be set to; the empty choice asks nothing."""
        return {one.name: [("", one.any_choice), *one.choices(self).items()] for one in self.offered}

    def _without(self, *names: str) -> dict[str, Any]:
        return {key: value for key, value in self.filters.items() if key not in names}

    @property
    def _day(self) -> dict[str, str]:
        """What keeps the day in an address."""
        return {"on": self.on.isoformat()} if self.is_past else {}

    @property
    def day_query(self) -> str:
        """What keeps the day in the address of a single page."""
        return f"?{urlencode(self._day)}" if self._day else ""

    @property
    def address(self) -> str:
        """The query that the list is shared and cited by: all that is asked but the order, and the day."""
        asked = self._without("sort") | self._day
        return f"?{urlencode(asked)}" if asked else ""

    @property
    def heading(self) -> str:
        return " ".join([self.headed, *self.filters_said()])

    @property
    def title_cited(self) -> str:
        return " ".join([self.cited, *self.filters_said()])

    def counts(self) -> dict[str, dict[str, int]]:
        """For each filter and choice: how many rows it would leave, the other filters as they are."""
        found: dict[str, dict[str, int]] = {}
        for one in self.offered:
            others = self._without(one.name)
            found[one.name] = Counter(v for row in self.fitting(others) for v in self.answers(row, one, others))
        return found

    def wider(self) -> list[tuple[str, dict[str, str], int]]:
        """What leaving out one filter would give, as (filter, query, number), nearest first."""
        found = [(name, self._without(name)) for name in self.filters if name != "sort"]
        counted = [(name, others | self._day, len(self.fitting(others))) for name, others in found]
        return sorted((item for item in counted if item[2]), key=lambda item: (item[2], item[0]))

    def filters_said(self) -> list[str]:
        asked = [one for one in self.offered if one.name in self.filters]
        labels = [one.choices(self)[self.filters[one.name]] for one in asked]
        return [one.in_heading.format(name, within=within(name)) for one, name in zip(asked, labels, strict=True)]
