"""Who has which page of the desk open. Browsers say so again and again; whoever falls silent is gone."""

import datetime
from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone
from django.utils.timesince import timesince

from .guard import last_touch
from .models import Presence

#: A browser speaks every 30 seconds, and up to once a minute from a tab in the background.
SILENCE = datetime.timedelta(seconds=90)


def note(row: models.Model, *, by: AbstractBaseUser) -> None:
    """Somebody has a row open now. What is long past is forgotten on the way."""
    now = timezone.now()
    Presence.objects.filter(at__lt=now - SILENCE).delete()
    Presence.objects.update_or_create(person=by, kind=row._meta.label_lower, row=str(row.pk), defaults={"at": now})


def others(rows: Iterable[models.Model], *, than: AbstractBaseUser) -> dict[models.Model, list[str]]:
    """The names of those who have rows open, without the person who asks. One query."""
    by_key = {(row._meta.label_lower, str(row.pk)): row for row in rows}
    here = Presence.objects.filter(at__gte=timezone.now() - SILENCE).exclude(person=than)
    here = here.filter(kind__in={kind for kind, _ in by_key}, row__in={row for _, row in by_key})
    found: dict[models.Model, list[str]] = {}
    for presence in here.select_related("person").order_by("person__username"):
        if row := by_key.get((presence.kind, presence.row)):
            found.setdefault(row, []).append(presence.person.get_username())
    return found


def told(row: models.Model, text: models.Model | None = None, *, to: AbstractBaseUser) -> str:
    """Who else has a row open, as a sentence; nothing if nobody has. ``text`` is what is written there."""
    names = others([row], than=to).get(row)
    if not names:
        return ""
    who = f"{', '.join(names[:-1])} and {names[-1]} have" if names[1:] else f"{names[0]} has"
    last = last_touch(text if text is not None else row)
    if not last:
        return f"{who} this page open too."
    whose = "you" if last.by == to.get_username() else last.by
    now = timezone.now()
    is_past = now - last.at >= datetime.timedelta(minutes=1)
    when = f"{timesince(last.at, now, depth=1)} ago" if is_past else "just now"
    return f"{who} this page open too. Last saved {when}, by {whose}."
