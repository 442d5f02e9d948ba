"""Days and moments as people read them: in one format (``portal/formats/``), and in the site's own time."""

import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format


def day(date: datetime.date) -> str:
    """“November 28, 2026”; of a moment, the day at the site's own place."""
    return date_format(timezone.localtime(date) if isinstance(date, datetime.datetime) else date, "DATE_FORMAT")


def minute(moment: datetime.datetime) -> str:
    """“November 28, 2026, 14:02”."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def when(moment: datetime.datetime) -> str:
    """“November 28, 2026, 14:02, New York time”."""
    return f"{minute(moment)}, {place()} time"


def place() -> str:
    """The place whose time the site keeps: “New York”."""
    return settings.TIME_ZONE.rpartition("/")[2].replace("_", " ")
