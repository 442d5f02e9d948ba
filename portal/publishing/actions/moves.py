"""What follows when a page gets another address: the one that it had leads there.

Texts are not rewritten: what was reviewed stays as it was read. Links in them are led on, and live numbers that name
the old slug find the page through its former address.
"""

from django.contrib.auth.models import User
from django.utils import timezone

from .. import addresses, audit
from ..models import FormerAddress, Page
from .refusal import Refused


def remember(page: Page, old: str, *, by: User | None) -> None:
    """The address ``old`` leads to the page from now on, if readers ever saw the page there.

    Call it before the new address is stored. Raises Refused when that is not free, or when other pages take their
    addresses from this one.
    """
    if why := addresses.refusal(page, page.slug):
        raise Refused(why)
    new = page.get_absolute_url()
    if "#" in new:
        raise Refused("This is a part of a larger page, so it has no address of its own to change.")
    FormerAddress.objects.filter(path=new).delete()  # it is the page's own: ``refusal`` saw to that
    if page.was_published():
        FormerAddress.objects.update_or_create(path=old, defaults={"page_id": page.pk, "by": by, "at": timezone.now()})
    audit.note("moved", page, by=by, detail=f"{old} → {new}")
