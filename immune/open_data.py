"""What this room gives away: the parts of the immune system that have a page."""

from portal.publishing.models import Page
from portal.publishing.open_data.declaring import ID, INTEGER, DataField, DataTable, public, told

from .models import Component, Organ


def _parts(model: type[Page], name: str, title: str, one: str, about: str, *further: DataField) -> DataTable:
    return DataTable(
        name=name,
        title=title,
        one=one,
        about=about,
        model=model,
        rows=lambda on: public(model),
        address="immune:detail",
        fields=(
            ID,
            DataField("name", "What it is called.", unique=True),
            *further,
            DataField("order", "Its place in lists.", INTEGER),
        ),
    )


KIND = DataField("kind", "Whether it is a cell or a molecule.", one_of=told(Component.Kind.choices), narrows=True)
TABLES = (
    _parts(
        Component,
        "components",
        "Cells and molecules",
        "component",
        "One cell or molecule of the immune system.",
        KIND,
    ),
    _parts(Organ, "organs", "Organs and tissues", "organ", "One organ or tissue of the immune system."),
)
