from typing import Any

from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest

from portal.publishing.admin.guarded import GuardedAdmin
from portal.publishing.admin.ordering import OrderedAdmin
from portal.publishing.admin.pages import PageAdmin, newest_word
from portal.publishing.page_forms import NamedByWordsForm

from .models import Belief, Question, Topic


class QuestionForm(NamedByWordsForm):
    named_by = "question"


@admin.register(Question)
class QuestionAdmin(OrderedAdmin, PageAdmin):
    form = QuestionForm
    fields = ("topic", "order", "therapies", "slug")
    list_display = ("__str__", "topic", "order")
    list_filter = ("topic",)
    list_select_related = ("topic",)
    search_fields = ("slug",)
    search_help_text = "Search questions and answers."
    autocomplete_fields = ("therapies",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(asked=newest_word("question"))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = Question.objects.aggregate(last=Max("order"))["last"] or 0
        return {"order": last + 1, **super().get_changeform_initial_data(request)}


@admin.register(Topic)
class TopicAdmin(OrderedAdmin, GuardedAdmin):
    list_display = ("name", "order")


class BeliefForm(NamedByWordsForm):
    named_by = "claim"


@admin.register(Belief)
class BeliefAdmin(OrderedAdmin, PageAdmin):
    form = BeliefForm
    fields = ("verdict", "order", "slug")
    list_display = ("__str__", "verdict", "order")
    list_filter = ("verdict",)
    search_fields = ("slug",)
    search_help_text = "Search claims and what is true."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(said=newest_word("claim"))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = Belief.objects.aggregate(last=Max("order"))["last"] or 0
        return {"order": last + 1, **super().get_changeform_initial_data(request)}
