"""What allauth asks the portal about: who may come in, in which words, and what the audit trail keeps of it."""

import secrets
from base64 import b32encode, urlsafe_b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac

from portal.publishing import audit
from portal.publishing.permissions import freshly_signed_in

WAYS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code from your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}
#: What somebody signed in with, by allauth's name of it, as the audit trail says it.
SIGNED_IN_WITH = {
    "password_reset": "password link",
    "totp": "authenticator app",
    "webauthn": "passkey",
    "recovery_codes": "recovery code",
}
#: What the audit trail keeps, by the letter that allauth would send; the portal sends none.
NOTED = {
    "account/email/password_changed": ("password changed", ""),
    "account/email/password_reset": ("password chosen", "with a password link"),
    "mfa/email/totp_activated": ("two-step verification added", "authenticator app"),
    "mfa/email/totp_deactivated": ("two-step verification removed", "authenticator app"),
    "mfa/email/webauthn_added": ("two-step verification added", "passkey"),
    "mfa/email/webauthn_removed": ("two-step verification removed", "passkey"),
    "mfa/email/recovery_codes_generated": ("recovery codes made", ""),
}


#: How each text begins that the cipher made. The secret of an app has no small letter, the seed of recovery codes no
#: large one.
ENCRYPTED = "gAAAAA"


def _ciphers() -> MultiFernet:
    """The one that encrypts, made of the secret key, and those of earlier keys."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = (salted_hmac("portal.accounts.second_factors", "", secret=key, algorithm="sha256").digest() for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in made])


class Accounts(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "That username and password don’t match. Try again.",
        "incorrect_password": "That isn’t your password. Try again.",
        "enter_current_password": "That isn’t your current password. Try again.",
        "too_many_login_attempts": "Too many attempts. Wait five minutes, then try again.",
        "rate_limited": "Too many attempts. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        # allauth counts only what was shown once more; for us, who has just signed in has shown it.
        return not freshly_signed_in(context.request)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        return [way | {"description": WAYS[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The desk is closed to whoever has no role; their own page says so."""
        return super().get_login_redirect_url(request) if request.user.is_staff else reverse("mfa_index")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    # The audit trail

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        ways = [record.get("type", record["method"]) for record in get_authentication_records(request, user)]
        audit.note("signed in", user, by=user, detail=", ".join(SIGNED_IN_WITH.get(way, way) for way in ways))

    def logout(self, request: HttpRequest) -> None:
        audit.note("signed out", request.user, by=request.user)  # type: ignore[arg-type]
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        by = request.user if request.user.is_authenticated else None
        audit.note("sign-in failed", by=by, name=credentials.get("username", ""), detail="password")

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        verb, detail = NOTED[template_prefix]
        audit.note(verb, user, by=user, detail=detail)


class SecondFactors(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is wrong, expired, or already used. Wait for the next one, then enter it.",
    }

    def encrypt(self, text: str) -> str:
        """A copy of the database alone gives nobody the codes of an app, or recovery codes."""
        return _ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _ciphers().decrypt(encrypted_text).decode()
        except InvalidToken:
            if encrypted_text.startswith(ENCRYPTED):  # under a key that is gone, so no code may fit
                return b32encode(secrets.token_bytes(20)).decode()
            return encrypted_text  # kept before there was a cipher

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return f"Passkey {user.authenticator_set.filter(type=type).count() + 1}"


class CodeForm(AuthenticateForm):
    """The code at sign-in. A wrong one stands in the audit trail, since it means that the password is known."""

    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except ValidationError:
            audit.note("sign-in failed", self.user, by=None, name=self.user.get_username(), detail="verification code")
            raise
