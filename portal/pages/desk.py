"""The staff's side: Django's admin with a greeting that shows each person their work, and its own security policy."""

import re
from collections import Counter
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods

from portal.accounts import second_factor
from portal.publishing import contradictions, moments, presence
from portal.publishing.actions.schedule import Plan, planned
from portal.publishing.models import OPEN, Approval, Comment, Contradiction, Edition, Fact, Status
from portal.publishing.permissions import allowed
from therapies.desk import synchronised
from therapies.models import ApprovalEvent

from . import freshness

METHODS = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 8
#: Fields of a form that nobody typed.
NOT_WORDS = re.compile(r"^(_|kept|csrf)|-(seen|asked|keep|id|page|[A-Z_]+_FORMS)$|^(seen|asked)$")

#: What somebody often comes to do: words, permission and address of an empty form.
ERRANDS = (
    ("Record what FDA decided", "therapies.add_approvalevent", "desk:index"),
    ("Write a new question", "faq.add_question", "admin:faq_question_add"),
    ("Add a word to the glossary", "pages.add_term", "admin:pages_term_add"),
    ("Record an approval event", "therapies.add_approvalevent", "admin:therapies_approvalevent_add"),
    ("Add a use of a therapy", "therapies.add_indication", "admin:therapies_indication_add"),
    ("Add a source", "publishing.add_source", "admin:publishing_source_add"),
    ("Add a person", "auth.add_user", "admin:auth_user_add"),
    ("See who did what", "publishing.view_auditentry", "admin:publishing_auditentry_changelist"),
)
#: Sections in the order of the work; one that is missing here comes last.
SECTIONS = ("faq", "therapies", "immune", "pages", "publishing", "auth")
PLAINER = {
    "Facts": "Facts about therapies",
    "Groups": "Roles",
    "Medical credentials": "Medical reviewers as readers see them",
    "Users": "People",
}


class Desk(admin.AdminSite):
    site_header = "Editors’ desk"
    site_title = "Editors’ desk"
    index_title = "Your work"
    index_template = "admin/desk.html"
    enable_nav_sidebar = False

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        for_staff = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_anonymous and is_worth_keeping(request):
                return unsent(request, "You were signed out while you wrote, so nothing was saved yet.")
            return for_staff(request, *args, **kwargs)

        return METHODS(csp_override(settings.DESK_CSP)(update_wrapper(answer, for_staff)))

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
        errands = [(words, address) for words, permission, address in ERRANDS if request.user.has_perm(permission)]
        context = {"work": self.work(request), "errands": errands, "no_second_factor": second_factor.notice()}
        if allowed(request, "add", ApprovalEvent):
            context["synchronised"] = [file for file in synchronised.last() if file.read_on]
        context |= extra_context or {}
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

    # Everything that will happen by itself

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [path("schedule/", self.admin_view(self.schedule), name="schedule"), *super().get_urls()]

    def schedule(self, request: HttpRequest) -> HttpResponse:
        plans = [plan for plan in planned() if allowed(request, "view", type(plan.edition))]
        for page_admin in self._page_admins():
            self._named(request, page_admin, [p.edition for p in plans if type(p.edition) is page_admin.edition_model])
        context = {
            **self.each_context(request),
            "title": "What will happen by itself",
            "plans": [(plan, _line(plan.edition), _decided_by(plan)) for plan in plans],
            "place": moments.place(),
        }
        return TemplateResponse(request, "admin/schedule.html", context)

    # What waits for somebody

    def work(self, request: HttpRequest) -> list[dict[str, Any]]:
        """What waits for this person, as lists with a title, rows, their number and where to see them all."""
        return [*self._texts(request), *self._doubted(request), *self._facts(request)]

    def _texts(self, request: HttpRequest) -> list[dict[str, Any]]:
        page_admins = self._page_admins()
        editions = [edition for page_admin in page_admins for edition in self._open_editions(request, page_admin)]

        def may(verb: str) -> bool:
            return any(allowed(request, verb, page_admin.edition_model) for page_admin in page_admins)

        def found(status: Status, *, mine: bool) -> list[Edition]:
            rows = [e for e in editions if e.status == status and (request.user.pk in e.authors()) == mine]
            return sorted(rows, key=lambda e: e.edited_at or e.created_at, reverse=True)

        here = presence.others([edition.page for edition in editions], than=request.user)  # type: ignore[arg-type]
        lists = self._said(request, editions)
        if may("publish"):
            waiting = found(Status.IN_REVIEW, mine=False)
            lists.append(_listed("To review and publish", waiting, "Nothing waits for your review.", here=here))
            again = [edition for edition in freshness.overdue() if allowed(request, "publish", type(edition))]
            if again:
                lists.append(_listed("To read again", again, address=reverse("freshness")))
        if may("add"):
            lists.append(_listed("Your drafts", found(Status.DRAFT, mine=True), "You have no draft open.", here=here))
        if submitted := found(Status.IN_REVIEW, mine=True):
            lists.append(_listed("Waiting for a reviewer", submitted, here=here))
        if scheduled := [e for e in editions if e.status == Status.SCHEDULED]:
            scheduled.sort(key=lambda e: e.publish_at)
            lists.append(_listed("Scheduled", scheduled, address=reverse("admin:schedule"), here=here))
        return lists

    @staticmethod
    def _said(request: HttpRequest, editions: list[Edition]) -> list[dict[str, Any]]:
        """Open texts that somebody has remarked on, or wants changed, for their authors and reviewers."""
        papers = {edition.dossier_id: edition for edition in editions if edition.dossier_id}
        open_remarks = Counter(Comment.objects.open().filter(dossier__in=papers).values_list("dossier", flat=True))
        judged = set(Approval.objects.filter(dossier__in=papers, approves=False).values_list("dossier", flat=True))
        rows = []
        for key in {*open_remarks, *judged}:
            edition = papers[key]
            if not allowed(request, "publish", type(edition)) and request.user.pk not in edition.authors():
                continue
            wanted = [judgement for judgement in edition.judgements() if not judgement.approves and not judgement.void]
            said = [f"{judgement.invitation} asks for changes" for judgement in wanted]
            if number := open_remarks[key]:
                said.append(f"{number} open remark{'s' if number > 1 else ''}")
            if said:
                rows.append(_line(edition) | {"note": ". ".join(said)})
        rows.sort(key=lambda row: row["text"])
        return [{"title": "Remarks to answer", "rows": rows, "number": len(rows)}] if rows else []

    @staticmethod
    def _doubted(request: HttpRequest) -> list[dict[str, Any]]:
        """Sentences that a fact may have made untrue, for those who may write the text."""
        tasks = contradictions.open_tasks() if allowed(request, "view", Contradiction) else []
        tasks = [task for task in tasks if allowed(request, "change", task.page.editions.model)]
        if not tasks:
            return []
        address = reverse("desk:sentences")
        rows = [
            {"address": address, "kind": task.page.called, "text": task.row.sentence, "note": task.row.about}
            for task in tasks[:SHOWN]
        ]
        title = "Sentences that a fact may have made untrue"
        return [{"title": title, "rows": rows, "number": len(tasks), "all": address}]

    @staticmethod
    def _open_editions(request: HttpRequest, page_admin: Any) -> list[Edition]:
        editions = page_admin.edition_model._default_manager.filter(status__in=OPEN)
        return Desk._named(request, page_admin, list(editions))

    @staticmethod
    def _named(request: HttpRequest, page_admin: Any, editions: list[Any]) -> list[Any]:
        """The editions with their pages as the desk calls them. One query."""
        pages = page_admin.get_queryset(request).in_bulk([edition.page_id for edition in editions]) if editions else {}
        for edition in editions:
            edition.page = pages[edition.page_id]
        return editions

    def _page_admins(self) -> list[Any]:
        # Only a PageAdmin knows an edition model; the class itself cannot be imported from here.
        return [page_admin for page_admin in self._registry.values() if hasattr(page_admin, "edition_model")]

    def _facts(self, request: HttpRequest) -> list[dict[str, Any]]:
        lists = []
        for model in self._registry:
            if issubclass(model, Fact) and allowed(request, "confirm", model):
                names = str(capfirst(model._meta.verbose_name_plural))
                rows = list(model.objects.waiting().exclude(recorded_by=request.user))
                title = f"{PLAINER.get(names, names)} to confirm"
                lists.append(_listed(title, rows, "Every one is confirmed.", reverse("desk:inbox")))
        return lists


