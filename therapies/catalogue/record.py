"""What the catalogue reads: every therapy with its names, targets and uses, as plain rows for one day."""

import datetime
from collections import defaultdict
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import DateField, Value
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from portal.publishing.folding import by_name
from portal.publishing.kept import OfContent
from portal.publishing.names import Name, Named, names_of
from portal.publishing.templatetags.publishing import day, listed

from .. import lifeline, timeline
from ..fact_kinds import NARROWING, SEARCHED, SOLD, FactKind
from ..models import ApprovalEvent, Biomarker, Cancer, EarlierTerms, Indication, Therapy, TherapyFact
from ..names_in_sentences import within

#: In the place of the cancers where no use is in force, by what ended the last of them.
ENDED = {
    timeline.WITHDRAWN: SafeString("<strong>Withdrawn</strong>: no longer approved"),
    timeline.REVOKED: SafeString("<strong>License revoked</strong>: no longer approved"),
}
#: Behind the cancers where no use is more than that.
EARLY = SafeString(". <strong>Early (accelerated) approval</strong>: more research must confirm that it helps")


@dataclass(slots=True)
class UseRow:
    """One use of a therapy, as it was on the day that is asked for."""

    name: str  # of its main cancer
    cancers: set[str]  # slugs of both levels
    biomarkers: set[str]
    events: list[lifeline.Event] = field(default_factory=list)  # up to the day, oldest first
    state: str = timeline.NONE

    @property
    def in_force(self) -> bool:
        return self.state in timeline.IN_FORCE


@dataclass
class TherapyRow:
    """One therapy. ``shown`` are those of its uses that the filters ask about, and ``asked`` says which these are."""

    slug: str
    name: str
    kind: str
    kind_name: str
    family: str
    family_name: str
    facts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # values of the day, by kind
    slugs: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # of those that filters ask for
    first: datetime.date = datetime.date.max  # day of its first approval, whatever the filters ask about
    uses: list[UseRow] = field(default_factory=list)
    shown: list[UseRow] = field(default_factory=list)
    asked: str = ""
    whole_line: SafeString | str = ""  # the life line of all of its uses
    line: SafeString | str = ""
    is_new: bool = False  # FDA decided on one of the shown uses lately

    def without_uses(self) -> "TherapyRow":
        return TherapyRow(self.slug, self.name, self.kind, self.kind_name, self.family, self.family_name)

    @property
    def in_force(self) -> bool:
        return any(use.in_force for use in self.shown)

    @property
    def is_early(self) -> bool:
        """All that is in force of the shown uses is an accelerated approval."""
        return {use.state for use in self.shown if use.in_force} == {timeline.ACCELERATED}

    @property
    def uses_in_force(self) -> int:
        return sum(use.in_force for use in self.shown)

    @property
    def summary(self) -> SafeString:
        """Its class, the cancers in force (at most three by name) and its first approval, in one go: hundreds show.

        Where filters leave out some of its uses, cancers and first approval are those of the uses that are left.
        """
        first, asked = self.first, ""
        if len(self.shown) < len(self.uses):
            first, asked = min(date for use in self.shown for _, date, _ in use.events), f" for {self.asked}"
        names = sorted({use.name for use in self.shown if use.in_force})
        more = [f"{len(names) - 2} more"] if len(names) > 3 else []
        told = " for " + listed([*map(within, names[:2] if more else names), *more]) if names else self._ended(asked)
        early = EARLY if self.is_early else ""
        return format_html("{}{}{}. First approved{} {}.", self.kind_name, told, early, asked, day(first))

    def _ended(self, asked: str) -> SafeString:
        """None of the shown uses is in force: what ended the last one, or that others than these still are."""
        if any(use.in_force for use in self.uses):
            return format_html(". <strong>No longer approved</strong>{}", asked)
        return format_html(". {}", ENDED[max(self.shown, key=lambda use: use.events[-1][1]).state])

    @property
    def brands(self) -> list[str]:
        return self.facts[FactKind.BRAND]

    @property
    def is_sold(self) -> bool:
        return not any(set(kind.traits.unsold) & set(self.facts[kind][-1:]) for kind in SOLD)

    @cached_property
    def names(self) -> list[Name]:
        """What it is called, for the search."""
        values = (value for kind in SEARCHED for value in self.facts[kind])
        return [Name.of(self.name), *(name for value in values for name in names_of(value.replace(";", "\n")))]

    def matches(self, words: list[str]) -> bool:
        """Whether every word is in a name. Parts of one do, since the list follows while somebody types; one or two
        letters have to begin a word, as in “T vec”.
        """
        return all(
            any(word in name.whole if len(word) > 2 else name.begins(word) for name in self.names) for word in words
        )

    @property
    def found(self) -> Named:
        """It as the search tells it beside other pages."""
        title = f"{self.name} ({', '.join(self.brands)})" if self.brands else self.name
        return Named("therapy", title, self.names, reverse("therapies:detail", args=[self.slug]))

    def statuses(self, uses: list[UseRow]) -> set[str]:
        """What the filter by status finds in some of the uses."""
        states = {use.state for use in uses}
        found = states & ENDED.keys()
        if states & {timeline.APPROVED, timeline.CONVERTED}:
            found.add("approved")
        elif timeline.ACCELERATED in states:
            found |= {"approved", "accelerated"}
        if not self.is_sold:
            found.add("not-sold")
        return found


