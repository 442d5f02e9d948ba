"""What therapies are grouped by: families and classes, cancers in two levels, and biomarkers."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from portal.publishing.models import Governed, Page, Source
from portal.publishing.parts import ABOUT, IN_SHORT, Part, RichText, Rows


class NamedPage(Page):
    PARTS: ClassVar[tuple[Part, ...]] = (IN_SHORT, ABOUT)

    name = models.CharField(max_length=150, unique=True)

    class Meta(Governed.Meta):
        abstract = True
        ordering = [Lower("name")]  # “BCG” between “avelumab” and “belantamab”

    def __str__(self) -> str:
        return self.name


# The two levels of therapy ------------------------------------------------------------

EMERGENCY = RichText("emergency", "when to call 911", "Signs of an emergency.", required=False)
WHEN_TO_CALL = RichText("when_to_call", help="Signs to call the team for, at once or the same day.", required=False)
STEPS = Rows(
    "steps",
    "who does what to whom",
    "For the drawing, one step a line: who | does what to | whom. Call cells and molecules as their pages do.",
    required=False,
    cells=("who", "does what to", "whom"),
)


class Family(NamedPage):
    """One of the five types of immunotherapy."""

    PARTS = (IN_SHORT, EMERGENCY, WHEN_TO_CALL, ABOUT)

    READERS_SEE = (*Page.READERS_SEE, "name")
    AT_ONCE = ("order",)

    # Named, since a class has a field called family.
    page_ptr = models.OneToOneField(Page, models.CASCADE, parent_link=True, primary_key=True, related_name="as_family")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(NamedPage.Meta):
        ordering = ["order"]
        verbose_name_plural = "families"

    def get_absolute_url(self) -> str:
        return reverse("therapies:type", args=[self.slug])


class TherapyClass(NamedPage):
    """A class within a family: checkpoint inhibitors are one class of immunomodulators."""

    PARTS = (IN_SHORT, EMERGENCY, WHEN_TO_CALL, ABOUT, STEPS)

    READERS_SEE = (*Page.READERS_SEE, "name", "family")
    AT_ONCE = ("order",)
    ORDERED_WITHIN = ("family",)

    family = models.ForeignKey(Family, models.PROTECT, related_name="classes")
    order = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True, help_text="For staff: why the class belongs to its family.")

    class Meta(NamedPage.Meta):
        ordering = ["order"]
        verbose_name = "class"
        verbose_name_plural = "classes"

    def get_absolute_url(self) -> str:
        return reverse("therapies:type", args=[self.address])

    def check_unpublishing(self) -> None:
        """The page of each of its therapies shows its signs of when to call: see decision 27."""
        if self.therapies.published().exists():
            raise ValidationError(
                "The pages of its therapies show “When to call” from this text, so readers would lose that warning. "
                "Publish a corrected version instead."
            )

    @property
    def drawing(self) -> list[str]:
        """Templates of its picture, of which the first that is there is shown: that of its family at last."""
        return [f"drawings/{self.slug}.svg", f"drawings/{self.slug}s.svg", "therapies/_family_drawing.html"]

    @property
    def address(self) -> str:
        """A class that is called like its family ("oncolytic virus") gives the address to the family."""
        return f"{self.slug}-class" if self.slug == self.family.slug else self.slug


# Cancers and biomarkers -----------------------------------------------------------------


class Cancer(NamedPage):
    """A cancer, in two levels: melanoma is a skin cancer."""

    class Kind(models.TextChoices):
        CANCER = "cancer", "Cancer"
        TUMOR_AGNOSTIC = "tumor-agnostic", "Tumors of any site"
        OTHER = "precancer/other", "Precancer or related condition"

    class NciLevel(models.TextChoices):
        """Where NCI’s search keeps a disease: it takes the code of one level in one place of its address alone."""

        MAIN = "main", "Main type"
        SUB = "sub", "Subtype"

    NCI = ("nci_code", "nci_level", "nci_name", "nci_source")
    READERS_SEE = (*Page.READERS_SEE, "name", "plain_name", "parent", "kind", "synonyms", "ctgov_condition", *NCI)

    plain_name = models.CharField(max_length=100, help_text="As a reader without medical words would say it.")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="kinds")
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.CANCER)
    synonyms = models.TextField(blank=True, help_text="Other names, one a line.")
    ctgov_condition = models.CharField(
        "ClinicalTrials.gov condition", max_length=100, help_text="The condition to search for at ClinicalTrials.gov."
    )
    nci_code = models.CharField(
        "NCI code",
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^C\d+\Z", "A code of the NCI Thesaurus is a C and a number, such as C3224.")],
        help_text="By which NCI’s trial search knows it. Without one, readers search there by the name.",
    )
    nci_level = models.CharField("level in NCI’s search", max_length=4, choices=NciLevel, blank=True)
    nci_name = models.CharField("name in NCI’s search", max_length=150, blank=True)
    nci_source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="source of the NCI code"
    )

    class Meta(NamedPage.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(parent=models.F("pk")), name="cancer_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(nci_code="", nci_level="", nci_name="", nci_source__isnull=True)
                | ~Q(nci_code="") & ~Q(nci_level="") & ~Q(nci_name="") & Q(nci_source__isnull=False),
                name="cancer_nci_code_whole",
                violation_error_message="An NCI code stands with its level, its name there, and the source you read.",
            ),
        ]

    @property
    def names(self) -> list[str]:
        """All that it is called: by these it is found when somebody types one, and in FDA's notices."""
        return [self.name, self.plain_name, *self.synonyms.splitlines()]

    def clean(self) -> None:
        if self.parent and self.parent.parent_id:
            raise ValidationError(
                {"parent": f"{self.parent} is itself a kind of {self.parent.parent}. Choose that one."}
            )

    def get_absolute_url(self) -> str:
        return reverse("therapies:cancer", args=[self.slug])


class Biomarker(NamedPage):
    """Something a test looks for that decides whether a use is open to a person."""

    class Kind(models.TextChoices):
        """What the test looks for, in the order of the list."""

        PROTEIN = "protein", "Proteins of cancer cells"
        GENE = "gene", "Changes in genes and DNA"
        TRACE = "trace", "Traces of cancer in blood or bone marrow"
        TISSUE = "tissue", "Tissue types"

    READERS_SEE = (*Page.READERS_SEE, "name", "kind", "synonyms")

    kind = models.CharField("what the test looks for", max_length=10, choices=Kind, default=Kind.PROTEIN)
    synonyms = models.TextField(blank=True, help_text="Other names, one a line.")

    @property
    def names(self) -> list[str]:
        return [self.name, *self.synonyms.splitlines()]

    def get_absolute_url(self) -> str:
        return reverse("therapies:biomarker", args=[self.slug])
