"""allauth's pages where they need a word of the portal's. The others stand in ``urls.py`` as they are."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from . import second_factor


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """How somebody signs in, and what is missing before the desk opens."""
    missing = {"second_factor_is_missing": second_factor.is_missing(request)}
    return mfa.IndexView.as_view(extra_context=missing)(request)


@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    """Who signs in by passkey alone has no password to change."""
    if not request.user.has_usable_password():  # type: ignore[union-attr]
        messages.info(request, "You sign in without a password, so there is none to change.")
        return redirect("mfa_index")
    return account.password_change(request)
