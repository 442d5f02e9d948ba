"""The published questions, which several pages list."""

from functools import cached_property

from portal.publishing.kept import OfContent

from .models import Question


class Questions(OfContent):
    @cached_property
    def all(self) -> list[Question]:
        return list(Question.objects.published().select_related("topic").order_by("topic", "order", "slug"))

    @cached_property
    def on_home(self) -> list[Question]:
        """Whatever their topics are."""
        return sorted(self.all, key=lambda question: (question.order, question.slug))
