"""Who has which page of the desk open. Browsers say so again and again; whoever falls silent is gone."""

import datetime
from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.timesince import timesince

from . import audit
from .models import Page, Presence

#: A browser speaks every 30 seconds, and up to once a minute from a tab in the background.
SILENCE = datetime.timedelta(seconds=90)


def note(page: Page, *, by: AbstractBaseUser) -> None:
    """Somebody has a page open now. What is long past is forgotten on the way."""
    now = timezone.now()
    Presence.objects.filter(at__lt=now - SILENCE).delete()
    Presence.objects.update_or_create(person=by, page_id=page.pk, defaults={"at": now})


def others(pages: Iterable[Page], *, than: AbstractBaseUser) -> dict[int, list[str]]:
    """The names of those who have pages open, by the page's key, without the person who asks. One query."""
    here = Presence.objects.filter(at__gte=timezone.now() - SILENCE, page__in=[page.pk for page in pages])
    found: dict[int, list[str]] = {}
    for key, name in here.exclude(person=than).order_by("person__username").values_list("page", "person__username"):
        found.setdefault(key, []).append(name)
    return found


def told(page: Page, text: models.Model, *, to: AbstractBaseUser) -> str:
    """Who else has a page open, as a sentence; nothing if nobody has. ``text`` is what is written there."""
    names = others([page], than=to).get(page.pk)
    if not names:
        return ""
    who = f"{get_text_list(names, 'and')} {'have' if names[1:] else 'has'}"
    if not (last := audit.last_save(text)):
        return f"{who} this page open, too."
    whose = "you" if last.name == to.get_username() else last.name
    now = timezone.now()
    is_past = now - last.at >= datetime.timedelta(minutes=1)
    when = f"{timesince(last.at, now, depth=1)} ago" if is_past else "just now"
    return f"{who} this page open, too. Last saved {when}, by {whose}."