def _decided_by(plan: Plan) -> Any:
    return plan.edition.scheduled_by if plan.publishes else plan.edition.withdraw_planned_by


# Forms that could not be taken


def is_worth_keeping(request: HttpRequest) -> bool:
    """Whether a form of the desk was sent from the desk itself. Nothing with a password is ever shown again."""
    return (
        request.method == "POST"
        and "csrfmiddlewaretoken" in request.POST
        and not any("password" in name for name in request.POST)
        and request.path.startswith((reverse("admin:index"), reverse("desk:index")))
        and request.path not in (reverse("admin:logout"), reverse("desk:batches"))  # a file cannot be sent again
    )


def came_from_here(request: HttpRequest) -> bool:
    """What browsers say of a form that another site sends is something else, or nothing."""
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") == here


def unsent(request: HttpRequest, why: str) -> HttpResponse:
    """A form that could not be taken, with all that was typed, ready to be sent once more."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {
        **admin.site.each_context(request),
        "title": "What you typed is still here",
        "why": why,
        "fields": [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"],
        "words": [(name, value) for name, value in fields if NOT_WORDS.search(name) is None and value.strip()],
    }
    response = render(request, "admin/unsent.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response


@csp_override(settings.DESK_CSP)
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is not the browser's any more, most often since somebody signed in again in another tab."""
    if is_worth_keeping(request) and came_from_here(request):
        return unsent(request, "Somebody signed in again in this browser, so this form was not taken yet.")
    return render(request, "403.html", status=403)


def _listed(
    title: str, rows: list[Any], empty: str = "", address: str = "", here: dict[Any, list[str]] | None = None
) -> dict[str, Any]:
    lines = [_line(row, here) for row in (rows[:SHOWN] if address else rows)]
    return {"title": title, "rows": lines, "number": len(rows), "empty": empty, "all": address}


def _line(row: models.Model, here: dict[Any, list[str]] | None = None) -> dict[str, Any]:
    target = row.page if isinstance(row, Edition) else row
    opts = target._meta
    note, address = "", reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[target.pk])
    if isinstance(row, Edition):
        note = f"Sent back: {row.sent_back_because}" if row.sent_back_because else row.change_note
        if row.status == Status.SCHEDULED:
            note = f"Public from {moments.when(row.publish_at)}"
        if row.status == Status.PUBLISHED:
            note = f"Due by {date_format(row.review_due, 'F j, Y')}"
    elif isinstance(row, Fact):
        note, address = row.doubt, row.check_address
    return {
        "address": address,
        "kind": opts.verbose_name,
        "text": getattr(row, "called", str(target)),
        "note": note,
        "here": (here or {}).get(target, []),
    }
