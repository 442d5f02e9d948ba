"""The staff's side: Django's admin with a greeting that shows each person their work, and its own security policy."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from portal.publishing.models import Edition, Fact, Status
from portal.publishing.permissions import allowed

# The rich text editor writes one style element, so staff pages carry a nonce. They are never cached.
POLICY = settings.SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
}
SHOWN = 8


class Desk(admin.AdminSite):
    site_header = "Editors’ desk"
    site_title = "Editors’ desk"
    index_title = "Your work"
    index_template = "admin/desk.html"
    enable_nav_sidebar = False

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return csp_override(POLICY)(super().admin_view(view, cacheable))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return csp_override(POLICY)(super().login)(request, extra_context)

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().index(request, {"work": self.work(request), **(extra_context or {})})

    def work(self, request: HttpRequest) -> list[dict[str, Any]]:
        """What waits for this person, as lists with a title, rows and their number."""
        editions = [m for m in self._registered_pages() if allowed(request, "view", m)]
        facts = [m for m in self._registry if issubclass(m, Fact)]
        lists = []
        mine = self._editions(editions, status=Status.DRAFT, created_by=request.user)
        lists.append(("Your drafts", mine, "You have no draft open."))
        if any(allowed(request, "publish", m) for m in editions):
            waiting = self._editions(editions, status=Status.IN_REVIEW)
            waiting = [e for e in waiting if request.user.pk not in e.authors()]
            lists.append(("To review and publish", waiting, "Nothing waits for review."))
        if any(allowed(request, "confirm", m) for m in facts):
            rows = [f for m in facts for f in m.objects.unconfirmed().exclude(recorded_by=request.user)]
            lists.append(("Facts to confirm", rows, "Every fact is confirmed."))
        return [
            {
                "title": title,
                "rows": [self._line(row) for row in rows[:SHOWN]],
                "number": len(rows),
                "more": len(rows) - SHOWN,
                "empty": empty,
            }
            for title, rows, empty in lists
        ]

    def _registered_pages(self) -> list[type[Edition]]:
        found = []
        for model in self._registry:
            related = getattr(model, "editions", None)
            if related is not None:
                found.append(model._meta.get_field("editions").related_model)
        return found  # type: ignore[return-value]

    @staticmethod
    def _editions(models: list[type[Edition]], **where: Any) -> list[Edition]:
        rows = [e for model in models for e in model._default_manager.filter(**where).select_related("page")]
        return sorted(rows, key=lambda e: e.edited_at or e.created_at, reverse=True)

    @staticmethod
    def _line(row: Any) -> dict[str, Any]:
        target = row.page if isinstance(row, Edition) else row
        opts = target._meta
        back = row.sent_back_because if isinstance(row, Edition) else row.doubt
        return {
            "address": f"admin:{opts.app_label}_{opts.model_name}_change",
            "pk": target.pk,
            "kind": opts.verbose_name,
            "text": str(target),
            "note": back,
        }
