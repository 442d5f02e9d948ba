"""Every address of signing in, under ``/account/``. Of allauth's pages only those stand here that staff need.

Sign-up, e-mail addresses and asking for a password reset have no address, so nobody can reach them.
The names are allauth's own; it finds its pages by them.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods

from . import second_factor, views

METHODS = require_http_methods(["GET", "HEAD", "POST"])


def page(address: str, view: Callable[..., Any], name: str) -> URLPattern:
    """An address of the staff's side: its security policy, and never kept by a cache."""
    return path(address, METHODS(never_cache(csp_override(settings.DESK_CSP)(view))), name=name)


login = account.LoginView.as_view(extra_context={"no_second_factor": second_factor.notice})

urlpatterns = [
    page("", views.index, "mfa_index"),
    page("login/", login, "account_login"),
    page("login/code/", mfa.authenticate, "mfa_authenticate"),
    page("login/passkey/", passkeys.login_webauthn, "mfa_login_webauthn"),
    page("logout/", account.logout, "account_logout"),
    page("inactive/", account.account_inactive, "account_inactive"),
    page("confirm/", account.reauthenticate, "account_reauthenticate"),
    page("confirm/code/", mfa.reauthenticate, "mfa_reauthenticate"),
    page("confirm/passkey/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    page("choose-password/<str:uidb36>/<str:key>/", views.choose_password, "account_reset_password_from_key"),
    page("password/", views.change_password, "account_change_password"),
    page("app/", app.activate_totp, "mfa_activate_totp"),
    page("app/remove/", app.deactivate_totp, "mfa_deactivate_totp"),
    page("recovery-codes/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    page("recovery-codes/new/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    page("recovery-codes/download/", codes.download_recovery_codes, "mfa_download_recovery_codes"),
    page("passkeys/", passkeys.list_webauthn, "mfa_list_webauthn"),
    page("passkeys/add/", passkeys.add_webauthn, "mfa_add_webauthn"),
    page("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, "mfa_remove_webauthn"),
]
