"""What a single page says to somebody who comes from the list of a past day.

Its texts, warnings, and names are those of today, so it says that, what stood on the day, and the way back.
"""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from .forms import DayForm
from .timeline import Use, uses


class ThatDay(NamedTuple):
    form: DayForm
    on: datetime.date
    back: str  # the list of that day
    then: list[Use]  # in force on the day

    @property
    def is_wrong(self) -> bool:
        return not self.form.is_valid()

    @property
    def number(self) -> int:
        return len(self.then)

    @property
    def therapies(self) -> int:
        return len({use.indication.therapy_id for use in self.then})


def asked(request: HttpRequest, found: Iterable[Use], **filters: str) -> ThatDay | None:
    """The day that the address names, of a page with these uses; ``filters`` narrow the list to what it is about."""
    form = DayForm(request.GET, choices={})
    on = form.cleaned_data["on"] if form.is_valid() else timezone.localdate()
    if form.is_valid() and on in (None, timezone.localdate()):
        return None
    then = uses((event for use in found for event in use.events), on)
    back = f"{reverse('therapies:index')}?{urlencode(filters | {'on': on.isoformat()})}"
    return ThatDay(form, on, back, [use for use in then if use.in_force])
