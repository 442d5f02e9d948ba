"""The first page of the registrars' desk: what waits, and where to begin."""

from django.http import HttpRequest, HttpResponse

from ..models import ApprovalEvent, TherapyFact
from .entrance import page, staff_who_may


@staff_who_may("view", ApprovalEvent, TherapyFact)
def index(request: HttpRequest) -> HttpResponse:
    return page(request, "index.html", "Registrars’ desk")
