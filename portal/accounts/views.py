"""allauth's pages where they need a word of the portal's. The others stand in ``urls.py`` as they are."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from . import second_factor


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """How somebody signs in, and what is missing before the desk opens."""
    missing = {"second_factor_is_missing": second_factor.is_missing(request)}
    return mfa.IndexView.as_view(extra_context=missing)(request)


def choose_password(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """What a link of ``links.py`` opens. allauth takes the link out of the address and signs its owner in.

    Whoever is signed in here as somebody else, say to try the link, would be signed out by it.
    """
    if request.user.is_authenticated:
        return render(request, "account/signed_in_already.html")
    return account.password_reset_from_key(request, uidb36=uidb36, key=key)


@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    """Who signs in by passkey alone has no password to change."""
    if not request.user.has_usable_password():  # type: ignore[union-attr]
        messages.info(request, "You don’t use a password. To get one, ask an administrator for a password link.")
        return redirect("mfa_index")
    return account.password_change(request)
