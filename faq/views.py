from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal.publishing.prose import figures_of
from portal.publishing.references import gather, references_to, word

from .models import Belief, Question
from .reading import Questions


def index(request: HttpRequest) -> HttpResponse:
    questions = figures_of(request).provider(Questions).all
    wanted = request.GET.get("question")
    chosen = next((q for q in questions if q.slug == wanted), None)
    if chosen:
        return redirect(chosen)
    return render(request, "faq/index.html", {"questions": questions}, status=404 if wanted else None)


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    return show(request, get_object_or_404(Question.objects.published().select_related("topic"), slug=slug))


def show(request: HttpRequest, question: Question) -> HttpResponse:
    listed = figures_of(request).provider(Questions).all
    others = [one for one in listed if one.topic_id == question.topic_id and one.pk != question.pk]
    leading = Belief.objects.published().annotate(leads_to=word("onward_address"))
    claims = leading.filter(leads_to=question.get_absolute_url())
    therapies = references_to("therapy", question.therapies.published())
    references = gather(question.live, therapies, references_to("claim", claims, name=word("claim")))
    context = {"question": question, "page": question, "others": others, "references": references}
    return render(request, "faq/detail.html", context)


def know(request: HttpRequest) -> HttpResponse:
    return render(request, "faq/know.html", {"claims": Belief.objects.published()})


def claim(request: HttpRequest, slug: str) -> HttpResponse:
    return show_claim(request, get_object_or_404(Belief.objects.published(), slug=slug))


def show_claim(request: HttpRequest, page: Belief) -> HttpResponse:
    others = Belief.objects.published().exclude(pk=page.pk)
    context = {"page": page, "references": gather(page.live, references_to("claim", others, name=word("claim")))}
    return render(request, "faq/claim.html", context)
