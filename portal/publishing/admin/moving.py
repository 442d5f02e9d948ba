"""Changing the address of a page: what points here and what the new address will be, then one button."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst

from .. import actions, addresses, uses
from ..models import Change

WAITS = (
    "Your change of address is pending. Readers find the page at its present address until a second person confirms."
)


def change_address(page_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """GET shows, with ``?slug=`` also what would become of it; POST does it."""
    page = page_admin.row(request, object_id, "change")
    slug = (request.POST if request.method == "POST" else request.GET).get("slug", "").strip()
    if request.method == "POST":
        try:
            because = request.POST.get("because", "")
            done = actions.move(page, slug, by=request.user, because=because)  # type: ignore[arg-type]
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            now = addresses.with_slug(page, slug)
            messages.success(request, WAITS if done.pending else f"The address is now {now}.")
            return HttpResponseRedirect(request.path)
    opts, here = page_admin.opts, page.get_absolute_url()
    context = {
        "title": str(page),
        "subtitle": f"Change the address of this {opts.verbose_name}",
        "kinds": capfirst(opts.verbose_name_plural),
        "here": here,
        "former": addresses.former(page),
        "slug": slug or page.slug,
        "preview": _preview(page, slug) if slug and slug != page.slug else "",
        "uses": uses.of(page),
        "pending": Change.objects.pending().of(page).filter(after__has_key="slug").first(),
    }
    return page_admin.screen(request, page, "admin/publishing/address.html", context)


def _preview(page: Any, slug: str) -> str:
    """The address that a slug would make; empty for what cannot be one, which the verb explains."""
    try:
        return addresses.with_slug(page, slug)
    except Exception:
        return ""
