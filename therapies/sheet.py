"""The sheet that somebody takes to the doctor: what FDA allows today for what they chose. It is made and forgotten."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from portal.publishing.references import Reference, by_key, collect, references_to, word

from . import fact_kinds, reading, timeline
from .models import Biomarker, Cancer, Indication, Therapy, TherapyClass, TherapyFact

CDER = TherapyFact.Center.CDER  # whose applications Drugs@FDA has
#: When in a treatment somebody is: what they may not know, and their team does.
ASKED_STAGES = (Indication.Stage.FIRST, Indication.Stage.SURGERY, Indication.Stage.LATER)
#: A therapy with more uses than these, for whatever cancer, is told by its cancers.
USES_IN_FULL = 8


def offered() -> dict[str, list[Reference]]:
    """What somebody may choose: cancers, test results, therapies, and the brands of these. One query."""
    return collect(
        references_to("cancer", Cancer.objects.published()),
        references_to("result", Biomarker.objects.published()),
        references_to("therapy", Therapy.objects.published()),
        reading.brand_references(TherapyFact.objects.all()),
    )


class TherapyOnSheet(NamedTuple):
    page: Therapy
    brands: list[str]
    uses: list[timeline.Use]
    warning: str  # FDA's, “none”, or "" where nobody has confirmed it
    records: list[str]  # addresses of its applications at Drugs@FDA

    @property
    def cancers(self) -> list[Cancer]:
        """Where its uses are too many for the sheet: the cancers that they are for."""
        groups = timeline.by_cancer(self.uses) if len(self.uses) > USES_IN_FULL else []
        return [cancer for cancer, _ in groups]


class SignsOfClass(NamedTuple):
    """When to call, for all therapies of one class together."""

    names: list[str]
    at_once: str
    same_day: str
    therapies: list[Therapy]  # with signs of their own


class CancerQuestions(NamedTuple):
    """What to ask about a cancer, as the facts of the uses on the sheet raise it. Empty where there are none."""

    kinds: list[Cancer]  # narrower kinds that a use is for
    tests: list[Reference]  # that a use needs and nobody ticked
    stages: list[str]  # when in a treatment, where uses differ in it
    early: list[str]  # therapies with a use that rests on early results


@dataclass
class VisitSheet:
    """What was chosen, by slug, in the order of the form."""

    cancer_slug: str = ""
    results: list[Reference] = field(default_factory=list)
    slugs: list[str] = field(default_factory=list)
    words: str = ""

    @cached_property
    def cancer(self) -> Cancer | None:
        return Cancer.objects.published().filter(slug=self.cancer_slug).first() if self.cancer_slug else None

    @cached_property
    def pages(self) -> list[Therapy]:
        if not self.slugs:
            return []
        found = Therapy.objects.published().select_related("therapy_class").filter(slug__in=self.slugs)
        return sorted(found, key=lambda page: self.slugs.index(page.slug))

    @property
    def questions(self) -> list[str]:
        return [line.strip() for line in self.words.splitlines() if line.strip()]

    def _indications(self) -> Q:
        tests = [result.slug for result in self.results]
        wanted = Q()
        if self.cancer:
            any_site = Q(cancer__kind=Cancer.Kind.TUMOR_AGNOSTIC, biomarkers__slug__in=tests)
            wanted = Q(pk__in=reading.indications_for(self.cancer).values("pk")) | any_site
        elif tests and not self.slugs:
            wanted = Q(biomarkers__slug__in=tests)
        return wanted & Q(therapy__in=[page.pk for page in self.pages]) if self.slugs else wanted

    @cached_property
    def uses(self) -> list[timeline.Use]:
        """What is approved today of all that: those that need one of the test results first. Two queries."""
        if not (self.cancer or self.results or self.slugs):
            return []
        wanted = Indication.objects.filter(self._indications()).values("pk")
        current, _ = timeline.parted(reading.uses_of_today(Indication.objects.filter(pk__in=wanted)))
        rows = current if self.slugs else timeline.regimens(current)
        chosen = {result.slug for result in self.results}
        for use in rows:
            use.fits = any(test.slug in chosen for test in use.biomarkers)
        return sorted(rows, key=lambda use: not use.fits)

    @property
    def about_cancer(self) -> CancerQuestions:
        chosen = {result.slug for result in self.results}
        other = {use.indication.cancer: None for use in self.uses if use.indication.cancer != self.cancer}
        tests = {test.slug: test for use in self.uses for test in use.biomarkers if test.slug not in chosen}
        stages = {use.terms.stage for use in self.uses}
        early = [use.indication.therapy.name for use in self.uses if use.state == timeline.ACCELERATED]
        return CancerQuestions(
            kinds=[cancer for cancer in other if cancer.kind != Cancer.Kind.TUMOR_AGNOSTIC],
            tests=sorted(tests.values(), key=lambda test: test.name.casefold()),
            stages=[stage.label for stage in ASKED_STAGES if stage in stages] if len(stages) > 1 else [],
            early=list(dict.fromkeys(early)),
        )

    @property
    def unneeded(self) -> list[Reference]:
        """Test results that were ticked and that none of these uses requires."""
        required = {test.slug for use in self.uses for test in use.biomarkers}
        return [result for result in self.results if result.slug not in required] if self.uses else []

    @cached_property
    def _beside(self) -> dict[str, list[Reference]]:
        """Boxed warnings and brands of the therapies, and the signs of their classes. One query."""
        if not self.pages:
            return {}
        facts = TherapyFact.objects.filter(therapy__in=[page.pk for page in self.pages])
        classes = TherapyClass.objects.published().filter(pk__in=[page.therapy_class_id for page in self.pages])
        told = {"key": "therapy_id", "name": "value", "slug": "kind"}
        return collect(
            references_to("warning", facts.filter(kind=fact_kinds.FactKind.BOXED_WARNING), **told),
            reading.brand_references(facts),
            references_to("application", facts.filter(kind__in=fact_kinds.APPLICATIONS, center=CDER), **told),
            references_to("signs", classes, name=word("emergency"), note=word("when_to_call")),
        )

    @property
    def therapies(self) -> list[TherapyOnSheet]:
        warnings, applications = (by_key(self._beside.get(kind, [])) for kind in ("warning", "application"))
        brands = reading.brands_by_therapy(self._beside)
        found = []
        for page in self.pages:
            uses = [use for use in self.uses if use.indication.therapy_id == page.pk]
            warning = warnings[page.pk][0].name if warnings[page.pk] else ""
            filed = [TherapyFact(kind=one.slug, value=one.name, center=CDER) for one in applications[page.pk]]
            records = [fact.fda_address for fact in filed]
            shown = "" if warning == fact_kinds.UNKNOWN else warning
            found.append(TherapyOnSheet(page, brands[page.pk], uses, shown, records))
        return found

    @property
    def signs(self) -> list[SignsOfClass]:
        """Once for each class, however many of the therapies are of it."""
        signs = by_key(self._beside.get("signs", []))
        found = []
        for pk in dict.fromkeys(page.therapy_class_id for page in self.pages):
            inside = [page for page in self.pages if page.therapy_class_id == pk]
            told = signs[pk][0] if signs[pk] else None
            own = [p for p in inside if p.live.words.get("emergency") or p.live.words.get("when_to_call")]
            names = [page.name for page in inside]
            found.append(SignsOfClass(names, told.name if told else "", told.note if told else "", own))
        return found

    @property
    def again(self) -> str:
        """Address that leads to the form with the same choices. It holds no words of anybody's own."""
        chosen = {
            "cancer": self.cancer_slug,
            "result": ",".join(result.slug for result in self.results),
            "therapy": ",".join(self.slugs),
        }
        query = urlencode({name: value for name, value in chosen.items() if value}).replace("%2C", ",")
        return f"{settings.SITE_ADDRESS}{reverse('therapies:my-visit')}{'?' if query else ''}{query}"
