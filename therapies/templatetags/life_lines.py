"""Life lines on pages: ``{% marks %}`` once, ``{% axis %}`` above a list, and for the tags that write its rows
``life_line``.
"""

import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from therapies import lifeline
from therapies.timeline import Use

register = template.Library()


@register.inclusion_tag("therapies/_marks.html")
def marks() -> dict[str, Any]:
    years, turn = lifeline.ticks(timezone.localdate())
    return {"years": years, "turn": turn}


@register.simple_tag
def axis() -> SafeString:
    return lifeline.axis(timezone.localdate())


def life_line(use: Use, today: datetime.date) -> SafeString:
    events = [(event.kind, event.date, event.precision) for event in use.events]
    return lifeline.of_use(events, use.on, today)
