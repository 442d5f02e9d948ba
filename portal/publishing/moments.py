"""Moments in the site's own time, as people at the desk read them."""

import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format


def when(moment: datetime.datetime) -> str:
    """“November 28, 2026, 14:02, New York time”."""
    return f"{date_format(timezone.localtime(moment), 'F j, Y, H:i')}, {place()} time"


def place() -> str:
    """The place whose time the site keeps: “New York”."""
    return settings.TIME_ZONE.rpartition("/")[2].replace("_", " ")
