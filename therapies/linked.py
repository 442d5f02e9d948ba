"""What the pages of therapies tell machines.

A use that ended is nowhere told as approved, and one that rests on early results says so.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.text import capfirst

from portal.publishing.addresses import absolute
from portal.publishing.linked_data import COLLECTION, MEDICAL, Node, Shown, Thing, node, of_page, text_of

from . import timeline
from .models import Therapy

#: FDA's standing of a drug, the best of its uses first.
STANDING = (
    ({timeline.APPROVED, timeline.CONVERTED}, "FDA approved"),
    ({timeline.ACCELERATED}, "FDA accelerated approval"),
    ({timeline.REVOKED}, "FDA license revoked"),
    ({timeline.WITHDRAWN}, "FDA approval withdrawn"),
)
WAITS = (
    "We have not confirmed yet whether FDA’s label for {} carries a boxed warning, which is FDA’s strongest warning. "
    "It may have one or none."
)
#: Kinds of fact by which a drug goes beside its name and its brands.
ALSO = ("suffix_name", "abbreviation", "synonym", "code")


def status(uses: Iterable[timeline.Use]) -> Node | None:
    """How FDA stands to a drug, for the uses of one page."""
    states = {use.state for use in uses}
    name = next((name for those, name in STANDING if states & those), "")
    where = node("AdministrativeArea", name="United States")
    return node("DrugLegalStatus", name=name, applicableLocation=where) if name else None


def drug(shown: Shown) -> Node | None:
    if "facts" not in shown or "on" in shown:  # as of a past day its page tells no warning, so machines get none either
        return None
    page, facts = shown["page"], shown["facts"]
    values = {kind: [fact.value for fact in several] for kind, several in facts.items()}
    warnings = [value for value in values.get("boxed_warning", ["unknown"]) if value != "none"]
    return of_page(
        "Drug",
        shown,
        name=capfirst(page.name),
        nonProprietaryName=[page.name, *values.get("suffix_name", [])],
        proprietaryName=values.get("brand", []),
        alternateName=[*values.get("brand", []), *(value for kind in ALSO for value in values.get(kind, []))],
        drugClass=node("DrugClass", name=page.therapy_class.name, url=absolute(page.therapy_class.get_absolute_url())),
        mechanismOfAction=text_of(shown, "how_it_works"),
        administrationRoute=[fact.said for fact in facts.get("route", [])],
        manufacturer=[node("Organization", name=name) for name in values.get("applicant", [])],
        legalStatus=status(shown["current"] or shown["former"]),
        prescribingInfo=[fact.fda_address for fact in facts.get("application", []) if fact.fda_address],
        warning=[WAITS.format(page.name) if value == "unknown" else value for value in warnings],
    )


def _named(therapy: Therapy, brands: Iterable[str] = (), **told: Node | None) -> Node:
    address = absolute(reverse("therapies:detail", args=[therapy.slug]))
    return node("Drug", name=capfirst(therapy.name), url=address, proprietaryName=list(brands), **told)


def condition(shown: Shown) -> Node | None:
    """A cancer with the drugs that have a use in force for it."""
    if "stages" not in shown:
        return None
    page = shown["page"]
    uses: dict[str, list[timeline.Use]] = {}
    for row in shown["current"]:
        for use in (row, *row.twins):
            uses.setdefault(use.indication.therapy.slug, []).append(use)
    drugs = [_named(several[0].indication.therapy, legalStatus=status(several)) for several in uses.values()]
    names = [page.plain_name if page.plain_name != page.name else "", *page.synonyms.splitlines()]
    return of_page(
        "MedicalCondition",
        shown,
        name=page.name,
        alternateName=[name for name in names if name],
        possibleTreatment=drugs,
    )


def biomarker(shown: Shown) -> Node | None:
    page = shown["page"]
    return None if "on" in shown else of_page("MedicalEntity", shown, name=page.name)


def drug_class(shown: Shown) -> Node:
    """A class or family, with those of its drugs that are approved today."""
    rows = [row for _, several in shown["groups"] for row in several if row.page.slug in shown["approved"]]
    drugs = [_named(row.page, row.brands) for row in rows]
    return of_page("DrugClass", shown, name=shown["page"].name, drug=drugs)


THINGS = {
    "therapies:detail": Thing(MEDICAL, drug),
    "therapies:type": Thing(MEDICAL, drug_class),
    "therapies:cancer": Thing(MEDICAL, condition),
    "therapies:biomarker": Thing(MEDICAL, biomarker),
    **{f"therapies:{name}": Thing(COLLECTION) for name in ("index", "types", "cancers", "biomarkers", "approvals")},
    **{f"therapies:{name}": Thing(MEDICAL) for name in ("use", "event", "grid", "compare", "trials", "my-visit")},
}
