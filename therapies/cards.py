"""A use as a card that other sites may show in a frame, and the oEmbed address that tells them how.

Of all our pages a card alone may stand in a frame: it has no form, no cookie and nothing to press but links that open
beside it, so nobody can be led to do something there.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from portal.publishing.addresses import absolute

from . import reading
from .fact_pages import titled
from .models import Indication, Therapy
from .timeline import Use

FRAMED: dict[str, Any] = settings.SECURE_CSP | {"frame-ancestors": ["*"]}
#: Addresses that show one use.
SHOWING = ("therapies:use", "therapies:card")
WIDTH, HEIGHT, LEAST = 560, 440, 240
#: Seconds for which whoever asked may keep the answer. The card itself is always of now.
KEPT = 24 * 60 * 60


def _use(short_id: str) -> Use:
    uses = reading.uses_of_today(Indication.objects.filter(short_id=short_id, therapy__in=Therapy.objects.published()))
    if not uses:
        raise Http404
    return uses[0]


@csp_override(FRAMED)
@xframe_options_exempt
def card(request: HttpRequest, short_id: str) -> HttpResponse:
    use = _use(short_id)
    page = use.indication.therapy
    context = {"use": use, "page": page, "facts": reading.facts(page), "title": titled(use)}
    return render(request, "therapies/card.html", context)


def _shown_at(address: str) -> Use:
    """The use that an address of ours shows: that of its page, or of its card."""
    try:
        asked = urlsplit(address)
        match = resolve(asked.path)
    except (ValueError, Resolver404):
        raise Http404 from None
    if asked.netloc != urlsplit(settings.SITE_ADDRESS).netloc or match.view_name not in SHOWING:
        raise Http404
    return _use(match.kwargs["short_id"])


def _at_most(wanted: str, usual: int) -> int:
    return max(LEAST, min(usual, int(wanted))) if wanted.isdecimal() and len(wanted) < 6 else usual


def oembed(request: HttpRequest) -> HttpResponse:
    """How to show the card of a use elsewhere, as https://oembed.com/ asks: JSON alone, so 501 for XML."""
    if (wanted := request.GET.get("format", "json")) != "json":
        status = 501 if wanted == "xml" else 400
        return HttpResponse("JSON alone.", status=status, content_type="text/plain; charset=utf-8")
    use = _shown_at(request.GET.get("url", ""))
    width, height = (
        _at_most(request.GET.get(name, ""), usual) for name, usual in (("maxwidth", WIDTH), ("maxheight", HEIGHT))
    )
    title = titled(use)
    frame = format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" '
        'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>',
        absolute(reverse("therapies:card", args=[use.indication.short_id])),
        width,
        height,
        title,
    )
    told = {"version": "1.0", "type": "rich", "title": title, "html": frame, "width": width, "height": height}
    who = {"provider_name": urlsplit(settings.SITE_ADDRESS).netloc, "provider_url": absolute("/"), "cache_age": KEPT}
    return JsonResponse(told | who)
