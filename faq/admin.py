from typing import Any

from django.contrib import admin
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from portal.publishing.admin.guarded import GuardedAdmin
from portal.publishing.admin.pages import PageAdmin
from portal.publishing.drafts import DraftInline
from portal.publishing.naming import NamedByWordsForm

from . import views
from .models import AnswerEdition, Question, Topic


class AnswerDraft(DraftInline):
    model = AnswerEdition


class QuestionForm(NamedByWordsForm):
    named_by = "question"


@admin.register(Question)
class QuestionAdmin(PageAdmin):
    form = QuestionForm
    show = staticmethod(views.show)
    inlines = (AnswerDraft,)
    fields = ("topic", "order", "therapies", "slug")
    list_display = ("wording", "topic", "order")
    list_filter = ("topic",)
    list_select_related = ("topic",)
    search_fields = ("slug", "editions__question")
    search_help_text = "Search the words of the question."
    autocomplete_fields = ("therapies",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        newest = AnswerEdition.objects.filter(page=OuterRef("pk")).order_by("-pk")
        return super().get_queryset(request).annotate(asked=Subquery(newest.values("question")[:1]))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = Question.objects.aggregate(last=Max("order"))["last"] or 0
        return {"order": last + 1, **super().get_changeform_initial_data(request)}

    @admin.display(description="question")
    def wording(self, question: Question) -> str:
        return str(question)


@admin.register(Topic)
class TopicAdmin(GuardedAdmin):
    list_display = ("name", "order")
