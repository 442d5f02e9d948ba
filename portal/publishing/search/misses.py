"""What readers searched for in vain, without the readers: words that were asked for on three days or more.

Until the third day there is a keyed digest in the place of the words. Nothing is kept that could be of one person:
no long number, no long sentence, no address of anything, no time but a day.
"""

import datetime
import re
from collections.abc import Sequence

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ..models import SearchMiss
from .words import LONGEST as LONGEST_WORD
from .words import telling

DAYS = 3  # on which somebody must have asked, before anybody can read the words
FORGOTTEN = datetime.timedelta(days=90)
MOST_A_DAY = 300  # new ones, so that nobody fills the table
LONGEST, MOST_WORDS = 60, 5
OF_A_PERSON = re.compile(r"\d{5}")


def note(words: Sequence[str]) -> None:
    """Count that nothing was found by these words."""
    said = " ".join(sorted(set(telling(words))))
    if not settings.COUNT_EMPTY_SEARCHES or not 3 <= len(said) <= LONGEST:
        return
    if any(len(word) >= LONGEST_WORD for word in words):  # which is not all that was typed
        return
    if len(said.split()) > MOST_WORDS or OF_A_PERSON.search(said):
        return
    today, digest = timezone.localdate(), salted_hmac("portal.search.misses", said, algorithm="sha256").hexdigest()
    try:
        with transaction.atomic():
            _count(digest, said, today)
    except DatabaseError:  # somebody else counts the same just now, or nobody can write: the reader needs none of it
        return


def _count(digest: str, said: str, today: datetime.date) -> None:
    row = SearchMiss.objects.filter(digest=digest).first()
    if row is None:
        SearchMiss.objects.filter(last__lt=today - FORGOTTEN).delete()
        if SearchMiss.objects.filter(last=today, days=1).count() < MOST_A_DAY:
            SearchMiss.objects.create(digest=digest, last=today)
    elif row.last < today:
        row.days, row.last = min(row.days + 1, 1000), today
        row.words = said if row.days >= DAYS else ""
        row.save()


def readable() -> list[SearchMiss]:
    """What editors may read, the most wanted first; nothing where counting is off."""
    return list(SearchMiss.objects.filter(days__gte=DAYS).exclude(words="")) if settings.COUNT_EMPTY_SEARCHES else []
