"""The link with which somebody chooses their own password, so that nobody else ever knows it.

Nothing is stored for it: it is signed, and bound to what it ends with. It ends when a password is chosen, when
another link is made, when the account is deactivated, and after ``settings.PASSWORD_RESET_TIMEOUT``.
allauth's page, at ``account_reset_password_from_key``, opens it.
"""

from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator


class PasswordLinks(PasswordResetTokenGenerator):
    """Django's own signature over the mark that stands in the place of a password until one is chosen.

    Unlike Django's and allauth's, it does not end when a mistake in the e-mail address is corrected.
    """

    key_salt = "portal.accounts.links"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{user.pk}:{user.password}:{user.is_active}:{timestamp}"
