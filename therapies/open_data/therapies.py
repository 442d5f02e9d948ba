"""Therapies, as many as readers see of a day."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from portal.publishing.open_data.declaring import BOOLEAN, ID, INTEGER, LIST, DataField, DataTable, Day, public

from ..models import ApprovalEvent, Cancer, Indication, Therapy

COMPONENT: Any = Therapy._meta.get_field("components").related_model


def therapies_of(on: Day) -> QuerySet:
    """Now every therapy that has a page; of a past day those of which FDA had decided something."""
    rows = public(Therapy)
    decided = ApprovalEvent.objects.public().up_to(on).filter(indication__therapy=OuterRef("pk"))
    return rows if on is None else rows.filter(Exists(decided))


def _has_use(on: Day) -> Exists:
    """Whether a therapy has a use on a day that readers see."""
    in_force = Indication.objects.in_force(on).filter(cancer__in=public(Cancer))
    return Exists(in_force.filter(therapy=OuterRef("pk")))


def _approved(rows: QuerySet, value: str, on: Day) -> QuerySet:
    return rows.filter(is_approved=value == "true")


THERAPIES = DataTable(
    name="therapies",
    title="Therapies",
    one="therapy",
    about="One immunotherapy that FDA approved for cancer at some time.",
    model=Therapy,
    rows=lambda on: therapies_of(on).annotate(is_approved=_has_use(on)),
    address="therapies:detail",
    fields=(
        ID,
        DataField("name", "Its generic name.", unique=True),
        DataField("class", "The class that it belongs to.", column="therapy_class", to="classes", narrows=True),
        DataField(
            "family",
            "The type of its class.",
            column="therapy_class__family",
            to="families",
            derived=True,
            narrows=True,
        ),
        DataField(
            "approved",
            "Whether at least one of its uses is approved on the day of the data.",
            BOOLEAN,
            derived=True,
            read=lambda row: row.is_approved,
            narrows=_approved,
        ),
        DataField(
            "components", "Cells and molecules of the immune system that it works through.", LIST, to="components"
        ),
        DataField("borderline", "Whether it is at the edge of what counts as immunotherapy.", BOOLEAN, narrows=True),
        DataField("scope_note", "Why it is counted, where that needs saying.", required=False),
        DataField(
            "page_number",
            "Its line in the list of 2019 that this site began from.",
            INTEGER,
            required=False,
        ),
    ),
)
