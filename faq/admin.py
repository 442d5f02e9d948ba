from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from portal.publishing.admin import GuardedAdmin, PageAdmin
from portal.publishing.drafts import DraftInline

from . import views
from .models import AnswerEdition, Question, Topic


class AnswerDraft(DraftInline):
    model = AnswerEdition


@admin.register(Question)
class QuestionAdmin(PageAdmin):
    show = staticmethod(views.show)
    inlines = (AnswerDraft,)
    list_display = ("wording", "topic", "order")
    list_filter = ("topic",)
    search_fields = ("slug", "editions__question")
    autocomplete_fields = ("therapies",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        newest = AnswerEdition.objects.filter(page=OuterRef("pk")).order_by("-pk")
        return super().get_queryset(request).annotate(asked=Subquery(newest.values("question")[:1]))

    @admin.display(description="question")
    def wording(self, question: Question) -> str:
        return question.asked or str(question)  # type: ignore[attr-defined]


@admin.register(Topic)
class TopicAdmin(GuardedAdmin):
    list_display = ("name", "order")
