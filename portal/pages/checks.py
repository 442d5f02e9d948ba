"""What a portal that is about to serve readers still lacks."""

from django.core import checks
from django.db import DatabaseError

from .models import SiteSettings


@checks.register(deploy=True)
def a_contact_is_named(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """Readers who find a mistake need somebody to tell. Before the first migration there is nothing to look at."""
    try:
        is_missing = SiteSettings.objects.filter(contact="").exists()
    except DatabaseError:
        return []
    hint = "Enter a mailto: or https: address under “contact” in the site settings."
    return [checks.Warning("Readers can’t report a mistake here.", hint=hint, id="pages.W001")] if is_missing else []
