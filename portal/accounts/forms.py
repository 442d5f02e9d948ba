from allauth.mfa.base.forms import AuthenticateForm
from django.core.exceptions import ValidationError

from portal.publishing import audit


class CodeForm(AuthenticateForm):
    """The code at sign-in. A wrong one stands in the audit trail, since it means that the password is known."""

    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except ValidationError:
            audit.note("sign-in failed", self.user, by=None, name=self.user.get_username(), detail="verification code")
            raise
