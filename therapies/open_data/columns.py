"""Columns that several tables of this room have."""

from portal.publishing.open_data.declaring import BOOLEAN, DataField

SOURCE = DataField("source", "Where it was read.", to="sources", by="short_id")
ALONE = DataField(
    "confirmed_alone",
    "Whether the person who entered it confirmed it, without a second one.",
    BOOLEAN,
    derived=True,
    read=lambda row: bool(row.alone),
)
THERAPY = DataField("therapy", "The therapy.", to="therapies", narrows=True)


def sorted_under(path: str) -> tuple[DataField, ...]:
    """Class and type of the therapy that a path leads to, for filters."""
    return (
        DataField("class", "The class of the therapy.", to="classes", narrows=f"{path}__therapy_class__slug"),
        DataField("family", "The type of the therapy.", to="families", narrows=f"{path}__therapy_class__family__slug"),
    )