class Record(OfContent):
    """Reads the facts once, in six queries; ``rows`` may then be asked for any day."""

    @cached_property
    def cancers(self) -> dict[str, tuple[str, str]]:
        """Name and parent's slug of every cancer, by slug."""
        return {slug: (name, parent) for kind, slug, name, parent in self._cancers_and_results if kind == "cancer"}

    @cached_property
    def biomarkers(self) -> dict[str, str]:
        return {slug: name for kind, slug, name, _ in self._cancers_and_results if kind == "biomarker"}

    @cached_property
    def _cancers_and_results(self) -> list[tuple]:
        """Cancers and test results by name: kind, slug, name, and slug of the parent."""
        cancers, biomarkers = (model.objects.published().order_by() for model in (Cancer, Biomarker))
        rows = cancers.values_list(Value("cancer"), "slug", "name", Coalesce("parent__slug", Value("")))
        rows = rows.union(biomarkers.values_list(Value("biomarker"), "slug", "name", Value("")), all=True)
        return sorted(rows.order_by(), key=lambda row: by_name(row[2]))

    @cached_property
    def therapies(self) -> dict[int, TherapyRow]:
        """A row without uses and facts for every therapy, in the house's order of classes."""
        of_class = (f"therapy_class__{name}" for name in ("slug", "name", "family__slug", "family__name"))
        found = Therapy.objects.published().order_by("therapy_class__order", Lower("name"))
        return {pk: TherapyRow(*rest) for pk, *rest in found.values_list("pk", "slug", "name", *of_class)}

    @cached_property
    def _facts(self) -> list[tuple]:
        """Therapy, kind, value, and the day from which it holds, if that is known."""
        facts = TherapyFact.objects.filter(kind__in=(*SEARCHED, *NARROWING, *SOLD)).order_by("position")
        return list(facts.values_list("therapy_id", "kind", "value", "date"))

    def values_of(self, wanted: str) -> dict[str, str]:
        """The values of one of these kinds, by slug."""
        found = {value for therapy, kind, value, _ in self._facts if kind == wanted and therapy in self.therapies}
        return {slugify(value): value for value in sorted(found, key=by_name)}

    @cached_property
    def years(self) -> list[int]:
        """Years in which a therapy was first approved, newest first."""
        firsts = {therapy: date.year for _, therapy, _, _, date, _ in reversed(self._events)}  # the first one stays
        return sorted(set(firsts.values()), reverse=True)

    @cached_property
    def _events(self) -> list[tuple]:
        """Public events, oldest first: use, therapy, cancer, kind, date, precision."""
        fields = ("indication_id", "indication__therapy_id", "indication__cancer__slug", "kind", "date", "precision")
        return list(ApprovalEvent.objects.public().order_by("date", "pk").values_list(*fields))

    @cached_property
    def _further_cancers(self) -> dict[int, set[str]]:
        """Further cancers of each use that has any."""
        found: dict[int, set[str]] = defaultdict(set)
        for use, slug in Indication.also_cancers.through.objects.values_list("indication_id", "cancer__slug"):
            found[use].add(slug)
        return found

    @cached_property
    def _tests(self) -> dict[int, dict[datetime.date, set[str]]]:
        """Biomarkers that each use requires until a day on which that changed; those of today until the last one."""
        now = Indication.biomarkers.through.objects.values_list(
            "indication_id", Value(datetime.date.max, DateField()), "biomarker__slug"
        )
        before = EarlierTerms.objects.values_list("event__indication_id", "event__date", "biomarkers__slug")
        found: dict[int, dict[datetime.date, set[str]]] = defaultdict(dict)
        for use, until, slug in now.union(before, all=True).order_by():
            found[use].setdefault(until, set()).update([slug] if slug else [])
        return found

    def _tests_on(self, use: int, on: datetime.date) -> set[str]:
        """What the first decision after a day changed, else those of today."""
        later = sorted(until for until in self._tests.get(use, {}) if until > on)
        return self._tests[use][later[0]] & self.biomarkers.keys() if later else set()

    def rows(self, on: datetime.date) -> list[TherapyRow]:
        """Every therapy that FDA had approved by a day, with its uses as they stood: rows for whoever asks."""
        return [copy(row) for row in self._today] if on == timezone.localdate() else self._rows(on)

    @cached_property
    def _today(self) -> list[TherapyRow]:
        return self._rows(timezone.localdate())

    def _rows(self, on: datetime.date) -> list[TherapyRow]:
        uses: dict[int, UseRow] = {}
        therapies = {pk: row.without_uses() for pk, row in self.therapies.items()}
        for number, therapy, cancer, kind, date, precision in self._events:
            if date > on:
                break
            if number not in uses:
                uses[number] = self._use(number, cancer, on)
                row = therapies[therapy]
                row.uses.append(uses[number])
                row.first = min(row.first, date)
            uses[number].events.append((kind, date, precision))
        for therapy, kind, value, date in self._facts:
            holds = date <= on if date else on >= timezone.localdate() or kind not in SOLD
            if holds and therapy in therapies:
                therapies[therapy].facts[kind].append(value)
                if kind in NARROWING:
                    therapies[therapy].slugs[kind].append(slugify(value))
        for use in uses.values():
            use.state = timeline.state(kind for kind, _, _ in use.events)
        found = [row for row in therapies.values() if row.uses]
        for row in found:
            row.whole_line = lifeline.of_therapy([use.events for use in row.uses], on, timezone.localdate())
        return found

    def _use(self, number: int, cancer: str, on: datetime.date) -> UseRow:
        named = {cancer, *self._further_cancers.get(number, ())} & self.cancers.keys()
        both = named | {self.cancers[slug][1] for slug in named}
        return UseRow(self.cancers[cancer][0], cancers=both, biomarkers=self._tests_on(number, on))
