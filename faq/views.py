from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal.publishing.references import gather, to

from .models import Question


def index(request: HttpRequest) -> HttpResponse:
    questions = list(Question.objects.published().select_related("topic").order_by("topic", "order", "slug"))
    wanted = request.GET.get("question")
    chosen = next((q for q in questions if q.slug == wanted), None)
    if chosen:
        return redirect(chosen)
    return render(request, "faq/index.html", {"questions": questions}, status=404 if wanted else None)


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    return show(request, get_object_or_404(Question.objects.published().select_related("topic"), slug=slug))


def show(request: HttpRequest, question: Question) -> HttpResponse:
    others = Question.objects.published().filter(topic=question.topic_id).exclude(pk=question.pk)
    references = gather(question.live, to("therapy", question.therapies.published()))
    context = {"question": question, "page": question, "others": others, "references": references}
    return render(request, "faq/detail.html", context)
