"""What therapies are sorted under: families, classes, cancers, test results."""

from django.urls import reverse

from portal.publishing.open_data.declaring import ID, INTEGER, LIST, DataField, DataRow, DataTable, public, told

from ..models import Biomarker, Cancer, Family, TherapyClass


def _page_of_class(row: DataRow) -> str:
    """A class that is called like its family gives the address to the family."""
    return reverse("therapies:type", args=[f"{row['id']}-class" if row["id"] == row["family"] else row["id"]])


FAMILIES = DataTable(
    name="families",
    title="Types of immunotherapy",
    one="family",
    about="One of the types into which this site sorts immunotherapies.",
    model=Family,
    rows=lambda on: public(Family),
    address="therapies:type",
    fields=(
        ID,
        DataField("name", "What it is called.", unique=True),
        DataField("order", "Its place in lists.", INTEGER),
    ),
)
CLASSES = DataTable(
    name="classes",
    title="Classes",
    one="class",
    about="One class of therapies, such as checkpoint inhibitors.",
    model=TherapyClass,
    rows=lambda on: public(TherapyClass),
    address=_page_of_class,
    fields=(
        ID,
        DataField("name", "What it is called.", unique=True),
        DataField("family", "The type that it belongs to.", to="families", narrows=True),
        DataField("order", "Its place among the classes of its type.", INTEGER),
    ),
)
CANCERS = DataTable(
    name="cancers",
    title="Cancers",
    one="cancer",
    about="One cancer or precancer that has a page here, or a group of them.",
    model=Cancer,
    rows=lambda on: public(Cancer),
    address="therapies:cancer",
    cites=lambda on: public(Cancer).exclude(nci_source=None).values("nci_source"),
    fields=(
        ID,
        DataField("name", "Its medical name.", unique=True),
        DataField("plain_name", "What a reader without medical words would call it."),
        DataField("parent", "The wider cancer that it is a kind of.", to="cancers", required=False, narrows=True),
        DataField("kind", "Whether it is a cancer.", one_of=told(Cancer.Kind.choices), narrows=True),
        DataField("synonyms", "Other names.", LIST, separator="\n"),
        DataField("ctgov_condition", "The condition by which ClinicalTrials.gov knows it."),
        DataField("nci_code", "Its code in the NCI Thesaurus.", required=False),
        DataField(
            "nci_level",
            "Where the trial search of the National Cancer Institute (NCI) keeps it.",
            required=False,
            one_of=told(Cancer.NciLevel.choices),
        ),
        DataField("nci_name", "Its name in that search.", required=False),
        DataField("nci_source", "Where the code was read.", to="sources", by="short_id", required=False),
    ),
)
BIOMARKERS = DataTable(
    name="biomarkers",
    title="Test results (biomarkers)",
    one="biomarker",
    about="One test result that decides whether a use is open to a person.",
    model=Biomarker,
    rows=lambda on: public(Biomarker),
    address="therapies:biomarker",
    fields=(
        ID,
        DataField("name", "What it is called.", unique=True),
        DataField("kind", "What the test looks for.", one_of=told(Biomarker.Kind.choices), narrows=True),
        DataField("synonyms", "Other names.", LIST, separator="\n"),
    ),
)
