"""The weekly mail: what waits for each member of staff. Sent on Mondays, and once, however many clocks tick."""

import datetime
import logging
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from portal.publishing.models import Edition, Fact, Status

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
    try:
        with transaction.atomic():
            claim = Digest.objects.create(week=monday, person=person)
    except IntegrityError:
        return ""  # another clock is about to
    work = waiting_for(person)
    if not any(work.values()):
        return ""
    text = render_to_string("mail/digest.txt", work | {"person": person, "desk": f"{settings.SITE_ADDRESS}/admin/"})
    try:
        send_mail("What waits at the editors’ desk", text, None, [person.email])
    except OSError:
        claim.delete()  # the next tick tries again
        log.exception("The weekly mail to %s could not be sent.", person)
        return ""
    return f"wrote to {person}"


def waiting_for(person: User) -> dict[str, Any]:
    """Overdue and submitted texts, and unconfirmed facts, as far as this person may deal with them."""

    def may(verb: str, model: Any) -> bool:
        return person.has_perm(f"{model._meta.app_label}.{get_permission_codename(verb, model._meta)}")

    editions = [m for m in apps.get_models() if issubclass(m, Edition) and may("publish", m)]
    facts = [m for m in apps.get_models() if issubclass(m, Fact) and may("confirm", m)]
    return {
        "overdue": [e for e in freshness.overdue() if type(e) in editions],
        "to_review": sum(m._default_manager.filter(status=Status.IN_REVIEW).count() for m in editions),
        "to_confirm": sum(m._default_manager.filter(confirmed_at=None).count() for m in facts),
    }
