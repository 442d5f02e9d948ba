"""What one person does to another's account, besides Django's own forms."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction

from portal.publishing import audit


@transaction.atomic
def remove_second_factors(user: User, *, by: User | None) -> bool:
    """Forget the passkeys, the app and the recovery codes of somebody who has lost them; answers whether any was.

    Sessions that have shown one of them lose the desk, where a second factor is required.
    ``by`` is None for whoever works on the server itself.
    """
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if removed:
        audit.note("second factor removed", user, by=by, detail="all of them", name="" if by else "the server")
    return bool(removed)
