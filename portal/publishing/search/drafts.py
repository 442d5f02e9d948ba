"""What the search finds for staff beside what readers see: versions that are being written, and pending changes."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from ..folding import fold
from ..models import Change, Edition


def versions_with(typed: str, statuses: Iterable[str]) -> QuerySet[Edition]:
    """Versions in some of these states whose texts have every word, without accents and case."""
    found = Edition.objects.filter(status__in=[*statuses])
    for word in fold(typed.replace("\x00", "")).split():
        found = found.filter(folded__contains=word)
    return found


def pending_with(typed: str) -> QuerySet[Change]:
    """Pending changes that are about something with every word in its name, or that propose it."""
    found = Change.objects.pending()
    for word in typed.replace("\x00", "").split():
        found = found.filter(Q(about__icontains=word) | Q(because__icontains=word))
    return found.in_order()
