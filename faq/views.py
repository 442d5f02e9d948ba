from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.publishing.prepared import Number, Prepared
from portal.publishing.prose import figures_of
from portal.publishing.references import ReferencesOfPages, references_to, word

from .models import Belief, Question
from .reading import Questions


def index(request: HttpRequest) -> HttpResponse:
    questions = figures_of(request).provider(Questions).all
    wanted = request.GET.get("question")
    chosen = next((q for q in questions if q.slug == wanted), None)
    if chosen:
        return redirect(chosen)
    return render(request, "faq/index.html", {"questions": questions}, status=404 if wanted else None)


QUESTION = Prepared(lambda slug: Question.objects.published().select_related("topic").filter(slug=slug), "slug")


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    return show(request, QUESTION.first(slug=slug))


def _beside_question(question: Number, address: Number) -> tuple[QuerySet, ...]:
    therapy: Any = Question._meta.get_field("therapies").related_model
    claims = Belief.objects.published().annotate(leads_to=word("onward_address")).filter(leads_to=address)
    return (
        references_to("therapy", therapy.objects.published().filter(questions=question)),
        references_to("claim", claims, name=word("claim")),
    )


REFERENCES_OF_QUESTION = ReferencesOfPages(_beside_question, "address")


def show(request: HttpRequest, question: Question) -> HttpResponse:
    listed = figures_of(request).provider(Questions).all
    others = [one for one in listed if one.topic_id == question.topic_id and one.pk != question.pk]
    references = REFERENCES_OF_QUESTION.of(question, address=question.get_absolute_url())
    context = {"question": question, "page": question, "others": others, "references": references}
    return render(request, "faq/detail.html", context)


def know(request: HttpRequest) -> HttpResponse:
    return render(request, "faq/know.html", {"claims": Belief.objects.published()})


BELIEF = Prepared(lambda slug: Belief.objects.published().filter(slug=slug), "slug")


def claim(request: HttpRequest, slug: str) -> HttpResponse:
    return show_claim(request, BELIEF.first(slug=slug))


REFERENCES_OF_CLAIM = ReferencesOfPages(
    lambda page: (references_to("claim", Belief.objects.published().exclude(pk=page), name=word("claim")),)
)


def show_claim(request: HttpRequest, page: Belief) -> HttpResponse:
    return render(request, "faq/claim.html", {"page": page, "references": REFERENCES_OF_CLAIM.of(page)})
