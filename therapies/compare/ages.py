"""Up to which day a file or a source tells: an older release proposes nothing against what we know from a newer one."""

import datetime
from contextlib import suppress

from portal.publishing.models import Fact

from ..models import last_of_month


def edition_until(edition: str | None) -> datetime.date | None:
    """The last day of an edition such as ``2025-02`` or ``2018-06-26``; None where the file does not say."""
    with suppress(ValueError):
        return last_of_month(datetime.date.fromisoformat(f"{edition}-01"))
    with suppress(ValueError):
        return datetime.date.fromisoformat(edition or "")
    return None


def told_later(fact: Fact | None, until: datetime.date | None) -> datetime.date | None:
    """Up to which day the source of a fact or decision tells, where that is after the last day that a file tells of."""
    if not (fact and fact.pk and until):
        return None
    told = fact.source.tells_until
    return told if told and told > until else None
