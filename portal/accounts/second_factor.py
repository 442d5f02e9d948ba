"""The second factor that people who work here show besides their password: a passkey, or a code of an app."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def is_shown(request: HttpRequest) -> bool:
    """Whether this session has shown a second factor that still exists. Removing a lost one ends its sessions."""
    records = get_authentication_records(request, request.user)
    shown = [record["id"] for record in records if record["method"] == "mfa"]
    return Authenticator.objects.filter(user=request.user.pk, pk__in=shown).exists()


def is_missing(request: HttpRequest) -> bool:
    """Whether this session must still show one before the desk opens."""
    return settings.REQUIRE_MFA and not is_shown(request)


def address_to_show_it(request: HttpRequest) -> str:
    """Where to show the second factor, a passkey before a code; for somebody who has none, where to set one up."""
    ways = {way["id"]: way["url"] for way in get_adapter().get_reauthentication_methods(request.user)}
    way = ways.get("mfa_reauthenticate:webauthn") or ways.get("mfa_reauthenticate")
    return f"{way}?{urlencode({'next': reverse('admin:index')})}" if way else reverse("mfa_index")


def notice() -> str:
    """What the sign-in page and the desk say openly where no second factor is asked."""
    if settings.REQUIRE_MFA:
        return ""
    why = "This is a local demo" if settings.DEV else "REQUIRE_MFA is off on this server"
    return f"{why}, so two-step verification isn’t required."
