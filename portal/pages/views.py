"""Pages that stand between the rooms: home, about, glossary, taking part, errors, and the map for machines."""

import datetime
import sys
from itertools import groupby

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page

from faq.reading import Questions
from immune.reading import ImmuneSystem
from portal.publishing import addresses, rooms
from portal.publishing.folding import fold
from portal.publishing.models import Edition, EditionQuerySet, Page, Source
from portal.publishing.prepared import Prepared
from portal.publishing.prose import figures_of
from portal.publishing.references import ReferencesOfPages, log, logged, references_to, to_log
from therapies.figures import TherapyNumbers
from therapies.models import Biomarker, Cancer

from . import files, freshness
from .api import views as api
from .forms import GlossaryForm
from .models import Section, Term
from .unsent import is_worth_keeping, unreadable

SECTIONS_OF_HOME = Prepared(lambda: Section.objects.published().filter(place=Section.Place.HOME))
REFERENCES_OF_HOME = Prepared(
    lambda: to_log(
        _editions(Section.Place.HOME),
        references_to("cancer", Cancer.objects.published()),
        references_to("result", Biomarker.objects.published()),
    )
)


def home(request: HttpRequest) -> HttpResponse:
    sections = {section.slug.replace("-", "_"): section for section in SECTIONS_OF_HOME.ask()}
    figures = figures_of(request)
    context = {
        "sections": sections,
        "numbers": figures.provider(TherapyNumbers),
        "questions": figures.provider(Questions).on_home,
        "components": figures.provider(ImmuneSystem).components,
        "organs": figures.provider(ImmuneSystem).organs,
        "references": logged(REFERENCES_OF_HOME.ask()),
    }
    return render(request, "pages/home.html", context)


def _editions(place: str) -> EditionQuerySet:
    return Edition.objects.filter(page__section__place=place)


def show_section(request: HttpRequest, section: Section) -> HttpResponse:
    """One section alone, for the preview of a draft."""
    return render(request, "pages/section.html", {"page": section})


def about(request: HttpRequest) -> HttpResponse:
    sections = Section.objects.published().filter(place=Section.Place.ABOUT)
    sources = Source.objects.filter(editions__in=[s.live.pk for s in sections]).distinct()
    changes = log(_editions(Section.Place.ABOUT))["change"]
    return render(request, "pages/about.html", {"sections": sections, "sources": sources, "changes": changes})


def how_fresh(request: HttpRequest) -> HttpResponse:
    texts, changed = freshness.texts(), freshness.changes()
    context = {
        "texts": texts,
        "all_texts": sum(kind["number"] for kind in texts),
        "sourced": sum(kind["sourced"] for kind in texts),
        "facts": freshness.facts(changed),
        "other_changes_alone": freshness.confirmed_alone(changed),
        "panels": rooms.panels("freshness", request),
        "links": freshness.links(),
        "overdue": freshness.overdue() if any(kind["overdue"] for kind in texts) else [],
    }
    return render(request, "pages/freshness.html", context)


def take_part(request: HttpRequest) -> HttpResponse:
    section = Section.objects.published().filter(slug="taking-part").first()
    changes = log(Edition.objects.filter(page=section))["change"] if section else []
    return render(request, "pages/take_part.html", {"section": section, "changes": changes})


def glossary(request: HttpRequest) -> HttpResponse:
    """Every term, A to Z; those whose name or other words hold ``q``, when it is asked for."""
    form = GlossaryForm(request.GET if "q" in request.GET else None, choices={})
    wrong = form.is_bound and not form.is_valid()
    found = sorted(form.found(Term.objects.published()), key=lambda term: term.live.words["name"].casefold())
    letters = [
        (letter, list(terms))
        for letter, terms in groupby(found, key=lambda term: fold(term.live.words["name"])[0].upper())
    ]
    context = {"form": form, "letters": letters, "number": len(found)}
    return render(request, "pages/glossary.html", context, status=400 if wrong else None)


TERM = Prepared(lambda slug: Term.objects.published().filter(slug=slug), "slug")
REFERENCES_OF_TERM = ReferencesOfPages()


def term(request: HttpRequest, slug: str) -> HttpResponse:
    return show_term(request, TERM.first(slug=slug))


def show_term(request: HttpRequest, term: Term) -> HttpResponse:
    figures_of(request).here = term.get_absolute_url()  # a preview lies elsewhere, and does not link to itself either
    return render(request, "pages/term.html", {"page": term, "references": REFERENCES_OF_TERM.of(term)})


@cache_control(public=True, max_age=0, must_revalidate=True)
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public address, with the day its text last changed. Nobody keeps it beyond an unpublishing."""
    entries = [(addresses.absolute(reverse(name)), None) for name in rooms.fixed_addresses()]
    for kind in rooms.page_kinds():
        if kind.has_address:
            pages = kind.model.objects.published().named()
            entries += [(addresses.absolute(p.get_absolute_url()), p.live.published_at) for p in pages]
    for table in rooms.open_tables().values():
        if table.address and not issubclass(table.model, Page):  # such as each decision
            entries += [(addresses.absolute(table.page_of({"id": key})), None) for key in table.all_keys()]
    return render(request, "pages/sitemap.xml", {"entries": entries}, content_type="application/xml")


@cache_control(max_age=3600, public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """Name and icons for a phone's home screen."""
    return render(request, "pages/site.webmanifest", content_type="application/manifest+json")


def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/robots.txt", content_type="text/plain; charset=utf-8")


def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole: RFC 9116. Without a contact there is nobody to name, and the file may not be there."""
    contact = settings.SECURITY_CONTACT
    if not contact:
        raise Http404("No contact is named.")
    ends = timezone.localdate() + datetime.timedelta(days=90)
    context = {"contact": contact, "ends": f"{ends}T00:00:00Z"}
    return render(request, "pages/security.txt", context, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    # Another site could have this form filled in and shown here, so its token must have been looked at.
    if getattr(request, "csrf_processing_done", False) and is_worth_keeping(request):
        return unreadable(request)
    return render(request, "400.html", status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is at this address: perhaps a page was, and has moved, or was unpublished with a reason."""
    if files.is_file(request.path):
        return _not_kept(files.no_such_file())
    if page := addresses.unpublished(request.path):
        return _not_kept(render(request, "410.html", {"edition": page.last_edition()}, status=410))
    if request.method in ("GET", "HEAD") and (address := addresses.moved(request.path)):
        query = request.META.get("QUERY_STRING", "")
        response = HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
        # A page may move back: a browser that kept the redirect for good would then run in a circle.
        response["Cache-Control"] = "no-cache"
        return response
    return _not_kept(render(request, "404.html", status=404))


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours; 503 while the database is away, which asks nothing of it and says so to whoever sent a form."""
    is_away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    later = {"Retry-After": "30"} if is_away else {}
    if request.path.startswith(api.AT):
        return api.failed("away" if is_away else "fault", later)
    body = render_to_string("500.html", {"is_away": is_away, "sent": request.method == "POST"})
    return _not_kept(HttpResponse(body, status=503 if is_away else 500, headers=later))


def _not_kept(response: HttpResponse) -> HttpResponse:
    """A browser would keep a 410 for good, and go on showing it once the page is back."""
    response["Cache-Control"] = "no-store"
    return response
