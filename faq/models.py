"""Questions that readers ask, and their answers."""

from django.db import models
from django.urls import reverse

from portal.publishing.links import AddressField
from portal.publishing.models import Edition, Page
from portal.publishing.prose import ProseField


class Topic(models.Model):
    name = models.CharField(max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Question(Page):
    """A question with an address. Its wording and its answer are edited and reviewed together, as an edition."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="questions")
    order = models.PositiveSmallIntegerField(default=0, help_text="Position on the questions page.")
    therapies = models.ManyToManyField(
        "therapies.Therapy",
        blank=True,
        related_name="questions",
        help_text="Therapies whose pages link to this answer.",
    )

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return getattr(self, "asked", "") or self.slug.replace("-", " ")  # the desk's queries bring the words along

    def get_absolute_url(self) -> str:
        return reverse("faq:detail", args=[self.slug])


class AnswerEdition(Edition):
    TEXT = ("question", "in_short", "answer", "onward_label", "onward_address")

    page = models.ForeignKey(Question, models.PROTECT, related_name="editions")
    question = models.CharField(max_length=160, help_text="As a reader would ask it.")
    in_short = models.TextField(help_text="A direct answer in one to three sentences.")
    answer = ProseField(help_text="The whole answer. It must not repeat the short one.")
    onward_label = models.CharField("onward link, words", max_length=100, blank=True)
    onward_address = AddressField(
        "onward link, address", max_length=300, blank=True, help_text="An address on this site (/cancers/) or https://…"
    )

    class Meta(Edition.Meta):
        verbose_name = "answer"
