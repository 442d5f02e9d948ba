"""The staff's side: Django's admin with a greeting that shows each person their work, and its own security policy."""

from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods

from portal.accounts import second_factor
from portal.publishing import moments, rooms
from portal.publishing.actions.plans import planned
from portal.publishing.models import Edition
from portal.publishing.permissions import allowed

from . import dashboard
from .models import SiteSettings
from .unsent import is_worth_keeping, unsent

METHODS = require_http_methods(["GET", "HEAD", "POST"])
#: Sections in the order of the work; one that is missing here comes last.
SECTIONS = ("faq", "therapies", "immune", "pages", "publishing", "auth")
PLAINER = {
    "Facts": "Facts about therapies",
    "Groups": "Roles",
    "Medical credentials": "Medical reviewers as readers see them",
    "Users": "People",
}


class Choices(AutocompleteJsonView):
    """What a field that searches for rows offers. Django breaks where a relation is asked for from its other side."""

    def process_request(self, request: HttpRequest) -> Any:
        found = super().process_request(request)
        if not found[2].concrete:
            raise PermissionDenied
        return found


class Desk(admin.AdminSite):
    site_header = "Dashboard"
    site_title = "Dashboard"
    index_title = "Your work"
    index_template = "admin/desk.html"
    enable_nav_sidebar = False

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        for_staff = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_anonymous and is_worth_keeping(request):
                return unsent(request, "You were signed out while you were writing, so nothing has been saved yet.")
            return for_staff(request, *args, **kwargs)

        return METHODS(csp_override(settings.DESK_CSP)(update_wrapper(answer, for_staff)))

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Choices.as_view(admin_site=self)(request)

    # Signing in has pages of its own, in portal/accounts

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not second_factor.is_missing(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Whoever may not see the desk is sent here, and learns what is missing."""
        if request.user.is_anonymous:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("account_login"))
        if not super().has_permission(request):
            raise PermissionDenied
        if second_factor.is_missing(request):
            return redirect(second_factor.address_to_show_it(request))
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        errands = sorted((one for told in rooms.declarations() for one in told.errands), key=lambda one: one.place)
        context = {
            "work": dashboard.work(request),
            "errands": [errand for errand in errands if request.user.has_perm(errand.permission)],
            "panels": rooms.panels("admin:index", request),
            "no_second_factor": second_factor.notice(),
        }
        if allowed(request, "change", SiteSettings):
            context["no_contact"] = SiteSettings.objects.filter(contact="").first()
        return super().index(request, context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Sections in the order of the work, and their lists as the rooms registered them, in plain words."""
        sections = super().get_app_list(request, app_label)
        registered = list(self._registry)
        for section in sections:
            section["name"] = PLAINER.get(section["name"], section["name"])
            section["models"].sort(key=lambda entry: registered.index(entry["model"]))
            for entry in section["models"]:
                entry["name"] = PLAINER.get(entry["name"], entry["name"])
        order = {label: place for place, label in enumerate(SECTIONS)}
        return sorted(sections, key=lambda section: order.get(section["app_label"], len(order)))

    # Everything that is scheduled

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [path("schedule/", self.admin_view(self.schedule), name="schedule"), *super().get_urls()]

    def schedule(self, request: HttpRequest) -> HttpResponse:
        plans = planned() if allowed(request, "view", Edition) else []
        context = {
            **self.each_context(request),
            "title": "What is scheduled",
            "plans": [(plan, dashboard.line(plan.edition)) for plan in plans],
            "place": moments.place(),
        }
        return TemplateResponse(request, "admin/schedule.html", context)
