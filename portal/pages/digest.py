"""The weekly mail: what waits for each member of staff. Sent on Mondays, and once, however many clocks tick."""

import datetime
import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from portal.publishing.models import Change, Edition, Status
from portal.publishing.permissions import permission

from . import freshness
from .models import Digest

log = logging.getLogger(__name__)
HOUR = 7  # of Monday, in the site's time


def send_due(now: datetime.datetime | None = None) -> list[str]:
    """Send this week's mail to everybody who has not got it; answer what was sent, a line each."""
    local = timezone.localtime(now)
    monday = local.date() - datetime.timedelta(days=local.weekday())
    if not settings.SENDS_MAIL or (local.date() == monday and local.hour < HOUR):
        return []
    got = Digest.objects.filter(week=monday).values("person")
    people = User.objects.filter(is_active=True, is_staff=True).exclude(email="").exclude(pk__in=got)
    return [line for person in people if (line := _send(person, monday))]


def _send(person: User, monday: datetime.date) -> str:
    claim, is_ours = Digest.objects.get_or_create(week=monday, person=person)
    work = waiting_for(person) if is_ours else {}  # else another clock is about to
    if not any(work.values()):
        return ""
    text = render_to_string("mail/digest.txt", work | {"person": person, "desk": f"{settings.SITE_ADDRESS}/admin/"})
    try:
        send_mail("What is waiting on your dashboard", text, None, [person.email])
    except OSError:
        claim.delete()  # the next tick tries again
        log.exception("The weekly mail to %s could not be sent.", person)
        return ""
    return f"wrote to {person}"


def waiting_for(person: User) -> dict[str, Any]:
    """Overdue and submitted texts, and pending changes, as far as this person may deal with them."""
    waiting = Change.objects.pending().leading().exclude(proposed_by=person).only("model")
    publishes = person.has_perm(permission("publish", Edition))
    return {
        "overdue": freshness.overdue() if publishes else [],
        "to_review": Edition.objects.filter(status=Status.IN_REVIEW).count() if publishes else 0,
        "to_confirm": sum(person.has_perm(permission("confirm", change.governed)) for change in waiting),
    }
