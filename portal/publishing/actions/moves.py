"""The verb of addresses: a page gets another one, and the one that it had leads there."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import addresses, audit
from ..models import FormerAddress, Page
from .texts import Refused


@transaction.atomic
def move(page: Page, slug: str, *, by: User) -> Page:
    """Give a page another slug. If readers ever saw it, its old address leads to it from now on.

    Texts are not rewritten: what was reviewed stays as it was read. Links in them are led on, and figures
    that name the old slug find the page through its former address.
    """
    table = type(page)._default_manager
    table.select_for_update(of=("self",)).get(pk=page.pk)
    before, old = addresses.standing(), page.slug
    me = page._meta.label_lower, page.pk
    if "#" in before[me]:
        raise Refused("This is a part of a larger page, so it has no address of its own to change.")
    try:
        slug = page._meta.get_field("slug").clean(slug.strip(), page)
    except ValidationError:
        raise Refused("Write the new address in letters, numbers and hyphens, without spaces.") from None
    if slug == old:
        raise Refused("That is the address that the page has now.")
    if why := addresses.refusal(page, slug):
        raise Refused(why)
    try:
        with transaction.atomic():
            changed = table.filter(pk=page.pk, slug=old).update(slug=slug)
    except IntegrityError:
        raise Refused("Another page took this address a moment ago. Choose another one.") from None
    if not changed:
        raise Refused("Somebody changed this address a moment ago. Open the page again to see it.")
    page.refresh_from_db(fields=["slug"])
    after = addresses.standing()
    for key, address in after.items():
        if key != me and before.get(key) != address:
            page.slug = old
            raise Refused(f"Another page, {before.get(key)}, takes its address from this one. Change that one first.")
    FormerAddress.objects.filter(path=after[me]).delete()  # it is the page's own: ``refusal`` saw to that
    if page.editions.filter(published_at__isnull=False).exists():
        values = {"kind": me[0], "row": page.pk, "by": by, "at": timezone.now()}
        FormerAddress.objects.update_or_create(path=before[me], defaults=values)
    audit.note("moved", page, by=by, detail=f"{before[me]} → {after[me]}")
    return page
