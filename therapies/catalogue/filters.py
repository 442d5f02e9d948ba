"""What the catalogue can be narrowed by. Adding a filter is one entry in ``FILTERS``; by a kind of fact, one trait.

A filter asks about each use of a therapy; that by status about all uses that the other filters leave.
"""

from ..fact_kinds import NARROWING, FactKind
from ..narrowing import Filter

STATUS = {
    "approved": "Approved",
    "accelerated": "Accelerated approval only",
    "withdrawn": "With a withdrawn use",
    "revoked": "License revoked",
    "not-sold": "No longer sold in the US",
}


def _by_fact(kind: FactKind) -> Filter:
    return Filter(
        kind.value,
        kind.label,
        f"Any {kind.label.lower()}",
        kind.traits.narrows,
        lambda catalogue: catalogue.record.values_of(kind),
        of_use=lambda row, use: row.slugs[kind],
    )


FILTERS = (
    Filter(
        "cancer",
        "Cancer",
        "Any cancer",
        "for {within}",
        lambda catalogue: {slug: name for slug, (name, _) in catalogue.record.cancers.items()},
        of_use=lambda row, use: use.cancers,
    ),
    Filter(
        "family",
        "Type",
        "Any type",
        "of the type “{within}”",
        lambda catalogue: {row.family: row.family_name for row in catalogue.record.therapies.values()},
        of_use=lambda row, use: [row.family],
    ),
    Filter(
        "kind",
        "Class",
        "Any class",
        "in the class “{within}”",
        lambda catalogue: {row.kind: row.kind_name for row in catalogue.record.therapies.values()},
        of_use=lambda row, use: [row.kind],
    ),
    Filter(
        "biomarker",
        "Test result",
        "Any",
        "with the test result “{within}”",
        lambda catalogue: catalogue.record.biomarkers,
        of_use=lambda row, use: use.biomarkers,
    ),
    *map(_by_fact, NARROWING),
    Filter("status", "Status", "Any status", "with the status “{within}”", lambda catalogue: STATUS),
    Filter(
        "year",
        "First approved in",
        "Any year",
        "first approved in {}",
        lambda catalogue: {str(year): str(year) for year in catalogue.record.years},
        of_use=lambda row, use: [str(row.first.year)],
    ),
)
