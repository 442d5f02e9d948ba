"""Names of therapies, and what else sources say of them apart from uses."""

from collections.abc import Callable, Collection

from django.db.models import QuerySet

from portal.publishing.open_data.declaring import DATE, INTEGER, DataField, DataTable, Day, told

from .. import fact_kinds, reading
from ..models import TherapyFact
from .columns import ALONE, SOURCE, THERAPY
from .therapies import therapies_of


def _facts(on: Day, kinds: Collection[fact_kinds.FactKind] = fact_kinds.SHOWN) -> QuerySet[TherapyFact]:
    """Facts that readers see of a day, of therapies that they see then."""
    return TherapyFact.objects.filter(reading.held(on), kind__in=kinds, therapy__in=therapies_of(on))


def _kinds(*kinds: fact_kinds.FactKind) -> dict[str, str]:
    return {kind.value: kind.label for kind in kinds}


def _of_facts(
    name: str,
    title: str,
    one: str,
    about: str,
    kinds: tuple[fact_kinds.FactKind, ...],
    cites: Callable[[Day], QuerySet] | None = None,
) -> DataTable:
    """Names are facts like others; most who take these files want them apart."""

    def rows(on: Day) -> QuerySet:
        return _facts(on, kinds).annotate(alone=reading.ALONE)

    return DataTable(
        name=name,
        title=title,
        one=one,
        about=about,
        model=TherapyFact,
        rows=rows,
        order=("therapy", "kind", "value"),
        cites=cites,
        fields=(
            THERAPY,
            DataField("kind", "What is told.", one_of=_kinds(*kinds), narrows=True),
            DataField("value", "What it is. Several values of one fact stand with semicolons between them."),
            DataField(
                "application",
                "The number of the FDA application of a later form.",
                required=False,
            ),
            DataField(
                "center",
                "FDA’s center that has the application.",
                required=False,
                one_of=told(TherapyFact.Center.choices),
            ),
            DataField("date", "The day from which it holds, where it has one.", DATE, required=False),
            DataField("position", "Its place among the facts of the therapy.", INTEGER),
            SOURCE,
            ALONE,
        ),
    )


NAMES = _of_facts(
    "names",
    "Names of therapies",
    "name",
    "One name of a therapy beside its generic one: a brand, an abbreviation, a code, a misspelling that people type.",
    fact_kinds.SEARCHED,
)
FACTS = _of_facts(
    "facts",
    "Facts about therapies",
    "fact",
    "One thing that a source says of a therapy apart from its names and uses: license, target, route, warning, sale.",
    tuple(kind for kind in fact_kinds.SHOWN if kind not in fact_kinds.SEARCHED),
    cites=lambda on: _facts(on).values("source"),  # those of names, too
)
