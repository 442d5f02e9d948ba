"""Up to which day a file or a source tells: an older release proposes nothing against what we know from a newer one."""

import calendar
import datetime
import re

from portal.publishing.models import Fact


def edition_until(edition: str | None) -> datetime.date | None:
    """The last day of an edition such as ``2025-02`` or ``2018-06-26``; None where the file does not say."""
    if found := re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", edition or ""):
        return _last_day(int(found[1]), int(found[2]), int(found[3] or 0))
    return None


def told_later(fact: Fact | None, until: datetime.date | None) -> datetime.date | None:
    """Up to which day the source of a fact or decision tells, where that is after the last day that a file tells of."""
    if not (fact and fact.pk and until):
        return None
    told = fact.source.tells_until
    return told if told and told > until else None


def _last_day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:
        return None
