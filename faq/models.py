"""Questions that readers ask and their answers, and claims that many people get wrong."""

from django.db import models
from django.urls import reverse

from portal.publishing.models import Governed, Page
from portal.publishing.parts import ONWARD, Line, Paragraph, RichText


class Topic(Governed):
    """A heading under which questions are listed."""

    READERS_SEE = ("name",)
    AT_ONCE = ("order",)

    name = models.CharField(max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(Governed.Meta):
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def is_seen(self) -> bool:
        return self.questions.exists()

    def addresses(self) -> list[str]:
        return [reverse("faq:index")]


class Question(Page):
    """A question with an address. Its wording and its answer are edited and reviewed together, as an edition."""

    PARTS = (
        Line("question", help="As a reader would ask it.", longest=160),
        Paragraph("in_short", help="A direct answer in one to three sentences.", quotes=True),
        RichText("answer", help="The full answer. Don’t repeat the short one."),
        *ONWARD,
    )
    READERS_SEE = (*Page.READERS_SEE, "topic", "therapies")
    AT_ONCE = ("order",)
    ORDERED_WITHIN = ("topic",)

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="questions")
    order = models.PositiveSmallIntegerField(default=0, help_text="Position on the questions page.")
    therapies = models.ManyToManyField(
        "therapies.Therapy",
        blank=True,
        related_name="questions",
        help_text="Therapies whose pages link to this answer.",
    )

    class Meta(Governed.Meta):
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return getattr(self, "asked", "") or self.slug.replace("-", " ")  # the desk's queries bring the words along

    def get_absolute_url(self) -> str:
        return reverse("faq:detail", args=[self.slug])


class Belief(Page):
    """Something about immunotherapy that studies found many people get wrong, and what is true.

    Most claims are not true. A few are, so that whoever checks themselves has something to think about.
    """

    class Verdict(models.TextChoices):
        NOT_TRUE = "not-true", "Not true"
        TRUE = "true", "True"

    PARTS = (
        Line("claim", help="One sentence, as somebody would say it.", longest=160),
        Paragraph("in_short", help="What is true, in two or three kind sentences.", quotes=True),
        RichText("answer", help="Why, and what the reader can do. Don’t repeat the short answer."),
        Paragraph("documented", "who found it", "Which study or organization found that people get this wrong."),
        *ONWARD,
    )
    READERS_SEE = (*Page.READERS_SEE, "verdict")
    AT_ONCE = ("order",)

    verdict = models.CharField("is it true?", max_length=8, choices=Verdict, default=Verdict.NOT_TRUE)
    order = models.PositiveSmallIntegerField(default=0, help_text="Position on the page of claims.")

    class Meta(Governed.Meta):
        verbose_name, verbose_name_plural = "claim", "claims (true or not)"
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return getattr(self, "said", "") or self.slug.replace("-", " ")  # the desk's queries bring the words along

    def get_absolute_url(self) -> str:
        return reverse("faq:claim", args=[self.slug])
