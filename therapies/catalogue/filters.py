"""What the catalogue can be narrowed by. Adding a filter is one entry in ``FILTERS``.

A filter asks about each use of a therapy; that by status about all uses that the other filters leave.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .record import Record, TherapyRow, UseRow

STATUS = {
    "approved": "Approved",
    "accelerated": "Accelerated approval only",
    "withdrawn": "With a withdrawn use",
    "not-sold": "No longer sold in the US",
}

type Names = dict[str, str]


@dataclass(frozen=True)
class CatalogueFilter:
    """``of_use`` answers which of the choices fit a use; for the status, ``TherapyRow.statuses`` does."""

    name: str
    label: str
    anything: str  # words of the choice that asks nothing
    said: str  # how the sentence above the list says a choice: “for {}”
    choices: Callable[[Record], Names]  # labels by value, in order
    of_use: Callable[[TherapyRow, UseRow], Iterable[str]] | None = None

    def offered(self, record: Record) -> list[tuple[str, str]]:
        return [("", self.anything), *self.choices(record).items()]


def _by_label(names: Names) -> Names:
    return dict(sorted(names.items(), key=lambda item: item[1].lower()))


FILTERS = (
    CatalogueFilter(
        "cancer",
        "Cancer",
        "Any cancer",
        "for {}",
        lambda record: dict(sorted(((slug, name) for slug, (name, _) in record.cancers.items()), key=lambda x: x[1])),
        of_use=lambda row, use: use.cancers,
    ),
    CatalogueFilter(
        "family",
        "Type",
        "Any type",
        "of the type {}",
        lambda record: record.families,
        of_use=lambda row, use: [row.family],
    ),
    CatalogueFilter(
        "kind", "Class", "Any class", "of the class {}", lambda record: record.kinds, of_use=lambda row, use: [row.kind]
    ),
    CatalogueFilter(
        "biomarker",
        "Test result",
        "Any",
        "with the test result {}",
        lambda record: record.biomarkers,
        of_use=lambda row, use: use.biomarkers,
    ),
    CatalogueFilter(
        "target",
        "Target",
        "Any target",
        "with the target {}",
        lambda record: _by_label(record.targets),
        of_use=lambda row, use: row.targets,
    ),
    CatalogueFilter(
        "status",
        "Status",
        "Any status",
        "with the status {}",
        lambda record: STATUS,
    ),
    CatalogueFilter(
        "year",
        "First approved in",
        "Any year",
        "first approved in {}",
        lambda record: {str(year): str(year) for year in record.years},
        of_use=lambda row, use: [str(row.first.year)],
    ),
)
