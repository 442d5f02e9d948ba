"""Two or three therapies side by side, from the same facts as their pages. Nothing says which is better."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString

from . import fact_kinds, reading, timeline
from .forms import Select
from .models import Biomarker, Cancer, Indication, Therapy, TherapyFact

AT_MOST = 3
PARAMETERS = ("therapy", "cancer")
#: What a heading or a message shows of something that somebody typed into the address.
LONGEST_SLUG = 60


@dataclass
class ComparedTherapy:
    page: Therapy
    facts: reading.Facts = field(default_factory=lambda: defaultdict(list))
    every: list[timeline.Use] = field(default_factory=list)
    uses: list[timeline.Use] = field(default_factory=list)  # approved now, for the cancer that was chosen
    tests: list[Biomarker] = field(default_factory=list)  # that these uses require
    beside: dict[int, set[str]] = field(default_factory=dict)  # slugs of further cancers, by use

    @property
    def first(self) -> timeline.Use | None:
        return min(self.every, key=lambda use: use.granted, default=None)

    @property
    def current(self) -> list[timeline.Use]:
        return [use for use in self.every if use.in_force]

    @property
    def cancers(self) -> list[Any]:
        return [cancer for cancer, _ in timeline.by_cancer(self.current)]

    @property
    def prevents(self) -> bool:
        return timeline.only_prevent(self.current)

    def narrow_to(self, cancer: str) -> None:
        self.uses = [use for use in self.current if cancer in self.slugs_of(use)]

    def slugs_of(self, use: timeline.Use) -> set[str]:
        cancer = use.indication.cancer
        above = {cancer.parent.slug} if cancer.parent else set()
        return {cancer.slug} | above | self.beside.get(use.indication.pk, set())


class SideBySide:
    """What somebody asked to compare, and what is to be told of it. Five queries, and two for the form."""

    def __init__(self, wanted: Iterable[str], cancer: str) -> None:
        published = {one.slug: one for one in Therapy.objects.published().select_related("therapy_class")}
        slugs = list(dict.fromkeys(slug for slug in wanted if slug))
        known = [slug for slug in slugs if slug in published]
        self.unknown = [slug[:LONGEST_SLUG] for slug in slugs if slug not in published][:AT_MOST]
        self.is_cut = len(known) > AT_MOST
        self.therapies = [ComparedTherapy(published[slug]) for slug in known[:AT_MOST]]
        self.offered = reading.brands_of(published.values())
        self.cancers = dict(Cancer.objects.published().values_list("slug", "name"))
        self.cancer = cancer if cancer in self.cancers else ""
        if self.therapies:
            self._read()
        for one in self.therapies if self.cancer else ():
            one.narrow_to(self.cancer)
        self.is_for_none = bool(cancer and self.therapies) and not any(one.uses for one in self.therapies)
        self._read_tests()

    def _read(self) -> None:
        by_key = {one.page.pk: one for one in self.therapies}
        told = TherapyFact.objects.filter(therapy__in=by_key, kind__in=fact_kinds.SHOWN)
        for fact in told.annotate(alone=reading.ALONE).select_related("source"):
            by_key[fact.therapy_id].facts[fact.kind.replace("-", "_")].append(fact)
        events = reading.events().filter(indication__therapy__in=by_key).select_related("indication__cancer__parent")
        for use in timeline.uses(events, timezone.localdate()):
            by_key[use.indication.therapy_id].every.append(use)
        beside: dict[int, set[str]] = defaultdict(set)
        further = Indication.objects.filter(therapy__in=by_key, also_cancers__isnull=False)
        for use_key, slug in further.order_by().values_list("pk", "also_cancers__slug"):
            beside[use_key].add(slug)
        for one in self.therapies:
            one.beside = beside

    def _read_tests(self) -> None:
        uses = [use.indication.pk for one in self.therapies for use in one.uses]
        if not uses:
            return
        required = list(Biomarker.objects.published().filter(indications__in=uses).annotate(use=F("indications__pk")))
        for one in self.therapies:
            own = {use.indication.pk for use in one.uses}
            one.tests = list(dict.fromkeys(test for test in required if test.use in own))

    @property
    def cancer_name(self) -> str:
        return self.cancers.get(self.cancer, "")

    @property
    def is_whole(self) -> bool:
        return len(self.therapies) > 1

    @property
    def selects(self) -> list[tuple[int, SafeString]]:
        """The three choices of a therapy, filled in as they were sent."""
        chosen = [one.page.slug for one in self.therapies]
        choices = [("", "Choose a therapy"), *self.offered]
        found = []
        for number in range(1, AT_MOST + 1):
            value = chosen[number - 1] if number <= len(chosen) else ""
            found.append((number, Select(choices=choices).render("therapy", value, {"id": f"id_therapy_{number}"})))
        return found

    @property
    def cancer_select(self) -> SafeString:
        choices = [("", "Every cancer"), *self.cancers.items()]
        return Select(choices=choices).render("cancer", self.cancer, {"id": "id_cancer"})


def compare(request: HttpRequest) -> HttpResponse:
    comparison = SideBySide(request.GET.getlist("therapy"), request.GET.get("cancer", ""))
    return render(request, "therapies/compare.html", {"comparison": comparison})
