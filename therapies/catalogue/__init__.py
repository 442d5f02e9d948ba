"""The catalogue: every therapy with what FDA's decisions say of it on a day, filtered and counted."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from portal.publishing import names
from portal.publishing.folding import by_name
from portal.publishing.names import Named
from portal.publishing.search import spelling
from portal.publishing.search.lexicon import Lexicon, lexicon

from .. import lifeline
from ..models import ApprovalEvent
from ..narrowing import Asked, Filter, NarrowedList
from .filters import FILTERS
from .record import Record, TherapyRow, UseRow

#: Filters that may leave some uses of a therapy and not others, with what its row calls those that are left.
TELLING = {"cancer": "this cancer", "biomarker": "this test result"}
#: Pages that tell for whom a therapy is approved. A test result comes first: some tumors are named after theirs.
FOR_WHOM = ("test result", "cancer")
#: Pages that know a past day.
DATED = ("therapy", *FOR_WHOM)
SORT = {"": "By name", "newest": "Newest first", "oldest": "Oldest first", "uses": "Most uses first"}


def uses_asked(row: TherapyRow, asked: Asked) -> list[UseRow]:
    """The uses that all filters but that by status leave."""
    wanted = [(one.of_use, asked[one.name]) for one in FILTERS if one.of_use and asked.get(one.name)]
    return (
        [use for use in row.uses if all(value in of_use(row, use) for of_use, value in wanted)] if wanted else row.uses
    )


def _status_fits(row: TherapyRow, uses: list[UseRow], asked: Asked) -> bool:
    status = asked.get("status")
    return not status or status in row.statuses(uses)


class CancerAsked(NamedTuple):
    slug: str
    name: str


class Catalogue(NarrowedList):
    offered = FILTERS
    headed, cited = "Therapies", "Immunotherapies approved by FDA"

    def __init__(self, record: Record | None = None) -> None:
        super().__init__()
        self.record = record or Record()

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return super().choices() | {"sort": list(SORT.items())}

    def fitting(self, asked: Asked) -> list[TherapyRow]:
        named = self.named if "q" in asked else self.all
        return [row for row in named if (uses := uses_asked(row, asked)) and _status_fits(row, uses, asked)]

    def answers(self, row: TherapyRow, one: Filter, others: Asked) -> Iterable[str]:
        uses = uses_asked(row, others)
        if not one.of_use:
            return row.statuses(uses)
        return {value for use in uses if _status_fits(row, [use], others) for value in one.of_use(row, use)}

    def select(self, filters: Asked) -> list[TherapyRow]:
        """The rows that the filters leave, in order. What was not approved by that day is not in the catalogue."""
        self.ask(filters)
        self.all = self.record.rows(self.on)
        rows = self.fitting(self.filters)
        since = self.today - ApprovalEvent.NEW_FOR
        told = [words for name, words in TELLING.items() if name in self.filters]
        for row in rows:
            row.shown = uses_asked(row, self.filters)
            row.asked = told[0] if len(told) == 1 else "these uses"
            row.is_new = any(date >= since for use in row.shown for _, date, _ in use.events)
            row.line = row.whole_line
            if len(row.shown) < len(row.uses):
                row.line = lifeline.of_therapy([use.events for use in row.shown], self.on, self.today)
        self.rows = sorted(rows, key=self._order)
        return self.rows

    def _order(self, row: TherapyRow) -> tuple:
        keys: dict[str, Any] = {
            "newest": -row.first.toordinal(),
            "oldest": row.first.toordinal(),
            "uses": -row.uses_in_force,
        }
        return (not row.in_force, keys.get(self.filters.get("sort", ""), 0), by_name(row.name))  # those that ended last

    @property
    def cancer_asked(self) -> CancerAsked | None:
        """The cancer that the list was narrowed to, if it has a page."""
        slug = self.filters.get("cancer", "")
        return CancerAsked(slug, self.record.cancers[slug][0]) if slug in self.record.cancers else None

    # What is typed

    @cached_property
    def words(self) -> list[str]:
        """What was typed, without FDA's suffix where no therapy has just this one: a biosimilar has its own."""
        typed = self.filters.get("q", "")
        words = names.words_of(typed)
        known = any(row.matches(words) for row in self.all)
        return words if known else names.words_of(names.without_suffix(typed))

    @cached_property
    def named(self) -> list[TherapyRow]:
        """The therapies with what was typed in their names, whatever else is asked."""
        return [row for row in self.all if self.words and row.matches(self.words)]

    @property
    def is_nameless(self) -> bool:
        """Something was typed that no therapy is called."""
        return "q" in self.filters and not self.named

    @cached_property
    def _known(self) -> Lexicon:
        """Names and words of the one search."""
        return lexicon()

    @property
    def _pages(self) -> list[Named]:
        return self._known.pages if self.words else []

    @cached_property
    def elsewhere(self) -> list[Named]:
        """Cancers, test results, and other pages with what was typed in their names."""
        return self._on_that_day(names.with_words(self._pages, self.words))

    def _on_that_day(self, pages: Iterable[Named]) -> list[Named]:
        day = self.day_query
        return [page._replace(address=page.address + day) if page.called in DATED else page for page in pages]

    @cached_property
    def guesses(self) -> list[Named]:
        """Therapies, cancers, and test results that may be meant where nothing is called so: words are corrected as the
        one search does it.
        """
        if not self.words or self.named or self.elsewhere:
            return []
        right = spelling.put_right(self.filters["q"], self._known)
        dated = [*(row.found for row in self.all), *(page for page in self._pages if page.called in DATED)]
        return self._on_that_day(names.nearest(dated, right))

    @property
    def meant(self) -> str:
        """Address of the page that somebody surely means: the only one that is called just so, or the only therapy.

        The glossary's PD-L1 does not open where a test result has that in its name.
        """
        rows = self._on_that_day(row.found for row in self.rows)
        answers = [[page for page in self.elsewhere if page.called == called] for called in FOR_WHOM]
        exact = [[one for one in pages if one.is_called(self.words)] for pages in (rows, *answers, self.elsewhere)]
        meant: list[Named] = exact[0] or exact[1] or exact[2] or rows or ([] if any(answers) else exact[3])
        return meant[0].address if len(meant) == 1 else ""

    def filters_said(self) -> list[str]:
        named = [f"with “{self.filters['q']}” in a name"] if "q" in self.filters else []
        return super().filters_said() + named

    @property
    def heading(self) -> str:
        return f"Search for “{self.filters['q']}”" if self.is_nameless else super().heading

    @property
    def early_said(self) -> str:
        """How many of the therapies that ``said`` counts as approved are so on early results; empty where none is."""
        approved, early = (sum(getattr(row, name) for row in self.rows) for name in ("in_force", "is_early"))
        if not early or self.is_nameless:
            return ""
        which = f"{early} of them" if early < approved else "It" if early == 1 else "All of them"
        return f"{which} {'has' if early == 1 else 'have'} only early (accelerated) approval."

    @property
    def said(self) -> str:
        """What the list holds, as one sentence without its end; or what was found in its place."""
        if self.is_nameless:
            number = len(self.elsewhere)
            found = f"{number} {'page matches' if number == 1 else 'pages match'}" if number else "Nothing matches"
            return f"{found} “{self.filters['q']}”"
        approved = sum(row.in_force for row in self.rows)
        ended = len(self.rows) - approved
        parts = [f"{approved} {'therapy' if approved == 1 else 'therapies'} approved", *self.filters_said()]
        if ended:
            parts.append(f"and {ended} no longer approved")
        return " ".join(parts)
